import { beforeMinor, defineRule, listSecured, podSpecs } from '../../src/rule.ts'

export default defineRule({
  id: 'selinux-options-not-allowed',
  category: 'security',
  severity: 'error',
  presets: ['security', 'pss-baseline', 'pss-restricted'],
  title: 'SELinux label is not one of containers',
  why: `
    The type of the SELinux label decides what of the node a container may touch; user and role can widen it. Only the
    types that are made for containers keep it in.`,
  see: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
    'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#assign-selinux-labels-to-a-container',
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
          securityContext:
            seLinuxOptions:
              type: spc_t
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
          securityContext:
            seLinuxOptions:
              type: container_t
  `,
  on: podSpecs,
  check(spec, ctx) {
    for (const { context, name } of listSecured(spec)) {
      const options = context?.get('seLinuxOptions')
      const type = options?.get('type')
      const kubernetes = listRefusing(type?.text() ?? '', ctx.apis.versions)
      if (type && kubernetes.length > 0)
        ctx.report(type, `${name} has the SELinux type "${type.text()}"`, { part: 'pair', kubernetes })
      for (const field of ['user', 'role']) {
        const at = options?.get(field)
        if (at?.text()) ctx.report(at, `${name} sets the ${field} of its SELinux label`, { part: 'pair' })
      }
    }
  },
})

const ALLOWED: ReadonlySet<string> = new Set(['', 'container_t', 'container_init_t', 'container_kvm_t'])

function listRefusing(type: string, versions: readonly string[]): readonly string[] {
  if (ALLOWED.has(type)) return []
  return type === 'container_engine_t' ? beforeMinor(versions, 31) : versions
}
