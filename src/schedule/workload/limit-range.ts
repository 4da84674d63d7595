/** LimitRanger: defaults for containers that name no resources, and the bounds it checks afterwards. */

import { type JsonRecord, readList, readPath, readRecord, readString } from '../json-fields.ts'
import { type Amount, isGreaterAmount, toUnits } from '../resource-amount.ts'
import { sumPod } from './container-sums.ts'
import { buildResources } from './pod-defaults.ts'
import { formatQuantity, type Quantity, toQuantity } from './quantity-text.ts'

type Quantities = ReadonlyMap<string, Quantity>

export interface Limit {
  readonly type: string
  readonly max: Quantities
  readonly min: Quantities
  readonly default: Quantities
  readonly defaultRequest: Quantities
  readonly ratio: Quantities
}

/** The limits of one LimitRange with their own defaulting done (`SetDefaults_LimitRangeItem`). */
export type LimitRange = readonly Limit[]

export function toLimitRange(range: JsonRecord): LimitRange {
  return readList(readPath(range, 'spec', 'limits')).map(it => toLimit(readRecord(it)))
}

function toLimit(item: JsonRecord): Limit {
  const max = readQuantities(item.max)
  const min = readQuantities(item.min)
  const limit = new Map(readQuantities(item.default))
  const request = new Map(readQuantities(item.defaultRequest))
  if (item.type === 'Container') {
    for (const [name, it] of max) if (!limit.has(name)) limit.set(name, it)
    for (const [name, it] of limit) if (!request.has(name)) request.set(name, it)
    for (const [name, it] of min) if (!request.has(name)) request.set(name, it)
  }
  return {
    type: readString(item.type),
    max,
    min,
    default: limit,
    defaultRequest: request,
    ratio: readQuantities(item.maxLimitRequestRatio),
  }
}

function readQuantities(value: unknown): Map<string, Quantity> {
  const quantities = new Map<string, Quantity>()
  for (const [name, it] of Object.entries(readRecord(value))) {
    const quantity = toQuantity(it)
    if (quantity !== undefined) quantities.set(name, quantity)
  }
  return quantities
}

/** The spec with the missing requests and limits of every container filled in: of one range the last limit says. */
export function applyLimitDefaults(spec: JsonRecord, ranges: readonly LimitRange[]): JsonRecord {
  const defaults = ranges.map(range => {
    const relevant = range.filter(it => it.type === 'Container')
    return {
      default: new Map(relevant.flatMap(it => [...it.default])),
      defaultRequest: new Map(relevant.flatMap(it => [...it.defaultRequest])),
    }
  })
  if (defaults.every(it => it.default.size + it.defaultRequest.size === 0)) return spec
  const fill = (value: unknown): JsonRecord => {
    let container = readRecord(value)
    for (const it of defaults) container = fillContainer(container, it)
    return container
  }
  return {
    ...spec,
    containers: readList(spec.containers).map(fill),
    ...(spec.initContainers === undefined ? {} : { initContainers: readList(spec.initContainers).map(fill) }),
  }
}

function fillContainer(container: JsonRecord, limit: Pick<Limit, 'default' | 'defaultRequest'>): JsonRecord {
  const resources = readRecord(container.resources)
  const limits = { ...readRecord(resources.limits) } as Record<string, unknown>
  const requests = { ...readRecord(resources.requests) } as Record<string, unknown>
  for (const [name, it] of limit.default) if (limits[name] === undefined) limits[name] = formatQuantity(it)
  for (const [name, it] of limit.defaultRequest) {
    if (requests[name] === undefined) requests[name] = formatQuantity(it)
  }
  return { ...container, resources: buildResources(resources, limits, requests) }
}

/** What the pod breaks of the first range it does not keep to, in the API server's words. */
export function checkLimits(spec: JsonRecord, ranges: readonly LimitRange[]): string | undefined {
  for (const it of ranges) {
    const problems = joinProblems(listBroken(spec, it))
    if (problems !== undefined) return problems
  }
  return undefined
}

function listBroken(spec: JsonRecord, range: LimitRange): string[] {
  const problems: string[] = []
  for (const limit of range) {
    if (limit.type === 'Container') {
      for (const it of [...readList(spec.containers), ...readList(spec.initContainers)]) {
        const resources = readRecord(readRecord(it).resources)
        checkBounds(
          limit,
          { requests: readQuantities(resources.requests), limits: readQuantities(resources.limits) },
          problems,
        )
      }
    } else if (limit.type === 'Pod') {
      checkBounds(limit, { requests: sumPod(spec, 'requests'), limits: sumPod(spec, 'limits') }, problems)
    }
  }
  return problems
}

/** Bounds of type PersistentVolumeClaim. */
export function checkClaimLimits(claimSpec: unknown, ranges: readonly LimitRange[]): string | undefined {
  for (const it of ranges) {
    const problems = joinProblems(listBrokenByClaim(claimSpec, it))
    if (problems !== undefined) return problems
  }
  return undefined
}

function listBrokenByClaim(claimSpec: unknown, range: LimitRange): string[] {
  const problems: string[] = []
  const requests = readQuantities(readPath(claimSpec, 'resources', 'requests'))
  for (const limit of range) {
    if (limit.type !== 'PersistentVolumeClaim') continue
    for (const [name, bound] of limit.min)
      checkMinimum({ name, bound, type: limit.type }, requests.get(name), problems)
    for (const [name, bound] of limit.max) {
      const asked = requests.get(name)
      if (asked !== undefined && isGreaterAmount(asked.amount, bound.amount)) {
        problems.push(
          `maximum ${name} usage per ${limit.type} is ${formatQuantity(bound)}, but request is ${formatQuantity(asked)}`,
        )
      }
    }
  }
  return problems
}

/** One text; several problems in brackets. */
export function joinProblems(problems: readonly string[]): string | undefined {
  const unique = [...new Set(problems)]
  return unique.length === 0 ? undefined : unique.length === 1 ? unique[0] : `[${unique.join(', ')}]`
}

interface Bound {
  readonly name: string
  readonly bound: Quantity
  readonly type: string
}

function checkBounds(
  limit: Limit,
  of: { requests: Quantities; limits: Quantities },
  problems: string[],
): void {
  const { type } = limit
  for (const [name, bound] of limit.min) {
    const before = problems.length
    checkMinimum({ name, bound, type }, of.requests.get(name), problems)
    const most = of.limits.get(name)
    if (problems.length === before && most !== undefined && isGreaterAmount(bound.amount, most.amount)) {
      problems.push(
        `minimum ${name} usage per ${type} is ${formatQuantity(bound)}, but limit is ${formatQuantity(most)}`,
      )
    }
  }
  for (const [name, bound] of limit.max) {
    const most = of.limits.get(name)
    const asked = of.requests.get(name)
    const head = `maximum ${name} usage per ${type} is ${formatQuantity(bound)}`
    if (most === undefined) problems.push(`${head}.  No limit is specified`)
    else if (isGreaterAmount(most.amount, bound.amount))
      problems.push(`${head}, but limit is ${formatQuantity(most)}`)
    else if (asked !== undefined && isGreaterAmount(asked.amount, bound.amount))
      problems.push(`${head}, but request is ${formatQuantity(asked)}`)
  }
  for (const [name, bound] of limit.ratio) checkRatio({ name, bound, type }, of, problems)
}

function checkMinimum(it: Bound, asked: Quantity | undefined, problems: string[]): void {
  const head = `minimum ${it.name} usage per ${it.type} is ${formatQuantity(it.bound)}`
  if (asked === undefined) problems.push(`${head}.  No request is specified`)
  else if (isGreaterAmount(it.bound.amount, asked.amount))
    problems.push(`${head}, but request is ${formatQuantity(asked)}`)
}

function checkRatio(it: Bound, of: { requests: Quantities; limits: Quantities }, problems: string[]): void {
  const head = `${it.name} max limit to request ratio per ${it.type} is ${formatQuantity(it.bound)}`
  const asked = of.requests.get(it.name)
  const most = of.limits.get(it.name)
  if (asked === undefined || toNumber(asked.amount) === 0) {
    problems.push(`${head}, but no request is specified or request is 0`)
  } else if (most === undefined || toNumber(most.amount) === 0) {
    problems.push(`${head}, but no limit is specified or limit is 0`)
  } else {
    const ratio = toNumber(most.amount) / toNumber(asked.amount)
    if (ratio > toNumber(it.bound.amount)) problems.push(`${head}, but provided ratio is ${ratio.toFixed(6)}`)
  }
}

function toNumber(amount: Amount): number {
  return amount.nano === 0 ? toUnits(amount) : amount.whole + amount.nano / 1e9
}
