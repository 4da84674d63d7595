import { defineDocumentRule } from '../../src/rule.ts'

export default defineDocumentRule({
  id: 'yaml-syntax-error',
  category: 'yaml',
  severity: 'error',
  presets: ['recommended', 'schema', 'security', 'pss-baseline', 'pss-restricted', 'reliability', 'helm'],
  title: 'Text is not valid YAML or JSON',
  why: `
    kubectl refuses the whole file, so nothing in it is applied. The rest of the file is still checked as far as it can
    be understood; findings about missing objects are held back, because this document might hold them.`,
  see: ['https://yaml.org/spec/1.1/', 'https://github.com/kubernetes-sigs/yaml'],
  bad: `
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: settings
    data:
      level: info
       format: json
  `,
  good: `
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: settings
    data:
      level: info
      format: json
  `,
  check(document, ctx) {
    // What is said of one place twice is one fault.
    let place = -1
    for (const { code, message, span, related } of document.problems) {
      if (code !== 'syntax' || span.start === place) continue
      place = span.start
      ctx.report(span, message, related ? [related] : [])
    }
  },
})
