import { defineRule, reportSchemaFindings, resources } from '../../src/rule.ts'

export default defineRule({
  id: 'schema-duplicate-item',
  category: 'schema',
  severity: 'error',
  presets: ['recommended', 'schema', 'helm'],
  title: 'Item of a list is repeated',
  why: `
    The list is a set, or a map by one of its fields: the API server refuses a second item with the same key.`,
  see: [
    'https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy',
    'https://kubernetes.io/docs/reference/kubernetes-api/',
  ],
  bad: `
    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata:
      name: public
    spec:
      gatewayClassName: external
      listeners:
        - name: http
          port: 80
          protocol: HTTP
        - name: http
          port: 443
          protocol: TLS
  `,
  good: `
    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata:
      name: public
    spec:
      gatewayClassName: external
      listeners:
        - name: http
          port: 80
          protocol: HTTP
        - name: https
          port: 443
          protocol: TLS
  `,
  on: resources,
  check: (_, ctx) => reportSchemaFindings(ctx, 'duplicate-item'),
})
