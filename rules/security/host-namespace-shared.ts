import { defineRule, podSpecs, set } from '../../src/rule.ts'

export default defineRule({
  id: 'host-namespace-shared',
  category: 'security',
  severity: 'error',
  presets: ['security', 'pss-baseline', 'pss-restricted'],
  title: 'Pod shares a namespace of its node',
  why: `
    With hostNetwork a pod sees the traffic of its node and reaches what listens on localhost there; with hostPID it sees
    all processes of the node and their environment; with hostIPC their shared memory. Agents of the node may need one of
    them: allow the finding there, with the reason.`,
  see: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline'],
  bad: `
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      hostPID: true
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
      hostPID: false
      containers:
        - name: web
          image: registry.example.com/web:1.4.0
  `,
  on: podSpecs,
  check(spec, ctx) {
    for (const [field, what] of SHARED) {
      const at = spec.get(field)
      if (at?.value !== true) continue
      ctx.report(at, `the pod shares the ${what} namespace of its node (${field})`, {
        part: 'pair',
        fixes: [{ title: `Set ${field} to false`, safe: false, patch: set(at, false) }],
      })
    }
  },
})

const SHARED = [
  ['hostNetwork', 'network'],
  ['hostPID', 'process'],
  ['hostIPC', 'IPC'],
] as const
