import { type At, type ChartContext, defineChartRule, type Fix, findNearest, rename } from '../../src/rule.ts'

const FIELDS = [
  'apiVersion',
  'name',
  'version',
  'kubeVersion',
  'description',
  'type',
  'keywords',
  'home',
  'sources',
  'dependencies',
  'maintainers',
  'icon',
  'appVersion',
  'deprecated',
  'annotations',
  'condition',
  'tags',
]
/** Fields of Helm 2, which only charts of its time have. */
const OLD_FIELDS = ['engine', 'tillerVersion']
const LISTS: ReadonlySet<string> = new Set([
  'dependencies',
  'import-values',
  'keywords',
  'maintainers',
  'sources',
  'tags',
])
const MAINTAINER_FIELDS = ['name', 'email', 'url']
const DEPENDENCY_FIELDS = [
  'name',
  'version',
  'repository',
  'condition',
  'tags',
  'enabled',
  'import-values',
  'alias',
]

export default defineChartRule({
  id: 'helm-chart-field-unknown',
  category: 'helm',
  severity: 'warning',
  presets: ['recommended', 'helm'],
  title: 'Chart.yaml has a field that Helm does not know',
  why: `
    Helm ignores fields of Chart.yaml that it does not know, so what is written there has no effect. Facts for other
    programs belong under \`annotations\`.`,
  see: ['https://helm.sh/docs/topics/charts/#the-chartyaml-file'],
  bad: `
    # Chart.yaml
    apiVersion: v2
    name: shop
    version: 1.0.0
    appversion: "1.4.0"
    maintainer:
      - name: Ada
  `,
  good: `
    # Chart.yaml
    apiVersion: v2
    name: shop
    version: 1.0.0
    appversion: "1.4.0"
    maintainers:
      - name: Ada
  `,
  check({ about }, ctx) {
    if (!about) return
    const isOld = about.text('apiVersion') !== 'v2'
    checkFields(about, isOld ? [...FIELDS, ...OLD_FIELDS] : FIELDS, ctx)
    for (const it of about.get('maintainers')?.each() ?? []) checkFields(it, MAINTAINER_FIELDS, ctx)
    for (const it of about.get('dependencies')?.each() ?? []) checkFields(it, DEPENDENCY_FIELDS, ctx)
  },
})

/** Go finds fields whatever their case. */
function checkFields(map: At, fields: readonly string[], ctx: ChartContext): void {
  if (!map.isMap) return
  const known = new Set(fields.map(it => it.toLowerCase()))
  for (const at of map.each()) {
    const { key } = at
    if (typeof key !== 'string' || known.has(key.toLowerCase())) continue
    const nearest = findNearest(key, fields)
    const fits = nearest !== undefined && LISTS.has(nearest) === at.isList
    const fixes: Fix[] = fits ? [{ title: `Use "${nearest}"`, safe: false, patch: rename(at, nearest) }] : []
    const meant = nearest === undefined ? '' : `, did you mean "${nearest}"?`
    ctx.report(at, `Helm knows no field "${key}" here${meant}`, { part: 'key', fixes })
  }
}
