import { defineChartRule } from '../../src/rule.ts'

export default defineChartRule({
  id: 'helm-dependency-mismatch',
  category: 'helm',
  severity: 'warning',
  presets: ['recommended', 'helm'],
  title: 'Sub-chart in charts/ is not the one that Chart.yaml names',
  why: `
    Helm renders every chart in \`charts/\`. One that Chart.yaml does not name, or names with another version, is
    rendered without its \`condition\`, \`tags\` and \`alias\`: it cannot be switched off. \`helm dependency update\` brings
    the folder in line.`,
  see: ['https://helm.sh/docs/helm/helm_dependency_update/'],
  bad: `
    # Chart.yaml
    apiVersion: v2
    name: shop
    version: 1.0.0
    dependencies:
      - name: store
        version: 2.x
        repository: https://example.com/charts
        condition: store.enabled
    # charts/store/Chart.yaml
    apiVersion: v2
    name: store
    version: 1.4.0
  `,
  good: `
    # Chart.yaml
    apiVersion: v2
    name: shop
    version: 1.0.0
    dependencies:
      - name: store
        version: 2.x
        repository: https://example.com/charts
        condition: store.enabled
    # charts/store/Chart.yaml
    apiVersion: v2
    name: store
    version: 2.1.0
  `,
  check(chart, ctx) {
    for (const { location, name, version, wanted } of chart.listDependencyMismatches())
      ctx.report(location, `charts/ holds "${name}" ${version}, ${wordWanted(wanted)}`)
  },
})

function wordWanted(wanted: readonly string[]): string {
  if (wanted.length === 0) return 'which Chart.yaml does not name'
  const versions = wanted.filter(it => it !== '')
  return versions.length === 0
    ? 'and the dependency names no version, which Helm needs to take it for this one'
    : `expected ${versions.join(' or ')}`
}
