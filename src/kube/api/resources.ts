/** Resource names, quantities, requests and limits of containers, pods, quotas and ranges. */
import { checkDns1123Label, checkQualifiedName } from '../values/names.ts'
import {
  compareQuantities,
  formatQuantity,
  isNegativeQuantity,
  parseQuantity,
  type Quantity,
  quantityMilliValue,
  quantityValue,
  roundToMilli,
  toQuantity,
  ZERO_QUANTITY,
} from '../values/quantity.ts'
import {
  type Check,
  child,
  duplicate,
  type Field,
  forbidden,
  index,
  invalid,
  invalids,
  key,
  notFound,
  notSupported,
  required,
} from './field.ts'
import { lengthUnit, NOT_NEGATIVE } from './field-checks.ts'
import { type Obj, objects, text, toObject } from './object.ts'

/** A resource list with exact amounts, rounded up to thousandths as defaulting does. */
export type ResourceList = ReadonlyMap<string, Quantity>

const NO_RESOURCES: ResourceList = new Map()

/** The resources of a list; what is no quantity has been reported by decoding and counts as zero. */
export function toResourceList(of: Obj, name: string): ResourceList {
  const list = toObject(of, name)
  if (!list) return NO_RESOURCES
  const known = read.get(list)
  if (known) return known
  const resources = new Map<string, Quantity>()
  for (const resource in list)
    resources.set(resource, roundToMilli(toQuantity(list[resource]) ?? ZERO_QUANTITY))
  read.set(list, resources)
  return resources
}

/** Each list is read by several checks and by the warnings. */
const read = new WeakMap<Obj, ResourceList>()

const HUGE_PAGES = 'hugepages-'
const CONTAINER_RESOURCES: ReadonlySet<string> = new Set(['cpu', 'memory', 'ephemeral-storage'])
const STANDARD_RESOURCES: ReadonlySet<string> = new Set([
  ...'cpu memory ephemeral-storage requests.cpu requests.memory requests.ephemeral-storage'.split(' '),
  ...'limits.cpu limits.memory limits.ephemeral-storage pods resourcequotas services'.split(' '),
  ...'replicationcontrollers secrets configmaps persistentvolumeclaims storage requests.storage'.split(' '),
  ...'services.nodeports services.loadbalancers'.split(' '),
])
const INTEGER_RESOURCES: ReadonlySet<string> = new Set([
  ...'pods resourcequotas services replicationcontrollers secrets configmaps'.split(' '),
  ...'persistentvolumeclaims services.nodeports services.loadbalancers'.split(' '),
])

export const isHugePages = (name: string): boolean => name.startsWith(HUGE_PAGES)
const isQuotaHugePages = (name: string): boolean =>
  isHugePages(name) || name.startsWith('requests.hugepages-')
const isStandardResource = (name: string): boolean => STANDARD_RESOURCES.has(name) || isQuotaHugePages(name)
/** Everything `IsStandardResourceName` knows but `storage` itself. */
export const isQuotaResource = (name: string): boolean => name !== 'storage' && isStandardResource(name)
const isNative = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/')

/** `helper.IsExtendedResourceName`. */
export const isExtendedResource = (name: string): boolean =>
  !isNative(name) && !name.startsWith('requests.') && checkQualifiedName(`requests.${name}`).length === 0

const isInteger = (name: string): boolean => INTEGER_RESOURCES.has(name) || isExtendedResource(name)

/** `helper.IsOvercommitAllowed`: requests may differ from limits. */
export const isOvercommitAllowed = (name: string): boolean => isNative(name) && !isHugePages(name)

/** `validateResourceName`; says whether the name passed. */
export function checkResourceName(check: Check, name: string, field: Field): boolean {
  const before = check.causes.length
  const faults = checkQualifiedName(name, lengthUnit(check))
  if (faults.length > 0) invalids(check, field, name, faults)
  else if (!name.includes('/') && !isStandardResource(name))
    invalid(check, field, name, 'must be a standard resource type or fully qualified')
  return check.causes.length === before
}

/** `validateContainerResourceName`. */
export function checkContainerResourceName(check: Check, name: string, field: Field): void {
  if (CONTAINER_RESOURCES.has(name)) return
  checkResourceName(check, name, field)
  if (!name.includes('/')) {
    if (!isHugePages(name)) invalid(check, field, name, 'must be a standard resource for containers')
  } else if (!isNative(name) && !isExtendedResource(name))
    invalid(check, field, name, "doesn't follow extended resource name standard")
}

/** `validatePodResourceName`: resources that a pod as a whole may ask for. */
export function checkPodResourceName(check: Check, name: string, field: Field): void {
  if (!checkResourceName(check, name, field)) return
  if (name !== 'cpu' && name !== 'memory' && !isHugePages(name))
    notSupported(check, field, name, ['cpu', 'hugepages-', 'memory'])
}

/** `ValidateResourceQuantityValue`. */
export function checkResourceValue(check: Check, name: string, value: Quantity, field: Field): void {
  checkNotNegativeQuantity(check, value, field)
  if (!CONTAINER_RESOURCES.has(name) && isInteger(name) && quantityMilliValue(value) % 1000n !== 0n)
    invalid(check, field, formatQuantity(value), 'must be an integer')
}

/** `ValidateNonnegativeQuantity`. */
export function checkNotNegativeQuantity(check: Check, value: Quantity, field: Field): void {
  if (isNegativeQuantity(value)) invalid(check, field, formatQuantity(value), NOT_NEGATIVE)
}

/** `ValidatePositiveQuantityValue`. */
export function checkPositiveQuantity(check: Check, value: Quantity, field: Field): void {
  if (value.nano <= 0n) invalid(check, field, formatQuantity(value), 'must be greater than zero')
}

/** `validateBasicResource`. */
export function checkBasicResource(check: Check, value: Quantity, field: Field): void {
  if (quantityValue(value) < 0n)
    invalid(check, field, Number(quantityValue(value)), 'must be a valid resource quantity')
}

/** `validateResourceQuantityHugePageValue`. */
function checkHugePages(check: Check, name: string, value: Quantity, field: Field): void {
  const size = parseQuantity(name.slice(HUGE_PAGES.length))
  const isDivisible =
    typeof size !== 'string' &&
    size.nano > 0n &&
    quantityMilliValue(size) % 1000n === 0n &&
    quantityValue(value) % quantityValue(size) === 0n
  if (isDivisible) return
  const shown = formatQuantity(value)
  invalid(check, field, shown, `${shown} is not positive integer multiple of ${name}`)
}

export interface Requirements {
  readonly limits: ResourceList
  readonly requests: ResourceList
  readonly claims: readonly Obj[]
}

/** Whose defaults apply: limits of a Pod's containers become their requests, those of templates do not. */
export function toRequirements(resources: Obj, owner: 'pod' | 'template'): Requirements {
  const limits = toResourceList(resources, 'limits')
  const written = toResourceList(resources, 'requests')
  const claims = objects(resources, 'claims')
  if (owner === 'template' || limits.size === 0) return { limits, requests: written, claims }
  const requests = new Map(written)
  for (const [name, value] of limits) if (!requests.has(name)) requests.set(name, value)
  return { limits, requests, claims }
}

type CheckResourceName = (check: Check, name: string, field: Field) => void

/** `validateResourceRequirements`. */
export function checkRequirements(
  check: Check,
  requirements: Requirements,
  place: {
    readonly field: Field
    readonly claimNames: ReadonlySet<string>
    readonly checkName: CheckResourceName
  },
): void {
  const { limits, requests, claims } = requirements
  const { field, checkName } = place
  const limitsField = child(field, 'limits')
  const requestsField = child(field, 'requests')
  let usesHugePages = false
  for (const [name, value] of limits) {
    const at = key(limitsField, name)
    checkName(check, name, at)
    checkResourceValue(check, name, value, at)
    if (isHugePages(name)) checkHugePages(check, name, value, at)
    usesHugePages ||= isHugePages(name)
  }
  for (const [name, value] of requests) {
    const at = key(requestsField, name)
    checkName(check, name, at)
    checkResourceValue(check, name, value, at)
    checkAgainstLimit(check, { name, value, limit: limits.get(name) }, field)
    if (isHugePages(name)) checkHugePages(check, name, value, at)
    usesHugePages ||= isHugePages(name)
  }
  const has = (name: string): boolean => limits.has(name) || requests.has(name)
  if (usesHugePages && !has('cpu') && !has('memory'))
    forbidden(check, field, 'HugePages require cpu or memory')
  if (claims.length > 0) checkClaimNames(check, claims, place.claimNames, child(field, 'claims'))
}

/** The server reports at `requests` without the key, and a missing limit at `limits`. */
function checkAgainstLimit(
  check: Check,
  request: { readonly name: string; readonly value: Quantity; readonly limit: Quantity | undefined },
  field: Field,
): void {
  const { name, value, limit } = request
  const overcommit = isOvercommitAllowed(name)
  if (limit === undefined) {
    if (!overcommit)
      required(check, child(field, 'limits'), 'Limit must be set for non overcommitable resources')
    return
  }
  const order = compareQuantities(value, limit)
  if (order === 0 || (overcommit && order < 0)) return
  const relation = overcommit ? 'less than or equal to' : 'equal to'
  const at: Field = { parent: field, shown: 'requests', bracketed: false, step: 'requests' }
  const precise: Field = { parent: at, shown: undefined, bracketed: false, step: name }
  const message = `must be ${relation} ${name} limit of ${formatQuantity(limit)}`
  invalid(check, precise, formatQuantity(value), message)
}

/** `validateResourceClaimNames`. */
function checkClaimNames(
  check: Check,
  claims: readonly Obj[],
  known: ReadonlySet<string>,
  field: Field,
): void {
  const seen = new Set<string>()
  for (const [at, claim] of claims.entries()) {
    const name = text(claim, 'name')
    const place = index(field, at)
    if (name === '') {
      required(check, place)
      continue
    }
    const request = text(claim, 'request')
    if (seen.has(name)) duplicate(check, place, name)
    else {
      if (request !== '') invalids(check, child(place, 'request'), request, checkDns1123Label(request))
      const full = request === '' ? name : `${name}/${request}`
      if (seen.has(full)) duplicate(check, place, full)
      else if (request === '')
        for (const other of seen) if (other.startsWith(`${name}/`)) duplicate(check, place, name)
      seen.add(full)
    }
    if (known.has(name)) continue
    const list = known.size === 0 ? ' which is empty' : `: ${[...known].sort().join(', ')}`
    notFound(check, place, name, `must be one of the names in pod.spec.resourceClaims${list}`)
  }
}
