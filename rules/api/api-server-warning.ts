import { defineRule, listWarnings, resources } from '../../src/rule.ts'

export default defineRule({
  id: 'api-server-warning',
  category: 'api',
  severity: 'warning',
  presets: ['schema'],
  title: 'API server would warn about the object',
  why: `
    The API server takes the object and sends a warning with its answer, which kubectl prints and pipelines drop. The
    message is the server's own.`,
  see: ['https://kubernetes.io/blog/2020/09/03/warnings/'],
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
            - name: MODE
              value: a
            - name: MODE
              value: b
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
            - name: MODE
              value: b
  `,
  on: resources,
  check(_, ctx) {
    for (const it of listWarnings(ctx.apis.listServerWarnings(ctx.resource), ctx.isOn))
      ctx.report(it.at, it.message, {
        part: it.part,
        kubernetes: it.kubernetes,
        server: { message: it.message },
      })
  },
})
