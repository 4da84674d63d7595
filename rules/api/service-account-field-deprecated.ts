import { defineRule, podSpecs } from '../../src/rule.ts'

export default defineRule({
  id: 'service-account-field-deprecated',
  category: 'api',
  severity: 'warning',
  presets: ['recommended', 'helm'],
  title: 'Old name of serviceAccountName',
  why: `
    \`serviceAccount\` is the name that the field had before Kubernetes 1.0, and is kept as an alias. Tools that look for the
    account of a pod often know the new name only.`,
  see: ['https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#security-context-1'],
  bad: `
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      serviceAccount: web
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
      serviceAccountName: web
      containers:
        - name: web
          image: registry.example.com/web:1.4.0
  `,
  on: podSpecs,
  check(spec, ctx) {
    const old = spec.get('serviceAccount')
    if (!old || old.value === null) return
    const name = spec.get('serviceAccountName')
    // What the server gives out has both.
    if (name?.value === old.value) return
    const hint = name ? 'is another name than serviceAccountName' : 'is the old name of serviceAccountName'
    ctx.report(old, `serviceAccount ${hint}`, { part: 'key' })
  },
})
