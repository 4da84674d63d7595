import { defineRule, podSpecs } from '../../src/rule.ts'

export default defineRule({
  id: 'runtime-socket-mounted',
  category: 'security',
  severity: 'error',
  presets: ['recommended', 'security'],
  title: 'Socket of the container runtime is mounted',
  why: `
    Who can talk to the container runtime can start a privileged container and owns the node, whatever the pod itself may do;
    a read-only mount does not help, because writing to a socket is no write to its file.`,
  see: [
    'https://kubernetes.io/docs/concepts/storage/volumes/#hostpath',
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
  ],
  bad: `
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.4.0
      volumes:
        - name: host
          hostPath:
            path: /var/run/docker.sock
  `,
  good: `
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.4.0
      volumes:
        - name: host
          emptyDir: {}
  `,
  on: podSpecs,
  check(spec, ctx) {
    for (const volume of spec.get('volumes')?.each() ?? []) {
      const at = volume.get('hostPath', 'path')
      if (at && SOCKET.test(at.text() ?? ''))
        ctx.report(at, `volume "${volume.text('name') ?? ''}" gives the container runtime away`)
    }
  },
})

const SOCKET =
  /^(?:\/host)?\/(?:var\/)?run\/(?:docker\.sock|containerd(?:\/containerd\.sock)?|crio(?:\/crio\.sock)?|k3s\/containerd\/containerd\.sock|podman\/podman\.sock|cri-dockerd\.sock|dockershim\.sock)\/?$/
