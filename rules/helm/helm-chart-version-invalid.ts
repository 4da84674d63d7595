import { type At, defineChartRule, set } from '../../src/rule.ts'

/** https://semver.org, with its regular expression. */
const SEMVER =
  /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-(?:0|[1-9]\d*|\d*[a-zA-Z-][\da-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][\da-zA-Z-]*))*)?(?:\+[\da-zA-Z-]+(?:\.[\da-zA-Z-]+)*)?$/

export default defineChartRule({
  id: 'helm-chart-version-invalid',
  category: 'helm',
  severity: 'warning',
  presets: ['recommended', 'helm'],
  title: 'Version of a chart is a number, or no semantic version',
  why: `
    YAML reads \`1.10\` as the number 1.1, so an unquoted version of two parts changes what charts, labels and image tags
    say, and \`helm lint\` refuses it. A chart version that is not exactly \`MAJOR.MINOR.PATCH\` is completed by Helm in
    one place and compared as it stands in another.`,
  see: ['https://helm.sh/docs/topics/charts/#charts-and-versioning'],
  bad: `
    # Chart.yaml
    apiVersion: v2
    name: shop
    version: 1.0.0
    appVersion: 1.10
  `,
  good: `
    # Chart.yaml
    apiVersion: v2
    name: shop
    version: 1.0.0
    appVersion: "1.10"
  `,
  check({ about }, ctx) {
    for (const name of ['version', 'appVersion']) {
      const at = about?.get(name)
      if (!at || at.value === null || at.isMap || at.isList) continue
      if (typeof at.value === 'string') {
        if (name === 'version' && !SEMVER.test(at.value))
          ctx.report(at, `"${at.value}" is no semantic version, which reads 1.2.3`)
        continue
      }
      const text = writtenAs(at)
      ctx.report(at, `${name} ${text} is the ${typeof at.value} ${String(at.value)}, expected a string`, {
        fixes: [{ title: `Quote "${text}"`, safe: true, patch: set(at, text) }],
      })
    }
  },
})

function writtenAs(at: At): string {
  const { start, end } = at.span()
  return at.document.table.text.slice(start, end)
}
