/** Turns what is packed back into sources, so that a minor can be added without the documents of the others. */
import { parseField } from '../../kube/schema/link.ts'
import { isInRanges, toMinor } from '../../kube/schema/minors.ts'
import type { PackedKinds, PackedTypes } from '../../kube/schema/pack.ts'
import type { KindSource, MinorSource, OpenApiSchema } from './kubernetes-source.ts'
import { LETTERS } from './types.ts'

/** The packed minors; packing them again gives the same files. */
export function unpackMinors(types: PackedTypes, kinds: PackedKinds): MinorSource[] {
  return types.minors.map(it => {
    const minor = toMinor(it)!
    return { minor, definitions: unpackDefinitions(types, minor), kinds: unpackKinds(kinds, minor) }
  })
}

function unpackKinds({ apis }: PackedKinds, minor: number): KindSource[] {
  return Object.entries(apis).flatMap(([apiVersion, api]) =>
    Object.entries(api.kinds).flatMap(([kind, text]) => {
      const [plural, scope, ranges] = text.split(' ')
      if (!isInRanges(ranges ?? '', minor)) return []
      return [
        { apiVersion, kind, plural: plural!, namespaced: scope === 'N', type: `${api.package}.${kind}` },
      ]
    }),
  )
}

interface Definition {
  readonly properties: Record<string, OpenApiSchema>
  readonly required: string[]
}

function unpackDefinitions(types: PackedTypes, minor: number): Map<string, OpenApiSchema> {
  const definitions = new Map<string, Definition>()
  const defaults: { type: string; key: string; value: string }[] = []
  for (const [owner, owned] of Object.entries(types.types))
    for (const [type, text] of Object.entries(owned)) {
      const definition: Definition = { properties: {}, required: [] }
      definitions.set(`${owner}.${type}`, definition)
      for (const entry of text.split(' ')) {
        const field = parseField(entry)
        if (!field || !isInRanges(field.ranges, minor)) continue
        definition.properties[field.name] = unpackSchema(field.type, owner, defaults)
        if (field.required) definition.required.push(field.name)
      }
    }
  // Defaults of keys are packed with the list, and belong to its items.
  for (const { type, key, value } of defaults) {
    const properties = definitions.get(type)?.properties
    if (properties?.[key]) properties[key] = { ...properties[key], default: value }
  }
  return definitions
}

function unpackSchema(
  text: string,
  owner: string,
  defaults: { type: string; key: string; value: string }[],
): OpenApiSchema {
  if (text[0] === '{')
    return { type: 'object', additionalProperties: unpackSchema(text.slice(1), owner, defaults) }
  if (text[0] === '[') return unpackList(text.slice(1), owner, defaults)
  return SCALARS[text] ?? { $ref: fullName(text, owner) }
}

function unpackList(
  text: string,
  owner: string,
  defaults: { type: string; key: string; value: string }[],
): OpenApiSchema {
  const bar = text.indexOf('|')
  if (bar < 0 && text[0] !== '=') return { type: 'array', items: unpackSchema(text, owner, defaults) }
  if (bar < 0)
    return {
      type: 'array',
      items: unpackSchema(text.slice(1), owner, defaults),
      'x-kubernetes-list-type': 'set',
    }
  const item = text.slice(bar + 1)
  const keys = text.slice(0, bar).split(',')
  for (const it of keys) {
    const [key, value] = it.split('=')
    if (value !== undefined) defaults.push({ type: fullName(item, owner), key: key!, value })
  }
  return {
    type: 'array',
    items: unpackSchema(item, owner, defaults),
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': keys.map(it => it.split('=')[0]!),
  }
}

/** Letters that stand for a definition, which of several does not matter. */
const NAMES: ReadonlyMap<string, string> = new Map([...LETTERS].map(([name, letter]) => [letter, name]))

const fullName = (text: string, owner: string): string =>
  NAMES.get(text) ?? (text.includes('.') ? text : `${owner}.${text}`)

const SCALARS: Readonly<Record<string, OpenApiSchema>> = {
  s: { type: 'string' },
  y: { type: 'string', format: 'byte' },
  i: { type: 'integer', format: 'int32' },
  l: { type: 'integer', format: 'int64' },
  n: { type: 'number' },
  b: { type: 'boolean' },
}
