import { defineDocumentRule } from '../../src/rule.ts'

export default defineDocumentRule({
  id: 'yaml-ambiguous-text',
  category: 'yaml',
  severity: 'warning',
  presets: ['recommended'],
  title: 'Readers of YAML understand this text differently',
  why: `
    kubectl reads YAML 1.1 in its own way: text behind \`...\` is dropped, a merge key that stands last overwrites keys
    before it. Other tools in the chain (Helm, Argo CD, editors, scripts) see another value, so what was reviewed is
    not what is applied.`,
  see: ['https://github.com/kubernetes-sigs/yaml', 'https://yaml.org/type/merge.html'],
  bad: `
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: settings
      labels: &labels
        app: web
      annotations:
        app: web-2
        <<: *labels
  `,
  good: `
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: settings
      labels: &labels
        app: web
      annotations:
        <<: *labels
        app: web-2
  `,
  check(document, ctx) {
    for (const { code, message, span, related } of document.problems)
      if (code === 'ambiguous') ctx.report(span, message, related ? [related] : [])
  },
})
