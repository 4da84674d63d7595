/** Which sub-charts take part, under which names, and what they export (pkg/chart/v2/util/dependencies.go). */
import { ChartError, type Dependency, sourceOf } from './chart.ts'
import { type ChartNode, setChildren } from './chart-tree.ts'
import { coalesceTables, coalesceValues, findSlot, findTable, lookAtValues } from './coalesce.ts'
import { isCompatible } from './functions/semver.ts'
import { formatValue } from './template/format.ts'
import type { Origin } from './template/origin.ts'
import { plainText } from './template/text.ts'
import { type Dict, deepCopy, dict, isDict, isString, type Value } from './template/value.ts'

/** Refuses a chart that names dependencies which are not in `charts/`. */
export function checkDependencies(node: ChartNode): void {
  const missing = (node.dependencies ?? []).filter(it => !node.children.some(child => child.name === it.name))
  const [first] = missing
  if (!first) return
  const names = missing.map(it => it.name).join(', ')
  const message = `an error occurred while checking for chart dependencies. You may need to run \`helm dependency build\` to fetch missing dependencies: found in Chart.yaml, but missing in charts/ directory: ${names}`
  const span = first.origin?.kind === 'values' ? first.origin.value : { start: 0, end: 0 }
  const source = first.origin?.kind === 'values' ? first.origin.source : sourceOf(node.chart.file)
  throw new ChartError('dependency-missing', message, { source, span })
}

/** Applies aliases, tags, conditions and import-values to the whole tree. */
export function processDependencies(node: ChartNode, values: Dict): void {
  checkCount(node)
  enable(node, values, '')
  importValues(node)
}

/** Sub-charts at all levels; each is rendered under each of its names. */
const MOST_CHARTS = 500

/** Aliases of charts that have aliases are many, soon. */
function checkCount(root: ChartNode): void {
  const open = [root]
  let left = MOST_CHARTS
  for (const { children, dependencies = [] } of open)
    for (const child of children) {
      const copies = Math.max(1, dependencies.filter(it => it.name === child.name).length)
      left -= copies
      if (left < 0)
        throw new ChartError('limit', `the chart has more than ${MOST_CHARTS} sub-charts`, {
          source: sourceOf(root.chart.file),
          span: { start: 0, end: 0 },
        })
      for (let i = 0; i < copies; i++) open.push(child)
    }
}

function enable(node: ChartNode, values: Dict, path: string): void {
  const { dependencies } = node
  if (!dependencies) return
  const versionOf = (child: ChartNode): string => child.chart.metadata.version
  const fits = (child: ChartNode, it: Dependency) =>
    child.name === it.name && isCompatible(it.version, versionOf(child))
  const chosen = node.children.filter(child => !dependencies.some(it => fits(child, it)))
  for (const it of dependencies) {
    const child = node.children.find(some => fits(some, it))
    if (child) chosen.push(copyAs(child, it.alias))
    if (it.alias !== '') it.name = it.alias
  }
  setChildren(node, chosen)
  for (const it of dependencies) it.enabled = true
  const merged = asksValues(node) ? lookAtValues(node, values, 'coalesce') : values
  const deciding = [applyTags(dependencies, merged), applyConditions(dependencies, merged, path)]
  const disabled = new Set(dependencies.filter(it => !it.enabled).map(it => it.name))
  const kept = node.children.filter(it => !disabled.has(it.name))
  for (const child of kept) {
    for (const origins of deciding)
      for (const origin of origins.get(child.name) ?? [])
        child.guard = { kind: 'guard', origin, parent: child.guard }
    enable(child, merged, `${path}${child.name}.`)
  }
  node.dependencies = dependencies.filter(it => !disabled.has(it.name))
  setChildren(node, kept)
}

/** Values decide about nothing where no dependency has a condition or a tag. */
const asksValues = ({ dependencies = [], children }: ChartNode): boolean =>
  dependencies.some(it => it.condition !== '' || it.tags.length > 0) || children.some(asksValues)

/** Sub-charts of the copy are copied, those below are shared, as in Helm. */
function copyAs(child: ChartNode, alias: string): ChartNode {
  const copy: ChartNode = {
    ...child,
    name: alias || child.name,
    dependencies: child.dependencies?.map(it => ({ ...it })),
  }
  setChildren(
    copy,
    child.children.map(it => ({ ...it })),
  )
  return copy
}

/** Values that decide about sub-charts, by the name of the sub-chart. */
type Deciding = ReadonlyMap<string, readonly Origin[]>

/** One true tag enables; false ones disable unless there is a true one. */
function applyTags(dependencies: readonly Dependency[], values: Dict): Deciding {
  const deciding = new Map<string, readonly Origin[]>()
  const tags = findTable(values, 'tags')
  if (!tags) return deciding
  for (const it of dependencies) {
    const states = it.tags.map(tag => tags.entries.get(tag))
    it.enabled = states.includes(true) || !states.includes(false)
    deciding.set(
      it.name,
      it.tags.map(tag => tags.origins.get(tag)).filter(origin => origin !== undefined),
    )
  }
  return deciding
}

/** The first path of the list that leads to a boolean decides. */
function applyConditions(dependencies: readonly Dependency[], values: Dict, path: string): Deciding {
  const deciding = new Map<string, readonly Origin[]>()
  for (const it of dependencies)
    for (const condition of it.condition.trim().split(',')) {
      const slot = condition === '' ? undefined : findSlot(values, path + condition)
      if (typeof slot?.value !== 'boolean') continue
      it.enabled = slot.value
      if (slot.origin) deciding.set(it.name, [slot.origin])
      break
    }
  return deciding
}

function importValues(node: ChartNode): void {
  for (const child of node.children) importValues(child)
  const { dependencies } = node
  if (!dependencies) return
  if (dependencies.every(it => it.importValues.length === 0)) {
    node.values = lookAtValues(node, dict(), 'merge')
    return
  }
  const values = coalesceValues(node, dict(), 'merge')
  let imported: Dict | undefined
  for (const it of dependencies)
    for (const wanted of it.importValues) {
      const { child, parent } = pathsOf(wanted)
      const table = child === undefined ? undefined : findTable(values, `${it.name}.${child}`)
      if (table) imported = coalesceTables(imported ?? dict(), wrapAt(parent, table), 'merge')
    }
  // What is imported shares tables with the values.
  node.values = imported ? coalesceTables(deepCopy(values) as Dict, imported, 'merge') : values
}

/** `import-values` holds names of exports, or pairs of paths: from where in the sub-chart's values to where above. */
export function pathsOf(wanted: Value): { child: string | undefined; parent: string } {
  if (isDict(wanted))
    return {
      child: formatValue(wanted.entries.get('child')),
      parent: formatValue(wanted.entries.get('parent')),
    }
  return { child: isString(wanted) ? `exports.${plainText(wanted)}` : undefined, parent: '.' }
}

function wrapAt(path: string, table: Dict): Dict {
  if (path === '.') return table
  return path.split('.').reduceRight((inner, step) => dict(new Map([[step, inner]])), table)
}
