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
    const undefinedValues = chart.listUndefinedValues().map(it => it.location)
    for (const { location, action, values = [] } of chart.listEmptyPrints())
      if (!undefinedValues.some(it => isWithin(it, location)))
        ctx.report(location, `${action} is nothing here, which leaves a gap in the text`, { values })
  },
})

/** A value that nobody sets is another rule's finding. */
const isWithin = ({ source, span }: Location, around: Location): boolean =>
  source.id === around.source.id && span.start >= around.span.start && span.end <= around.span.end
