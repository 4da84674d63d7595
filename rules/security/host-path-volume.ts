import { defineRule, podSpecs } from '../../src/rule.ts'

export default defineRule({
  id: 'host-path-volume',
  category: 'security',
  severity: 'error',
  presets: ['security', 'pss-baseline', 'pss-restricted'],
  title: 'Pod mounts a folder of its node',
  why: `
    A hostPath volume shows a pod the files of its node: credentials of the kubelet, sockets of the runtime, other pods'
    volumes. It also ties the pod to what that node happens to have. Use a PersistentVolumeClaim, a ConfigMap or an
    emptyDir; agents of the node may need it: allow the finding there.`,
  see: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
    'https://kubernetes.io/docs/concepts/storage/volumes/#hostpath',
  ],
  bad: `
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      volumes:
        - name: data
          hostPath:
            path: /var/lib/web
      containers:
        - name: web
          image: registry.example.com/web:1.4.0
  `,
  good: `
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      volumes:
        - name: data
          persistentVolumeClaim:
            claimName: web
      containers:
        - name: web
          image: registry.example.com/web:1.4.0
  `,
  on: podSpecs,
  check(spec, ctx) {
    for (const volume of spec.get('volumes')?.each() ?? []) {
      const at = volume.get('hostPath')
      if (!at || at.value === null) continue
      const path = at.text('path') ?? ''
      ctx.report(at, `volume "${volume.text('name') ?? ''}" is "${path}" of the node`, { part: 'key' })
    }
  },
})
