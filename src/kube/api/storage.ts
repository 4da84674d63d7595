/** Storage classes, volume attributes, CSI drivers and nodes, attachments, capacities. */
import { checkDns1123Subdomain, checkQualifiedName, countBytes } from '../values/names.ts'
import { toQuantity } from '../values/quantity.ts'
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
  notSupported,
  ROOT,
  renamed,
  required,
  tooLong,
  warn,
} from './field.ts'
import {
  checkEnum,
  checkLabelName,
  checkLabelSelector,
  checkNotNegative,
  checkOptionalEnum,
  forEachRepeated,
  IMMUTABLE,
  lengthUnit,
  requireText,
} from './field-checks.ts'
import { asStruct } from './go-struct.ts'
import { CLUSTER, checkMetadataUpdate, checkObjectMetadata, NAMESPACED } from './metadata.ts'
import { isObj, isSet, type Obj, object, objects, text, texts, toFlag, toNumber, toText } from './object.ts'
import { NODE_LABELS } from './pod-warnings.ts'
import { checkNotNegativeQuantity } from './resources.ts'
import { isSame } from './semantic-equal.ts'
import { checkDriverName } from './volume-sources.ts'
import { checkVolumeSpec } from './volumes.ts'

/** `ValidateStorageClass`, `ValidateStorageClassUpdate`. */
export function checkStorageClass(check: Check, of: Obj, old: Obj | undefined): void {
  checkObjectMetadata(check, of, undefined, CLUSTER)
  checkProvisioner(check, of, 'provisioner')
  checkParameters(check, of, 'optional')
  checkEnum(check, of, { field: ROOT, name: 'reclaimPolicy' }, ['Delete', 'Retain'])
  checkOptionalEnum(check, of, { field: ROOT, name: 'volumeBindingMode' }, [
    'Immediate',
    'WaitForFirstConsumer',
  ])
  checkTopologies(check, objects(of, 'allowedTopologies'), child(ROOT, 'allowedTopologies'))
  if (old) checkStorageClassUpdate(check, of, old)
}

function checkStorageClassUpdate(check: Check, of: Obj, old: Obj): void {
  checkMetadataUpdate(check, of, old, CLUSTER)
  const defaults: Readonly<Record<string, string>> = {
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'Immediate',
  }
  for (const name of ['parameters', 'provisioner', 'reclaimPolicy', 'volumeBindingMode']) {
    const now = of[name] ?? defaults[name]
    if (isSame(now ?? {}, old[name] ?? defaults[name] ?? {})) continue
    if (check.minor >= 35)
      invalid(check, child(ROOT, name), now ?? (name === 'provisioner' ? '' : null), IMMUTABLE)
    else if (name !== 'volumeBindingMode')
      forbidden(check, child(ROOT, name), `updates to ${name} are forbidden.`)
    else invalid(check, child(ROOT, name), now ?? null, IMMUTABLE)
  }
}

function checkProvisioner(check: Check, of: Obj, name: string): void {
  const value = requireText(check, of, ROOT, name)
  if (value === '') return
  const lower = value.toLowerCase()
  invalids(check, child(ROOT, name), lower, checkQualifiedName(lower, lengthUnit(check)))
}

/** `validateParameters`. */
function checkParameters(check: Check, of: Obj, need: 'optional' | 'required'): void {
  const field = child(ROOT, 'parameters')
  const parameters = object(of, 'parameters')
  const names = Object.keys(parameters)
  if (names.length > 512) {
    tooLong(check, field, 512)
    return
  }
  let size = 0
  for (const name of names) {
    if (name === '') invalid(check, field, name, 'field can not be empty.')
    size += countBytes(name) + countBytes(text(parameters, name))
  }
  if (size > 256 * 1024) tooLong(check, field, 256 * 1024)
  if (need === 'required' && names.length === 0)
    required(check, field, 'must contain at least one key/value pair')
}

/** `validateAllowedTopologies`. */
function checkTopologies(check: Check, terms: readonly Obj[], field: Field): void {
  // The server's list begins with as many empty places as there are terms, and an empty term equals each of them.
  const seen = new Set([nameTerm(new Map())])
  for (const [at, term] of terms.entries()) {
    const list = child(index(field, at), 'matchLabelExpressions')
    const expressions = new Map<string, ReadonlySet<string>>()
    for (const [position, it] of objects(term, 'matchLabelExpressions').entries()) {
      const place = index(list, position)
      const values = texts(it, 'values')
      if (values.length === 0) required(check, child(place, 'values'))
      forEachRepeated(values, (k, value) => duplicate(check, index(child(place, 'values'), k), value))
      const name = text(it, 'key')
      checkLabelName(check, name, child(place, 'key'))
      if (expressions.has(name)) duplicate(check, child(place, 'key'), name)
      expressions.set(name, new Set(values))
    }
    const name = nameTerm(expressions)
    if (seen.has(name)) duplicate(check, list, '')
    seen.add(name)
  }
}

/** One text for all terms that mean the same. */
const nameTerm = (expressions: ReadonlyMap<string, ReadonlySet<string>>): string =>
  JSON.stringify([...expressions].map(([name, values]) => [name, [...values].sort()]).sort())

export function warnAboutStorageClass(check: Check, of: Obj): void {
  for (const [at, topology] of objects(of, 'allowedTopologies').entries())
    for (const [position, it] of objects(topology, 'matchLabelExpressions').entries()) {
      const message = NODE_LABELS.get(text(it, 'key'))
      const list = child(index(child(ROOT, 'allowedTopologies'), at), 'matchLabelExpressions')
      if (message !== undefined) warn(check, child(index(list, position), 'key'), message)
    }
}

/** `ValidateVolumeAttributesClass`, `ValidateVolumeAttributesClassUpdate`. */
export function checkVolumeAttributesClass(check: Check, of: Obj, old: Obj | undefined): void {
  if (old) {
    checkObjectMetadata(check, of, old, CLUSTER)
    if (text(of, 'driverName') !== text(old, 'driverName'))
      forbidden(check, child(ROOT, 'driverName'), 'updates to driverName are forbidden.')
    if (!isSame(of.parameters ?? {}, old.parameters ?? {}))
      forbidden(check, child(ROOT, 'parameters'), 'updates to parameters are forbidden.')
  }
  checkObjectMetadata(check, of, undefined, CLUSTER)
  checkProvisioner(check, of, 'driverName')
  checkParameters(check, of, 'required')
}

const SPEC = child(ROOT, 'spec')

/** `ValidateVolumeAttachment`, `ValidateVolumeAttachmentUpdate`. */
export function checkVolumeAttachment(check: Check, of: Obj, old: Obj | undefined): void {
  checkObjectMetadata(check, of, undefined, CLUSTER)
  const spec = object(of, 'spec')
  checkDriverName(check, spec, SPEC, 'attacher')
  checkAttachmentSource(check, object(spec, 'source'), child(SPEC, 'source'))
  const node = text(spec, 'nodeName')
  invalids(check, child(SPEC, 'nodeName'), node, checkDns1123Subdomain(node))
  const volume = toText(object(spec, 'source'), 'persistentVolumeName')
  if (volume !== undefined)
    invalids(check, descend(SPEC, 'source', 'persistentVolumeName'), volume, checkDns1123Subdomain(volume))
  if (old && !isSame(spec, object(old, 'spec')))
    invalid(check, SPEC, asStruct('VolumeAttachmentSpec', spec), IMMUTABLE)
}

function checkAttachmentSource(check: Check, source: Obj, field: Field): void {
  const volume = toText(source, 'persistentVolumeName')
  const inline = source.inlineVolumeSpec
  const fault = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName'
  if (volume === undefined && !isObj(inline)) required(check, field, fault)
  else if (volume !== undefined && isObj(inline)) forbidden(check, field, fault)
  else if (volume === '')
    required(check, child(field, 'persistentVolumeName'), 'must specify non empty persistentVolumeName')
  else if (isObj(inline))
    checkVolumeSpec(check, inline, { field: child(field, 'inlineVolumeSpec'), name: '', use: 'inline' })
}

/** `ValidateCSINode`, `ValidateCSINodeUpdate`. */
export function checkCsiNode(check: Check, of: Obj, old: Obj | undefined): void {
  checkObjectMetadata(check, of, undefined, CLUSTER)
  const drivers = objects(object(of, 'spec'), 'drivers')
  const list = child(SPEC, 'drivers')
  const names = new Set<string>()
  for (const [at, driver] of drivers.entries()) {
    checkCsiNodeDriver(check, driver, index(list, at))
    const name = text(driver, 'name')
    if (names.has(name)) duplicate(check, child(index(list, at), 'name'), name)
    names.add(name)
    checkTopologyKeys(check, texts(driver, 'topologyKeys'), index(list, at))
  }
  if (!old) return
  const known = new Map(objects(object(old, 'spec'), 'drivers').map(it => [text(it, 'name'), it]))
  for (const driver of drivers) {
    const before = known.get(text(driver, 'name'))
    // What can be allocated may change since 1.35.
    const fixed = check.minor >= 35 ? { ...driver, allocatable: before?.allocatable } : driver
    const shown = check.minor >= 35 ? { ...driver, allocatable: undefined } : driver
    if (before && !isSame(fixed, before)) invalid(check, list, asStruct('CSINodeDriver', shown), IMMUTABLE)
  }
}

function checkCsiNodeDriver(check: Check, driver: Obj, field: Field): void {
  checkDriverName(check, driver, field, 'name')
  const node = requireText(check, driver, field, 'nodeID')
  const limit = check.minor >= 35 ? 256 : 192
  if (countBytes(node) > limit)
    invalid(check, child(field, 'nodeID'), node, `must be ${limit} characters or less`)
  checkNotNegative(check, object(driver, 'allocatable'), child(field, 'allocatable'), 'count')
}

/** Faults of topology keys are reported at the driver. */
function checkTopologyKeys(check: Check, keys: readonly string[], field: Field): void {
  const seen = new Set<string>()
  for (const key of keys) {
    if (key === '') required(check, field)
    if (seen.has(key)) duplicate(check, field, key)
    seen.add(key)
    invalids(check, field, key, checkQualifiedName(key, lengthUnit(check)))
  }
}

/** `ValidateCSIDriver`, `ValidateCSIDriverUpdate`. */
export function checkCsiDriver(check: Check, of: Obj, old: Obj | undefined): void {
  checkObjectMetadata(check, of, old, CLUSTER)
  const spec = object(of, 'spec')
  const requests = objects(spec, 'tokenRequests')
  checkOptionalEnum(check, spec, { field: SPEC, name: 'fsGroupPolicy' }, [
    'File',
    'None',
    'ReadWriteOnceWithFSType',
  ])
  checkTokenRequests(check, requests, child(SPEC, 'tokenRequests'))
  for (const mode of texts(spec, 'volumeLifecycleModes'))
    if (mode !== 'Persistent' && mode !== 'Ephemeral')
      notSupported(check, child(SPEC, 'volumeLifecycleModes'), mode, ['Persistent', 'Ephemeral'])
  const period = toNumber(spec, 'nodeAllocatableUpdatePeriodSeconds')
  if (period !== undefined && period < 10 && check.minor >= 35)
    invalid(
      check,
      child(SPEC, 'nodeAllocatableUpdatePeriodSeconds'),
      period,
      'must be greater than or equal to 10 seconds',
    )
  const inSecrets = toFlag(spec, 'serviceAccountTokenInSecrets')
  if (inSecrets !== undefined && requests.length === 0 && check.minor >= 35)
    invalid(
      check,
      child(SPEC, 'serviceAccountTokenInSecrets'),
      inSecrets,
      'serviceAccountTokenInSecrets is set but no tokenRequests are specified',
    )
  if (old) checkCsiDriverUpdate(check, spec, object(old, 'spec'))
}

function checkTokenRequests(check: Check, requests: readonly Obj[], field: Field): void {
  const audiences = new Set<string>()
  for (const [at, request] of requests.entries()) {
    const audience = text(request, 'audience')
    if (audiences.has(audience)) {
      duplicate(check, child(index(field, at), 'audience'), audience)
      continue
    }
    audiences.add(audience)
    const seconds = toNumber(request, 'expirationSeconds')
    const place = child(index(field, at), 'expirationSeconds')
    if (seconds !== undefined && seconds < 600)
      invalid(check, place, seconds, 'may not specify a duration less than 10 minutes')
    if (seconds !== undefined && seconds > 2 ** 32)
      invalid(check, place, seconds, 'may not specify a duration larger than 2^32 seconds')
  }
}

function checkCsiDriverUpdate(check: Check, spec: Obj, old: Obj): void {
  const attach = (of: Obj): boolean => toFlag(of, 'attachRequired') ?? true
  if (attach(spec) !== attach(old))
    invalid(check, renamed(SPEC, 'attachedRequired', 'attachRequired'), attach(spec), IMMUTABLE)
  const modes = (of: Obj): readonly string[] =>
    isSet(of, 'volumeLifecycleModes') ? texts(of, 'volumeLifecycleModes') : ['Persistent']
  if (!isSame(modes(spec), modes(old)))
    invalid(check, child(SPEC, 'volumeLifecycleModes'), modes(spec), IMMUTABLE)
}

export function warnAboutCsiDriver(check: Check, of: Obj, old: Obj | undefined): void {
  const spec = object(of, 'spec')
  const isNew = !old || !isSame(spec.tokenRequests, object(old, 'spec').tokenRequests)
  if (
    check.minor >= 35 &&
    isNew &&
    objects(spec, 'tokenRequests').length > 0 &&
    !isSet(spec, 'serviceAccountTokenInSecrets')
  )
    check.warnings.push(
      'spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging of tokens in volume attributes',
    )
}

/** `ValidateCSIStorageCapacity`, `ValidateCSIStorageCapacityUpdate`. */
export function checkCsiStorageCapacity(check: Check, of: Obj, old: Obj | undefined): void {
  checkObjectMetadata(check, of, undefined, NAMESPACED)
  const name = text(of, 'storageClassName')
  checkLabelSelector(check, of.nodeTopology, child(ROOT, 'nodeTopology'))
  invalids(check, child(ROOT, 'storageClassName'), name, checkDns1123Subdomain(name))
  const capacity = toQuantity(of.capacity)
  if (capacity) checkNotNegativeQuantity(check, capacity, child(ROOT, 'capacity'))
  if (!old) return
  checkMetadataUpdate(check, of, old, NAMESPACED)
  if (!isSame(of.nodeTopology, old.nodeTopology))
    invalid(
      check,
      child(ROOT, 'nodeTopology'),
      isObj(of.nodeTopology) ? asStruct('LabelSelector', of.nodeTopology) : null,
      IMMUTABLE,
    )
  if (name !== text(old, 'storageClassName')) invalid(check, child(ROOT, 'storageClassName'), name, IMMUTABLE)
}

export function warnAboutCsiStorageCapacity(check: Check, of: Obj): void {
  const field = child(ROOT, 'nodeTopology')
  const topology = object(of, 'nodeTopology')
  for (const [at, it] of objects(topology, 'matchExpressions').entries()) {
    const name = text(it, 'key')
    const message = NODE_LABELS.get(name)
    if (message !== undefined)
      warn(check, child(index(child(field, 'matchExpressions'), at), 'key'), `${name} is ${message}`)
  }
  for (const label in object(topology, 'matchLabels')) {
    const message = NODE_LABELS.get(label)
    if (message !== undefined) warn(check, descend(field, 'matchLabels', label), message)
  }
}
