import { defineRule, reportCauses, resources } from '../../src/rule.ts'

export default defineRule({
  id: 'api-value-not-supported',
  category: 'api',
  severity: 'error',
  presets: ['recommended', 'schema', 'helm'],
  title: 'Value is none of those that the API server knows',
  why: `
    In this place the API server takes one of a few values, and this is none of them. Upper and lower case count. The
    message lists what is supported.`,
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
          env:
            - name: PHASE
              valueFrom:
                fieldRef:
                  fieldPath: status.phase
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
          env:
            - name: POD_IP
              valueFrom:
                fieldRef:
                  fieldPath: status.podIP
  `,
  on: resources,
  check: (_, ctx) => reportCauses(ctx, 'FieldValueNotSupported'),
})
