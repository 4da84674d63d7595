import { defineRule, reportSchemaFindings, resources } from '../../src/rule.ts'

export default defineRule({
  id: 'schema-packed-definition-differs',
  category: 'schema',
  severity: 'warning',
  presets: ['recommended', 'schema', 'helm'],
  title: 'Not in the packed definition of a custom resource',
  why: `
    The definition of this custom resource is not in the input, so the copy that comes with plimsoll was taken. It has
    no such field or value, nor one of a like name: either that is a mistake, or the cluster has a newer definition, or
    one of another channel. Give the one that is installed with \`--crds\`, or \`crds:\` in the settings, and what it does
    not have is an error.`,
  see: ['https://kubernetes.io/docs/concepts/extend-kubernetes/api-extension/custom-resources/'],
  bad: `
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata:
      name: shop
    spec:
      parentRefs:
        - name: public
      rules:
        - priorityBoost: 3
          backendRefs:
            - name: shop
              port: 80
  `,
  good: `
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata:
      name: shop
    spec:
      parentRefs:
        - name: public
      rules:
        - backendRefs:
            - name: shop
              port: 80
  `,
  on: resources,
  check: (_, ctx) => reportSchemaFindings(ctx, 'packed-definition-differs'),
})
