import { defineChartRule } from '../../src/rule.ts'

export default defineChartRule({
  id: 'helm-define-duplicate',
  category: 'helm',
  severity: 'warning',
  presets: ['recommended', 'helm'],
  title: 'Named template is defined twice',
  why: `
    Named templates of a chart and all its sub-charts share one space of names. Of two definitions with one name Helm takes
    the one that it parses last, without a word, so one of the charts runs with the text of the other. Put the name of
    the chart before the name of the template.`,
  see: ['https://helm.sh/docs/chart_template_guide/named_templates/'],
  bad: `
    # templates/_a.tpl
    {{- define "shop.name" }}shop{{ end }}
    # templates/_b.tpl
    {{- define "shop.name" }}store{{ end }}
    # templates/settings.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: {{ include "shop.name" . }}
  `,
  good: `
    # templates/_a.tpl
    {{- define "shop.name" }}shop{{ end }}
    # templates/_b.tpl
    {{- define "shop.other" }}store{{ end }}
    # templates/settings.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: {{ include "shop.name" . }}
  `,
  check(chart, ctx) {
    for (const { name, location, winner } of chart.listDuplicateDefines())
      ctx.report(location, `"${name}" is defined again, and Helm takes the other definition`, {
        related: [{ location: winner, message: 'the definition that counts' }],
      })
  },
})
