import { defineRule, resources } from '../../src/rule.ts'

export default defineRule({
  id: 'schema-required-missing',
  category: 'schema',
  severity: 'error',
  presets: ['recommended', 'schema', 'helm'],
  title: 'Required field is missing',
  why: `
    The schema of the kind demands the field, and the API server refuses the object without it.`,
  see: [
    'https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation',
    'https://kubernetes.io/docs/reference/kubernetes-api/',
  ],
  bad: `
    apiVersion: cert-manager.io/v1
    kind: Certificate
    metadata:
      name: web
    spec:
      secretName: web-tls
      dnsNames: [web.example.com]
  `,
  good: `
    apiVersion: cert-manager.io/v1
    kind: Certificate
    metadata:
      name: web
    spec:
      secretName: web-tls
      dnsNames: [web.example.com]
      issuerRef:
        name: letsencrypt
        kind: ClusterIssuer
  `,
  on: resources,
  check(_, ctx) {
    for (const finding of ctx.apis.listSchemaFindings(ctx.resource)) {
      if (finding.code !== 'required-missing') continue
      const { at, message, part, kubernetes } = finding
      ctx.report(at, message, { part, kubernetes })
    }
  },
})
