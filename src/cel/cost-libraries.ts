/** What calls of library functions cost at most: `EstimateCallCost` of apiserver/pkg/cel/library/cost.go. */
import { LIST_CREATION, REGEX, TRAVERSAL } from './call-cost.ts'
import { add, type Estimate, fixed, MOST, multiply, scale, UNKNOWN } from './cost-estimate.ts'
import type { Overload } from './functions.ts'
import { FORMAT } from './library/formats.ts'
import type { Type } from './types.ts'

/** A target or an argument. */
export interface CallNode {
  readonly path: readonly string[]
  readonly type: Type | undefined
  readonly size: Estimate | undefined
  /** Of a literal number. */
  readonly literal: number | undefined
}

interface LibraryCall {
  readonly name: string
  readonly overload: Overload
  /** Of a method. */
  readonly target: CallNode | undefined
  readonly args: readonly CallNode[]
}

interface CallEstimate {
  readonly cost: Estimate
  readonly size?: Estimate | undefined
}

type SizeOf = (path: readonly string[]) => number | undefined
type Estimator = (call: LibraryCall, sizeOf: SizeOf) => CallEstimate | undefined

/** Undefined for calls that cost one unit, operators aside. */
export const estimateLibraryCall: Estimator = (call, sizeOf) => ESTIMATORS.get(call.name)?.(call, sizeOf)

/** One unit is a size of its own. */
const sizeOfNode = (node: CallNode | undefined): Estimate => node?.size ?? UNKNOWN

const traverse = (node: CallNode | undefined, factor = 1): Estimate =>
  scale(sizeOfNode(node), factor * TRAVERSAL)

const targetOrFirst = ({ target, args }: LibraryCall): CallNode | undefined => target ?? args[0]

const onFirst =
  (factor = 1): Estimator =>
  ({ args }) => ({ cost: traverse(args[0], factor) })

const sameSize: Estimator = call => {
  const node = targetOrFirst(call)
  return { cost: traverse(node), size: sizeOfNode(node) }
}

/** One step for each element of a list, more where the elements are texts; for texts a walk over them. */
const overElements: Estimator = ({ name, target }, sizeOf) => {
  if (!target) return undefined
  const element = target.type?.parameters[0]
  if (!element) return { cost: name === 'includes' ? sizeOfNode(target) : traverse(target) }
  let cost = fixed(1)
  if (element.kind === 'string' || element.kind === 'bytes')
    cost = add(cost, scale(elementSize(target, sizeOf), TRAVERSAL))
  return { cost: multiply(sizeOfNode(target), cost) }
}

function elementSize({ path }: CallNode, sizeOf: SizeOf): Estimate {
  const most = path.length === 0 ? undefined : sizeOf([...path, '@items'])
  return most === undefined ? UNKNOWN : { min: 0, max: most }
}

const search: Estimator = ({ name, target, args }) => {
  if (!target || args.length === 0) return undefined
  const text = scale(add(sizeOfNode(target), fixed(1)), TRAVERSAL)
  const cost = multiply(text, scale(sizeOfNode(args[0]), REGEX))
  return name === 'matches' ? { cost } : { cost, size: { min: 0, max: sizeOfNode(target).max } }
}

const contains: Estimator = ({ target, args }) =>
  target ? { cost: multiply(traverse(target), traverse(args[0])) } : undefined

const replace: Estimator = ({ target, args }) => {
  const text = sizeOfNode(target)
  const old = sizeOfNode(args[0])
  const by = sizeOfNode(args[1])
  let [mostTimes, mostKept] = [0, 0]
  if (old.min === 0) [mostTimes, mostKept] = [Math.min(MOST, text.max + 1), text.max]
  else if (by.max <= old.min) mostKept = text.max
  else mostTimes = Math.ceil(text.max / old.min)
  let [leastTimes, leastKept] = [0, 0]
  if (old.max === 0) [leastTimes, leastKept] = [text.min + 1, text.min]
  else if (old.max <= by.min) leastKept = text.min
  else leastTimes = Math.ceil(text.min / old.max)
  const size = add(multiply({ min: leastTimes, max: mostTimes }, by), { min: leastKept, max: mostKept })
  return { cost: traverse(target, 2), size }
}

const split: Estimator = ({ target, args }) => {
  const most = args[1]?.literal ?? sizeOfNode(target).max
  return { cost: traverse(target, 2), size: { min: 0, max: most < 0 ? MOST : most } }
}

const join: Estimator = ({ target, args }, sizeOf) => {
  if (!target) return undefined
  const count = sizeOfNode(target)
  let size = multiply(count, elementSize(target, sizeOf))
  if (args[0]) {
    const separators = { min: Math.max(0, count.min - 1), max: Math.max(0, count.max - 1) }
    size = add(size, multiply(sizeOfNode(args[0]), separators))
  }
  return { cost: scale(size, TRAVERSAL), size }
}

const ADDRESS: Estimate = { min: 4, max: 16 }
const containsAddress: Estimator = ({ name, overload, args }) => {
  let cost = scale(add(ADDRESS, ADDRESS), TRAVERSAL)
  if (name === 'containsCIDR') cost = add(add(cost, scale(ADDRESS, TRAVERSAL)), fixed(1))
  return { cost: overload.params[1]?.kind === 'string' ? add(cost, traverse(args[0])) : cost }
}

/** `MaxNameFormatRegexSize` */
const validate: Estimator = ({ args }) => ({ cost: scale(traverse(args[0]), 128 * REGEX) })

const toBytes: Estimator = ({ overload, args }) => {
  if (overload.params[0]?.kind !== 'string') return undefined
  const { min, max } = sizeOfNode(args[0])
  return { cost: traverse(args[0]), size: { min, max: Math.min(MOST, max * 4) } }
}

const fromBytes: Estimator = ({ overload, args }) => {
  if (overload.params[0]?.kind !== 'bytes') return undefined
  const { min, max } = sizeOfNode(args[0])
  return { cost: traverse(args[0]), size: { min: Math.trunc(min / 4), max } }
}

const quote: Estimator = ({ args }) => {
  const { min, max } = sizeOfNode(args[0])
  return { cost: traverse(args[0]), size: { min: min + 2, max: Math.min(MOST, max * 2 + 2) } }
}

const isIn: Estimator = ({ overload, args }) =>
  overload.params[1]?.kind === 'list' ? { cost: sizeOfNode(args[1]) } : undefined

/** Of named formats up to 64 characters are compared (`MaxFormatSize`). */
const FORMATS = scale({ min: 1, max: 64 }, TRAVERSAL)

/** Two values are compared as far as the shorter goes. */
const comparison: Estimator = ({ name, overload, args }) => {
  const [left, right] = args
  const kind = overload.params[0]!.kind
  const isEquality = name === '_==_' || name === '_!=_'
  if (!isEquality && kind !== 'string' && kind !== 'bytes') return undefined
  const cheap = left?.type?.kind === 'opaque' && left.type === right?.type
  if (name === '_==_' && cheap) return { cost: left.type?.name === FORMAT.name ? FORMATS : fixed(1) }
  const smallest = Math.min(sizeOfNode(left).max, sizeOfNode(right).max)
  return { cost: scale({ min: smallest > 0 ? 1 : 0, max: smallest }, TRAVERSAL) }
}

/** Every item of one list may be compared with every item of the other: `estimateSetsCost` of cel-go. */
const product =
  (factor: number): Estimator =>
  ({ args }) => ({ cost: add(fixed(1), scale(multiply(sizeOfNode(args[0]), sizeOfNode(args[1])), factor)) })

/** Calls that make lists: `estimateAllocatingListCall` of cel-go. */
const allocation = (size: Estimate, factor = 1): CallEstimate => ({
  cost: add(scale(size, factor), fixed(LIST_CREATION + 1)),
  size,
})

const slice: Estimator = ({ target, args }) => {
  const start = Math.max(0, args[0]?.literal ?? 0)
  const end = Math.max(0, args[1]?.literal ?? sizeOfNode(target).max)
  return allocation(fixed(Math.max(0, end - start)))
}

const selfComparison: Estimator = ({ name, overload, target }) => {
  const size = sizeOfNode(target)
  const kind = overload.params[0]?.parameters[0]?.kind
  const isText = name === 'sort' && (kind === 'string' || kind === 'bytes')
  return allocation(multiply(size, size), isText ? 2 + TRAVERSAL : 2)
}

const ESTIMATORS: ReadonlyMap<string, Estimator> = new Map<string, Estimator>([
  ...['isSorted', 'sum', 'max', 'min', 'indexOf', 'lastIndexOf', 'includes'].map(
    it => [it, overElements] as const,
  ),
  ...['url', 'jsonpatch.escapeKey', 'lowerAscii', 'upperAscii', 'substring', 'trim'].map(
    it => [it, sameSize] as const,
  ),
  ...['find', 'findAll', 'matches'].map(it => [it, search] as const),
  ...['_==_', '_!=_', '_<_', '_<=_', '_>_', '_>=_'].map(it => [it, comparison] as const),
  ...['cidr', 'isIP', 'isCIDR', 'quantity', 'isQuantity', 'semver', 'isSemver'].map(
    it => [it, onFirst()] as const,
  ),
  ['replace', replace],
  ['split', split],
  ['join', join],
  ['ip', call => (call.target ? { cost: fixed(1) } : { cost: traverse(call.args[0]) })],
  ['ip.isCanonical', onFirst(2)],
  ['containsIP', containsAddress],
  ['containsCIDR', containsAddress],
  ['validate', validate],
  ['bytes', toBytes],
  ['string', fromBytes],
  ['strings.quote', quote],
  ['format', ({ target }) => ({ cost: traverse(target) })],
  ['startsWith', onFirst()],
  ['endsWith', onFirst()],
  ['contains', contains],
  ['@in', isIn],
  ['slice', slice],
  ['lists.range', ({ args }) => allocation(fixed(Math.max(0, args[0]?.literal ?? MOST)))],
  ['reverse', ({ target }) => allocation(sizeOfNode(target))],
  ['flatten', ({ target, args }) => allocation(sizeOfNode(target), args[0] ? (args[0].literal ?? MOST) : 1)],
  ['distinct', selfComparison],
  ['sort', selfComparison],
  ['sets.contains', product(1)],
  ['sets.intersects', product(1)],
  ['sets.equivalent', product(2)],
])
