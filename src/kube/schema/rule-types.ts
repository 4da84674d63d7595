/**
 * What expressions know of a value from its schema: its type, and how large it may be. Imitates `SchemaDeclType` of
 * apiserver/pkg/cel/common/schemas.go.
 */
import {
  BOOL,
  BYTES,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listOf,
  mapOf,
  STRING,
  TIMESTAMP,
  type Type,
} from '../../cel/types.ts'
import { memo } from '../../text/memo.ts'
import { internKey } from '../../yaml/keys.ts'
import { listFieldNames } from './rule-names.ts'
import type { Structural } from './structural.ts'

export interface Declared {
  /** Objects have neither names nor fields here: see `toSelfType`. */
  readonly type: Type
  /** Items, entries, or bytes of a text; undefined where a value has no size. */
  readonly maxElements: number
  /** The least number of bytes that a value takes as JSON. */
  readonly minSize: number
  /** Of lists and maps. */
  readonly element: Declared | undefined
  /** Of objects, by the names that expressions write. */
  readonly fields: ReadonlyMap<string, Declared> | undefined
}

const MAX_REQUEST = 3 * 1024 * 1024
const OBJECT: Type = { kind: 'object', name: 'object', parameters: [] }

const known = new WeakMap<Structural, { readonly declared: Declared | undefined }>()
const knownRoots = new WeakMap<Structural, { readonly declared: Declared | undefined }>()

/** Undefined for values that expressions do not see. `root`: the object itself, or one embedded in it. */
export function toDeclared(schema: Structural, place: 'root' | 'inner'): Declared | undefined {
  const memo = place === 'root' ? knownRoots : known
  const found = memo.get(schema)
  if (found) return found.declared
  const declared = declare(schema, place)
  memo.set(schema, { declared })
  return declared
}

const declareInner = (schema: Structural): Declared | undefined =>
  toDeclared(schema, schema.isEmbedded ? 'root' : 'inner')

function declare(schema: Structural, place: 'root' | 'inner'): Declared | undefined {
  const { limits } = schema
  if (schema.isIntOrString) {
    const most = limits?.maxLength === undefined ? MAX_REQUEST - 2 : atLeastZero(limits.maxLength) * 4
    return scalar(DYN, 1, most)
  }
  // The root of a resource is an object, whether its schema says so or not.
  switch (place === 'root' && schema.type === '' ? 'object' : schema.type) {
    case 'array':
      return declareList(schema)
    case 'object':
      return declareMap(schema, place)
    case 'string':
      return declareText(schema)
    case 'boolean':
      return scalar(BOOL, 4)
    case 'number':
      return scalar(DOUBLE, 1)
    case 'integer':
      return scalar(INT, 1)
    default:
      return undefined
  }
}

const scalar = (type: Type, minSize: number, maxElements = 0): Declared => ({
  type,
  minSize,
  maxElements,
  element: undefined,
  fields: undefined,
})

const atLeastZero = (value: number): number => Math.max(0, value)

function declareList({ items, limits }: Structural): Declared | undefined {
  const element = items && declareInner(items)
  if (!element) return undefined
  const maxElements =
    limits?.maxItems === undefined
      ? Math.trunc((MAX_REQUEST - 2) / (element.minSize + 1))
      : atLeastZero(limits.maxItems)
  return { type: listOf(element.type), maxElements, minSize: 2, element, fields: undefined }
}

function declareMap(schema: Structural, place: 'root' | 'inner'): Declared | undefined {
  const { additional, limits } = schema
  if (additional === undefined || additional === 'any' || additional === 'none')
    return declareObject(schema, place)
  const element = declareInner(additional)
  if (!element) return undefined
  const maxElements =
    limits?.maxProperties === undefined
      ? Math.trunc((MAX_REQUEST - 2) / (element.minSize + 6))
      : atLeastZero(limits.maxProperties)
  return { type: mapOf(STRING, element.type), maxElements, minSize: 2, element, fields: undefined }
}

/** Whether the schema of an object says itself what apiVersion, kind and metadata are; else only names can be seen. */
export function hasMeta({ fields }: Structural): boolean {
  const isText = (of: Structural | undefined, name: string): boolean =>
    of?.fields.get(internKey(name))?.schema().type === 'string'
  const metadata = fields.get(internKey('metadata'))?.schema()
  if (metadata?.type !== 'object' || !isText(metadata, 'name') || !isText(metadata, 'generateName'))
    return false
  return ['apiVersion', 'kind'].every(it => fields.get(internKey(it))?.schema().type === 'string')
}

/** Fields are declared when an expression names one: an object may have thousands below it. */
function declareObject(schema: Structural, place: 'root' | 'inner'): Declared {
  const addsMeta = place === 'root' && !hasMeta(schema)
  const isMeta = (name: string): boolean => addsMeta && META.has(name)
  const isRequired = (name: string): boolean => schema.required.includes(name)
  let minSize = 2
  const addSize = (name: string, declared: Declared | undefined): void => {
    if (declared) minSize += name.length + declared.minSize + 4
  }
  for (const { name, hasDefault, schema: linked } of schema.fields.values())
    if (!hasDefault && isRequired(name) && !isMeta(name)) addSize(name, declareInner(linked()))
  if (addsMeta) for (const [name, declared] of META) if (isRequired(name)) addSize(name, declared)
  return toObject(minSize, () => {
    const fields = new Map<string, Declared>()
    const add = (name: string, declared: Declared | undefined): void => {
      if (declared) for (const it of listFieldNames(name)) fields.set(it, declared)
    }
    for (const { name, schema: linked } of schema.fields.values())
      if (!isMeta(name)) add(name, declareInner(linked()))
    if (addsMeta) for (const [name, declared] of META) add(name, declared)
    return fields
  })
}

function toObject(minSize: number, listFields: () => ReadonlyMap<string, Declared>): Declared {
  let fields: ReadonlyMap<string, Declared> | undefined
  return {
    type: OBJECT,
    maxElements: 0,
    minSize,
    element: undefined,
    get fields() {
      fields ??= listFields()
      return fields
    },
  }
}

/**
 * The type of `self`. Its objects are named by the way to them, `selfType.spec.rules.@idx`, as `MaybeAssignTypeName` of
 * apiserver/pkg/cel/types.go does; the server's number behind `selfType`, a time in nanoseconds, is left out.
 */
export const toSelfType = memo((declared: Declared): Type => toNamed(declared, 'selfType'))

function toNamed(declared: Declared, name: string): Type {
  switch (declared.type.kind) {
    case 'list':
      return listOf(toNamed(declared.element!, `${name}.@idx`))
    case 'map':
      return mapOf(STRING, toNamed(declared.element!, `${name}.@elem`))
    case 'object': {
      let fields: ReadonlyMap<string, Type> | undefined
      return {
        ...{ kind: 'object', name, parameters: [] },
        get fields() {
          fields ??= new Map([...declared.fields!].map(([key, it]) => [key, toNamed(it, `${name}.${key}`)]))
          return fields
        },
      }
    }
    default:
      return declared.type
  }
}

const LONG_TEXT = scalar(STRING, 2, MAX_REQUEST - 2)

/** What every object has; of its metadata no more than names can be seen. */
const META: ReadonlyMap<string, Declared> = new Map([
  ['apiVersion', LONG_TEXT],
  ['kind', LONG_TEXT],
  [
    'metadata',
    toObject(
      2,
      () =>
        new Map([
          ['name', LONG_TEXT],
          ['generateName', LONG_TEXT],
        ]),
    ),
  ],
])

function declareText({ format, limits, enum: allowed }: Structural): Declared {
  const maxLength = limits?.maxLength
  switch (format) {
    case 'byte':
      return scalar(BYTES, 2, maxLength === undefined ? MAX_REQUEST - 2 : atLeastZero(maxLength))
    case 'duration':
      return scalar(DURATION, 3, 32)
    case 'date':
      return scalar(TIMESTAMP, 12, 12)
    case 'date-time':
      return scalar(TIMESTAMP, 21, 32)
  }
  if (maxLength !== undefined) return scalar(STRING, 2, atLeastZero(maxLength) * 4)
  if (!allowed || allowed.length === 0) return LONG_TEXT
  const lengths = allowed.map(it => (typeof it === 'string' ? new TextEncoder().encode(it).length : 0))
  return scalar(STRING, 2, Math.max(...lengths))
}
