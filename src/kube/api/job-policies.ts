/** Failure, success and replacement policies of jobs. */
import { checkQualifiedName, countBytes } from '../values/names.ts'
import {
  addCause,
  type Check,
  child,
  duplicate,
  type Field,
  index,
  invalid,
  invalids,
  notSupported,
  required,
  tooLong,
  tooMany,
} from './field.ts'
import { lengthUnit, NOT_NEGATIVE } from './field-checks.ts'
import { asStruct } from './go-struct.ts'
import { isObj, numbers, type Obj, object, objects, text, toNumber, toText } from './object.ts'

export function checkJobPolicies(check: Check, spec: Obj, field: Field): void {
  if (isObj(spec.podFailurePolicy)) checkFailurePolicy(check, spec, child(field, 'podFailurePolicy'))
  const success = spec.successPolicy
  if (isObj(success) && check.minor >= 31) {
    const place = child(field, 'successPolicy')
    if (text(spec, 'completionMode') !== 'Indexed')
      invalid(check, place, asStruct('SuccessPolicy', success), 'requires indexed completion mode')
    else checkSuccessPolicy(check, spec, success, place)
  }
  checkReplacement(check, spec, child(field, 'podReplacementPolicy'))
}

/** `validatePodReplacementPolicy`. */
function checkReplacement(check: Check, spec: Obj, field: Field): void {
  const policy = toText(spec, 'podReplacementPolicy')
  if (policy === undefined) return
  const supported = isObj(spec.podFailurePolicy) ? ['Failed'] : ['Failed', 'TerminatingOrFailed']
  if (!supported.includes(policy)) notSupported(check, field, policy, supported)
}

const ACTIONS = ['Count', 'FailIndex', 'FailJob', 'Ignore']
const STATUSES = ['False', 'True', 'Unknown']

/** `validatePodFailurePolicy`. */
function checkFailurePolicy(check: Check, spec: Obj, field: Field): void {
  const list = child(field, 'rules')
  const rules = objects(object(spec, 'podFailurePolicy'), 'rules')
  if (rules.length > 20) tooMany(check, list, rules.length, 20)
  const podSpec = object(object(spec, 'template'), 'spec')
  const containers = new Set(
    [...objects(podSpec, 'containers'), ...objects(podSpec, 'initContainers')].map(it => text(it, 'name')),
  )
  for (const [at, rule] of rules.entries())
    checkFailureRule(check, { spec, rule, containers }, index(list, at))
}

interface FailureRule {
  readonly spec: Obj
  readonly rule: Obj
  readonly containers: ReadonlySet<string>
}

/** Lists of valid values in these messages stand in Go's brackets. */
const formatValid = (values: readonly string[]): string =>
  `valid values: [${values.map(it => `"${it}"`).join(' ')}]`

/** `validatePodFailurePolicyRule`. */
function checkFailureRule(check: Check, { spec, rule, containers }: FailureRule, field: Field): void {
  const action = text(rule, 'action')
  const place = child(field, 'action')
  if (action === '') required(check, place, formatValid(ACTIONS))
  else if (action === 'FailIndex') {
    if (toNumber(spec, 'backoffLimitPerIndex') === undefined)
      invalid(check, place, action, 'requires the backoffLimitPerIndex to be set')
  } else if (!ACTIONS.includes(action)) notSupported(check, place, action, ACTIONS)
  const codes = rule.onExitCodes
  const conditions = objects(rule, 'onPodConditions')
  if (isObj(codes)) checkExitCodes(check, codes, containers, child(field, 'onExitCodes'))
  if (conditions.length > 0) checkConditions(check, conditions, child(field, 'onPodConditions'))
  if (isObj(codes) === conditions.length > 0)
    addCause(
      check,
      'FieldValueInvalid',
      field,
      isObj(codes)
        ? 'Invalid value: specifying both OnExitCodes and OnPodConditions is not supported'
        : 'Invalid value: specifying one of OnExitCodes and OnPodConditions is required',
    )
}

function checkConditions(check: Check, conditions: readonly Obj[], field: Field): void {
  if (conditions.length > 20) tooMany(check, field, conditions.length, 20)
  for (const [at, condition] of conditions.entries()) {
    const type = text(condition, 'type')
    invalids(check, child(index(field, at), 'type'), type, checkQualifiedName(type, lengthUnit(check)))
    const status = text(condition, 'status') || 'True'
    if (!STATUSES.includes(status)) notSupported(check, child(index(field, at), 'status'), status, STATUSES)
  }
}

/** `validatePodFailurePolicyRuleOnExitCodes`. */
function checkExitCodes(check: Check, codes: Obj, containers: ReadonlySet<string>, field: Field): void {
  const operator = text(codes, 'operator')
  const place = child(field, 'operator')
  if (operator === '') required(check, place, formatValid(['In', 'NotIn']))
  else if (operator !== 'In' && operator !== 'NotIn') notSupported(check, place, operator, ['In', 'NotIn'])
  const container = toText(codes, 'containerName')
  if (container !== undefined && !containers.has(container))
    invalid(
      check,
      child(field, 'containerName'),
      container,
      'must be one of the container or initContainer names in the pod template',
    )
  const values = numbers(codes, 'values')
  const list = child(field, 'values')
  if (values.length === 0)
    invalid(check, list, Array.isArray(codes.values) ? values : null, 'at least one value is required')
  else if (values.length > 255) tooMany(check, list, values.length, 255)
  const seen = new Set<number>()
  let isOrdered = true
  for (const [at, value] of values.entries()) {
    if (operator === 'In' && value === 0)
      invalid(check, index(list, at), value, 'must not be 0 for the In operator')
    if (seen.has(value)) duplicate(check, index(list, at), value)
    seen.add(value)
    if (at > 0 && values[at - 1]! > value) isOrdered = false
  }
  if (!isOrdered) invalid(check, list, values, 'must be ordered')
}

/** `validateSuccessPolicy`. */
function checkSuccessPolicy(check: Check, spec: Obj, policy: Obj, field: Field): void {
  const list = child(field, 'rules')
  const rules = objects(policy, 'rules')
  if (rules.length === 0)
    required(check, list, 'at least one rules must be specified when the successPolicy is specified')
  if (rules.length > 20) tooMany(check, list, rules.length, 20)
  for (const [at, rule] of rules.entries()) checkSuccessRule(check, spec, rule, index(list, at))
}

/** `validateSuccessPolicyRule`. Without completions the server panics, which counts as refused. */
function checkSuccessRule(check: Check, spec: Obj, rule: Obj, field: Field): void {
  const indexes = toText(rule, 'succeededIndexes')
  const count = toNumber(rule, 'succeededCount')
  const completions = toNumber(spec, 'completions') ?? 0
  if (indexes === undefined && count === undefined)
    required(check, field, 'at least one of succeededCount or succeededIndexes must be specified')
  let total = 0
  if (indexes !== undefined) {
    const place = child(field, 'succeededIndexes')
    if (countBytes(indexes) > 64 * 1024) tooLong(check, place, 64 * 1024)
    const parsed = parseIndexes(indexes, completions)
    if (typeof parsed === 'string')
      invalid(check, place, indexes, `error parsing succeededIndexes: ${parsed}`)
    else total = parsed
  }
  if (count === undefined) return
  const place = child(field, 'succeededCount')
  if (count < 0) invalid(check, place, count, NOT_NEGATIVE)
  if (count > completions)
    invalid(
      check,
      place,
      count,
      `must be less than or equal to ${completions} (the number of specified completions)`,
    )
  if (indexes !== undefined && count > total)
    invalid(
      check,
      place,
      count,
      `must be less than or equal to ${total} (the number of indexes in the specified succeededIndexes field)`,
    )
}

/** `validateIndexesFormat`: how many indexes `1,3-5` names, or what is wrong with it. */
function parseIndexes(list: string, completions: number): number | string {
  if (list === '') return 0
  let total = 0
  let last: number | undefined
  for (const interval of list.split(',')) {
    const ends = interval.split('-')
    if (ends.length > 2)
      return `the fragment ${JSON.stringify(interval)} violates the requirement that an index interval can have at most two parts separated by '-'`
    const parsed: number[] = []
    for (const end of ends) {
      const value = /^[+-]?\d+$/.test(end) ? Number(end) : undefined
      if (value === undefined) return `cannot convert string to integer for index: ${JSON.stringify(end)}`
      if (value >= completions) return `too large index: ${JSON.stringify(end)}`
      parsed.push(value)
    }
    const [first, second = first] = parsed as [number, number?]
    if (ends.length === 2 && first >= second)
      return `non-increasing order, previous: ${first}, current: ${second}`
    if (last !== undefined && last >= first)
      return `non-increasing order, previous: ${last}, current: ${first}`
    total += second - first + 1
    last = second
  }
  return total
}
