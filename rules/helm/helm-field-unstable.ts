import { defineChartRule, formatPath } from '../../src/rule.ts'

export default defineChartRule({
  id: 'helm-field-unstable',
  category: 'helm',
  severity: 'info',
  presets: ['helm'],
  title: 'Field is made anew by every upgrade',
  why: `
    A random function or the clock makes the value, so each \`helm upgrade\` makes another one: passwords stop fitting what
    was stored with them, and pods restart without a change. Keep the value that is there with \`lookup\`, or have it
    given by the user. Nothing is said of names, labels and annotations, of hooks, and of templates that look the value up.`,
  see: ['https://helm.sh/docs/chart_template_guide/functions_and_pipelines/#using-the-lookup-function'],
  bad: `
    # templates/secret.yaml
    apiVersion: v1
    kind: Secret
    metadata:
      name: shop
    stringData:
      password: {{ randAlphaNum 20 | quote }}
  `,
  good: `
    # values.yaml
    password: ""
    # templates/secret.yaml
    apiVersion: v1
    kind: Secret
    metadata:
      name: shop
    stringData:
      password: {{ required "a password is needed" .Values.password | quote }}
    # ci/test-values.yaml
    password: secret
  `,
  check(chart, ctx) {
    for (const { location, kind, path, made, values = [] } of chart.listUnstableTexts()) {
      const by = made === undefined ? '' : ` by ${made}`
      ctx.report(location, `every upgrade makes ${formatPath(path)} of this ${kind} anew${by}`, { values })
    }
  },
})
