import { defineRule, reportCauses, resources } from '../../src/rule.ts'

export default defineRule({
  id: 'api-reference-not-found',
  category: 'api',
  severity: 'error',
  presets: ['recommended', 'schema', 'helm'],
  title: 'Name refers to nothing in the object',
  why: `
    A field names another part of the same object, and there is none of that name, so the API server refuses the object.`,
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
          resources:
            claims:
              - name: gpus
      resourceClaims:
        - name: gpu
          resourceClaimName: gpu
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
            claims:
              - name: gpu
      resourceClaims:
        - name: gpu
          resourceClaimName: gpu
  `,
  on: resources,
  check: (_, ctx) => reportCauses(ctx, 'FieldValueNotFound'),
})
