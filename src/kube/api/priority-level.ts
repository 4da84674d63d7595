/** Priority levels of API priority and fairness: `pkg/apis/flowcontrol/validation`. */
import {
  type Check,
  child,
  descend,
  type Field,
  forbidden,
  invalid,
  notSupported,
  ROOT,
  required,
} from './field.ts'
import { asStruct } from './go-struct.ts'
import { CLUSTER, checkObjectMetadata, type MetadataRules } from './metadata.ts'
import { has, number, type Obj, object, text, toObject } from './object.ts'
import { isSame } from './semantic-equal.ts'

const SPEC = child(ROOT, 'spec')
const RULES: MetadataRules = { ...CLUSTER, generation: 'reset' }
const KEEPS_ZERO = 'flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares'
const HIGHEST_QUEUES = 10_000_000
/** `shufflesharding.MaxHashBits`. */
const HASH_BITS = 60

/** `ValidatePriorityLevelConfiguration`. */
export function checkPriorityLevel(check: Check, of: Obj): void {
  checkObjectMetadata(check, of, undefined, RULES)
  const metadata = object(of, 'metadata')
  const name = text(metadata, 'name')
  if (has(object(metadata, 'annotations'), KEEPS_ZERO))
    forbidden(check, descend(ROOT, 'metadata', 'annotations'), `annotation '${KEEPS_ZERO}' is forbidden`)
  const spec = withDefaults(object(of, 'spec'))
  checkLevelSpec(check, spec, name)
  const printed = asStruct('PriorityLevelConfigurationSpec', spec)
  if (name === 'exempt' && !isSame({ ...spec, exempt: undefined }, { type: 'Exempt' }))
    invalid(
      check,
      SPEC,
      printed,
      "spec of 'exempt' except the 'spec.exempt' field must equal the fixed value",
    )
  if (name === 'catch-all' && !isSame(spec, CATCH_ALL))
    invalid(check, SPEC, printed, "spec of 'catch-all' must equal the fixed value")
}

const CATCH_ALL: Obj = {
  type: 'Limited',
  limited: { nominalConcurrencyShares: 5, lendablePercent: 0, limitResponse: { type: 'Reject' } },
}

/** `SetDefaults_LimitedPriorityLevelConfiguration` and its kin. */
function withDefaults(spec: Obj): Obj {
  const limited = toObject(spec, 'limited')
  const exempt = toObject(spec, 'exempt')
  return {
    ...spec,
    ...(limited && { limited: { nominalConcurrencyShares: 30, lendablePercent: 0, ...withQueues(limited) } }),
    ...(exempt && { exempt: { nominalConcurrencyShares: 0, lendablePercent: 0, ...exempt } }),
  }
}

/** `SetDefaults_QueuingConfiguration`. */
function withQueues(limited: Obj): Obj {
  const response = object(limited, 'limitResponse')
  const queuing = toObject(response, 'queuing')
  if (!queuing) return limited
  const filled = {
    queues: number(queuing, 'queues') || 64,
    handSize: number(queuing, 'handSize') || 8,
    queueLengthLimit: number(queuing, 'queueLengthLimit') || 50,
  }
  return { ...limited, limitResponse: { ...response, queuing: filled } }
}

/** `ValidatePriorityLevelConfigurationSpec`. */
function checkLevelSpec(check: Check, spec: Obj, name: string): void {
  const type = text(spec, 'type')
  if ((name === 'exempt') !== (type === 'Exempt'))
    invalid(check, child(SPEC, 'type'), type, "must be 'Exempt' if and only if `name` is 'exempt'")
  const limited = toObject(spec, 'limited')
  const exempt = toObject(spec, 'exempt')
  switch (type) {
    case 'Exempt':
      if (limited) forbidden(check, child(SPEC, 'limited'), 'must be nil if the type is not Limited')
      if (exempt) checkShares(check, exempt, child(SPEC, 'exempt'))
      return
    case 'Limited':
      if (exempt) forbidden(check, child(SPEC, 'exempt'), 'must be nil if the type is Limited')
      if (limited) checkLimited(check, limited, child(SPEC, 'limited'))
      else required(check, child(SPEC, 'limited'), 'must not be empty when type is Limited')
      return
    default:
      checkUnknownType(check, type, SPEC, ['Exempt', 'Limited'])
  }
}

/** Since 1.36 a type that is missing is a declared rule. */
function checkUnknownType(check: Check, type: string, field: Field, supported: readonly string[]): void {
  if (type === '' && check.minor >= 36) required(check, child(field, 'type'))
  else notSupported(check, child(field, 'type'), type, supported)
}

const PERCENT = 'must be between 0 and 100, inclusive'

function checkShares(check: Check, of: Obj, field: Field): void {
  const shares = number(of, 'nominalConcurrencyShares')
  if (shares < 0)
    invalid(check, child(field, 'nominalConcurrencyShares'), shares, 'must be a non-negative integer')
  const lendable = number(of, 'lendablePercent')
  if (lendable < 0 || lendable > 100) invalid(check, child(field, 'lendablePercent'), lendable, PERCENT)
}

/** `ValidateLimitedPriorityLevelConfiguration`. */
function checkLimited(check: Check, limited: Obj, field: Field): void {
  checkShares(check, limited, field)
  checkLimitResponse(check, object(limited, 'limitResponse'), child(field, 'limitResponse'))
  const borrowing = number(limited, 'borrowingLimitPercent')
  if (borrowing < 0)
    invalid(
      check,
      child(field, 'borrowingLimitPercent'),
      borrowing,
      'if specified, must be a non-negative integer',
    )
}

/** `ValidateLimitResponse`. */
function checkLimitResponse(check: Check, response: Obj, field: Field): void {
  const type = text(response, 'type')
  const queuing = toObject(response, 'queuing')
  const place = child(field, 'queuing')
  if (type === 'Reject') {
    if (queuing) forbidden(check, place, 'must be nil if limited.limitResponse.type is not Limited')
  } else if (type === 'Queue') {
    if (queuing) checkQueuing(check, queuing, place)
    else required(check, place, 'must not be empty if limited.limitResponse.type is Limited')
  } else checkUnknownType(check, type, field, ['Queue', 'Reject'])
}

/** `ValidatePriorityLevelQueuingConfiguration`. */
function checkQueuing(check: Check, queuing: Obj, field: Field): void {
  const length = number(queuing, 'queueLengthLimit')
  const queues = number(queuing, 'queues')
  const hand = number(queuing, 'handSize')
  if (length <= 0) invalid(check, child(field, 'queueLengthLimit'), length, 'must be positive')
  if (queues <= 0) invalid(check, child(field, 'queues'), queues, 'must be positive')
  else if (queues > HIGHEST_QUEUES)
    invalid(check, child(field, 'queues'), queues, `must not be greater than ${HIGHEST_QUEUES}`)
  const place = child(field, 'handSize')
  if (hand <= 0) invalid(check, place, hand, 'must be positive')
  else if (hand > queues) invalid(check, place, hand, `should not be greater than queues (${queues})`)
  else if (Math.ceil(Math.log2(queues) * hand) > HASH_BITS)
    invalid(
      check,
      place,
      hand,
      `required entropy bits of deckSize ${queues} and handSize ${hand} should not be greater than ${HASH_BITS}`,
    )
}
