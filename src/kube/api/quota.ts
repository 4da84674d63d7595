/** Resource quotas and limit ranges. */
import { checkQualifiedName } from '../values/names.ts'
import {
  compareQuantities,
  formatQuantity,
  parseQuantity,
  type Quantity,
  quantityMilliValue,
  quantityValue,
} from '../values/quantity.ts'
import {
  type Check,
  child,
  descend,
  duplicate,
  type Field,
  forbidden,
  hidden,
  index,
  invalid,
  invalids,
  ROOT,
  renamed,
  required,
} from './field.ts'
import { entry, IMMUTABLE, lengthUnit } from './field-checks.ts'
import { asStruct } from './go-struct.ts'
import { checkObjectMetadata, type MetadataRules, NAMESPACED } from './metadata.ts'
import { isObj, isSet, type Obj, object, objects, text, texts } from './object.ts'
import {
  checkContainerResourceName,
  checkResourceName,
  checkResourceValue,
  isOvercommitAllowed,
  isQuotaResource,
  type ResourceList,
  toResourceList,
} from './resources.ts'

const SPEC = child(ROOT, 'spec')

/** `ValidateResourceQuota`, `ValidateResourceQuotaUpdate`. */
export function checkResourceQuota(check: Check, of: Obj, old: Obj | undefined): void {
  checkObjectMetadata(check, of, old, NAMESPACED)
  const spec = object(of, 'spec')
  const hard = toResourceList(spec, 'hard')
  for (const [name, value] of hard) {
    const field = entry(SPEC, 'hard', name)
    checkQuotaResource(check, name, field)
    checkResourceValue(check, name, value, field)
  }
  checkScopes(check, texts(spec, 'scopes'), hard)
  if (isObj(spec.scopeSelector)) checkScopeSelector(check, spec, hard)
  if (old) checkScopesUpdate(check, spec, object(old, 'spec'))
}

/** `ValidateResourceQuotaResourceName`. */
function checkQuotaResource(check: Check, name: string, field: Field): void {
  checkResourceName(check, name, field)
  if (!name.includes('/') && !isQuotaResource(name))
    invalid(check, field, name, 'must be a standard resource for quota')
}

const SCOPES: ReadonlySet<string> = new Set([
  'Terminating',
  'NotTerminating',
  'BestEffort',
  'NotBestEffort',
  'PriorityClass',
  'CrossNamespacePodAffinity',
])
const COMPUTE: ReadonlySet<string> = new Set(
  'pods cpu memory limits.cpu limits.memory requests.cpu requests.memory'.split(' '),
)
const CLAIMS: ReadonlySet<string> = new Set(['persistentvolumeclaims', 'requests.storage'])
const CONFLICTS = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
] as const

const isScope = (scope: string, check: Check): boolean =>
  SCOPES.has(scope) || (scope === 'VolumeAttributesClass' && check.minor >= 34)

/** `IsResourceQuotaScopeValidForResource`. */
function isScopeFor(scope: string, resource: string): boolean {
  if (scope === 'BestEffort') return resource === 'pods'
  if (scope === 'VolumeAttributesClass') return CLAIMS.has(resource)
  return !SCOPES.has(scope) || COMPUTE.has(resource)
}

function checkScopes(check: Check, scopes: readonly string[], hard: ResourceList): void {
  const field = child(SPEC, 'scopes')
  for (const scope of scopes) {
    if (!isScope(scope, check)) invalid(check, field, scopes, 'unsupported scope')
    for (const resource of hard.keys())
      if (isQuotaResource(resource) && !isScopeFor(scope, resource))
        invalid(check, field, scopes, 'unsupported scope applied to resource')
  }
  for (const [one, other] of CONFLICTS)
    if (scopes.includes(one) && scopes.includes(other)) invalid(check, field, scopes, 'conflicting scopes')
}

const EXISTS_FAULT =
  "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity"

/** `validateScopedResourceSelectorRequirement`: the server leaves the index out. */
function checkScopeSelector(check: Check, spec: Obj, hard: ResourceList): void {
  const selector = object(spec, 'scopeSelector')
  const list = descend(SPEC, 'scopeSelector', 'matchExpressions')
  const scopes: string[] = []
  for (const [at, it] of objects(selector, 'matchExpressions').entries()) {
    const field = hidden(list, at)
    const scope = text(it, 'scopeName')
    scopes.push(scope)
    if (!isScope(scope, check)) invalid(check, child(field, 'scopeName'), scope, 'unsupported scope')
    for (const resource of hard.keys())
      if (isQuotaResource(resource) && !isScopeFor(scope, resource))
        invalid(check, list, asStruct('ScopeSelector', selector), 'unsupported scope applied to resource')
    const operator = text(it, 'operator')
    const values = texts(it, 'values')
    if (SCOPES.has(scope) && scope !== 'PriorityClass' && operator !== 'Exists')
      invalid(check, child(field, 'operator'), operator, EXISTS_FAULT)
    if (operator === 'In' || operator === 'NotIn') {
      if (values.length === 0)
        required(
          check,
          child(field, 'values'),
          "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
        )
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (values.length > 0)
        invalid(
          check,
          child(field, 'values'),
          values,
          "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector",
        )
    } else invalid(check, child(field, 'operator'), operator, 'not a valid selector operator')
  }
  for (const [one, other] of CONFLICTS)
    if (scopes.includes(one) && scopes.includes(other))
      invalid(check, list, isSet(spec, 'scopes') ? texts(spec, 'scopes') : null, 'conflicting scopes')
}

function checkScopesUpdate(check: Check, spec: Obj, old: Obj): void {
  const now = new Set(texts(spec, 'scopes'))
  const before = new Set(texts(old, 'scopes'))
  if (now.size !== before.size || [...now].some(it => !before.has(it)))
    invalid(check, child(SPEC, 'scopes'), isSet(spec, 'scopes') ? texts(spec, 'scopes') : null, IMMUTABLE)
}

export function warnAboutResourceQuota(check: Check, of: Obj, old: Obj | undefined): void {
  if (old) return
  const hard = toResourceList(object(of, 'spec'), 'hard')
  for (const name of ['cpu', 'memory', 'ephemeral-storage']) {
    const short = name !== 'ephemeral-storage' && !hard.has(`requests.${name}`)
    const asked = short ? name : `requests.${name}`
    const request = hard.get(asked)
    const limit = hard.get(`limits.${name}`)
    if (request && limit && compareQuantities(request, limit) > 0)
      check.warnings.push(
        `ResourceQuota ${asked} (${formatQuantity(request)}) should be less than limits.${name} (${formatQuantity(limit)})`,
      )
  }
}

const LIMITS = child(SPEC, 'limits')
const TYPES = ['Container', 'Pod', 'PersistentVolumeClaim']

/** A name that is left out is made up. */
const LIMIT_RANGE: MetadataRules = { ...NAMESPACED, name: 'optional' }

/** `ValidateLimitRange`, for updates too. */
export function checkLimitRange(check: Check, of: Obj): void {
  checkObjectMetadata(check, of, undefined, LIMIT_RANGE)
  const types = new Set<string>()
  for (const [at, limit] of objects(object(of, 'spec'), 'limits').entries()) {
    const field = index(LIMITS, at)
    const type = text(limit, 'type')
    const faults = checkQualifiedName(type, lengthUnit(check))
    if (faults.length > 0) invalids(check, child(field, 'type'), type, faults)
    else if (!type.includes('/') && !TYPES.includes(type))
      invalid(check, child(field, 'type'), type, 'must be a standard limit type or fully qualified')
    if (types.has(type)) duplicate(check, child(field, 'type'), type)
    types.add(type)
    checkLimit(check, limit, type, field)
  }
}

interface Bounds {
  readonly max: ResourceList
  readonly min: ResourceList
  readonly default: ResourceList
  readonly defaultRequest: ResourceList
  readonly maxLimitRequestRatio: ResourceList
}

function checkLimit(check: Check, limit: Obj, type: string, field: Field): void {
  const bounds = toBounds(limit, type)
  const isPod = type === 'Pod'
  const names = new Set<string>()
  const checkNames = (list: keyof Bounds): void => {
    for (const name of bounds[list].keys()) {
      const place = entry(field, list, name)
      if (isPod || type === 'Container') checkContainerResourceName(check, name, place)
      else checkResourceName(check, name, place)
      names.add(name)
    }
  }
  checkNames('max')
  checkNames('min')
  for (const list of ['default', 'defaultRequest'] as const)
    if (!isPod) checkNames(list)
    else if (bounds[list].size > 0)
      forbidden(check, child(field, list), "may not be specified when `type` is 'Pod'")
  if (type === 'PersistentVolumeClaim' && !bounds.min.has('storage') && !bounds.max.has('storage'))
    required(
      check,
      renamed(field, 'limits'),
      'either minimum or maximum storage value is required, but neither was provided',
    )
  checkNames('maxLimitRequestRatio')
  for (const name of names) checkBounds(check, { name, bounds, isPod }, field)
}

/** Limits of containers fill each other in (`SetDefaults_LimitRangeItem`). */
function toBounds(limit: Obj, type: string): Bounds {
  const max = toResourceList(limit, 'max')
  const min = toResourceList(limit, 'min')
  const defaults = new Map(toResourceList(limit, 'default'))
  const requests = new Map(toResourceList(limit, 'defaultRequest'))
  if (type === 'Container') {
    for (const [name, value] of max) if (!defaults.has(name)) defaults.set(name, value)
    for (const [name, value] of [...defaults, ...min]) if (!requests.has(name)) requests.set(name, value)
  }
  const maxLimitRequestRatio = toResourceList(limit, 'maxLimitRequestRatio')
  return { max, min, default: defaults, defaultRequest: requests, maxLimitRequestRatio }
}

interface Bounded {
  readonly name: string
  readonly bounds: Bounds
  readonly isPod: boolean
}

/** Each pair that must be in order: lesser, greater, where it is reported and with which of the two. */
function checkBounds(check: Check, { name, bounds, isPod }: Bounded, field: Field): void {
  const min = bounds.min.get(name)
  const max = bounds.max.get(name)
  const fallback = isPod ? undefined : bounds.default.get(name)
  const request = isPod ? undefined : bounds.defaultRequest.get(name)
  const compare = (
    [lesser, lesserName]: Named,
    [greater, greaterName]: Named,
    [list, shown]: readonly [keyof Bounds, Quantity | undefined],
  ): void => {
    if (lesser && greater && compareQuantities(lesser, greater) > 0)
      invalid(
        check,
        entry(field, list, name),
        formatQuantity(shown!),
        `${lesserName} value ${formatQuantity(lesser)} is greater than ${greaterName} value ${formatQuantity(greater)}`,
      )
  }
  compare([min, 'min'], [max, 'max'], ['min', min])
  compare([min, 'min'], [request, 'default request'], ['defaultRequest', request])
  compare([request, 'default request'], [max, 'max'], ['defaultRequest', request])
  compare([request, 'default request'], [fallback, 'default limit'], ['defaultRequest', request])
  compare([min, 'min'], [fallback, 'default'], ['default', min])
  compare([fallback, 'default'], [max, 'max'], ['default', max])
  checkRatio(check, { name, bounds, isPod }, field)
  if (!isOvercommitAllowed(name) && fallback && request && compareQuantities(fallback, request) !== 0)
    invalid(
      check,
      entry(field, 'defaultRequest', name),
      formatQuantity(request),
      `default value ${formatQuantity(fallback)} must equal to defaultRequest value ${formatQuantity(request)} in ${name}`,
    )
}

type Named = readonly [Quantity | undefined, string]

const ONE = parseQuantity('1') as Quantity
/** `resource.MaxMilliValue`. */
const MAX_MILLI = (2n ** 63n - 1n) / 1000n

function checkRatio(check: Check, { name, bounds }: Bounded, field: Field): void {
  const ratio = bounds.maxLimitRequestRatio.get(name)
  if (!ratio) return
  const place = entry(field, 'maxLimitRequestRatio', name)
  const shown = formatQuantity(ratio)
  if (compareQuantities(ratio, ONE) < 0) invalid(check, place, shown, `ratio ${shown} is less than 1`)
  const min = bounds.min.get(name)
  const max = bounds.max.get(name)
  if (!min || !max) return
  const all = [ratio, min, max]
  const isFine = all.every(it => quantityValue(it) < MAX_MILLI)
  const amountOf = (it: Quantity): number => Number(isFine ? quantityMilliValue(it) : quantityValue(it))
  const limit = amountOf(max) / amountOf(min)
  const asked = isFine ? amountOf(ratio) / 1000 : amountOf(ratio)
  if (asked > limit)
    invalid(check, place, shown, `ratio ${shown} is greater than max/min = ${limit.toFixed(6)}`)
}
