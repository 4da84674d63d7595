import { defineChartRule, type Location } from '../../src/rule.ts'

export default defineChartRule({
  id: 'helm-nothing-printed',
  category: 'helm',
  severity: 'warning',
  presets: ['recommended', 'helm'],
  title: 'Action prints nothing in the middle of a text',
  why: `
    The value is null or not set. The template engine prints \`<no value>\` in its place, which Helm takes out of the text, so
    that \`shop:{{ .Values.tag }}\` becomes \`shop:\`. Set the value, give it a default, or leave the text out with a
    condition.`,
  see: ['https://helm.sh/docs/chart_template_guide/functions_and_pipelines/#using-the-default-function'],
  bad: `
    # values.yaml
    tag:
    # templates/settings.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: settings
    data:
      image: "shop:{{ .Values.tag }}"
  `,
  good: `
    # values.yaml
    tag:
    # templates/settings.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: settings
    data:
      image: "shop:{{ .Values.tag | default "latest" }}"
  `,
  check(chart, ctx) {
    const known = new Set(chart.listUndefinedValues().map(it => placeKey(it.location)))
    for (const { location, action, values = [] } of chart.listEmptyPrints())
      if (!known.has(placeKey(location)))
        ctx.report(location, `${action} is nothing here, which leaves a gap in the text`, { values })
  },
})

const placeKey = ({ source, span }: Location): string => `${source.id} ${span.start}`
