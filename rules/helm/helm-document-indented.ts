import { defineChartRule } from '../../src/rule.ts'

export default defineChartRule({
  id: 'helm-document-indented',
  category: 'helm',
  severity: 'warning',
  presets: ['recommended', 'helm'],
  title: 'Rendered file begins with an indented line',
  why: `
    Helm cuts the blanks before the first line of a file and leaves those of the lines below, so that the first key
    stands at another level than its neighbours. It works only by accident, and \`helm lint\` refuses it.`,
  see: ['https://helm.sh/docs/chart_template_guide/control_structures/#controlling-whitespace'],
  bad: `
    # templates/settings.yaml
    {{- if true }}
      apiVersion: v1
    kind: ConfigMap
    metadata:
      name: settings
    {{- end }}
  `,
  good: `
    # templates/settings.yaml
    {{- if true }}
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: settings
    {{- end }}
  `,
  check(chart, ctx) {
    for (const { location, values = [] } of chart.listIndentedStarts())
      ctx.report(location, 'the first line of what is rendered is indented, Helm cuts these blanks', {
        values,
      })
  },
})
