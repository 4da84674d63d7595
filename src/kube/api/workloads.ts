/** Deployments, replica sets, daemon sets, replication controllers, pod templates, controller revisions. */
import { checkDns1123Label, checkDns1123Subdomain, type Faults } from '../values/names.ts'
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
import { checkNotNegative, IMMUTABLE } from './field-checks.ts'
import { asStruct } from './go-struct.ts'
import { checkObjectMetadata, finalName, type MetadataRules, NAMESPACED } from './metadata.ts'
import { isObj, number, type Obj, object, text, toNumber, toObject } from './object.ts'
import { checkPodTemplate, formatNameWarning } from './pod.ts'
import { warnPod } from './pod-warnings.ts'
import { isSame } from './semantic-equal.ts'
import { withTemplateLabels } from './template-labels.ts'
import {
  checkAtMostAll,
  checkCountOrPercent,
  checkForever,
  checkSelector,
  countOr,
  countOrPercent,
  refuseMismatch,
  selectsTemplate,
  shownSelector,
} from './workload-rules.ts'

export const SUBDOMAIN_METADATA: MetadataRules = { ...NAMESPACED, generation: 'reset' }

const SPEC = child(ROOT, 'spec')
const TEMPLATE = child(SPEC, 'template')

/** `ValidateDeployment`, `ValidateDeploymentUpdate`. */
export function checkDeployment(check: Check, of: Obj, old: Obj | undefined): void {
  checkObjectMetadata(check, of, old, SUBDOMAIN_METADATA)
  const spec = object(of, 'spec')
  checkNotNegative(check, spec, SPEC, 'replicas')
  checkReplicaTemplate(check, spec)
  checkStrategy(check, object(spec, 'strategy'), child(SPEC, 'strategy'))
  checkNotNegative(check, spec, SPEC, 'minReadySeconds')
  checkNotNegative(check, spec, SPEC, 'revisionHistoryLimit')
  checkNotNegative(check, spec, SPEC, 'progressDeadlineSeconds')
  const deadline = toNumber(spec, 'progressDeadlineSeconds') ?? 600
  if (deadline <= number(spec, 'minReadySeconds'))
    invalid(check, child(SPEC, 'progressDeadlineSeconds'), deadline, 'must be greater than minReadySeconds')
  if (old) checkSameSelector(check, spec, object(old, 'spec'))
}

/** `ValidateReplicaSet`, `ValidateReplicaSetUpdate`. */
export function checkReplicaSet(check: Check, of: Obj, old: Obj | undefined): void {
  checkObjectMetadata(check, of, old, SUBDOMAIN_METADATA)
  const spec = object(of, 'spec')
  checkNotNegative(check, spec, SPEC, 'replicas')
  checkNotNegative(check, spec, SPEC, 'minReadySeconds')
  checkReplicaTemplate(check, spec)
  if (old) checkSameSelector(check, spec, object(old, 'spec'))
}

function checkSameSelector(check: Check, spec: Obj, old: Obj): void {
  if (!isSame(spec.selector, old.selector))
    invalid(check, child(SPEC, 'selector'), shownSelector(spec), IMMUTABLE)
}

/** The selector and `ValidatePodTemplateSpecForReplicaSet`. Replica sets speak of deployments too. */
function checkReplicaTemplate(check: Check, spec: Obj): void {
  const field = child(SPEC, 'selector')
  if (!isObj(spec.selector)) required(check, field)
  const state = checkSelector(check, spec, SPEC)
  if (isObj(spec.selector) && isEmpty(spec.selector))
    invalid(check, field, shownSelector(spec), 'empty selector is invalid for deployment')
  if (state === 'broken') {
    invalid(check, field, shownSelector(spec), 'invalid label selector')
    return
  }
  const template = object(spec, 'template')
  if (state !== 'everything' && !selectsTemplate(spec, template)) refuseMismatch(check, template, TEMPLATE)
  checkPodTemplate(check, template, TEMPLATE)
  checkForever(check, template, TEMPLATE, 'ReplicaSet')
}

const isEmpty = (selector: Obj): boolean =>
  Object.keys(object(selector, 'matchLabels')).length === 0 &&
  (!Array.isArray(selector.matchExpressions) || selector.matchExpressions.length === 0)

/** `ValidateDeploymentStrategy`. */
function checkStrategy(check: Check, strategy: Obj, field: Field): void {
  const type = text(strategy, 'type') || 'RollingUpdate'
  const place = child(field, 'rollingUpdate')
  if (type === 'Recreate') {
    if (isObj(strategy.rollingUpdate))
      forbidden(check, place, "may not be specified when strategy `type` is 'Recreate'")
  } else if (type === 'RollingUpdate') {
    const rolling = object(strategy, 'rollingUpdate')
    const unavailable = countOr(rolling, 'maxUnavailable', '25%')
    const surge = countOr(rolling, 'maxSurge', '25%')
    checkCountOrPercent(check, unavailable, child(place, 'maxUnavailable'))
    checkCountOrPercent(check, surge, child(place, 'maxSurge'))
    if (countOrPercent(unavailable) === 0 && countOrPercent(surge) === 0)
      invalid(check, child(place, 'maxUnavailable'), unavailable, 'may not be 0 when `maxSurge` is 0')
    checkAtMostAll(check, unavailable, child(place, 'maxUnavailable'))
  } else notSupported(check, field, asStruct('DeploymentStrategy', strategy), ['Recreate', 'RollingUpdate'])
}

/** `ValidateDaemonSet`, `ValidateDaemonSetUpdate`. */
export function checkDaemonSet(check: Check, of: Obj, old: Obj | undefined): void {
  checkObjectMetadata(check, of, old, SUBDOMAIN_METADATA)
  const spec = object(of, 'spec')
  if (old) checkSameSelector(check, spec, object(old, 'spec'))
  const template = object(spec, 'template')
  const state = checkSelector(check, spec, SPEC)
  if (state === 'nothing' || (state === 'some' && !selectsTemplate(spec, template)))
    refuseMismatch(check, template, TEMPLATE)
  if (isObj(spec.selector) && isEmpty(spec.selector))
    invalid(check, child(SPEC, 'selector'), shownSelector(spec), 'empty selector is invalid for daemonset')
  checkPodTemplate(check, template, TEMPLATE)
  checkForever(check, template, TEMPLATE, 'DaemonSet')
  checkNotNegative(check, spec, SPEC, 'minReadySeconds')
  checkUpdateStrategy(check, object(spec, 'updateStrategy'), child(SPEC, 'updateStrategy'))
  checkNotNegative(check, spec, SPEC, 'revisionHistoryLimit')
}

/** `ValidateDaemonSetUpdateStrategy`. */
function checkUpdateStrategy(check: Check, strategy: Obj, field: Field): void {
  const type = text(strategy, 'type') || 'RollingUpdate'
  if (type === 'OnDelete') return
  if (type !== 'RollingUpdate') {
    notSupported(check, field, asStruct('DaemonSetUpdateStrategy', strategy), ['RollingUpdate', 'OnDelete'])
    return
  }
  const rolling = object(strategy, 'rollingUpdate')
  const unavailable = countOr(rolling, 'maxUnavailable', 1)
  const surge = countOr(rolling, 'maxSurge', 0)
  const unavailableField = descend(field, 'rollingUpdate', 'maxUnavailable')
  const surgeField = descend(field, 'rollingUpdate', 'maxSurge')
  checkCountOrPercent(check, unavailable, unavailableField)
  checkCountOrPercent(check, surge, surgeField)
  checkAtMostAll(check, unavailable, unavailableField)
  checkAtMostAll(check, surge, surgeField)
  const hasUnavailable = countOrPercent(unavailable) !== 0
  const hasSurge = countOrPercent(surge) !== 0
  if (hasUnavailable && hasSurge)
    invalid(check, surgeField, surge, 'may not be set when maxUnavailable is non-zero')
  else if (!hasUnavailable && !hasSurge) required(check, unavailableField, 'cannot be 0 when maxSurge is 0')
}

/** Since 1.35 the name is checked by a declared rule: limits are of bytes, and nobody looks at `generateName`. */
const CONTROLLER_METADATA: MetadataRules = {
  ...SUBDOMAIN_METADATA,
  declared: 35,
  checkName: (name, check) => inBytes(checkDns1123Subdomain(name), check.minor >= 35),
}

const inBytes = (faults: Faults, isDeclared: boolean): Faults =>
  isDeclared ? faults.map(it => it.replace(/^(must be no more than \d+) characters/, '$1 bytes')) : faults

/** `ValidateReplicationController`. Without a selector it selects what its template makes. */
export function checkReplicationController(check: Check, of: Obj, old: Obj | undefined): void {
  const spec = object(of, 'spec')
  checkObjectMetadata(check, withTemplateLabels(of, object(spec, 'template')), old, CONTROLLER_METADATA)
  const template = toObject(spec, 'template')
  checkNotNegative(check, spec, SPEC, 'minReadySeconds')
  const written = object(spec, 'selector')
  const labels = object(object(template ?? {}, 'metadata'), 'labels')
  const selector = Object.keys(written).length > 0 ? written : labels
  const isWanting = Object.keys(selector).length === 0
  if (isWanting) required(check, child(SPEC, 'selector'))
  checkNotNegative(check, spec, SPEC, 'replicas')
  if (!template) {
    required(check, TEMPLATE)
    return
  }
  const matches = Object.keys(selector).every(it => Object.hasOwn(labels, it) && labels[it] === selector[it])
  if (!isWanting && !matches) refuseMismatch(check, template, TEMPLATE)
  checkPodTemplate(check, template, TEMPLATE)
  checkForever(check, template, TEMPLATE, 'ReplicationController')
}

/** `ValidatePodTemplate`. */
export function checkPodTemplateObject(check: Check, of: Obj, old: Obj | undefined): void {
  checkObjectMetadata(check, of, old, SUBDOMAIN_METADATA)
  checkPodTemplate(check, object(of, 'template'), child(ROOT, 'template'))
}

/** `ValidateControllerRevisionCreate`, `ValidateControllerRevisionUpdate`. */
export function checkControllerRevision(check: Check, of: Obj, old: Obj | undefined): void {
  checkObjectMetadata(check, of, old, NAMESPACED)
  checkNotNegative(check, of, ROOT, 'revision')
  const { data } = of
  const field = child(ROOT, 'data')
  if (old) {
    if (!isSame(data, old.data)) invalid(check, field, data, IMMUTABLE)
  } else if (data === undefined || data === null) required(check, field, 'data is mandatory')
  else if (!isObj(data)) required(check, field, 'data must be a valid JSON object')
}

/** Warnings about a workload whose name begins those of its pods, and about its template. */
export function warnAboutWorkload(check: Check, of: Obj, old: Obj | undefined): void {
  if (!old) warnAboutPodNames(check, of)
  if (isNew(of.spec, old?.spec)) warnPod(check, object(object(of, 'spec'), 'template'), TEMPLATE, 'template')
}

/** Other annotations of a deployment count as a change of it. */
export function warnAboutDeployment(check: Check, of: Obj, old: Obj | undefined): void {
  const isAnnotated = old && !isSame(object(of, 'metadata').annotations, object(old, 'metadata').annotations)
  warnAboutWorkload(check, of, isAnnotated ? { ...old, spec: undefined } : old)
}

/** The server does not warn again of what an update leaves as it is. */
export const isNew = (now: unknown, before: unknown): boolean => before === undefined || !isSame(now, before)

export function warnAboutPodNames(check: Check, of: Obj): void {
  const name = finalName(object(of, 'metadata'))
  const faults = name === '' ? [] : checkDns1123Label(name)
  if (faults.length > 0) check.warnings.push(formatNameWarning('in Pod names and hostnames', faults))
}

/** Daemon sets' names are not looked at. */
export function warnAboutTemplate(check: Check, of: Obj, old: Obj | undefined): void {
  const { template } = object(of, 'spec')
  if (isNew(template, old && object(old, 'spec').template))
    warnPod(check, isObj(template) ? template : {}, TEMPLATE, 'template')
}

export function warnAboutPodTemplate(check: Check, of: Obj, old: Obj | undefined): void {
  if (isNew(of.template, old?.template))
    warnPod(check, object(of, 'template'), child(ROOT, 'template'), 'template')
}
