import { defineRule, reportSchemaFindings, resources } from '../../src/rule.ts'

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
  aboutAbsence: true,
  on: resources,
  check: (_, ctx) => reportSchemaFindings(ctx, 'required-missing'),
})
