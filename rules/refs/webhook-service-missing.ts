import { defineRule, kind, listLinks, reportAbsent } from '../../src/rule.ts'

export default defineRule({
  id: 'webhook-service-missing',
  category: 'refs',
  severity: 'warning',
  presets: ['recommended', 'reliability', 'helm'],
  scope: 'graph',
  aboutAbsence: true,
  title: 'Webhook calls a Service that does not exist',
  why: `
    The API server calls the Service for each request that the webhook is registered for. Without it such requests are
    refused, or let through unchecked, depending on \`failurePolicy\`; a refusing webhook can stop a whole cluster.`,
  see: [
    'https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#service-reference',
  ],
  bad: `
    apiVersion: v1
    kind: Service
    metadata:
      name: hook
      namespace: infra
    spec:
      selector:
        app: hook
      ports:
        - port: 443
    ---
    apiVersion: admissionregistration.k8s.io/v1
    kind: ValidatingWebhookConfiguration
    metadata:
      name: hook
    webhooks:
      - name: hook.example.com
        admissionReviewVersions: [v1]
        sideEffects: None
        clientConfig:
          service:
            name: hooks
            namespace: infra
  `,
  good: `
    apiVersion: v1
    kind: Service
    metadata:
      name: hook
      namespace: infra
    spec:
      selector:
        app: hook
      ports:
        - port: 443
    ---
    apiVersion: admissionregistration.k8s.io/v1
    kind: ValidatingWebhookConfiguration
    metadata:
      name: hook
    webhooks:
      - name: hook.example.com
        admissionReviewVersions: [v1]
        sideEffects: None
        clientConfig:
          service:
            name: hook
            namespace: infra
  `,
  on: kind(
    'ValidatingWebhookConfiguration',
    'MutatingWebhookConfiguration',
    'APIService',
    'CustomResourceDefinition',
  ),
  check(_, ctx) {
    reportAbsent(
      ctx,
      listLinks(ctx.resource).filter(it => it.relation === 'routes-to'),
    )
  },
})
