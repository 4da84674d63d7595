/**
 * Values of custom resources as the server holds them: JSON in which an integer (`int64`, a bigint here) is another
 * thing than a float (`float64`, a number here), so that `1` and `1.0` differ and no digit is lost.
 * Imitates `sigs.k8s.io/json` and `k8s.io/apimachinery/pkg/util/json`.
 */
import { emptyMap, scalarText, scalarValue } from '../../yaml/decode.ts'
import type { Json } from '../../yaml/json.ts'
import { keyText } from '../../yaml/keys.ts'
import { AUX, KIND_MASK, MAP, NEXT, OVERRIDE, PLAIN, SEQ, STRIDE, type Table } from '../../yaml/table.ts'

export type GoValue = null | boolean | string | number | bigint | GoList | GoMap
export type GoList = readonly GoValue[]
/** Without prototype: keys are the user's. */
export interface GoMap {
  readonly [key: string]: GoValue
}

export const emptyGoMap = emptyMap as () => Record<string, GoValue>

export const isGoMap = (value: GoValue | undefined): value is GoMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
export const isGoList = (value: GoValue | undefined): value is GoList => Array.isArray(value)

/** A field of a map; undefined for what every JavaScript object inherits. */
export const goField = (map: GoMap, name: string): GoValue | undefined =>
  Object.hasOwn(map, name) ? map[name] : undefined

/** The value below a node, as it stands. */
export function toGoValue(table: Table, node: number): GoValue {
  const { nodes } = table
  const kind = nodes[node]! & KIND_MASK
  const end = nodes[node + NEXT]!
  if (kind === MAP) {
    const map = emptyGoMap()
    for (let key = node + STRIDE; key < end; key = nodes[key + STRIDE + NEXT]!)
      map[keyText(nodes[key + AUX]!)] = toGoValue(table, key + STRIDE)
    return map
  }
  if (kind !== SEQ) return toGoScalar(table, node)
  const items: GoValue[] = []
  for (let item = node + STRIDE; item < end; item = nodes[item + NEXT]!) items.push(toGoValue(table, item))
  return items
}

/** The value of a scalar. */
function toGoScalar(table: Table, node: number): null | boolean | string | number | bigint {
  const value = scalarValue(table, node)
  if (typeof value !== 'number' || !Number.isInteger(value)) return value
  const kind = table.nodes[node]!
  if ((kind & OVERRIDE) !== 0 || (kind & KIND_MASK) !== PLAIN) return toInteger(value)
  const text = scalarText(table, node)
  if (DECIMAL.test(text)) return fitInt64(BigInt(text)) ?? value
  return FRACTION.test(text) && JSON_TEXT.test(table.text) ? value : toInteger(value)
}

const DECIMAL = /^-?(?:0|[1-9][0-9]*)$/
/** Written with a point or an exponent, which no hexadecimal number has. YAML becomes JSON that writes `2` for `2.0`. */
const FRACTION = /^[-+]?[0-9_]*(?:\.|[0-9]\.?[eE])/
const JSON_TEXT = /^\s*\{/
const toInteger = (value: number): bigint | number => fitInt64(BigInt(value)) ?? value

const fitInt64 = (value: bigint): bigint | undefined =>
  BigInt.asIntN(64, value) === value ? value : undefined

/** JSON whose numbers have lost their texts: what is whole counts as an integer. */
export function fromJson(value: Json): GoValue {
  if (typeof value === 'number') return Number.isInteger(value) ? toInteger(value) : value
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(it => fromJson(it as Json))
  const map = emptyGoMap()
  for (const [key, it] of Object.entries(value)) map[key] = fromJson(it)
  return map
}

/** As plain JSON: integers beyond 53 bits lose their last digits. */
export function toPlain(value: GoValue): Json {
  if (typeof value === 'bigint') return Number(value)
  if (isGoList(value)) return value.map(toPlain)
  if (!isGoMap(value)) return value
  const map = emptyMap()
  for (const key in value) map[key] = toPlain(value[key]!)
  return map
}

/** `reflect.DeepEqual`. */
export function isSameGo(a: GoValue | undefined, b: GoValue | undefined): boolean {
  if (a === b) return true
  if (isGoList(a)) return isGoList(b) && a.length === b.length && a.every((it, at) => isSameGo(it, b[at]))
  if (!isGoMap(a) || !isGoMap(b)) return false
  const names = Object.keys(a)
  return (
    names.length === Object.keys(b).length &&
    names.every(it => Object.hasOwn(b, it) && isSameGo(a[it], b[it]))
  )
}

/** `%v`: what Go prints of a value in a sentence. */
export function formatGo(value: GoValue): string {
  if (value === null) return '<nil>'
  if (typeof value === 'number') return formatFloat(value)
  if (isGoList(value)) return `[${value.map(formatGo).join(' ')}]`
  if (!isGoMap(value)) return String(value)
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `map[${entries.map(([key, it]) => `${key}:${formatGo(it)}`).join(' ')}]`
}

/** `strconv.FormatFloat(value, 'g', -1, 64)`: an exponent from a million on, in two digits at least. */
export function formatFloat(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : value < 0 ? '-Inf' : 'NaN'
  const [digits, exponent] = value.toExponential().split('e') as [string, string]
  const power = Number(exponent)
  if (value === 0 || (power >= -4 && power < 6)) return formatPlain(value)
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}

/** JavaScript writes small numbers without exponent up to 1e-6, so only the sign of zero is lost. */
const formatPlain = (value: number): string => (Object.is(value, -0) ? '-0' : String(value))

/** `json.Marshal`: keys sorted, `<`, `>`, `&` and line separators escaped. */
export function formatGoJson(value: GoValue): string {
  if (typeof value === 'string') return quoteJson(value)
  if (typeof value === 'bigint') return String(value)
  if (isGoList(value)) return `[${value.map(formatGoJson).join(',')}]`
  if (!isGoMap(value)) return JSON.stringify(value)
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, it]) => `${quoteJson(key)}:${formatGoJson(it)}`).join(',')}}`
}

const quoteJson = (text: string): string =>
  JSON.stringify(text).replace(
    /[<>&\u2028\u2029]/g,
    char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
