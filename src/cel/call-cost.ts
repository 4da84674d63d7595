/**
 * What calls cost when they run, in units of cel-go's cost tracker (interpreter/runtimecost.go) and of Kubernetes'
 * libraries (apiserver/pkg/cel/library/cost.go). Limits of the server are limits on sums of these.
 */
import { sizeOf } from './operators.ts'
import { Opaque, Optional, type Value } from './values.ts'

/** Cost of a call by its arguments: it is charged before the call, so that what is too dear is not done. */
export type CallCost = (args: readonly Value[]) => number

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

const ordering: CallCost = args => (typeof args[0] === 'string' ? smaller(args) : 1)

const network: CallCost = args =>
  Math.ceil(size(args[0]) * 2 * TRAVERSAL) +
  (typeof args[1] === 'string' ? Math.ceil(size(args[1]) * TRAVERSAL) : 0)

const conversion: CallCost = args =>
  typeof args[0] === 'string' || args[0] instanceof Uint8Array ? traversal()(args) : 1

const product =
  (factor: number): CallCost =>
  args =>
    1 + size(args[0]) * size(args[1]) * factor

function joinedSize(list: Value | undefined, separator: Value | undefined): number {
  if (!Array.isArray(list)) return 1
  const gaps = Math.max(0, list.length - 1) * (separator === undefined ? 0 : size(separator))
  return (list as readonly Value[]).reduce((sum: number, it) => sum + size(it), gaps)
}

/** A call that makes a list of some size: `trackAllocatingListCall` of cel-go. */
const allocation = (items: number): number => Math.trunc(items) + LIST_CREATION + 1

const selfComparison: CallCost = ([list]) => {
  const first: unknown = Array.isArray(list) ? list[0] : undefined
  const factor = typeof first === 'string' || first instanceof Uint8Array ? 2 + TRAVERSAL : 2
  return allocation(size(list) ** 2 * factor)
}

const toCount = (value: Value | undefined): number =>
  typeof value === 'number' || typeof value === 'bigint' ? Math.max(0, Number(value)) : 0

const COSTS: ReadonlyMap<string, CallCost> = new Map<string, CallCost>([
  ['_==_', args => (args[0] instanceof Opaque ? 1 : smaller(args))],
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
  ['string', args => (args[0] instanceof Uint8Array ? traversal()(args) : 1)],
  ['format', traversal()],
  ['strings.quote', traversal()],
  ...['isSorted', 'sum', 'max', 'min', 'indexOf', 'lastIndexOf', 'includes'].map(it => [it, whole] as const),
  ...['url', 'lowerAscii', 'upperAscii', 'substring', 'trim', 'jsonpatch.escapeKey'].map(
    it => [it, traversal()] as const,
  ),
  ['replace', traversal(0, 2)],
  ['split', traversal(0, 2)],
  ['join', args => Math.ceil(joinedSize(args[0], args[1]) * 2 * TRAVERSAL)],
  ...['cidr', 'isIP', 'isCIDR', 'quantity', 'isQuantity', 'semver', 'isSemver'].map(
    it => [it, traversal()] as const,
  ),
  ['ip', conversion],
  ['ip.isCanonical', traversal(0, 2)],
  ['containsIP', network],
  ['containsCIDR', args => network(args) + traversal()(args) + 1],
  ['validate', validation],
  ['slice', args => allocation(Math.max(0, toCount(args[2]) - toCount(args[1])))],
  ['lists.range', args => allocation(toCount(args[0]))],
  ['reverse', args => (Array.isArray(args[0]) ? allocation(size(args[0])) : 1)],
  ['flatten', args => allocation(size(args[0]) * (args[1] === undefined ? 1 : toCount(args[1])))],
  ['distinct', selfComparison],
  ['sort', selfComparison],
  ['sets.contains', product(1)],
  ['sets.intersects', product(1)],
  ['sets.equivalent', product(2)],
])

/** Undefined for calls that cost one unit. */
export const findCallCost = (name: string): CallCost | undefined => COSTS.get(name)

/** Functions that look at all that is in their arguments, for the price of what is on top: the work with each value. */
const DEEP: ReadonlyMap<string, number> = new Map([
  ['format', 8],
  ['distinct', 1],
  ['indexOf', 1],
  ['lastIndexOf', 1],
  ['includes', 1],
  ['sets.contains', 1],
  ['sets.intersects', 1],
  ['sets.equivalent', 1],
])

/** Work with each value in the arguments of a function; 0 where it does not look into them. */
export const workOf = (name: string): number => DEEP.get(name) ?? 0
