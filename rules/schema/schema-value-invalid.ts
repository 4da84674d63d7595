import { defineRule, reportSchemaFindings, resources } from '../../src/rule.ts'

export default defineRule({
  id: 'schema-value-invalid',
  category: 'schema',
  severity: 'error',
  presets: ['recommended', 'schema', 'helm'],
  title: 'Value breaks the format of its field',
  why: `
    The type is right and the text is not: a malformed quantity, time or base64, a number out of range, a pattern that
    is not met. The API server refuses the object.`,
  see: [
    'https://kubernetes.io/docs/reference/kubernetes-api/',
    'https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/',
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
          resources:
            requests:
              memory: 128MB
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
          resources:
            requests:
              memory: 128M
  `,
  on: resources,
  check: (_, ctx) => reportSchemaFindings(ctx, 'value-invalid'),
})
