/** Volume mounts and block devices of containers (`ValidateVolumeMounts`, `ValidateVolumeDevices`). */
import {
  child,
  type Field,
  forbidden,
  hidden,
  index,
  invalid,
  notFound,
  notSupported,
  required,
} from './field.ts'
import { isObj, isTrue, type Obj, object, objects, text, toText } from './object.ts'
import type { PodRun } from './pod-run.ts'
import { checkDescendingPath, hasBacksteps } from './volume-paths.ts'

const PROPAGATIONS = ['Bidirectional', 'HostToContainer', 'None']
const RECURSIVE_READ_ONLY = ['Disabled', 'Enabled', 'IfPossible']

export function checkMounts(run: PodRun, container: Obj, field: Field): void {
  const mounts = objects(container, 'volumeMounts')
  if (mounts.length === 0) return
  const { check, volumes } = run
  const devices = objects(container, 'volumeDevices')
  const paths = new Set<string>()
  for (let at = 0; at < mounts.length; at++) {
    const mount = mounts[at]!
    const place = index(field, at)
    const name = text(mount, 'name')
    const path = text(mount, 'mountPath')
    if (name === '') required(check, child(place, 'name'))
    if (!volumes.has(name)) notFound(check, child(place, 'name'), name)
    if (path === '') required(check, child(place, 'mountPath'))
    if (paths.has(path)) invalid(check, child(place, 'mountPath'), path, 'must be unique')
    paths.add(path)
    if (devices.some(it => text(it, 'name') === name))
      invalid(check, child(place, 'name'), name, 'must not already exist in volumeDevices')
    if (devices.some(it => text(it, 'devicePath') === path))
      invalid(check, child(place, 'mountPath'), path, 'must not already exist as a path in volumeDevices')
    checkMountOptions(run, container, mount, { list: field, at })
  }
}

/** The server leaves the index out of all but one of these. */
function checkMountOptions(
  run: PodRun,
  container: Obj,
  mount: Obj,
  { list, at }: { readonly list: Field; readonly at: number },
): void {
  const { check } = run
  const place = hidden(list, at)
  const subPath = text(mount, 'subPath')
  if (subPath !== '') checkDescendingPath(check, subPath, child(place, 'subPath'))
  const expression = text(mount, 'subPathExpr')
  if (expression !== '') {
    if (subPath !== '')
      invalid(
        check,
        child(index(list, at), 'subPathExpr'),
        expression,
        'subPathExpr and subPath are mutually exclusive',
      )
    checkDescendingPath(check, expression, child(place, 'subPathExpr'))
  }
  const propagation = toText(mount, 'mountPropagation')
  if (propagation !== undefined) {
    if (!PROPAGATIONS.includes(propagation))
      notSupported(check, child(place, 'mountPropagation'), propagation, PROPAGATIONS)
    if (propagation === 'Bidirectional' && !isTrue(object(container, 'securityContext'), 'privileged'))
      forbidden(
        check,
        child(place, 'mountPropagation'),
        'Bidirectional mount propagation is available only to privileged containers',
      )
  }
  if (isObj(mount)) checkRecursiveReadOnly(run, mount, child(place, 'recursiveReadOnly'))
}

/** `validateMountRecursiveReadOnly`. */
function checkRecursiveReadOnly({ check }: PodRun, mount: Obj, field: Field): void {
  const mode = toText(mount, 'recursiveReadOnly')
  if (mode === undefined || mode === 'Disabled') return
  if (!RECURSIVE_READ_ONLY.includes(mode)) {
    notSupported(check, field, mode, RECURSIVE_READ_ONLY)
    return
  }
  if (!isTrue(mount, 'readOnly')) forbidden(check, field, 'may only be specified when readOnly is true')
  const propagation = toText(mount, 'mountPropagation')
  if (propagation !== undefined && propagation !== 'None')
    forbidden(check, field, 'may only be specified when mountPropagation is None or not specified')
}

export function checkDevices(run: PodRun, container: Obj, field: Field): void {
  const devices = objects(container, 'volumeDevices')
  if (devices.length === 0) return
  const { check } = run
  const mounts = objects(container, 'volumeMounts')
  const paths = new Set<string>()
  const names = new Set<string>()
  for (const [at, device] of devices.entries()) {
    const nameField = child(index(field, at), 'name')
    const pathField = child(index(field, at), 'devicePath')
    const name = text(device, 'name')
    const path = text(device, 'devicePath')
    const volume = run.volumes.get(name)
    if (name === '') required(check, nameField)
    if (names.has(name)) invalid(check, nameField, name, 'must be unique')
    if (volume && !isObj(volume.persistentVolumeClaim) && !isObj(volume.ephemeral))
      invalid(
        check,
        nameField,
        name,
        'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode',
      )
    if (!volume) notFound(check, nameField, name)
    if (path === '') required(check, pathField)
    if (paths.has(path)) invalid(check, pathField, path, 'must be unique')
    if (hasBacksteps(path)) invalid(check, pathField, path, "can not contain backsteps ('..')")
    else paths.add(path)
    if (mounts.some(it => text(it, 'name') === name))
      invalid(check, nameField, name, 'must not already exist in volumeMounts')
    if (mounts.some(it => text(it, 'mountPath') === path))
      invalid(check, pathField, path, 'must not already exist as a path in volumeMounts')
    if (name !== '') names.add(name)
  }
}
