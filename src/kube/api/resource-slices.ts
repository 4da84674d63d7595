/** What drivers publish of their devices: `pkg/apis/resource/validation`. */
import { checkDns1123Subdomain, checkLabelValue, countBytes } from '../values/names.ts'
import { toQuantity, ZERO_QUANTITY } from '../values/quantity.ts'
import { checkNodeSelector } from './affinity.ts'
import { checkRequestPolicy } from './capacity-policy.ts'
import {
  checkAttributeName,
  checkDeviceEffect,
  checkLabelText,
  checkPoolName,
  checkSet,
  checkSlice,
  shortKey,
} from './device-names.ts'
import {
  type Check,
  child,
  descend,
  duplicate,
  type Field,
  forbidden,
  index,
  invalid,
  invalids,
  ROOT,
  required,
  tooLong,
  tooMany,
  warn,
} from './field.ts'
import { checkLabelName, forEachRepeated, IMMUTABLE, requireText } from './field-checks.ts'
import { asStruct } from './go-struct.ts'
import { quote } from './go-text.ts'
import { CLUSTER, checkObjectMetadata, type MetadataRules } from './metadata.ts'
import {
  count,
  isSet,
  isTrue,
  number,
  type Obj,
  object,
  objects,
  text,
  texts,
  toFlag,
  toObject,
  toText,
} from './object.ts'
import { checkDriverName } from './volume-sources.ts'

const SPEC = child(ROOT, 'spec')
const DEVICES_LIMIT = 128
const ADVANCED_LIMIT = 64
const COUNTER_SETS_LIMIT = 8
const COUNTERS_LIMIT = 32
const WHICH_NODES =
  'exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required'

/** `ValidateResourceSlice`, `ValidateResourceSliceUpdate`. */
export function checkResourceSlice(check: Check, of: Obj, old: Obj | undefined): void {
  if (text(of, 'apiVersion').endsWith('/v1beta1')) return
  checkObjectMetadata(check, of, old, SLICE_RULES)
  const spec = object(of, 'spec')
  checkDriverName(check, spec, SPEC, 'driver')
  checkPool(check, object(spec, 'pool'), child(SPEC, 'pool'))
  if (old) checkPublisher(check, spec, object(old, 'spec'))
  checkNodes(check, spec)
  const devices = objects(spec, 'devices')
  const counters = partitions(check) ? objects(spec, 'sharedCounters') : []
  if (partitions(check) && isSet(spec, 'sharedCounters') && isSet(spec, 'devices'))
    invalid(check, SPEC, '', 'only one of `sharedCounters` or `devices` is allowed')
  checkSet(
    check,
    devices,
    {
      field: child(SPEC, 'devices'),
      limit: check.minor >= 36 && devices.some(isAdvanced) ? ADVANCED_LIMIT : DEVICES_LIMIT,
      toKey: it => text(it, 'name'),
      keyName: 'name',
    },
    (it, field) => checkDevice(check, it, field, isTrue(spec, 'perDeviceNodeSelection') ? 'device' : 'slice'),
  )
  checkSet(
    check,
    counters,
    {
      field: child(SPEC, 'sharedCounters'),
      limit: COUNTER_SETS_LIMIT,
      toKey: it => text(it, 'name'),
      keyName: 'name',
    },
    (it, field) => checkCounters(check, it, field, 'name'),
  )
}

/** `WarningsForSlice`. */
export function warnAboutResourceSlice(check: Check, of: Obj): void {
  const driver = text(object(of, 'spec'), 'driver')
  if (check.minor >= 35 && driver !== driver.toLowerCase())
    warn(
      check,
      child(SPEC, 'driver'),
      `driver names should be lowercase; ${quote(driver)} contains uppercase characters`,
    )
}

const SLICE_RULES: MetadataRules = { ...CLUSTER, generation: 'reset' }

/** `DRAPartitionableDevices` and the other features of devices are on since 1.36; before, their fields are dropped. */
const partitions = (check: Check): boolean => check.minor >= 36

const isAdvanced = (device: Obj): boolean =>
  count(device, 'taints') > 0 || count(device, 'consumesCounters') > 0

/** `validateResourcePool`. */
function checkPool(check: Check, pool: Obj, field: Field): void {
  checkPoolName(check, pool, field)
  const slices = number(pool, 'resourceSliceCount')
  if (slices <= 0) invalid(check, child(field, 'resourceSliceCount'), slices, 'must be greater than zero')
  const generation = number(pool, 'generation')
  if (generation < 0)
    invalid(check, child(field, 'generation'), generation, 'must be greater than or equal to zero')
}

/** What an update may not change. */
function checkPublisher(check: Check, spec: Obj, old: Obj): void {
  const pool = text(object(spec, 'pool'), 'name')
  if (pool !== text(object(old, 'pool'), 'name'))
    invalid(check, descend(SPEC, 'pool', 'name'), pool, IMMUTABLE)
  for (const name of ['driver', 'nodeName'])
    if ((spec[name] ?? null) !== (old[name] ?? null))
      invalid(check, child(SPEC, name), spec[name] ?? (name === 'driver' ? '' : null), IMMUTABLE)
}

/** Which nodes have the devices: exactly one way of saying so. */
function checkNodes(check: Check, spec: Obj): void {
  const set: string[] = []
  const node = toText(spec, 'nodeName')
  if (node === '')
    invalid(check, child(SPEC, 'nodeName'), node, 'must be either unset or set to a non-empty string')
  else if (node !== undefined) {
    set.push('`nodeName`')
    invalids(check, child(SPEC, 'nodeName'), node, checkDns1123Subdomain(node))
  }
  const selector = toObject(spec, 'nodeSelector')
  if (selector) {
    set.push('`nodeSelector`')
    checkNodeSelector(check, selector, child(SPEC, 'nodeSelector'))
    const terms = objects(selector, 'nodeSelectorTerms')
    if (terms.length !== 1)
      invalid(
        check,
        descend(SPEC, 'nodeSelector', 'nodeSelectorTerms'),
        isSet(selector, 'nodeSelectorTerms') ? asStruct('[]NodeSelectorTerm', terms) : null,
        'must have exactly one node selector term',
      )
  }
  for (const name of partitions(check) ? ['allNodes', 'perDeviceNodeSelection'] : ['allNodes'])
    if (checkOnlyTrue(check, spec, SPEC, name)) set.push(`\`${name}\``)
  if (set.length === 0) required(check, SPEC, WHICH_NODES)
  if (set.length > 1)
    invalid(check, SPEC, `{${set.join(', ')}}`, `${WHICH_NODES}, but multiple fields are set`)
}

/** Whether a flag is set that may not be false. */
function checkOnlyTrue(check: Check, of: Obj, field: Field, name: string): boolean {
  const flag = toFlag(of, name)
  if (flag === false) invalid(check, child(field, name), flag, 'must be either unset or set to true')
  return flag === true
}

/** `validateCounterSet`, `validateDeviceCounterConsumption`. */
function checkCounters(check: Check, of: Obj, field: Field, name: string): void {
  const set = requireText(check, of, field, name)
  if (set !== '') checkLabelText(check, set, child(field, name))
  const counters = object(of, 'counters')
  const place = child(field, 'counters')
  const names = Object.keys(counters)
  if (names.length === 0) required(check, place)
  else if (names.length > COUNTERS_LIMIT) tooMany(check, place, names.length, COUNTERS_LIMIT)
  else for (const it of names) checkLabelText(check, it, place)
}

/** Where the nodes of devices are chosen. */
type Chosen = 'slice' | 'device'

const ATTRIBUTES_LIMIT = 32
const TAINTS_LIMIT = 16
const CONSUMPTIONS_LIMIT = 2
const KEY_LIMIT = 63 + 1 + 32

/** `validateDevice`. */
function checkDevice(check: Check, device: Obj, field: Field, chosen: Chosen): void {
  checkLabelText(check, text(device, 'name'), child(field, 'name'))
  const attributes = object(device, 'attributes')
  const capacity = object(device, 'capacity')
  const total = Object.keys(attributes).length + Object.keys(capacity).length
  if (total > ATTRIBUTES_LIMIT)
    invalid(
      check,
      field,
      total,
      `the total number of attributes and capacities must not exceed ${ATTRIBUTES_LIMIT}`,
    )
  for (const name in attributes) {
    const place = shortKey(child(field, 'attributes'), name, KEY_LIMIT)
    checkAttributeName(check, name, check.minor >= 35 ? child(field, 'attributes') : place)
    checkAttribute(check, object(attributes, name), place)
  }
  const isShared = isTrue(device, 'allowMultipleAllocations')
  for (const name in capacity) {
    const place = shortKey(child(field, 'capacity'), name, KEY_LIMIT)
    checkAttributeName(check, name, check.minor >= 35 ? child(field, 'capacity') : place)
    if (check.minor >= 36) checkCapacity(check, object(capacity, name), place, isShared ? 'shared' : 'single')
  }
  if (check.minor < 36) return
  checkSlice(
    check,
    objects(device, 'taints'),
    { field: child(field, 'taints'), limit: TAINTS_LIMIT },
    (it, place) => checkDeviceTaint(check, it, place),
  )
  checkSet(
    check,
    objects(device, 'consumesCounters'),
    {
      field: child(field, 'consumesCounters'),
      limit: CONSUMPTIONS_LIMIT,
      toKey: it => text(it, 'counterSet'),
      keyName: 'counterSet',
    },
    (it, place) => checkCounters(check, it, place, 'counterSet'),
  )
  checkDeviceNodes(check, device, field, chosen)
  checkBinding(check, device, field)
}

const WHICH_DEVICE_NODES =
  'exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to true in the ResourceSlice spec'

function checkDeviceNodes(check: Check, device: Obj, field: Field, chosen: Chosen): void {
  if (chosen === 'slice') {
    if (isSet(device, 'nodeName') || isSet(device, 'nodeSelector') || isSet(device, 'allNodes'))
      invalid(
        check,
        field,
        null,
        '`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec',
      )
    return
  }
  const set: string[] = []
  const node = toText(device, 'nodeName')
  if (node === '') invalid(check, child(field, 'nodeName'), node, 'must not be empty')
  else if (node !== undefined) {
    set.push('`nodeName`')
    invalids(check, child(field, 'nodeName'), node, checkDns1123Subdomain(node))
  }
  const selector = toObject(device, 'nodeSelector')
  if (selector) {
    set.push('`nodeSelector`')
    checkNodeSelector(check, selector, child(field, 'nodeSelector'))
  }
  if (checkOnlyTrue(check, device, field, 'allNodes')) set.push('`allNodes`')
  if (set.length === 0) required(check, field, WHICH_DEVICE_NODES)
  if (set.length > 1) invalid(check, field, `{${set.join(', ')}}`, WHICH_DEVICE_NODES)
}

const SEMVER_RE =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?$/
const VALUE_LIMIT = 64
const ONE_VALUE = 'exactly one value must be specified'

/** `validateDeviceAttribute`. Lists are an alpha feature, and dropped. */
function checkAttribute(check: Check, attribute: Obj, field: Field): void {
  const text = toText(attribute, 'string')
  if (text !== undefined && countBytes(text) > VALUE_LIMIT)
    tooLong(check, child(field, 'string'), VALUE_LIMIT)
  const version = toText(attribute, 'version')
  if (version !== undefined) {
    const place = child(field, 'version')
    if (!SEMVER_RE.test(version))
      invalid(check, place, version, 'must be a string compatible with semver.org spec 2.0.0')
    if (countBytes(version) > VALUE_LIMIT) tooLong(check, place, VALUE_LIMIT)
  }
  const values = ['bool', 'int', 'string', 'version'].filter(it => isSet(attribute, it)).length
  const layout = check.minor >= 36 ? 'DeviceAttribute' : 'DeviceAttribute34'
  if (values === 0 && check.minor >= 35) invalid(check, field, '', ONE_VALUE)
  if (values === 0 && check.minor <= 34) required(check, field, ONE_VALUE)
  if (values > 1) invalid(check, field, asStruct(layout, attribute), ONE_VALUE)
}

/** `validateMultiAllocatableDeviceCapacity`, `validateSingleAllocatableDeviceCapacity`. */
function checkCapacity(check: Check, capacity: Obj, field: Field, use: 'shared' | 'single'): void {
  const policy = toObject(capacity, 'requestPolicy')
  if (!policy) return
  const place = child(field, 'requestPolicy')
  if (use === 'single') forbidden(check, place, 'allowMultipleAllocations must be true')
  else checkRequestPolicy(check, toQuantity(capacity.value) ?? ZERO_QUANTITY, policy, place)
}

/** `validateDeviceTaint`. */
function checkDeviceTaint(check: Check, taint: Obj, field: Field): void {
  checkLabelName(check, text(taint, 'key'), child(field, 'key'))
  const value = text(taint, 'value')
  if (value !== '') invalids(check, child(field, 'value'), value, checkLabelValue(value))
  requireText(check, taint, field, 'effect')
  checkDeviceEffect(check, taint, field)
}

const CONDITIONS_LIMIT = 4

/** `validateDeviceBindingParameters`. */
function checkBinding(check: Check, device: Obj, field: Field): void {
  const lists = ['bindingConditions', 'bindingFailureConditions'] as const
  const [conditions, failures] = lists.map(it => texts(device, it)) as [readonly string[], readonly string[]]
  for (const name of lists)
    checkSlice(
      check,
      texts(device, name),
      { field: child(field, name), limit: CONDITIONS_LIMIT },
      (it, place) => checkLabelName(check, it, place),
    )
  const first = child(field, 'bindingConditions')
  const second = child(field, 'bindingFailureConditions')
  forEachRepeated(conditions, (at, it) => duplicate(check, index(first, at), it))
  for (const [at, it] of failures.entries()) {
    if (failures.indexOf(it) < at) duplicate(check, index(second, at), it)
    if (conditions.includes(it))
      invalid(
        check,
        index(second, at),
        it,
        'bindingFailureConditions must not overlap with bindingConditions',
      )
  }
  if (conditions.length === 0 && failures.length > 0)
    invalid(
      check,
      first,
      device.bindingConditions ?? null,
      'bindingConditions are required to use bindingFailureConditions',
    )
  if (failures.length === 0 && conditions.length > 0)
    invalid(
      check,
      second,
      device.bindingFailureConditions ?? null,
      'bindingFailureConditions are required to use bindingConditions',
    )
}
