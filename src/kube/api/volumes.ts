/** Persistent volumes and claims. */
import { checkDns1123Subdomain } from '../values/names.ts'
import { compareQuantities, formatQuantity, type Quantity, ZERO_QUANTITY } from '../values/quantity.ts'
import { checkNodeSelector } from './affinity.ts'
import { checkAccessModes, checkClaimSpec } from './claim-spec.ts'
import {
  type Check,
  child,
  descend,
  type Field,
  forbidden,
  hidden,
  index,
  invalid,
  invalids,
  key,
  notSupported,
  ROOT,
  renamed,
  required,
  warn,
} from './field.ts'
import { checkEnum, checkOptionalEnum, IMMUTABLE } from './field-checks.ts'
import { asStruct } from './go-struct.ts'
import { CLUSTER, checkObjectMetadata, NAMESPACED } from './metadata.ts'
import { count, has, isObj, isSet, lookup, type Obj, object, objects, text, texts, toText } from './object.ts'
import { warnAboutNodeTerm } from './pod-warnings.ts'
import { checkBasicResource, checkPositiveQuantity, toResourceList } from './resources.ts'
import { isSame } from './semantic-equal.ts'
import {
  checkVolumeIscsi,
  isSourceSet,
  refuseSecondSource,
  sourceField,
  VOLUME_SOURCES,
} from './volume-sources.ts'
import { warnAboutClaimSpec } from './volume-warnings.ts'

const SPEC = child(ROOT, 'spec')
const RECLAIM = ['Delete', 'Recycle', 'Retain']

/** `ValidatePersistentVolume`, `ValidatePersistentVolumeUpdate`. */
export function checkPersistentVolume(check: Check, of: Obj, old: Obj | undefined): void {
  checkObjectMetadata(check, of, undefined, CLUSTER)
  const spec = object(of, 'spec')
  checkVolumeSpec(check, spec, { field: SPEC, name: text(object(of, 'metadata'), 'name'), use: 'volume' })
  if (old) checkVolumeUpdate(check, spec, object(old, 'spec'))
}

/** Of a volume itself, or inside an attachment, where nearly everything but CSI is forbidden. */
export interface VolumePlace {
  readonly field: Field
  readonly name: string
  readonly use: 'volume' | 'inline'
}

/** `ValidatePersistentVolumeSpec`. */
export function checkVolumeSpec(check: Check, spec: Obj, place: VolumePlace): void {
  const { field, use } = place
  const isInline = use === 'inline'
  if (isInline) refuseInline(check, spec, field)
  if (texts(spec, 'accessModes').length === 0) required(check, child(field, 'accessModes'))
  checkAccessModes(check, spec, field)
  if (!isInline) checkCapacity(check, spec, child(field, 'capacity'))
  const policy = text(spec, 'persistentVolumeReclaimPolicy')
  if (!isInline) checkEnum(check, spec, { field, name: 'persistentVolumeReclaimPolicy' }, RECLAIM)
  else if (policy !== '' && policy !== 'Retain')
    forbidden(
      check,
      child(field, 'persistentVolumeReclaimPolicy'),
      'may only be Retain in the context of inline volumes',
    )
  if (isObj(spec.nodeAffinity)) checkVolumeAffinity(check, spec.nodeAffinity, place)
  checkSources(check, spec, place)
  if (isObj(spec.hostPath) && policy === 'Recycle' && cleanPath(text(spec.hostPath, 'path')) === '/')
    forbidden(
      check,
      child(field, 'persistentVolumeReclaimPolicy'),
      "may not be 'recycle' for a hostPath mount of '/'",
    )
  const className = text(spec, 'storageClassName')
  if (className !== '') {
    if (isInline)
      forbidden(
        check,
        child(field, 'storageClassName'),
        'may not be specified in the context of inline volumes',
      )
    else invalids(check, child(field, 'storageClassName'), className, checkDns1123Subdomain(className))
  }
  checkMode(check, spec, place)
  if (!isInline && check.minor >= 34) checkAttributesClass(check, spec, field)
}

function refuseInline(check: Check, spec: Obj, field: Field): void {
  const fault = 'may not be specified in the context of inline volumes'
  if (isObj(spec.claimRef)) forbidden(check, child(field, 'claimRef'), fault)
  if (count(spec, 'capacity') > 0) forbidden(check, child(field, 'capacity'), fault)
  if (!isObj(spec.csi))
    required(check, child(field, 'csi'), 'has to be specified in the context of inline volumes')
}

function checkCapacity(check: Check, spec: Obj, field: Field): void {
  const capacity = toResourceList(spec, 'capacity')
  if (capacity.size === 0) required(check, field)
  if (!capacity.has('storage') || capacity.size > 1) {
    const shown = Object.fromEntries([...capacity].map(([name, value]) => [name, formatQuantity(value)]))
    notSupported(check, field, isSet(spec, 'capacity') ? shown : null, ['storage'])
  }
  for (const [name, value] of capacity) {
    checkBasicResource(check, value, key(field, name))
    checkPositiveQuantity(check, value, key(field, name))
  }
}

function checkVolumeAffinity(check: Check, affinity: Obj, { field, use }: VolumePlace): void {
  const place = child(field, 'nodeAffinity')
  if (use === 'inline') {
    forbidden(check, place, 'may not be specified in the context of inline volumes')
    return
  }
  if (isObj(affinity.required)) checkNodeSelector(check, affinity.required, child(place, 'required'))
  else required(check, child(place, 'required'), 'must specify required node constraints')
}

function checkSources(check: Check, spec: Obj, { field, name, use }: VolumePlace): void {
  let found = false
  for (const kind of VOLUME_SOURCES) {
    if (!isSourceSet(spec, kind)) continue
    const source = object(spec, kind.name)
    // Flex volumes are checked beside any other source.
    if (found && kind.name !== 'flexVolume') refuseSecondSource(check, field, kind)
    else {
      const place = sourceField(field, kind)
      if (kind.name === 'iscsi') checkVolumeIscsi(check, source, { field: place, name })
      else kind.check(check, source, place)
      if (kind.name === 'local' && (use === 'inline' || !isObj(spec.nodeAffinity)))
        required(check, child(field, 'nodeAffinity'), 'Local volume requires node affinity')
    }
    found = true
  }
  if (!found) required(check, field, 'must specify a volume type')
}

/** `path.Clean` says it is the root. */
const cleanPath = (path: string): string =>
  path.startsWith('/') && path.split('/').every(it => it === '' || it === '.' || it === '..') ? '/' : path

function checkMode(check: Check, spec: Obj, { field, use }: VolumePlace): void {
  const mode = toText(spec, 'volumeMode')
  if (mode === undefined) return
  if (use === 'volume') checkOptionalEnum(check, spec, { field, name: 'volumeMode' }, ['Block', 'Filesystem'])
  else if (mode !== 'Filesystem')
    forbidden(
      check,
      child(field, 'volumeMode'),
      'may not specify volumeMode other than Filesystem in the context of inline volumes',
    )
}

function checkAttributesClass(check: Check, spec: Obj, field: Field): void {
  const name = toText(spec, 'volumeAttributesClassName')
  if (name === undefined) return
  const place = child(field, 'volumeAttributesClassName')
  if (name === '') required(check, place, 'an empty string is disallowed')
  else invalids(check, place, name, checkDns1123Subdomain(name))
  if (!isObj(spec.csi))
    required(check, child(field, 'csi'), 'has to be specified when using volumeAttributesClassName')
}

/** The server's message goes on with a difference of Go values, of which only the first line is kept. */
function checkVolumeUpdate(check: Check, spec: Obj, old: Obj): void {
  const sourceOf = (of: Obj, name: string): unknown => {
    if (name !== 'csi' || !isObj(of.csi)) return of[name]
    const { controllerExpandSecretRef, ...csi } = of.csi
    return isSet(object(old, 'csi'), 'controllerExpandSecretRef') ? of.csi : csi
  }
  if (VOLUME_SOURCES.some(({ name }) => !isSame(sourceOf(spec, name), sourceOf(old, name))))
    forbidden(
      check,
      renamed(SPEC, 'persistentvolumesource'),
      'spec.persistentvolumesource is immutable after creation',
    )
  const mode = (of: Obj): string => toText(of, 'volumeMode') ?? 'Filesystem'
  if (mode(spec) !== mode(old))
    invalid(check, child(hidden(ROOT, 'spec'), 'volumeMode'), mode(spec), IMMUTABLE)
  if (isObj(old.nodeAffinity) && !isSame(spec.nodeAffinity, old.nodeAffinity))
    invalid(
      check,
      child(hidden(ROOT, 'spec'), 'nodeAffinity'),
      isObj(spec.nodeAffinity) ? asStruct('VolumeNodeAffinity', spec.nodeAffinity) : null,
      'field is immutable, except for updating from beta label to GA',
    )
  if (isSet(old, 'volumeAttributesClassName') && !isSet(spec, 'volumeAttributesClassName'))
    forbidden(
      check,
      child(SPEC, 'volumeAttributesClassName'),
      'update from non-nil value to nil is forbidden',
    )
}

const VOLUME_ANNOTATIONS: readonly (readonly [string, string])[] = [
  [
    'volume.beta.kubernetes.io/storage-class',
    'deprecated since v1.8; use "storageClassName" attribute instead',
  ],
  ['volume.beta.kubernetes.io/mount-options', 'deprecated since v1.31; use "mountOptions" attribute instead'],
]
const VOLUME_DEPRECATED: readonly (readonly [name: string, message: string, shown?: string])[] = [
  ['cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['storageos', 'deprecated in v1.22, non-functional in v1.25+', 'storageOS'],
  ['glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  ['rbd', 'deprecated in v1.28, non-functional in v1.31+'],
]

/** `GetWarningsForPersistentVolume`. */
export function warnAboutVolume(check: Check, of: Obj): void {
  const spec = object(of, 'spec')
  const annotations = object(object(of, 'metadata'), 'annotations')
  for (const [name, message] of VOLUME_ANNOTATIONS)
    if (has(annotations, name)) warn(check, key(descend(ROOT, 'metadata', 'annotations'), name), message)
  if (text(spec, 'persistentVolumeReclaimPolicy') === 'Recycle')
    warn(
      check,
      child(SPEC, 'persistentVolumeReclaimPolicy'),
      'The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.',
    )
  const terms = objects(object(object(spec, 'nodeAffinity'), 'required'), 'nodeSelectorTerms')
  for (const [at, term] of terms.entries())
    warnAboutNodeTerm(
      check,
      term,
      index(descend(SPEC, 'nodeAffinity', 'required', 'nodeSelectorTerms'), at),
      'any',
    )
  for (const [name, message, shown] of VOLUME_DEPRECATED)
    if (isObj(spec[name])) warn(check, child(SPEC, shown ?? name), message)
}

/** `ValidatePersistentVolumeClaim`, `ValidatePersistentVolumeClaimUpdate`. */
export function checkClaim(check: Check, of: Obj, old: Obj | undefined): void {
  if (old) checkObjectMetadata(check, of, old, NAMESPACED)
  checkObjectMetadata(check, of, undefined, NAMESPACED)
  const spec = object(of, 'spec')
  checkClaimSpec(check, spec, SPEC, 'claim')
  if (old) checkClaimUpdate(check, of, old)
}

const CLASS_ANNOTATION = 'volume.beta.kubernetes.io/storage-class'

function checkClaimUpdate(check: Check, of: Obj, old: Obj): void {
  const spec = object(of, 'spec')
  const before = object(old, 'spec')
  const annotation = (it: Obj): string | undefined =>
    lookup(object(object(it, 'metadata'), 'annotations'), CLASS_ANNOTATION)
  const className = toText(spec, 'storageClassName')
  const isClassAdded = className !== undefined && !isSet(before, 'storageClassName')
  const known = annotation(old)
  // The class may move from the annotation to the field.
  const isMoved =
    isClassAdded && known !== undefined && className === known && (annotation(of) ?? known) === known
  if (!isMoved && (annotation(of) ?? '') !== (known ?? ''))
    invalid(
      check,
      descend(ROOT, 'metadata', 'annotations', CLASS_ANNOTATION),
      annotation(of) ?? '',
      IMMUTABLE,
    )
  const isClassFree = isMoved || (isClassAdded && (known === undefined || className === known))
  const names = new Set([...Object.keys(spec), ...Object.keys(before)])
  const isChanged = [...names].some(name => {
    if (name === 'storageClassName' && isClassFree) return false
    if (name === 'volumeName' && text(before, name) === '') return false
    if (name === 'volumeMode')
      return (toText(spec, name) ?? 'Filesystem') !== (toText(before, name) ?? 'Filesystem')
    if (name === 'resources') return !isSameResources(object(spec, name), object(before, name))
    return !isSame(spec[name], before[name])
  })
  if (isChanged)
    forbidden(
      check,
      SPEC,
      'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
    )
  const size = (it: Obj): Quantity =>
    toResourceList(object(it, 'resources'), 'requests').get('storage') ?? ZERO_QUANTITY
  if (compareQuantities(size(spec), size(before)) < 0 && size(spec).nano <= 0n)
    forbidden(
      check,
      descend(SPEC, 'resources', 'requests', 'storage'),
      'field can not be less than status.capacity',
    )
  const mode = (it: Obj): string => toText(it, 'volumeMode') ?? 'Filesystem'
  if (mode(spec) !== mode(before))
    invalid(check, child(hidden(ROOT, 'spec'), 'volumeMode'), mode(spec), IMMUTABLE)
}

function isSameResources(left: Obj, right: Obj): boolean {
  for (const name of ['requests', 'limits']) {
    const one = toResourceList(left, name)
    const other = toResourceList(right, name)
    if (one.size !== other.size) return false
    for (const [resource, value] of one) {
      const same = other.get(resource)
      if (!same || compareQuantities(value, same) !== 0) return false
    }
  }
  return true
}

export function warnAboutClaim(check: Check, of: Obj): void {
  if (has(object(object(of, 'metadata'), 'annotations'), CLASS_ANNOTATION))
    warn(
      check,
      key(descend(ROOT, 'metadata', 'annotations'), CLASS_ANNOTATION),
      'deprecated since v1.8; use "storageClassName" attribute instead',
    )
  warnAboutClaimSpec(check, object(of, 'spec'), SPEC)
}
