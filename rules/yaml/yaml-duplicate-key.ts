import { defineDocumentRule } from '../../src/rule.ts'

export default defineDocumentRule({
  id: 'yaml-duplicate-key',
  category: 'yaml',
  severity: 'error',
  presets: ['recommended', 'schema', 'security', 'pss-baseline', 'pss-restricted', 'reliability', 'helm'],
  title: 'Key is repeated in a map',
  why: `
    Of two equal keys the last one counts and the first is dropped without a word, or the text is refused, depending on
    who reads it: kubectl with strict validation refuses it, older clients do not. Keep one of them, or join their values.`,
  see: [
    'https://yaml.org/spec/1.1/#id861060',
    'https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation',
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
              value: debug
          args: [--verbose]
          env:
            - name: PORT
              value: "8080"
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
            - name: PORT
              value: "8080"
          args: [--verbose]
  `,
  check(document, ctx) {
    for (const { code, message, span, related } of document.problems)
      if (code === 'duplicate-key') ctx.report(span, message, related ? [related] : [])
  },
})
