/** The data of templates: `.Values`, `.Chart`, `.Release` and their companions, one set a chart (pkg/engine/engine.go). */
import { memo } from '../text/memo.ts'
import { type ChartFile, type Dependency, type Metadata, sourceOf } from './chart.ts'
import { type ChartNode, pathOf } from './chart-tree.ts'
import { findTable, findValueAt } from './coalesce.ts'
import { buildFiles } from './files-object.ts'
import { basePath } from './functions/paths.ts'
import { formatYaml } from './functions/yaml-emit.ts'
import { readFields } from './metadata.ts'
import { GoError } from './template/errors.ts'
import type { Guard, Origin, TemplateSource } from './template/origin.ts'
import {
  type Dict,
  dict,
  isDict,
  list,
  type Method,
  type Struct,
  setEntry,
  type Value,
} from './template/value.ts'

/** A template file of some chart, with the data it runs on. */
export interface Renderable {
  readonly source: TemplateSource
  readonly file: ChartFile
  readonly data: Dict
  readonly basePath: string
  /** The values that decide whether its chart takes part. */
  readonly guard: Guard | undefined
}

interface Shared {
  readonly release: Dict
  readonly capabilities: Struct
  readonly compat: string
}

/** Every template of the tree, by name. */
export function listRenderables(root: ChartNode, values: Dict, shared: Shared): Map<string, Renderable> {
  const templates = new Map<string, Renderable>()
  addTemplates(root, values, shared, templates)
  return templates
}

function addTemplates(node: ChartNode, values: Dict, shared: Shared, into: Map<string, Renderable>): Dict {
  const { metadata } = node.chart
  const subcharts = dict()
  const data = dict(
    new Map<string, Value>([
      ['Chart', chartObject(node, shared.compat)],
      ['Files', buildFiles(node.chart.files)],
      ['Release', shared.release],
      ['Capabilities', shared.capabilities],
      ['Values', withMethods(values, shared.compat)],
      ['Subcharts', subcharts],
    ]),
  )
  for (const child of node.children) {
    const own = values.entries.get(child.name)
    setEntry(subcharts, child.name, addTemplates(child, isDict(own) ? own : dict(), shared, into), undefined)
  }
  const path = pathOf(node)
  const named = withMethods(data, shared.compat)
  const isLibrary = metadata.type.toLowerCase() === 'library'
  for (const file of node.chart.templates) {
    if (isLibrary && !basePath(file.name).startsWith('_')) continue
    const name = `${path}/${file.name}`
    const source = { name, text: sourceOf(file).text, file: sourceOf(file), made: undefined }
    into.set(name, { source, file, data: named, basePath: `${path}/templates`, guard: guardOf(node) })
  }
  return data
}

/** A sub-chart takes part only where those above it do. */
function guardOf(node: ChartNode): Guard | undefined {
  const above = node.parent && guardOf(node.parent)
  if (!above || !node.guard) return node.guard ?? above
  const origin = { kind: 'derived', main: undefined, part: node.guard, other: undefined } as const
  return { kind: 'guard', origin, parent: above }
}

/** Values, and what templates are given, have methods, which hide root keys of the same name. The entries are shared with the plain map. */
function withMethods(values: Dict, compat: string): Dict {
  const type = compat === 'helm-3' ? 'chartutil.Values' : 'common.Values'
  const methods = new Map<string, Method>([
    ['Table', { params: ['string'], run: ([path]) => ({ ...tableAt(values, path as string), type }) }],
    ['AsMap', { params: [], run: () => values }],
    ['YAML', { params: [], run: () => `${formatYaml(values)}\n` }],
    ['PathValue', { params: ['string'], run: ([path]) => valueAt(values, path as string) }],
    ['Encode', { params: ['string'], run: () => null }],
  ])
  return { ...values, type, methods }
}

function tableAt(values: Dict, path: string): Dict {
  const table = findTable(values, path)
  if (!table) throw new GoError(`"${path}" is not a table`)
  return table
}

function valueAt(values: Dict, path: string): Value {
  const value = findValueAt(values, path)
  if (value === undefined) throw new GoError(`"${path.split('.').at(-1)}" is not a value`)
  return value
}

const texts = (items: readonly string[]): Value => list([...items])

/** `.Chart`: a map with Go's field names since helm 4, the struct itself before. */
function chartObject(node: ChartNode, compat: string): Value {
  const metadata = node.chart.metadata
  const entries = new Map<string, Value>([
    ['Name', node.name],
    ['Home', metadata.home],
    ['Sources', texts(metadata.sources)],
    ['Version', metadata.version],
    ['Description', metadata.description],
    ['Keywords', texts(metadata.keywords)],
    ['Maintainers', list(metadata.maintainers.map(maintainerObject))],
    ['Icon', metadata.icon],
    ['APIVersion', metadata.apiVersion],
    ['Condition', metadata.condition],
    ['Tags', metadata.tags],
    ['AppVersion', metadata.appVersion],
    ['Deprecated', metadata.deprecated],
    ['Annotations', annotationsObject(metadata)],
    ['KubeVersion', metadata.kubeVersion],
    ['Dependencies', list((node.dependencies ?? []).map(dependencyObject))],
    ['Type', metadata.type],
    ['IsRoot', node.parent === undefined],
  ])
  if (compat !== 'helm-3') return dict(entries, originsInFile(node.chart.file, entries.keys()))
  const lower = (name: string): string =>
    name === 'APIVersion' ? 'apiVersion' : name[0]!.toLowerCase() + name.slice(1)
  const shown = [...entries].filter(
    ([name, it]) => name !== 'IsRoot' && it !== '' && it !== false && !isEmptyList(it),
  )
  const type = 'chart.Metadata'
  return {
    tag: 'struct',
    type,
    fields: entries,
    json: () => ({ tag: 'struct', type, fields: new Map(shown.map(([name, it]) => [lower(name), it])) }),
  }
}

/** Where Chart.yaml writes what `.Chart` shows: Go's names are the keys with a capital. */
function originsInFile(file: ChartFile, names: Iterable<string>): Map<string, Origin> {
  const written = rootOrigins(file)
  const origins = new Map<string, Origin>()
  for (const name of names) {
    const origin = written.get(name.toLowerCase())
    if (origin) origins.set(name, origin)
  }
  return origins
}

const rootOrigins = memo((file: ChartFile): ReadonlyMap<string, Origin> => {
  const { value } = readFields(file)
  const origins = isDict(value) ? value.origins : new Map<string, Origin>()
  return new Map([...origins].map(([key, origin]) => [key.toLowerCase(), origin]))
})

const isEmptyList = (value: Value): boolean =>
  typeof value === 'object' && value !== null && value.tag === 'list' && value.items.length === 0

const maintainerObject = (it: Metadata['maintainers'][number]): Value =>
  dict(
    new Map<string, Value>([
      ['Name', it.name],
      ['Email', it.email],
      ['URL', it.url],
    ]),
  )

function annotationsObject({ annotations }: Metadata): Dict {
  const entries = new Map<string, Value>(annotations ?? [])
  return { ...dict(entries), type: 'map[string]string', isNil: annotations === undefined }
}

const dependencyObject = (it: Dependency): Value =>
  dict(
    new Map<string, Value>([
      ['Name', it.name],
      ['Version', it.version],
      ['Repository', it.repository],
      ['Condition', it.condition],
      ['Tags', texts(it.tags)],
      ['Enabled', it.enabled],
      ['ImportValues', list([...it.importValues])],
      ['Alias', it.alias],
    ]),
  )

/** Helm's order of parsing and executing: deep paths first, then from Z to A. */
export function executionOrder(names: Iterable<string>, compare: (a: string, b: string) => number): string[] {
  const depths = new Map<string, number>()
  for (const it of names) depths.set(it, it.split('/').length)
  return [...depths.keys()].sort((a, b) => depths.get(b)! - depths.get(a)! || compare(b, a))
}
