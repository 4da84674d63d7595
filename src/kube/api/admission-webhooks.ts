/** Configurations of admission webhooks: `pkg/apis/admissionregistration/validation`. */
import { checkDns1035Label, checkDns1123Subdomain } from '../values/names.ts'
import {
  checkAdmissionMetadata,
  checkMatchConditions,
  checkRule,
  checkSelectors,
  FAILURE_POLICIES,
  MATCH_POLICIES,
} from './admission-rules.ts'
import {
  type Check,
  child,
  duplicate,
  type Field,
  index,
  invalid,
  invalids,
  ROOT,
  required,
} from './field.ts'
import { checkOptionalEnum } from './field-checks.ts'
import { isSet, type Obj, object, objects, text, texts, toNumber } from './object.ts'
import { checkClientConfig } from './webhook-client.ts'

const SIDE_EFFECTS = ['None', 'NoneOnDryRun']
const ALL_SIDE_EFFECTS = ['None', 'NoneOnDryRun', 'Some', 'Unknown']
const REVIEWS = ['v1', 'v1beta1']
const TIMEOUT = 'the timeout value must be between 1 and 30 seconds'

/** `ValidateValidatingWebhookConfiguration`. */
export const checkValidatingWebhooks = (check: Check, of: Obj, old: Obj | undefined): void =>
  checkWebhooks(check, of, old)

/** `ValidateMutatingWebhookConfiguration`. */
export function checkMutatingWebhooks(check: Check, of: Obj, old: Obj | undefined): void {
  checkWebhooks(check, of, old)
  for (const [at, hook] of objects(of, 'webhooks').entries()) {
    const field = index(child(ROOT, 'webhooks'), at)
    checkOptionalEnum(check, hook, { field, name: 'reinvocationPolicy' }, ['IfNeeded', 'Never'])
  }
}

/** What stored webhooks break already, an update may go on breaking. */
interface Leniency {
  readonly sideEffects: readonly string[]
  readonly reviews: 'known' | 'any'
  readonly names: 'unique' | 'any'
}

const STRICT: Leniency = { sideEffects: SIDE_EFFECTS, reviews: 'known', names: 'unique' }

function toLeniency(hooks: readonly Obj[]): Leniency {
  const names = hooks.map(it => text(it, 'name'))
  return {
    sideEffects: hooks.every(it => SIDE_EFFECTS.includes(text(it, 'sideEffects')))
      ? SIDE_EFFECTS
      : ALL_SIDE_EFFECTS,
    reviews: hooks.every(hasKnownReview) ? 'known' : 'any',
    names: new Set(names).size === names.length ? 'unique' : 'any',
  }
}

const hasKnownReview = (hook: Obj): boolean =>
  texts(hook, 'admissionReviewVersions').some(it => REVIEWS.includes(it))

function checkWebhooks(check: Check, of: Obj, old: Obj | undefined): void {
  checkAdmissionMetadata(check, of)
  const leniency = old ? toLeniency(objects(old, 'webhooks')) : STRICT
  const names = new Set<string>()
  for (const [at, hook] of objects(of, 'webhooks').entries()) {
    const field = index(child(ROOT, 'webhooks'), at)
    checkWebhook(check, hook, field, leniency)
    checkReviews(check, hook, child(field, 'admissionReviewVersions'), leniency)
    const name = text(hook, 'name')
    if (name !== '' && leniency.names === 'unique' && names.has(name))
      duplicate(check, child(field, 'name'), name)
    names.add(name)
  }
}

/** `validateValidatingWebhook`, `validateMutatingWebhook`. */
function checkWebhook(check: Check, hook: Obj, field: Field, leniency: Leniency): void {
  checkFullName(check, text(hook, 'name'), child(field, 'name'))
  for (const [at, rule] of objects(hook, 'rules').entries())
    checkRule(check, rule, index(child(field, 'rules'), at))
  checkOptionalEnum(check, hook, { field, name: 'failurePolicy' }, FAILURE_POLICIES)
  checkOptionalEnum(check, hook, { field, name: 'matchPolicy' }, MATCH_POLICIES)
  if (!isSet(hook, 'sideEffects'))
    required(check, child(field, 'sideEffects'), `must specify one of ${leniency.sideEffects.join(', ')}`)
  checkOptionalEnum(check, hook, { field, name: 'sideEffects' }, leniency.sideEffects)
  const timeout = toNumber(hook, 'timeoutSeconds')
  if (timeout !== undefined && (timeout > 30 || timeout < 1))
    invalid(check, child(field, 'timeoutSeconds'), timeout, TIMEOUT)
  checkSelectors(check, hook, field)
  checkClientConfig(check, object(hook, 'clientConfig'), child(field, 'clientConfig'))
  checkMatchConditions(check, hook, field, check.openScope?.({ minor: check.minor }))
}

/** `IsFullyQualifiedName`. */
function checkFullName(check: Check, name: string, field: Field): void {
  if (name === '') {
    required(check, field)
    return
  }
  const faults = checkDns1123Subdomain(name)
  if (faults.length > 0) invalid(check, field, name, faults.join(','))
  else if (name.split('.').length < 3)
    invalid(check, field, name, 'should be a domain with at least three segments separated by dots')
}

/** `validateAdmissionReviewVersions`. */
function checkReviews(check: Check, hook: Obj, field: Field, leniency: Leniency): void {
  const versions = texts(hook, 'admissionReviewVersions')
  if (versions.length === 0) {
    required(check, field, `must specify one of ${REVIEWS.join(', ')}`)
    return
  }
  const seen = new Set<string>()
  for (const [at, version] of versions.entries()) {
    if (seen.has(version)) invalid(check, index(field, at), version, 'duplicate version')
    else invalids(check, index(field, at), version, checkDns1035Label(version))
    seen.add(version)
  }
  if (leniency.reviews === 'known' && !hasKnownReview(hook))
    invalid(check, field, versions, `must include at least one of ${REVIEWS.join(', ')}`)
}
