/** What the keywords of a structural schema say about one value; shared by the table walker and the logic of branches. */
import type { Json } from '../../yaml/json.ts'
import { hasFormat } from './formats.ts'
import type { SchemaProblemCode } from './problem.ts'
import type { Limits, Structural } from './structural.ts'

/** A keyword that a value breaks. */
export interface Fault {
  readonly code: SchemaProblemCode
  readonly keyword: string
  /** The keyword's argument. */
  readonly value: Json
}

const NONE: readonly Fault[] = []

/** Length, pattern and format of a text. */
export function listTextFaults(schema: Structural, text: string, minor: number): readonly Fault[] {
  const { limits, pattern, format } = schema
  if (!limits && !pattern && format === '') return NONE
  const faults: Fault[] = []
  const { maxLength, minLength } = limits ?? {}
  // The server stops at the first of these.
  if (maxLength !== undefined && text.length > maxLength && runes(text) > maxLength)
    faults.push({ code: 'length', keyword: 'maxLength', value: maxLength })
  else if (minLength !== undefined && runes(text) < minLength)
    faults.push({ code: 'length', keyword: 'minLength', value: minLength })
  else if (pattern && !pattern.test(text))
    faults.push({ code: 'pattern', keyword: 'pattern', value: pattern.source })
  if (format !== '' && !hasFormat(format, text, minor))
    faults.push({ code: 'format', keyword: 'format', value: format })
  return faults
}

const runes = (text: string): number => {
  let count = text.length
  for (let at = 1; at < text.length; at++)
    if ((text.charCodeAt(at) & 0xfc00) === 0xdc00 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800) count--
  return count
}

/**
 * Range and divisor of a number. As in kube-openapi, an integer is compared with limits cut to integers, so that
 * `multipleOf: 0.5` refuses every integer (MultipleOfNativeType in pkg/validation/validate/values.go).
 */
export function listNumberFaults(schema: Structural, value: number, minor: number): readonly Fault[] {
  const { limits } = schema
  // Servers before 1.36 ignore formats of numbers.
  const format = minor >= 36 ? numberFormatFault(schema, value) : undefined
  if (!limits && !format) return NONE
  const faults: Fault[] = format ? [format] : []
  if (limits) addRangeFaults(faults, limits, value)
  return faults
}

function addRangeFaults(faults: Fault[], limits: Limits, value: number): void {
  const cut = (limit: number): number => (Number.isInteger(value) ? Math.trunc(limit) : limit)
  const { minimum, maximum, multipleOf } = limits
  if (multipleOf !== undefined) {
    const factor = cut(multipleOf)
    if (factor <= 0 || !isMultiple(value, factor))
      faults.push({ code: 'range', keyword: 'multipleOf', value: multipleOf })
  }
  if (maximum !== undefined) {
    const limit = cut(maximum)
    const { exclusiveMaximum: exclusive } = limits
    if (exclusive ? value >= limit : value > limit)
      faults.push({ code: 'range', keyword: exclusive ? 'exclusiveMaximum' : 'maximum', value: maximum })
  }
  if (minimum !== undefined) {
    const limit = cut(minimum)
    const { exclusiveMinimum: exclusive } = limits
    if (exclusive ? value <= limit : value < limit)
      faults.push({ code: 'range', keyword: exclusive ? 'exclusiveMinimum' : 'minimum', value: minimum })
  }
}

function isMultiple(value: number, factor: number): boolean {
  const quotient = value / factor
  return quotient === Math.trunc(quotient)
}

function numberFormatFault({ format, type }: Structural, value: number): Fault | undefined {
  const isInteger = type === 'integer'
  if (isInteger && format === 'int32' && Number.isInteger(value) && Math.abs(value) >= 2 ** 31)
    return value === -(2 ** 31) ? undefined : { code: 'format', keyword: 'format', value: 'int32' }
  if (type === 'number' && format === 'float' && Math.abs(value) > 3.4028234663852886e38)
    return { code: 'format', keyword: 'format', value: 'float' }
  return undefined
}

/** Numbers of items or properties. */
export function listCountFaults(
  limits: Limits | undefined,
  count: number,
  of: 'Items' | 'Properties',
): readonly Fault[] {
  if (!limits) return NONE
  const minimum = limits[`min${of}`]
  const maximum = limits[`max${of}`]
  const faults: Fault[] = []
  if (maximum !== undefined && count > maximum)
    faults.push({ code: 'count', keyword: `max${of}`, value: maximum })
  if (minimum !== undefined && count < minimum)
    faults.push({ code: 'count', keyword: `min${of}`, value: minimum })
  return faults
}

/** Same value: keys of objects have no order. */
export function isSame(a: Json, b: Json): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  return formatCanonical(a) === formatCanonical(b)
}

/** JSON with sorted keys. */
export function formatCanonical(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(it => formatCanonical(it as Json)).join(',')}]`
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, it]) => `${JSON.stringify(key)}:${formatCanonical(it as Json)}`).join(',')}}`
}
