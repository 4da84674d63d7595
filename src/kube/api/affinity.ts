/** Where pods may run: node selectors, affinity between pods, spread, tolerations. */
import { checkDns1123Label, checkDns1123Subdomain, checkLabelValue } from '../values/names.ts'
import {
  type Check,
  child,
  duplicate,
  type Field,
  forbidden,
  hidden,
  index,
  invalid,
  invalids,
  notSupported,
  renamed,
  renamedKey,
  required,
} from './field.ts'
import { checkLabelName, checkLabelSelector, lengthUnit } from './field-checks.ts'
import {
  has,
  isObj,
  isSet,
  lookup,
  number,
  type Obj,
  object,
  objects,
  text,
  texts,
  toNumber,
  toObject,
  toText,
} from './object.ts'
import type { PodRun } from './pod-run.ts'

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution'
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution'

/** `validateAffinity`. */
export function checkAffinity(run: PodRun, affinity: Obj, field: Field): void {
  const { check } = run
  const node = toObject(affinity, 'nodeAffinity')
  if (node) {
    const place = child(field, 'nodeAffinity')
    if (isObj(node[REQUIRED])) checkNodeSelector(check, node[REQUIRED], child(place, REQUIRED))
    for (const [at, term] of objects(node, PREFERRED).entries()) {
      const own = index(child(place, PREFERRED), at)
      checkWeight(check, term, own)
      checkNodeTerm(check, object(term, 'preference'), child(own, 'preference'), 'any')
    }
  }
  for (const name of ['podAffinity', 'podAntiAffinity']) {
    const rules = toObject(affinity, name)
    if (!rules) continue
    const place = child(field, name)
    for (const [at, term] of objects(rules, REQUIRED).entries())
      checkPodTerm(run, term, index(child(place, REQUIRED), at))
    for (const [at, weighted] of objects(rules, PREFERRED).entries()) {
      const own = index(child(place, PREFERRED), at)
      checkWeight(check, weighted, own)
      checkPodTerm(run, object(weighted, 'podAffinityTerm'), child(own, 'podAffinityTerm'))
    }
  }
}

function checkWeight(check: Check, term: Obj, field: Field): void {
  const weight = number(term, 'weight')
  if (weight <= 0 || weight > 100)
    invalid(check, child(field, 'weight'), weight, 'must be in the range 1-100')
}

/** `ValidateNodeSelector`. */
export function checkNodeSelector(check: Check, selector: Obj, field: Field): void {
  const terms = objects(selector, 'nodeSelectorTerms')
  const list = child(field, 'nodeSelectorTerms')
  if (terms.length === 0) {
    required(check, list, 'must have at least one node selector term')
    return
  }
  for (const [at, term] of terms.entries()) checkNodeTerm(check, term, index(list, at), 'checked')
}

/** `ValidateNodeSelectorTerm`; values of preferences are not looked at. */
function checkNodeTerm(check: Check, term: Obj, field: Field, values: 'checked' | 'any'): void {
  for (const [at, it] of objects(term, 'matchExpressions').entries())
    checkNodeExpression(check, it, index(child(field, 'matchExpressions'), at), values)
  for (const [at, it] of objects(term, 'matchFields').entries())
    checkNodeField(check, it, index(child(field, 'matchFields'), at))
}

/** `ValidateNodeSelectorRequirement`. */
function checkNodeExpression(check: Check, it: Obj, field: Field, values: 'checked' | 'any'): void {
  const operator = text(it, 'operator')
  const listed = texts(it, 'values')
  const place = child(field, 'values')
  if (operator === 'In' || operator === 'NotIn') {
    if (listed.length === 0) required(check, place, "must be specified when `operator` is 'In' or 'NotIn'")
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (listed.length > 0)
      forbidden(check, place, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")
  } else if (operator === 'Gt' || operator === 'Lt') {
    if (listed.length !== 1)
      required(check, place, "must be specified single value when `operator` is 'Lt' or 'Gt'")
  } else invalid(check, child(field, 'operator'), operator, 'not a valid selector operator')
  checkLabelName(check, text(it, 'key'), child(field, 'key'))
  if (values === 'any') return
  for (const [at, value] of listed.entries())
    invalids(check, index(place, at), value, checkLabelValue(value, lengthUnit(check)))
}

/** `ValidateNodeFieldSelectorRequirement`. */
function checkNodeField(check: Check, it: Obj, field: Field): void {
  const operator = text(it, 'operator')
  const listed = texts(it, 'values')
  if (operator === 'In' || operator === 'NotIn') {
    if (listed.length !== 1)
      required(
        check,
        child(field, 'values'),
        "must be only one value when `operator` is 'In' or 'NotIn' for node field selector",
      )
  } else invalid(check, child(field, 'operator'), operator, 'not a valid selector operator')
  const key = text(it, 'key')
  if (key !== 'metadata.name') {
    invalid(check, child(field, 'key'), key, 'not a valid field selector key')
    return
  }
  for (const [at, value] of listed.entries())
    invalids(check, index(child(field, 'values'), at), value, checkDns1123Subdomain(value))
}

/**
 * The selector that the server validates: for Pods it first adds an expression for each label key whose value the
 * pod has (`mutatePodAffinity`, `mutateTopologySpreadConstraints`).
 */
function mergeLabelKeys(run: PodRun, term: Obj): Obj | undefined {
  const selector = toObject(term, 'labelSelector')
  if (!selector || !run.isPod || run.check.minor < MERGES_SINCE) return selector
  const labels = object(run.metadata, 'labels')
  const added: Obj[] = []
  const add = (name: string, operator: string): void => {
    for (const key of texts(term, name)) {
      const value = lookup(labels, key)
      if (value !== undefined) added.push({ key, operator, values: [value] })
    }
  }
  add('matchLabelKeys', 'In')
  add('mismatchLabelKeys', 'NotIn')
  if (added.length === 0) return selector
  return { ...selector, matchExpressions: [...objects(selector, 'matchExpressions'), ...added] }
}

/** MatchLabelKeysInPodAffinity is on since 1.31, the merge for spread since 1.34. */
const MERGES_SINCE = 31

/** `validatePodAffinityTerm`. */
function checkPodTerm(run: PodRun, term: Obj, field: Field): void {
  const { check } = run
  const selector = mergeLabelKeys(run, term)
  checkLabelSelector(check, selector, child(field, 'labelSelector'))
  checkLabelSelector(check, term.namespaceSelector, child(field, 'namespaceSelector'))
  for (const [at, namespace] of texts(term, 'namespaces').entries())
    invalids(
      check,
      hidden(renamed(field, 'namespace', 'namespaces'), at),
      namespace,
      checkDns1123Label(namespace),
    )
  checkLabelKeys(check, term, selector, field)
  const key = text(term, 'topologyKey')
  if (key === '') required(check, child(field, 'topologyKey'), 'can not be empty')
  checkLabelName(check, key, child(field, 'topologyKey'))
}

/** `ValidateMatchLabelKeysAndMismatchLabelKeys`. */
function checkLabelKeys(check: Check, term: Obj, selector: Obj | undefined, field: Field): void {
  const matched = texts(term, 'matchLabelKeys')
  const mismatched = texts(term, 'mismatchLabelKeys')
  if (matched.length === 0 && mismatched.length === 0) return
  for (const name of ['matchLabelKeys', 'mismatchLabelKeys']) {
    const keys = texts(term, name)
    if (keys.length > 0 && !selector)
      forbidden(check, child(field, name), 'must not be specified when labelSelector is not set')
    else for (const [at, key] of keys.entries()) checkLabelName(check, key, index(child(field, name), at))
  }
  if (selector) {
    const seen = new Set(Object.keys(object(selector, 'matchLabels')))
    for (const it of objects(selector, 'matchExpressions')) {
      const key = text(it, 'key')
      const at = matched.lastIndexOf(key)
      if (at >= 0 && seen.has(key)) {
        // The server forgets the name of the list.
        const place = renamedKey(hidden(field, 'matchLabelKeys'), String(at), at)
        invalid(check, place, key, 'exists in both matchLabelKeys and labelSelector')
      }
      seen.add(key)
    }
  }
  const others = new Set(mismatched)
  for (const [at, key] of matched.entries())
    if (others.has(key))
      invalid(
        check,
        index(child(field, 'matchLabelKeys'), at),
        key,
        'exists in both matchLabelKeys and mismatchLabelKeys',
      )
}

const ACTIONS = ['DoNotSchedule', 'ScheduleAnyway']
const NODE_POLICIES = ['Honor', 'Ignore']

/** `validateTopologySpreadConstraints`. */
export function checkSpread(run: PodRun, owner: Field): void {
  const { check } = run
  const constraints = objects(run.spec, 'topologySpreadConstraints')
  const lastOf = new Map(constraints.map((it, at) => [spreadName(it), at]))
  for (const [at, constraint] of constraints.entries()) {
    const field = index(child(owner, 'topologySpreadConstraints'), at)
    const skew = number(constraint, 'maxSkew')
    if (skew <= 0) invalid(check, child(field, 'maxSkew'), skew, 'must be greater than zero')
    const key = text(constraint, 'topologyKey')
    const action = text(constraint, 'whenUnsatisfiable')
    if (key === '') required(check, child(field, 'topologyKey'), 'can not be empty')
    if (!ACTIONS.includes(action)) notSupported(check, child(field, 'whenUnsatisfiable'), action, ACTIONS)
    if (lastOf.get(spreadName(constraint)) !== at)
      duplicate(check, renamed(field, '{topologyKey, whenUnsatisfiable}'), `{${key}, ${action}}`)
    checkMinDomains(check, constraint, action, field)
    for (const name of ['nodeAffinityPolicy', 'nodeTaintsPolicy']) {
      const policy = toText(constraint, name)
      if (policy !== undefined && !NODE_POLICIES.includes(policy))
        notSupported(check, child(field, name), policy, NODE_POLICIES)
    }
    checkSpreadKeys(run, constraint, field)
  }
}

const spreadName = (constraint: Obj): string =>
  `${text(constraint, 'whenUnsatisfiable')} ${text(constraint, 'topologyKey')}`

function checkMinDomains(check: Check, constraint: Obj, action: string, field: Field): void {
  const domains = toNumber(constraint, 'minDomains')
  if (domains === undefined) return
  const place = child(field, 'minDomains')
  if (domains <= 0) invalid(check, place, domains, 'must be greater than zero')
  if (action !== 'DoNotSchedule')
    invalid(
      check,
      place,
      domains,
      `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${action}`,
    )
}

function checkSpreadKeys(run: PodRun, constraint: Obj, field: Field): void {
  const { check } = run
  const merges = check.minor >= 34
  const selector = merges ? mergeLabelKeys(run, constraint) : toObject(constraint, 'labelSelector')
  if (merges) checkLabelKeys(check, constraint, selector, field)
  else checkLegacyKeys(check, constraint, selector, child(field, 'matchLabelKeys'))
  checkLabelSelector(check, selector, child(field, 'labelSelector'))
}

/** `ValidateMatchLabelKeysInTopologySpread`. */
function checkLegacyKeys(check: Check, constraint: Obj, selector: Obj | undefined, field: Field): void {
  const keys = texts(constraint, 'matchLabelKeys')
  if (keys.length === 0) return
  if (!selector) forbidden(check, field, 'must not be specified when labelSelector is not set')
  const expressed = new Set(selector ? objects(selector, 'matchExpressions').map(it => text(it, 'key')) : [])
  const labels = selector ? object(selector, 'matchLabels') : {}
  for (const [at, key] of keys.entries()) {
    checkLabelName(check, key, index(field, at))
    if (has(labels, key) || expressed.has(key))
      invalid(check, index(field, at), key, 'exists in both matchLabelKeys and labelSelector')
  }
}

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']

/** `validateTaintEffect`. */
export function checkTaintEffect(check: Check, effect: string, field: Field): void {
  if (!EFFECTS.includes(effect)) notSupported(check, field, effect, EFFECTS)
}

/** `ValidateTolerations`: faults of the value are reported at the operator. */
export function checkTolerations(check: Check, tolerations: readonly Obj[], field: Field): void {
  for (let at = 0; at < tolerations.length; at++) checkToleration(check, tolerations[at]!, index(field, at))
}

function checkToleration(check: Check, toleration: Obj, field: Field): void {
  const key = text(toleration, 'key')
  const operator = text(toleration, 'operator')
  const value = text(toleration, 'value')
  const effect = text(toleration, 'effect')
  const place = child(field, 'operator')
  if (key !== '') checkLabelName(check, key, child(field, 'key'))
  else if (operator !== 'Exists')
    invalid(
      check,
      place,
      operator,
      'operator must be Exists when `key` is empty, which means "match all values and all keys"',
    )
  if (isSet(toleration, 'tolerationSeconds') && effect !== 'NoExecute')
    invalid(
      check,
      child(field, 'effect'),
      effect,
      "effect must be 'NoExecute' when `tolerationSeconds` is set",
    )
  if (operator === '' || operator === 'Equal') {
    const faults = checkLabelValue(value, lengthUnit(check))
    if (faults.length > 0) invalid(check, place, value, faults.join(';'))
  } else if (operator === 'Exists') {
    if (value !== '') invalid(check, place, value, "value must be empty when `operator` is 'Exists'")
  } else {
    // The gate for comparisons is off, yet since 1.35 the message lists them when one is asked for.
    const compares = check.minor >= 35 && (operator === 'Gt' || operator === 'Lt')
    notSupported(check, place, operator, compares ? ['Equal', 'Exists', 'Lt', 'Gt'] : ['Equal', 'Exists'])
  }
  if (effect !== '') checkTaintEffect(check, effect, child(field, 'effect'))
}
