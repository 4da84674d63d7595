import { defineRule, podSpecs } from '../../src/rule.ts'

export default defineRule({
  id: 'volume-type-not-allowed',
  category: 'security',
  severity: 'error',
  presets: ['security', 'pss-restricted'],
  title: 'Volume is of a kind that reaches into the infrastructure',
  why: `
    The level restricted of the Pod Security Standards takes volumes that Kubernetes fills (configMap, secret, projected,
    downwardAPI, emptyDir, image) or that go through a claim or a CSI driver. The others name storage, or the node,
    directly, with credentials of their own.`,
  see: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted',
    'https://kubernetes.io/docs/concepts/storage/volumes/',
  ],
  bad: `
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      volumes:
        - name: data
          nfs:
            server: nfs.example.com
            path: /data
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
      const sources = volume.each().filter(it => it.key !== 'name' && it.value !== null)
      if (sources.some(it => ALLOWED.has(String(it.key)))) continue
      // Volumes of the node have a rule of their own.
      const [at] = sources.filter(it => it.key !== 'hostPath')
      if (at)
        ctx.report(at, `volume "${volume.text('name') ?? ''}" is of the kind ${at.key}`, { part: 'key' })
    }
  },
})

const ALLOWED: ReadonlySet<string> = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
])
