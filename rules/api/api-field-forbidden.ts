import { defineRule, reportCauses, resources } from '../../src/rule.ts'

export default defineRule({
  id: 'api-field-forbidden',
  category: 'api',
  severity: 'error',
  presets: ['recommended', 'schema', 'helm'],
  title: 'Field is not allowed beside the others',
  why: `
    The field exists, and the API server refuses it in this object: what else the object says, or its kind, rules it
    out. The message has the server's words.`,
  see: ['https://kubernetes.io/docs/reference/using-api/api-concepts/'],
  bad: `
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      hostNetwork: true
      hostUsers: false
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
      containers:
        - name: web
          image: registry.example.com/web:1.4.0
  `,
  on: resources,
  check: (_, ctx) => reportCauses(ctx, 'FieldValueForbidden'),
})
