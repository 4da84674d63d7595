import { defineChartRule } from '../../src/rule.ts'

/** Methods of Helm's type for values, which hide keys at the root. */
const METHODS: ReadonlySet<string> = new Set(['AsMap', 'Encode', 'PathValue', 'Table', 'YAML'])

export default defineChartRule({
  id: 'helm-value-shadowed',
  category: 'helm',
  severity: 'warning',
  presets: ['recommended', 'helm'],
  title: 'Key at the root of values has the name of a method',
  why: `
    \`.Values\` has methods of its own, which win over keys: \`{{ .Values.Table }}\` calls the method and fails. The key can
    only be read by \`index .Values "Table"\`; another name spares everybody the surprise.`,
  see: ['https://pkg.go.dev/helm.sh/helm/v3/pkg/chartutil#Values'],
  bad: `
    # values.yaml
    Table: orders
    # templates/settings.yaml
    # No template can read the key by its name.
  `,
  good: `
    # values.yaml
    table: orders
    # templates/settings.yaml
    # No template can read the key by its name.
  `,
  check({ defaults }, ctx) {
    for (const at of defaults?.each() ?? [])
      if (typeof at.key === 'string' && METHODS.has(at.key))
        ctx.report(at, `.Values.${at.key} is a method of Helm, templates cannot read this key`, {
          part: 'key',
        })
  },
})
