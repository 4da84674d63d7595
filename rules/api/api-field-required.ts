import { defineRule, reportCauses, resources } from '../../src/rule.ts'

export default defineRule({
  id: 'api-field-required',
  category: 'api',
  severity: 'error',
  presets: ['recommended', 'schema', 'helm'],
  title: 'Field that the API server demands is missing',
  why: `
    The object decodes, and the API server refuses it: its own checks demand a field that the published schema calls
    optional. The message has the server's words.`,
  see: ['https://kubernetes.io/docs/reference/using-api/api-concepts/'],
  bad: `
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
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
  `,
  aboutAbsence: true,
  on: resources,
  check: (_, ctx) => reportCauses(ctx, 'FieldValueRequired'),
})
