/**
 * What calls cost when they run, in units of cel-go's cost tracker (interpreter/runtimecost.go) and of Kubernetes'
 * libraries (apiserver/pkg/cel/library/cost.go). Limits of the server are limits on sums of these.
 */
import { sizeOf } from './operators.ts'
import { Opaque, Optional, type Value } from './values.ts'

/** Cost of a call by its arguments and its result. */
export type CallCost = (args: readonly Value[], result: Value) => number

export const TRAVERSAL = 0.1
export const REGEX = 0.25
/** Of a call to authorization; offline there are none, but the estimate knows them. */
export const LIST_CREATION = 10
export const MAP_CREATION = 30
export const STRUCT_CREATION = 40

const size = (value: Value | undefined): number => {
  if (value instanceof Optional) return value.value === undefined ? 1 : size(value.value)
  if (
    typeof value === 'string' ||
    Array.isArray(value) ||
    value instanceof Map ||
    value instanceof Uint8Array
  )
    return sizeOf(value)
  return value instanceof Opaque ? value.size : 1
}

const traversal =
  (index = 0, factor = 1): CallCost =>
  args =>
    Math.ceil(size(args[index]) * factor * TRAVERSAL)

const smaller: CallCost = args => Math.ceil(Math.min(size(args[0]), size(args[1])) * TRAVERSAL)

const search: CallCost = args => Math.ceil((1 + size(args[0])) * TRAVERSAL) * Math.ceil(size(args[1]) * REGEX)

const validation: CallCost = args =>
  Math.ceil((1 + size(args[1])) * TRAVERSAL) *
  Math.ceil(((args[0] as { maxRegex?: number }).maxRegex ?? 1) * REGEX)

const whole: CallCost = args => totalOf(args[0]!)

function totalOf(value: Value): number {
  if (typeof value === 'string' || value instanceof Uint8Array) return Math.trunc(value.length * TRAVERSAL)
  let total = 0
  if (Array.isArray(value)) for (const it of value as readonly Value[]) total += totalOf(it)
  else if (value instanceof Map) for (const [key, it] of value) total += totalOf(key) + totalOf(it)
  else return 1
  return total
}

const contains: CallCost = args => Math.ceil(size(args[0]) * TRAVERSAL) * Math.ceil(size(args[1]) * TRAVERSAL)

const concatenation: CallCost = args =>
  typeof args[0] === 'string' || args[0] instanceof Uint8Array
    ? Math.ceil((size(args[0]) + size(args[1])) * TRAVERSAL)
    : 1

const ordering: CallCost = args => (typeof args[0] === 'string' ? smaller(args, null) : 1)

const network: CallCost = args =>
  Math.ceil(size(args[0]) * 2 * TRAVERSAL) +
  (typeof args[1] === 'string' ? Math.ceil(size(args[1]) * TRAVERSAL) : 0)

const conversion: CallCost = args =>
  typeof args[0] === 'string' || args[0] instanceof Uint8Array ? traversal()(args, null) : 1

const product =
  (factor: number): CallCost =>
  args =>
    1 + size(args[0]) * size(args[1]) * factor

const COSTS: ReadonlyMap<string, CallCost> = new Map<string, CallCost>([
  ['_==_', args => (args[0] instanceof Opaque ? 1 : smaller(args, null))],
  ['_!=_', smaller],
  ['_<_', ordering],
  ['_<=_', ordering],
  ['_>_', ordering],
  ['_>=_', ordering],
  ['_+_', concatenation],
  ['@in', args => (Array.isArray(args[1]) ? size(args[1]) : 1)],
  ['startsWith', traversal()],
  ['endsWith', traversal()],
  ['contains', contains],
  ['matches', search],
  ['find', search],
  ['findAll', search],
  ['bytes', conversion],
  ['string', args => (args[0] instanceof Uint8Array ? traversal()(args, null) : 1)],
  ['format', traversal()],
  ['strings.quote', traversal()],
  ...['isSorted', 'sum', 'max', 'min', 'indexOf', 'lastIndexOf', 'includes'].map(it => [it, whole] as const),
  ...['url', 'lowerAscii', 'upperAscii', 'substring', 'trim', 'jsonpatch.escapeKey'].map(
    it => [it, traversal()] as const,
  ),
  ['replace', traversal(0, 2)],
  ['split', traversal(0, 2)],
  ['join', (_, result) => Math.ceil(size(result) * 2 * TRAVERSAL)],
  ...['cidr', 'isIP', 'isCIDR', 'quantity', 'isQuantity', 'semver', 'isSemver'].map(
    it => [it, traversal()] as const,
  ),
  ['ip', conversion],
  ['ip.isCanonical', traversal(0, 2)],
  ['containsIP', network],
  ['containsCIDR', (args, result) => network(args, result) + traversal()(args, null) + 1],
  ['validate', validation],
  ['sets.contains', product(1)],
  ['sets.intersects', product(1)],
  ['sets.equivalent', product(2)],
])

/** Undefined for calls that cost one unit. */
export const findCallCost = (name: string): CallCost | undefined => COSTS.get(name)
