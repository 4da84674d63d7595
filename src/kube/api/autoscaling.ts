/** Horizontal pod autoscalers (`pkg/apis/autoscaling/validation`). */
import { checkDns1123Label, checkPathSegment } from '../values/names.ts'
import { formatQuantity, toQuantity } from '../values/quantity.ts'
import {
  type Check,
  child,
  descend,
  type Field,
  forbidden,
  index,
  invalid,
  invalids,
  notSupported,
  ROOT,
  renamed,
  renamedKey,
  required,
} from './field.ts'
import { checkOptionalEnum, requireText } from './field-checks.ts'
import { requireSegment } from './ingress.ts'
import { checkObjectMetadata, NAMESPACED } from './metadata.ts'
import { isObj, isSet, number, type Obj, object, objects, text, toNumber } from './object.ts'
import { checkContainerResourceName, checkNotNegativeQuantity } from './resources.ts'

const SPEC = child(ROOT, 'spec')

/** `ValidateHorizontalPodAutoscaler`, `ValidateHorizontalPodAutoscalerUpdate`. */
export function checkAutoscaler(check: Check, of: Obj, old: Obj | undefined): void {
  checkObjectMetadata(check, of, old, NAMESPACED)
  const spec = object(of, 'spec')
  const min = toNumber(spec, 'minReplicas') ?? 1
  const max = number(spec, 'maxReplicas')
  const before = old && object(old, 'spec')
  const lowest = before && toNumber(before, 'minReplicas') === 0 ? 0 : 1
  if (min < lowest)
    invalid(check, child(SPEC, 'minReplicas'), min, `must be greater than or equal to ${lowest}`)
  checkMaximum(check, max)
  if (max < min)
    invalid(check, child(SPEC, 'maxReplicas'), max, 'must be greater than or equal to `minReplicas`')
  checkTarget(check, object(spec, 'scaleTargetRef'), before)
  const isV2 = text(of, 'apiVersion') !== 'autoscaling/v1'
  if (isV2) checkMetrics(check, objects(spec, 'metrics'), min)
  else checkUtilization(check, spec, min)
  if (isV2 && isObj(spec.behavior)) checkBehavior(check, spec.behavior, child(SPEC, 'behavior'))
}

function checkMaximum(check: Check, max: number): void {
  const field = child(SPEC, 'maxReplicas')
  if (check.minor < 35) {
    if (max < 1) invalid(check, field, max, 'must be greater than 0')
  } else if (max === 0) required(check, field, 'must be set and greater than 0')
  else if (max < 0) invalid(check, field, max, 'must be greater than or equal to 1')
}

/** Only replication controllers live in the core group; an unchanged target is not looked at again. */
function checkTarget(check: Check, target: Obj, before: Obj | undefined): void {
  const old = before && object(before, 'scaleTargetRef')
  const isUnchanged =
    old !== undefined &&
    text(old, 'apiVersion') === text(target, 'apiVersion') &&
    text(old, 'kind') === text(target, 'kind')
  const group = text(target, 'kind') === 'ReplicationController' ? 'optional' : 'required'
  checkReference(check, target, child(SPEC, 'scaleTargetRef'), isUnchanged ? 'unchecked' : group)
}

/** `ValidateCrossVersionObjectReference`. */
function checkReference(
  check: Check,
  reference: Obj,
  field: Field,
  group: 'required' | 'optional' | 'unchecked',
): void {
  for (const name of ['kind', 'name']) requireSegment(check, reference, field, name)
  if (group === 'unchecked') return
  const apiVersion = text(reference, 'apiVersion')
  const slashes = apiVersion.split('/').length - 1
  const place = child(field, 'apiVersion')
  if (slashes > 1) invalid(check, place, apiVersion, `unexpected GroupVersion string: ${apiVersion}`)
  else if (group === 'required' && (slashes === 0 || apiVersion.startsWith('/')))
    invalid(check, place, apiVersion, 'apiVersion must specify API group')
}

/** The one metric of `autoscaling/v1`. */
function checkUtilization(check: Check, spec: Obj, min: number): void {
  const percent = toNumber(spec, 'targetCPUUtilizationPercentage')
  const list = renamed(SPEC, 'metrics', 'targetCPUUtilizationPercentage')
  const target = descend(renamedKey(list, '0'), 'resource', 'target')
  if (percent !== undefined && percent < 1)
    invalid(check, child(target, 'averageUtilization'), percent, 'must be greater than 0')
  if (min === 0) forbidden(check, list, ZERO_FAULT)
}

const ZERO_FAULT = 'must specify at least one Object or External metric to support scaling to zero replicas'
const SOURCES = ['object', 'external', 'pods', 'resource', 'containerResource'] as const
const TYPES = ['ContainerResource', 'External', 'Object', 'Pods', 'Resource']

function checkMetrics(check: Check, metrics: readonly Obj[], min: number): void {
  const list = child(SPEC, 'metrics')
  for (const [at, metric] of metrics.entries()) checkMetric(check, metric, index(list, at))
  const scalesToZero = metrics.some(it => text(it, 'type') === 'Object' || text(it, 'type') === 'External')
  if (min === 0 && !scalesToZero) forbidden(check, list, ZERO_FAULT)
}

/** `validateMetricSpec`. */
function checkMetric(check: Check, metric: Obj, field: Field): void {
  const type = text(metric, 'type')
  const place = child(field, 'type')
  const isKnown = TYPES.includes(type)
  if (type === '') required(check, place, 'must specify a metric source type')
  if (!isKnown) notSupported(check, place, type, TYPES)
  const present = SOURCES.filter(it => isObj(metric[it]))
  const first = present[0]
  if (first) checkSource(check, first, object(metric, first), child(field, first))
  const expected = isKnown ? type[0]!.toLowerCase() + type.slice(1) : ''
  if (!isKnown) notSupported(check, place, type, TYPES)
  else if (!isObj(metric[expected]))
    required(check, child(field, expected), 'must populate information for the given metric source')
  if (present.length === 1) return
  for (const source of present)
    if (source !== expected)
      forbidden(check, child(field, source), 'must populate the given metric source only')
}

function checkSource(check: Check, kind: (typeof SOURCES)[number], source: Obj, field: Field): void {
  const target = object(source, 'target')
  const place = child(field, 'target')
  const hasValue = isSet(target, 'value')
  const hasAverage = isSet(target, 'averageValue')
  if (kind === 'resource' || kind === 'containerResource') {
    checkResource(check, kind, source, field)
    return
  }
  if (kind === 'object')
    checkReference(check, object(source, 'describedObject'), child(field, 'describedObject'), 'optional')
  const name = text(object(source, 'metric'), 'name')
  const nameField = descend(field, 'metric', 'name')
  if (name === '') required(check, nameField, 'must specify a metric name')
  else invalids(check, nameField, name, checkPathSegment(name))
  checkMetricTarget(check, target, place)
  const average = child(place, 'averageValue')
  if (kind === 'pods') {
    if (!hasAverage) required(check, average, 'must specify a positive target averageValue')
  } else if (kind === 'object') {
    if (!hasValue && !hasAverage) required(check, average, 'must set either a target value or averageValue')
  } else if (!hasValue && !hasAverage)
    required(check, average, 'must set either a target value for metric or a per-pod target')
  else if (hasValue && hasAverage)
    forbidden(check, child(place, 'value'), 'may not set both a target value for metric and a per-pod target')
}

function checkResource(
  check: Check,
  kind: 'resource' | 'containerResource',
  source: Obj,
  field: Field,
): void {
  const name = requireText(check, source, field, 'name', 'must specify a resource name')
  if (kind === 'containerResource') {
    if (name !== '') checkContainerResourceName(check, name, child(field, 'name'))
    const container = requireText(check, source, field, 'container', 'must specify a container')
    if (container !== '') invalids(check, child(field, 'container'), container, checkDns1123Label(container))
  }
  const target = object(source, 'target')
  const place = child(field, 'target')
  checkMetricTarget(check, target, place)
  const hasUtilization = isSet(target, 'averageUtilization')
  const hasAverage = isSet(target, 'averageValue')
  if (!hasUtilization && !hasAverage)
    required(
      check,
      child(place, 'averageUtilization'),
      'must set either a target raw value or a target utilization',
    )
  if (hasUtilization && hasAverage)
    forbidden(
      check,
      child(place, 'averageValue'),
      'may not set both a target raw value and a target utilization',
    )
}

/** `validateMetricTarget`. */
function checkMetricTarget(check: Check, target: Obj, field: Field): void {
  const type = text(target, 'type')
  if (type === '') required(check, child(field, 'type'), 'must specify a metric target type')
  if (type !== 'Utilization' && type !== 'Value' && type !== 'AverageValue')
    invalid(check, child(field, 'type'), type, 'must be either Utilization, Value, or AverageValue')
  for (const name of ['value', 'averageValue']) {
    const value = toQuantity(target[name])
    if (value && value.nano <= 0n)
      invalid(check, child(field, name), formatQuantity(value), 'must be positive')
  }
  const utilization = toNumber(target, 'averageUtilization')
  if (utilization !== undefined && utilization < 1)
    invalid(check, child(field, 'averageUtilization'), utilization, 'must be greater than 0')
}

function checkBehavior(check: Check, behavior: Obj, field: Field): void {
  for (const name of ['scaleUp', 'scaleDown']) {
    const rules = behavior[name]
    if (isObj(rules)) checkScalingRules(check, rules, child(field, name))
  }
}

/** `validateScalingRules`. */
function checkScalingRules(check: Check, rules: Obj, field: Field): void {
  const seconds = toNumber(rules, 'stabilizationWindowSeconds')
  const place = child(field, 'stabilizationWindowSeconds')
  if (seconds !== undefined && seconds < 0)
    invalid(check, place, seconds, 'must be greater than or equal to zero')
  if (seconds !== undefined && seconds > 3600)
    invalid(check, place, seconds, 'must be less than or equal to 3600')
  checkOptionalEnum(check, rules, { field, name: 'selectPolicy' }, ['Disabled', 'Max', 'Min'])
  const list = child(field, 'policies')
  const policies = objects(rules, 'policies')
  if (isSet(rules, 'policies') && policies.length === 0)
    required(check, list, 'must specify at least one Policy')
  for (const [at, policy] of policies.entries()) checkPolicy(check, policy, index(list, at))
  const tolerance = toQuantity(rules.tolerance)
  if (tolerance && check.minor >= 35) checkNotNegativeQuantity(check, tolerance, child(field, 'tolerance'))
}

/** `validateScalingPolicy`. */
function checkPolicy(check: Check, policy: Obj, field: Field): void {
  const type = text(policy, 'type')
  if (type !== 'Pods' && type !== 'Percent')
    notSupported(check, child(field, 'type'), type, ['Percent', 'Pods'])
  for (const name of ['value', 'periodSeconds'])
    if (number(policy, name) <= 0)
      invalid(check, child(field, name), number(policy, name), 'must be greater than zero')
  const seconds = number(policy, 'periodSeconds')
  if (seconds > 1800)
    invalid(check, child(field, 'periodSeconds'), seconds, 'must be less than or equal to 1800')
}
