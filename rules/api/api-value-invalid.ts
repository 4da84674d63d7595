import { defineRule, reportCauses, resources } from '../../src/rule.ts'

export default defineRule({
  id: 'api-value-invalid',
  category: 'api',
  severity: 'error',
  presets: ['recommended', 'schema', 'helm'],
  title: 'API server refuses the value',
  why: `
    The value has the right type, and the API server refuses it all the same: a malformed name, a number out of range,
    values that contradict each other, a rule that the definition of a custom resource has in CEL. The message has the
    server's words.`,
  see: ['https://kubernetes.io/docs/reference/using-api/api-concepts/'],
  bad: `
    apiVersion: v1
    kind: Pod
    metadata:
      name: Web_1
    spec:
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
      containers:
        - name: web
          image: registry.example.com/web:1.4.0
  `,
  on: resources,
  check: (_, ctx) =>
    reportCauses(
      ctx,
      'FieldValueInvalid',
      'FieldValueTypeInvalid',
      'FieldValueTooLong',
      'FieldValueTooMany',
      'InternalError',
    ),
})
