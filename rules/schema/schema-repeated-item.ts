import { defineRule, reportSchemaFindings, resources } from '../../src/rule.ts'

export default defineRule({
  id: 'schema-repeated-item',
  category: 'schema',
  severity: 'warning',
  presets: ['recommended', 'helm'],
  title: 'Item of a list is repeated and merged away',
  why: `
    The server accepts the list, but apply takes it for a map by one of its fields: the next patch merges the two items
    or drops one, and server-side apply refuses it. Of two environment variables of one name the last one counts.`,
  see: [
    'https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy',
    'https://github.com/kubernetes/kubernetes/issues/58477',
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
          env:
            - name: LOG_LEVEL
              value: info
            - name: LOG_LEVEL
              value: debug
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
            - name: LOG_LEVEL
              value: debug
  `,
  on: resources,
  check: (_, ctx) => reportSchemaFindings(ctx, 'repeated-item'),
})
