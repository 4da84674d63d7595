import { defineChartRule } from '../../src/rule.ts'

const WORDS: Readonly<Record<string, string>> = {
  bool: 'a boolean',
  float64: 'a floating point number',
  int: 'an integer',
  string: 'a string',
}

export default defineChartRule({
  id: 'helm-comparison-fails',
  category: 'helm',
  severity: 'warning',
  presets: ['recommended', 'helm'],
  title: 'Comparison of values of different types',
  why: `
    Templates compare values of one type alone and stop with "incompatible types for comparison" otherwise. Numbers of
    values files are floating point numbers, so even \`gt .Values.replicas 1\` fails: write \`gt (int .Values.replicas) 1\`.
    Such a fault sleeps in branches that the default values switch off.`,
  see: ['https://helm.sh/docs/chart_template_guide/functions_and_pipelines/#operators-are-functions'],
  bad: `
    # values.yaml
    autoscaling: false
    replicas: 2
    # templates/settings.yaml
    {{- if .Values.autoscaling }}
    {{- if gt .Values.replicas 1 }}
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: several
    {{- end }}
    {{- end }}
  `,
  good: `
    # values.yaml
    autoscaling: false
    replicas: 2
    # templates/settings.yaml
    {{- if .Values.autoscaling }}
    {{- if gt (int .Values.replicas) 1 }}
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: several
    {{- end }}
    {{- end }}
  `,
  check(chart, ctx) {
    for (const { location, path, operand, value, literal } of chart.listFailingComparisons()) {
      const name = `.Values.${path.join('.')}`
      const isNumber = value === 'float64' && literal === 'int'
      const remedy = isNumber ? `, write (int ${name})` : ''
      const written = operand.source.text.slice(operand.span.start, operand.span.end)
      const fix = { title: 'Convert to int', safe: false, edits: [{ ...operand, text: `(int ${written})` }] }
      ctx.report(
        location,
        `${name} is ${WORDS[value]}, which cannot be compared with ${WORDS[literal]}${remedy}`,
        { fixes: isNumber ? [fix] : [] },
      )
    }
  },
})
