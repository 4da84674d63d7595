import { defineRule, reportCauses, resources } from '../../src/rule.ts'

export default defineRule({
  id: 'api-value-duplicate',
  category: 'api',
  severity: 'error',
  presets: ['recommended', 'schema', 'helm'],
  title: 'Name or key is used twice where the API server wants it once',
  why: `
    Two items of a list have the same name, and the API server refuses the object. Rename one of them or take it out.`,
  see: ['https://kubernetes.io/docs/reference/using-api/api-concepts/'],
  bad: `
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.4.0
        - name: web
          image: registry.example.com/side:1.0.0
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
        - name: side
          image: registry.example.com/side:1.0.0
  `,
  on: resources,
  check: (_, ctx) => reportCauses(ctx, 'FieldValueDuplicate'),
})
