import { defineRule, isMisread, resources, set, writtenText } from '../../src/rule.ts'

export default defineRule({
  id: 'yaml-implicit-type',
  category: 'yaml',
  severity: 'error',
  presets: ['recommended', 'schema', 'helm'],
  title: 'Unquoted text is read as a boolean or a number',
  why: `
    Kubernetes reads YAML 1.1: \`yes\`, \`no\`, \`on\`, \`off\`, \`y\` and \`n\` are booleans, \`0777\` and \`1_000\` are
    numbers. Where the API wants a text, as in labels, annotations, environment variables and ConfigMaps, the server
    refuses the object. Editors and other tools that read YAML 1.2 show a text, so the fault is easy to overlook.`,
  see: ['https://yaml.org/type/bool.html', 'https://yaml.org/type/int.html'],
  bad: `
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: settings
    data:
      cache: yes # keep answers for a minute
      level: info
  `,
  good: `
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: settings
    data:
      cache: "yes" # keep answers for a minute
      level: info
  `,
  on: resources,
  check(_, ctx) {
    for (const finding of ctx.apis.listSchemaFindings(ctx.resource)) {
      if (!isMisread(finding)) continue
      const { at, kubernetes } = finding
      const text = writtenText(finding)
      ctx.report(at, `${text} is the ${typeof at.value} ${String(at.value)} here, expected a string`, {
        kubernetes,
        fixes: [{ title: `Quote "${text}"`, safe: true, patch: set(at, text) }],
      })
    }
  },
})
