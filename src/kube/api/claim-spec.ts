/** The spec of a PersistentVolumeClaim, alone and inside pods and stateful sets (`ValidatePersistentVolumeClaimSpec`). */
import { checkDns1123Label, checkDns1123Subdomain } from '../values/names.ts'
import {
  type Check,
  child,
  type Field,
  forbidden,
  hidden,
  invalid,
  invalids,
  key,
  notSupported,
  required,
} from './field.ts'
import { checkLabelSelector, checkOptionalEnum } from './field-checks.ts'
import { type Obj, object, text, texts, toObject, toText } from './object.ts'
import { checkPositiveQuantity, checkResourceValue, toResourceList } from './resources.ts'

const ACCESS_MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod']

/** Templates inside other objects are validated as they stand; of claims the server first fills in data sources. */
export type ClaimOwner = 'claim' | 'template'

export function checkClaimSpec(check: Check, spec: Obj, field: Field, owner: ClaimOwner): void {
  if (texts(spec, 'accessModes').length === 0)
    required(check, child(field, 'accessModes'), 'at least 1 access mode is required')
  checkLabelSelector(check, spec.selector, child(field, 'selector'))
  checkAccessModes(check, spec, field)
  checkStorage(check, spec, field)
  checkClass(check, spec, field, 'storageClassName')
  checkOptionalEnum(check, spec, { field, name: 'volumeMode' }, ['Block', 'Filesystem'])
  checkDataSources(check, spec, field, owner)
  if (check.minor >= 34) checkClass(check, spec, field, 'volumeAttributesClassName')
}

/** The rules that claims and volumes share. */
export function checkAccessModes(check: Check, spec: Obj, field: Field): void {
  const modes = texts(spec, 'accessModes')
  const place = child(field, 'accessModes')
  for (const [at, mode] of modes.entries())
    if (!ACCESS_MODES.includes(mode)) notSupported(check, hidden(place, at), mode, ACCESS_MODES)
  const others = modes.some(mode => mode !== 'ReadWriteOncePod' && ACCESS_MODES.includes(mode))
  if (modes.includes('ReadWriteOncePod') && others)
    forbidden(check, place, 'may not use ReadWriteOncePod with other access modes')
}

function checkStorage(check: Check, spec: Obj, field: Field): void {
  const storage = toResourceList(object(spec, 'resources'), 'requests').get('storage')
  const place: Field = {
    ...key(hidden(child(field, 'resources'), 'requests'), 'storage'),
  }
  if (!storage) {
    required(check, place)
    return
  }
  const before = check.causes.length
  checkPositiveQuantity(check, storage, place)
  if (check.causes.length === before) checkResourceValue(check, 'storage', storage, place)
}

function checkClass(check: Check, spec: Obj, field: Field, name: string): void {
  const value = text(spec, name)
  if (value !== '') invalids(check, child(field, name), value, checkDns1123Subdomain(value))
}

/**
 * Of the two sources the server fills one from the other, and drops a `dataSource` that it does not support
 * (`EnforceDataSourceBackwardsCompatibility`, `NormalizeDataSources`).
 */
function checkDataSources(check: Check, spec: Obj, field: Field, owner: ClaimOwner): void {
  const { source, ref } = toDataSources(spec, owner)
  if (source) checkReference(check, source, child(field, 'dataSource'))
  if (ref) {
    checkReference(check, ref, child(field, 'dataSourceRef'))
    const namespace = text(ref, 'namespace')
    if (namespace !== '')
      invalids(
        check,
        child(child(field, 'dataSourceRef'), 'namespace'),
        namespace,
        checkDns1123Label(namespace),
      )
  }
  if (!source || !ref) return
  // The server prints a path where the value belongs; it has no exported fields.
  const same =
    toText(source, 'apiGroup') === toText(ref, 'apiGroup') &&
    text(source, 'kind') === text(ref, 'kind') &&
    text(source, 'name') === text(ref, 'name')
  if (text(ref, 'namespace') !== '')
    invalid(check, field, {}, 'may not be specified when dataSourceRef.namespace is specified')
  else if (!same) invalid(check, field, {}, 'must match dataSourceRef')
}

/** What becomes of both fields. */
export function toDataSources(
  spec: Obj,
  owner: ClaimOwner,
): { source: Obj | undefined; ref: Obj | undefined } {
  const written = toObject(spec, 'dataSource')
  const asked = toObject(spec, 'dataSourceRef')
  if (owner === 'template') return { source: written, ref: asked }
  // References across namespaces are behind a gate that is off.
  const ref = asked && text(asked, 'namespace') === '' ? asked : undefined
  if (ref) return { source: written ?? ref, ref }
  const source = written && isSupportedSource(written) ? written : undefined
  return { source, ref: source }
}

/** `persistentvolumeclaim.dataSourceIsPvcOrSnapshot`. */
function isSupportedSource(source: Obj): boolean {
  const kind = text(source, 'kind')
  if (kind === 'PersistentVolumeClaim') return text(source, 'apiGroup') === ''
  return kind === 'VolumeSnapshot' && text(source, 'apiGroup') === 'snapshot.storage.k8s.io'
}

/** `validateDataSource`. */
function checkReference(check: Check, source: Obj, field: Field): void {
  const kind = text(source, 'kind')
  if (text(source, 'name') === '') required(check, child(field, 'name'))
  if (kind === '') required(check, child(field, 'kind'))
  const group = text(source, 'apiGroup')
  if (group === '' && kind !== 'PersistentVolumeClaim')
    invalid(check, field, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup")
  if (group !== '') invalids(check, child(field, 'apiGroup'), group, checkDns1123Subdomain(group))
}
