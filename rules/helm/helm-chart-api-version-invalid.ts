import { defineChartRule } from '../../src/rule.ts'

/** Fields that came with `apiVersion: v2`. */
const NEW_FIELDS = ['type', 'dependencies']

export default defineChartRule({
  id: 'helm-chart-api-version-invalid',
  category: 'helm',
  severity: 'warning',
  presets: ['recommended', 'helm'],
  title: 'Chart.yaml names no API version, or one that lacks its fields',
  why: `
    \`apiVersion\` says how Chart.yaml is read. Without it Helm takes \`v1\`, and \`helm lint\` refuses the chart. \`type\` and
    \`dependencies\` exist since \`v2\`; in a chart of \`v1\`, dependencies belong into requirements.yaml.`,
  see: ['https://helm.sh/docs/topics/charts/#the-apiversion-field'],
  bad: `
    # Chart.yaml
    apiVersion: v1
    name: shop
    version: 1.0.0
    type: application
  `,
  good: `
    # Chart.yaml
    apiVersion: v2
    name: shop
    version: 1.0.0
    type: application
  `,
  check({ about }, ctx) {
    if (!about?.isMap) return
    const at = about.get('apiVersion')
    if (!at || at.value === null || at.value === '')
      ctx.report(about.get('name') ?? about, 'Chart.yaml has no apiVersion, expected "v2"', { part: 'key' })
    else if (at.value !== 'v1' && at.value !== 'v2')
      ctx.report(at, `apiVersion is "${String(at.value)}", expected "v2"`)
    else if (at.value === 'v1')
      for (const name of NEW_FIELDS) {
        const field = about.get(name)
        if (field)
          ctx.report(field, `"${name}" exists since apiVersion v2, this chart is v1`, {
            part: 'key',
            related: [{ location: at.locate(), message: 'the version of the chart' }],
          })
      }
  },
})
