/** Packs the definitions of all minors into one table of types: every (type, field) once, with the minors that have it. */
import { formatMinor, formatRanges } from '../../kube/schema/minors.ts'
import type { PackedTypes } from '../../kube/schema/pack.ts'
import { type MinorSource, type OpenApiSchema, shortName } from './kubernetes-source.ts'

/** Definitions that stand for a scalar or for free JSON: their letter in `PackedTypes`. */
export const LETTERS: ReadonlyMap<string, string> = new Map([
  ['api.resource.Quantity', 'q'],
  ['util.intstr.IntOrString', 'o'],
  ['meta.v1.Time', 't'],
  ['meta.v1.MicroTime', 'u'],
  ['meta.v1.Duration', 'd'],
  ['pkg.runtime.RawExtension', 'j'],
  ['meta.v1.FieldsV1', 'j'],
  ['meta.v1.Patch', 'j'],
  ['apiextensions.v1.JSON', 'j'],
  ['apiextensions.v1.JSONSchemaPropsOrArray', 'a'],
  ['apiextensions.v1.JSONSchemaPropsOrBool', 'p'],
  ['apiextensions.v1.JSONSchemaPropsOrStringArray', 'r'],
])

/** Packs all types that the kinds of each minor lead to. */
export function packTypes(sources: readonly MinorSource[]): PackedTypes {
  const reached = new Map(sources.map(it => [it.minor, listReached(it)]))
  const names = new Set([...reached.values()].flatMap(it => [...it]))
  const packages = new Map<string, Map<string, string>>()
  for (const name of [...names].sort()) {
    const dot = name.lastIndexOf('.')
    const types = packages.get(name.slice(0, dot)) ?? new Map<string, string>()
    const having = sources.filter(it => reached.get(it.minor)!.has(name))
    types.set(name.slice(dot + 1), packDefinition(name, having, sources.at(-1)!.minor))
    packages.set(name.slice(0, dot), types)
  }
  return {
    minors: sources.map(it => formatMinor(it.minor)),
    types: Object.fromEntries(
      [...packages].sort(byKey).map(([key, types]) => [key, Object.fromEntries(types)]),
    ),
  }
}

function listReached({ definitions, kinds }: MinorSource): Set<string> {
  const reached = new Set<string>()
  const visit = (name: string): void => {
    if (reached.has(name) || LETTERS.has(name)) return
    reached.add(name)
    for (const schema of Object.values(definitions.get(name)?.properties ?? {}))
      for (const target of listRefs(schema)) visit(target)
  }
  for (const { type } of kinds) visit(type)
  return reached
}

function listRefs(schema: OpenApiSchema): string[] {
  const target = refOf(schema)
  if (target) return [target]
  const element = schema.items ?? schema.additionalProperties
  return element ? listRefs(element) : []
}

function packDefinition(name: string, having: readonly MinorSource[], newest: number): string {
  const owner = name.slice(0, name.lastIndexOf('.'))
  const entries = new Map<string, Set<number>>()
  for (const { minor, definitions } of having) {
    const definition = definitions.get(name)
    const required = new Set(definition?.required)
    const place = { owner, definitions }
    for (const [key, schema] of Object.entries(definition?.properties ?? {})) {
      const entry = `${key}:${packSchema(schema, place, `${name}/${key}`)}${required.has(key) ? '!' : ''}`
      const found = entries.get(entry) ?? new Set<number>()
      entries.set(entry, found.add(minor))
    }
  }
  const minors = having.map(it => it.minor)
  return [...entries]
    .sort(byKey)
    .map(([entry, found]) => {
      const ranges = formatRanges(found, minors, newest)
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
  return target.startsWith(`${owner}.`) ? target.slice(owner.length + 1) : target
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

function refOf(schema: OpenApiSchema): string | undefined {
  const target = schema.$ref ?? (schema.allOf?.length === 1 ? schema.allOf[0]!.$ref : undefined)
  return target && shortName(target.slice(target.lastIndexOf('/') + 1))
}

const byKey = (a: readonly [string, unknown], b: readonly [string, unknown]): number =>
  a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0
