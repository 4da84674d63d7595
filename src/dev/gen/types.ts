/** Packs the definitions of all minors into one table of types: every (type, field) once, with the minors that have it. */
import { formatRanges } from '../../kube/schema/minors.ts'
import type { PackedTypes } from '../../kube/schema/pack.ts'
import type { MinorSource, OpenApiSchema } from './kubernetes-source.ts'

/** Definitions that stand for a scalar or for free JSON: their letter in `PackedTypes`. */
const LETTERS: ReadonlyMap<string, string> = new Map([
  ['io.k8s.apimachinery.pkg.api.resource.Quantity', 'q'],
  ['io.k8s.apimachinery.pkg.util.intstr.IntOrString', 'o'],
  ['io.k8s.apimachinery.pkg.apis.meta.v1.Time', 't'],
  ['io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime', 'u'],
  ['io.k8s.apimachinery.pkg.apis.meta.v1.Duration', 'd'],
  ['io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1', 'j'],
  ['io.k8s.apimachinery.pkg.apis.meta.v1.Patch', 'j'],
  ['io.k8s.apimachinery.pkg.runtime.RawExtension', 'j'],
  ['io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON', 'j'],
  ['io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray', 'a'],
  ['io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool', 'p'],
  ['io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray', 'r'],
])

/** `io.k8s.api.core.v1.Pod` as `core.v1` and `Pod`: the last two steps of a package are unique. */
export function splitName(name: string): { package: string; type: string } {
  const steps = name.split('.')
  return { package: steps.slice(-3, -1).join('.'), type: steps.at(-1)! }
}

export const shortName = (name: string): string => name.split('.').slice(-3).join('.')

/** Packs all definitions that are reachable from the roots (full names of definitions). */
export function packTypes(sources: readonly MinorSource[], roots: ReadonlySet<string>): PackedTypes {
  const minors = sources.map(it => it.minor)
  const reached = listReached(sources, roots)
  const packages = new Map<string, Map<string, string>>()
  for (const name of [...reached].sort()) {
    const { package: owner, type } = splitName(name)
    const types = packages.get(owner) ?? new Map<string, string>()
    packages.set(owner, types.set(type, packDefinition(name, sources)))
  }
  return {
    minors: minors.map(it => `1.${it}`),
    types: Object.fromEntries(
      [...packages].sort(byKey).map(([key, types]) => [key, Object.fromEntries(types)]),
    ),
  }
}

function listReached(sources: readonly MinorSource[], roots: ReadonlySet<string>): Set<string> {
  const reached = new Set<string>()
  const visit = (name: string): void => {
    if (reached.has(name) || LETTERS.has(name)) return
    reached.add(name)
    for (const { definitions } of sources)
      for (const schema of Object.values(definitions.get(name)?.properties ?? {}))
        for (const target of listRefs(schema)) visit(target)
  }
  for (const root of roots) visit(root)
  return reached
}

function listRefs(schema: OpenApiSchema): string[] {
  const target = refOf(schema)
  if (target) return [target]
  const element = schema.items ?? schema.additionalProperties
  return element ? listRefs(element) : []
}

function packDefinition(name: string, sources: readonly MinorSource[]): string {
  const owner = splitName(name).package
  const having = sources.filter(it => it.definitions.has(name)).map(it => it.minor)
  const entries = new Map<string, Set<number>>()
  for (const { minor, definitions } of sources) {
    const definition = definitions.get(name)
    const required = new Set(definition?.required)
    const place = { owner, definitions }
    for (const [key, schema] of Object.entries(definition?.properties ?? {})) {
      const entry = `${key}:${packSchema(schema, place, `${name}/${key}`)}${required.has(key) ? '!' : ''}`
      const found = entries.get(entry) ?? new Set<number>()
      entries.set(entry, found.add(minor))
    }
  }
  const newest = sources.at(-1)!.minor
  return [...entries]
    .sort(byKey)
    .map(([entry, found]) => {
      const ranges = formatRanges(found, having, newest)
      return ranges === '' ? entry : `${entry}@${ranges}`
    })
    .join(' ')
}

/** The package that a field belongs to, and the definitions of its minor. */
interface Place {
  readonly owner: string
  readonly definitions: MinorSource['definitions']
}

function packSchema(schema: OpenApiSchema, place: Place, where: string): string {
  const target = refOf(schema)
  if (target) return packReference(target, place.owner)
  if (schema.additionalProperties) return `{${packSchema(schema.additionalProperties, place, where)}`
  if (schema.items) return `[${listMark(schema, place)}${packSchema(schema.items, place, where)}`
  const letter = scalarLetter(schema)
  if (!letter) throw new Error(`${where}: no way to pack ${JSON.stringify(schema)}`)
  return letter
}

function packReference(target: string, owner: string): string {
  const letter = LETTERS.get(target)
  if (letter) return letter
  const split = splitName(target)
  return split.package === owner ? split.type : `${split.package}.${split.type}`
}

/** `=` before the items of a set; the keys (with defaults) and `|` before the items of a list that is a map. */
function listMark(schema: OpenApiSchema, { definitions }: Place): string {
  if (schema['x-kubernetes-list-type'] === 'set') return '='
  if (schema['x-kubernetes-list-type'] !== 'map') return ''
  const item = definitions.get(refOf(schema.items!) ?? '')
  const keys = (schema['x-kubernetes-list-map-keys'] ?? []).map(key => {
    const value = item?.properties?.[key]?.default
    // An empty default only says that the Go field is no pointer.
    return typeof value === 'string' && value !== '' ? `${key}=${value}` : key
  })
  return `${keys.join(',')}|`
}

function scalarLetter(schema: OpenApiSchema): string | undefined {
  switch (schema.type) {
    case 'string':
      return schema.format === 'byte' ? 'y' : 's'
    case 'integer':
      return schema.format === 'int32' ? 'i' : 'l'
    case 'number':
      return 'n'
    case 'boolean':
      return 'b'
    case 'object':
      return '{j'
  }
  return undefined
}

const refOf = (schema: OpenApiSchema): string | undefined =>
  (schema.$ref ?? (schema.allOf?.length === 1 ? schema.allOf[0]!.$ref : undefined))?.replace(/^.*\//, '')

const byKey = (a: readonly [string, unknown], b: readonly [string, unknown]): number =>
  a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0
