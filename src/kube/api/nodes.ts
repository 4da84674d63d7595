/** Nodes, namespaces, runtime and priority classes, leases. */
import { checkCidr, isIp6, toCidr } from '../values/ip.ts'
import { checkDns1123Label, checkLabelValue, checkQualifiedName } from '../values/names.ts'
import { checkTaintEffect, checkTolerations } from './affinity.ts'
import {
  addCause,
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
  key,
  ROOT,
  renamed,
  required,
  warn,
} from './field.ts'
import {
  checkEnum,
  checkLabelName,
  checkLabels,
  checkNotNegative,
  IMMUTABLE,
  lengthUnit,
} from './field-checks.ts'
import { parseGoJson } from './go-json.ts'
import { asStruct } from './go-struct.ts'
import {
  CLUSTER,
  checkObjectMetadata,
  finalName,
  type MetadataRules,
  NAMESPACED,
  STANDARD_FINALIZERS,
} from './metadata.ts'
import {
  isObj,
  isSet,
  isTrue,
  lookup,
  number,
  type Obj,
  object,
  objects,
  text,
  texts,
  toNumber,
  toText,
} from './object.ts'
import { checkOverhead, ipStrictness } from './pod-spec.ts'
import { NODE_LABELS } from './pod-warnings.ts'
import { checkResourceValue, toResourceList } from './resources.ts'
import { warnAboutCidr } from './services.ts'

const SPEC = child(ROOT, 'spec')

/** `ValidateNode`. */
export function checkNode(check: Check, of: Obj, old: Obj | undefined): void {
  checkObjectMetadata(check, of, old, CLUSTER)
  const spec = object(of, 'spec')
  const before = old && object(old, 'spec')
  if (before) checkNodeUpdate(check, spec, before)
  checkNodeAnnotations(check, object(object(of, 'metadata'), 'annotations'))
  // The server names the metadata here.
  checkTaints(check, objects(spec, 'taints'), child(renamed(ROOT, 'metadata', 'spec'), 'taints'))
  const status = object(of, 'status')
  // What is allocatable defaults to all there is.
  for (const list of ['capacity', 'allocatable'])
    for (const [name, value] of toResourceList(status, isSet(status, list) ? list : 'capacity'))
      checkResourceValue(check, name, value, descend(ROOT, 'status', list, name))
  const cidrs = podCidrsOf(spec)
  const field = child(SPEC, 'podCIDRs')
  for (const [at, cidr] of cidrs.entries())
    invalids(check, index(field, at), cidr, checkCidr(cidr, ipStrictness(check)))
  if (cidrs.length < 2) return
  const broken = cidrs.findIndex(it => !toCidr(it))
  if (broken >= 0)
    addCause(
      check,
      'InternalError',
      field,
      `Internal error: invalid PodCIDRs. failed to check with dual stack with error:invalid CIDR[${broken}]: <nil> (invalid CIDR address: ${cidrs[broken]})`,
    )
  if (!isDualStack(cidrs))
    invalid(check, field, cidrs, 'may specify no more than one CIDR for each IP family')
}

function isDualStack(cidrs: readonly string[]): boolean {
  const families = cidrs.map(it => toCidr(it)).map(it => it !== undefined && isIp6(it.ip))
  return cidrs.length === 2 && families.includes(true) && families.includes(false)
}

/** `podCIDR` wins over a list that begins otherwise. */
function podCidrsOf(spec: Obj): readonly string[] {
  const listed = texts(spec, 'podCIDRs')
  const single = text(spec, 'podCIDR')
  return single !== '' && listed[0] !== single ? [single] : listed
}

/** `ValidateNodeUpdate`: what the cloud has assigned stays. */
function checkNodeUpdate(check: Check, spec: Obj, old: Obj): void {
  const before = podCidrsOf(old)
  const now = podCidrsOf(spec)
  if (before.length > 0) {
    if (before.length !== now.length)
      forbidden(check, child(SPEC, 'podCIDRs'), 'node updates may not change podCIDR except from "" to valid')
    else
      for (const [at, cidr] of now.entries())
        if (cidr !== before[at])
          forbidden(
            check,
            child(SPEC, 'podCIDRs'),
            'node updates may not change podCIDR except from "" to valid',
          )
  }
  if (text(old, 'providerID') !== '' && text(old, 'providerID') !== text(spec, 'providerID'))
    forbidden(
      check,
      child(SPEC, 'providerID'),
      'node updates may not change providerID except from "" to valid',
    )
  if (text(old, 'externalID') !== text(spec, 'externalID'))
    forbidden(check, child(SPEC, 'externalID'), 'may not be updated')
}

const TAINTS = 'scheduler.alpha.kubernetes.io/taints'
const AVOID_PODS = 'scheduler.alpha.kubernetes.io/preferAvoidPods'

/** `ValidateNodeSpecificAnnotations`. */
function checkNodeAnnotations(check: Check, annotations: Obj): void {
  const field = descend(ROOT, 'metadata', 'annotations')
  const taints = lookup(annotations, TAINTS)
  if (taints) {
    const parsed = parseGoJson(taints)
    if (typeof parsed === 'string') invalid(check, field, TAINTS, parsed)
    else checkTaints(check, objects({ taints: parsed.value }, 'taints'), child(field, TAINTS))
  }
  const avoided = lookup(annotations, AVOID_PODS)
  if (!avoided) return
  const parsed = parseGoJson(avoided)
  if (typeof parsed === 'string') {
    invalid(check, renamed(field, 'AvoidPods', AVOID_PODS), AVOID_PODS, parsed)
    return
  }
  const list = isObj(parsed.value) ? objects(parsed.value, 'preferAvoidPods') : []
  for (const [at, it] of list.entries()) {
    const place = child(index(child(field, AVOID_PODS), at), 'PodSignature')
    const controller = object(it, 'podSignature').podController
    if (!isObj(controller)) required(check, place)
    else if (!isTrue(controller, 'controller'))
      invalid(check, descend(place, 'PodController', 'Controller'), false, 'must point to a controller')
  }
}

/** `validateNodeTaints`. */
function checkTaints(check: Check, taints: readonly Obj[], field: Field): void {
  const seen = new Set<string>()
  for (const [at, taint] of taints.entries()) {
    const place = index(field, at)
    const name = text(taint, 'key')
    checkLabelName(check, name, child(place, 'key'))
    const value = text(taint, 'value')
    const faults = checkLabelValue(value, lengthUnit(check))
    if (faults.length > 0) invalid(check, child(place, 'value'), value, faults.join(';'))
    const effect = text(taint, 'effect')
    if (effect === '') required(check, child(place, 'effect'))
    else checkTaintEffect(check, effect, child(place, 'effect'))
    const identity = `${effect} ${name}`
    if (seen.has(identity))
      duplicate(check, place, asStruct('Taint', taint), 'taints must be unique by key and effect pair')
    seen.add(identity)
  }
}

export function warnAboutNode(check: Check, of: Obj): void {
  const spec = object(of, 'spec')
  if (text(spec, 'externalID') !== '')
    check.warnings.push('spec.externalID: this field is deprecated, and is unused by Kubernetes')
  for (const [at, cidr] of podCidrsOf(spec).entries())
    warnAboutCidr(check, cidr, index(child(SPEC, 'podCIDRs'), at))
}

const NAMESPACE: MetadataRules = { ...CLUSTER, checkName: checkDns1123Label }

/** `ValidateNamespace`. */
export function checkNamespace(check: Check, of: Obj, old: Obj | undefined): void {
  checkObjectMetadata(check, withNameLabel(of), old, NAMESPACE)
  if (!old) checkNamespaceFinalizers(check, of)
  // Admission looks at what validation has passed.
  if (check.causes.length === 0) checkPodSecurityLabels(check, object(object(of, 'metadata'), 'labels'))
}

/** The server labels namespaces with their names. */
function withNameLabel(namespace: Obj): Obj {
  const metadata = object(namespace, 'metadata')
  const name = text(metadata, 'name')
  if (name === '') return namespace
  const labels = { ...object(metadata, 'labels'), 'kubernetes.io/metadata.name': name }
  return { ...namespace, metadata: { ...metadata, labels } }
}

const LEVELS: ReadonlySet<string> = new Set(['privileged', 'baseline', 'restricted'])

/** Labels that Pod Security admission reads (`api.PolicyToEvaluate`). */
function checkPodSecurityLabels(check: Check, labels: Obj): void {
  for (const mode of ['enforce', 'audit', 'warn']) {
    const label = `pod-security.kubernetes.io/${mode}`
    const level = lookup(labels, label)
    const place = (name: string): Field => key(descend(ROOT, 'metadata', 'labels'), name)
    if (level !== undefined && !LEVELS.has(level))
      invalid(check, place(label), level, 'must be one of privileged, baseline, restricted')
    const version = lookup(labels, `${label}-version`)
    if (version !== undefined && !/^(?:latest|v1\.(?:0|[1-9]\d*))$/.test(version))
      invalid(check, place(`${label}-version`), version, 'must be "latest" or "v1.x"')
  }
}

function checkNamespaceFinalizers(check: Check, of: Obj): void {
  const field = child(SPEC, 'finalizers')
  for (const [at, name] of texts(object(of, 'spec'), 'finalizers').entries()) {
    invalids(check, hidden(field, at), name, checkQualifiedName(name, lengthUnit(check)))
    if (!name.includes('/') && !STANDARD_FINALIZERS.has(name))
      invalid(
        check,
        hidden(field, at),
        name,
        'name is neither a standard finalizer name nor is it fully qualified',
      )
  }
}

const RUNTIME: MetadataRules = { ...CLUSTER, finalizers: 'any' }

/** `ValidateRuntimeClass`, `ValidateRuntimeClassUpdate`. */
export function checkRuntimeClass(check: Check, of: Obj, old: Obj | undefined): void {
  checkObjectMetadata(check, of, old, RUNTIME)
  const handler = text(of, 'handler')
  const field = child(ROOT, 'handler')
  if (old) {
    if (handler !== text(old, 'handler')) invalid(check, field, handler, IMMUTABLE)
  }
  if (handler === '' && check.minor >= 35) required(check, field)
  else invalids(check, field, handler, checkDns1123Label(handler))
  if (isObj(of.overhead)) checkOverhead(check, object(of.overhead, 'podFixed'), child(ROOT, 'overhead'))
  const scheduling = of.scheduling
  if (!isObj(scheduling)) return
  const place = child(ROOT, 'scheduling')
  if (isObj(scheduling.nodeSelector))
    checkLabels(check, scheduling.nodeSelector, child(place, 'nodeSelector'))
  const tolerations = objects(scheduling, 'tolerations')
  const list = child(place, 'tolerations')
  // Up to 1.34 the name stood there twice.
  const shown = check.minor >= 35 ? list : renamed(list, 'tolerations')
  checkTolerations(check, tolerations, shown)
  const seen = new Set<string>()
  for (const [at, it] of tolerations.entries()) {
    const identity = JSON.stringify(['key', 'operator', 'value', 'effect'].map(name => text(it, name)))
    if (seen.has(identity)) duplicate(check, index(shown, at), asStruct('Toleration', it))
    seen.add(identity)
  }
}

export function warnAboutRuntimeClass(check: Check, of: Obj): void {
  for (const label in object(object(of, 'scheduling'), 'nodeSelector')) {
    const message = NODE_LABELS.get(label)
    if (message !== undefined) warn(check, descend(ROOT, 'scheduling', 'nodeSelector'), message)
  }
}

const PRIORITY: MetadataRules = { ...CLUSTER, generation: 'reset' }
const SYSTEM_CLASSES: ReadonlyMap<string, number> = new Map([
  ['system-node-critical', 2000001000],
  ['system-cluster-critical', 2000000000],
])

/** `ValidatePriorityClass`, `ValidatePriorityClassUpdate`. */
export function checkPriorityClass(check: Check, of: Obj, old: Obj | undefined): void {
  checkObjectMetadata(check, of, old, PRIORITY)
  const value = number(of, 'value')
  const policy = (it: Obj): string => toText(it, 'preemptionPolicy') ?? 'PreemptLowerPriority'
  if (old) {
    if (value !== number(old, 'value'))
      forbidden(check, child(ROOT, 'value'), 'may not be changed in an update.')
    if (policy(of) !== policy(old)) invalid(check, child(ROOT, 'preemptionPolicy'), policy(of), IMMUTABLE)
    return
  }
  const name = finalName(object(of, 'metadata'))
  if (name.startsWith('system-')) {
    const fault = findSystemFault(of, name, value)
    if (fault !== undefined)
      forbidden(
        check,
        descend(ROOT, 'metadata', 'name'),
        `priority class names with 'system-' prefix are reserved for system use only. error: ${fault}`,
      )
  } else if (value > 1000000000)
    forbidden(check, child(ROOT, 'value'), 'maximum allowed value of a user defined priority is 1000000000')
  const preemption = toText(of, 'preemptionPolicy')
  if (preemption === '') required(check, child(ROOT, 'preemptionPolicy'))
  else checkEnum(check, of, { field: ROOT, name: 'preemptionPolicy' }, ['PreemptLowerPriority', 'Never'])
}

/** `IsKnownSystemPriorityClass`. */
function findSystemFault(of: Obj, name: string, value: number): string | undefined {
  const known = SYSTEM_CLASSES.get(name)
  if (known === undefined) return `${name} is not a known system priority class`
  if (value !== known) return `value of ${name} PriorityClass must be ${known}`
  if (isTrue(of, 'globalDefault')) return `globalDefault of ${name} PriorityClass must be false`
  return undefined
}

/** `ValidateLease`. The gate for coordinated leases is off, so that their fields are dropped unseen. */
export function checkLease(check: Check, of: Obj, old: Obj | undefined): void {
  checkObjectMetadata(check, of, old, LEASE)
  const spec = object(of, 'spec')
  const duration = toNumber(spec, 'leaseDurationSeconds')
  if (duration !== undefined && duration <= 0)
    invalid(check, child(SPEC, 'leaseDurationSeconds'), duration, 'must be greater than 0')
  checkNotNegative(check, spec, SPEC, 'leaseTransitions')
}

const LEASE: MetadataRules = { ...NAMESPACED, finalizers: 'any' }
