/** Whether values suit their values.schema.json for sure, told without compiling it: nearly all do. */
import type { Json } from '../yaml/json.ts'
import { type ChartFile, sourceOf } from './chart.ts'
import type { ChartNode } from './chart-tree.ts'
import {
  findDefinition,
  type PlainKeywords,
  type PlainMap,
  type PlainRoot,
  type PlainSchema,
  readPlainSchema,
} from './plain-schema.ts'
import { regExp } from './schema-pattern.ts'
import { toJson } from './schema-values.ts'
import { MOST_TRIALS } from './schema-work.ts'
import { type Dict, isDict } from './template/value.ts'

/** True for a chart and its sub-charts whose values suit their schemas for sure. */
export function passesSchemas({ chart, children }: ChartNode, values: Dict): boolean {
  if (chart.schema && !passesSchema(chart.schema, toJson(values))) return false
  return children.every(child => {
    const own = values.entries.get(child.name)
    return !isDict(own) || passesSchemas(child, own)
  })
}

/** False also where only a compiled schema can tell. */
export function passesSchema(file: ChartFile, values: Json): boolean {
  const root = plainSchemaOf(sourceOf(file).text)
  if (!root) return false
  try {
    return suits(values, root.schema, { ...root, left: MOST_TRIALS })
  } catch (error) {
    // References may lead in circles, or to each other in too many ways; items may be too much to compare.
    if (error instanceof RangeError) return false
    throw error
  }
}

const known = new Map<string, PlainRoot | undefined>()

/** Sub-charts are vendored in many charts. */
function plainSchemaOf(text: string): PlainRoot | undefined {
  if (!known.has(text)) {
    if (known.size > 200) known.clear()
    known.set(text, readPlainSchema(text))
  }
  return known.get(text)
}

interface Run extends PlainRoot {
  /** Trials until the schema is given up. */
  left: number
}

function suits(value: Json, schema: PlainSchema, root: Run): boolean {
  if (typeof schema === 'boolean') return schema
  if (--root.left < 0) throw new RangeError('too many trials')
  const { $ref, type, enum: among } = schema
  if ($ref !== undefined) {
    const fits = suits(value, findDefinition(root, $ref)!, root)
    if (!fits || root.isOld) return fits
  }
  if (
    type !== undefined &&
    !(typeof type === 'string' ? isOf(value, type) : type.some(it => isOf(value, it)))
  )
    return false
  if (among && !among.includes(value)) return false
  if (schema.const !== undefined && schema.const !== value) return false
  if (!suitsCombined(value, schema, root)) return false
  if (typeof value === 'string') return suitsText(value, schema)
  if (typeof value === 'number') return !Number.isFinite(value) || suitsNumber(value, schema)
  if (typeof value !== 'object' || value === null) return true
  return isList(value) ? suitsList(value, schema, root) : suitsMap(value, schema, root)
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

function isOf(value: Json, type: string): boolean {
  switch (type) {
    case 'object':
      return typeof value === 'object' && value !== null && !isList(value)
    case 'array':
      return isList(value)
    case 'null':
      return value === null
    case 'integer':
      return Number.isInteger(value)
    case 'number':
      return Number.isFinite(value)
    default:
      return typeof value === type
  }
}

function suitsCombined(value: Json, schema: PlainKeywords, root: Run): boolean {
  const fits = (it: PlainSchema): boolean => suits(value, it, root)
  const { allOf, anyOf, oneOf, not, if: condition } = schema
  if (allOf && !allOf.every(fits)) return false
  if (anyOf && !anyOf.some(fits)) return false
  if (oneOf && oneOf.filter(fits).length !== 1) return false
  if (not !== undefined && fits(not)) return false
  if (condition === undefined) return true
  return fits((fits(condition) ? schema.then : schema.else) ?? true)
}

function suitsText(text: string, { minLength = 0, maxLength = Infinity, pattern }: PlainKeywords): boolean {
  if (minLength > 0 || maxLength < Infinity) {
    // In characters, not UTF-16 units.
    const { length } = [...text]
    if (length < minLength || length > maxLength) return false
  }
  return pattern === undefined || regExp(pattern).test(text)
}

const suitsNumber = (value: number, schema: PlainKeywords): boolean =>
  value >= (schema.minimum ?? -Infinity) &&
  value <= (schema.maximum ?? Infinity) &&
  value > (schema.exclusiveMinimum ?? -Infinity) &&
  value < (schema.exclusiveMaximum ?? Infinity)

function suitsList(list: readonly Json[], schema: PlainKeywords, root: Run): boolean {
  const { minItems = 0, maxItems = Infinity, uniqueItems, items } = schema
  if (list.length < minItems || list.length > maxItems) return false
  if (uniqueItems && !isUnique(list)) return false
  return items === undefined || list.every(it => suits(it, items, root))
}

/** Gives up, whatever stands around, where items are lists or maps, and where a compiled schema has much to compare. */
function isUnique(list: readonly Json[]): boolean {
  if (list.length < 2) return true
  if (list.length > MOST_UNIQUE || list.some(it => typeof it === 'object' && it !== null))
    throw new RangeError('too much to compare')
  return new Set(list).size === list.length
}

const MOST_UNIQUE = 1000

function suitsMap(map: Readonly<Record<string, Json>>, schema: PlainKeywords, root: Run): boolean {
  const { required, minProperties = 0, maxProperties = Infinity } = schema
  const { properties = NONE, patternProperties, additionalProperties } = schema
  if (required && !required.every(it => Object.hasOwn(map, it))) return false
  let size = 0
  for (const key in map) {
    size++
    const value = map[key]!
    let isNamed = Object.hasOwn(properties, key)
    if (isNamed && !suits(value, properties[key]!, root)) return false
    for (const pattern in patternProperties) {
      if (!regExp(pattern).test(key)) continue
      isNamed = true
      if (!suits(value, patternProperties[pattern]!, root)) return false
    }
    if (!isNamed && additionalProperties !== undefined && !suits(value, additionalProperties, root))
      return false
  }
  return size >= minProperties && size <= maxProperties
}

const NONE: PlainMap = {}
