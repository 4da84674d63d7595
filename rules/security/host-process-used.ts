import { defineRule, listSecured, podSpecs } from '../../src/rule.ts'

export default defineRule({
  id: 'host-process-used',
  category: 'security',
  severity: 'error',
  presets: ['security', 'pss-baseline', 'pss-restricted'],
  title: 'Windows container runs as a process of the host',
  why: `
    A HostProcess container is no container: it runs on the node itself, with its file system and its users. It is meant
    for agents that manage nodes; allow the finding there.`,
  see: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
    'https://kubernetes.io/docs/tasks/configure-pod-container/create-hostprocess-pod/',
  ],
  bad: `
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      hostNetwork: true
      os:
        name: windows
      securityContext:
        windowsOptions:
          hostProcess: true
          runAsUserName: NT AUTHORITY\\\\SYSTEM
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
      hostNetwork: true
      os:
        name: windows
      securityContext:
        windowsOptions:
          runAsUserName: ContainerUser
      containers:
        - name: web
          image: registry.example.com/web:1.4.0
  `,
  on: podSpecs,
  check(spec, ctx) {
    for (const { context, name } of listSecured(spec)) {
      const at = context?.get('windowsOptions', 'hostProcess')
      if (at?.value === true) ctx.report(at, `${name} runs on the host`, { part: 'pair' })
    }
  },
})
