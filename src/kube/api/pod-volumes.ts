/** Volumes of pods: one source each, unique names, files that do not collide (`ValidateVolumes`). */
import { checkDns1123Label, checkDns1123Subdomain } from '../values/names.ts'
import { checkClaimSpec } from './claim-spec.ts'
import { PULL_POLICIES } from './containers.ts'
import { checkFieldRef, checkResourceFieldRef } from './downward.ts'
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
  required,
} from './field.ts'
import { checkEnum, requireText } from './field-checks.ts'
import { checkTemplateMetadata } from './metadata.ts'
import { isObj, number, type Obj, object, objects, text, toNumber, toObject } from './object.ts'
import type { PodRun } from './pod-run.ts'
import { checkFileMode, checkKeyToPath, checkNonReservedPath } from './volume-paths.ts'
import {
  hasLongPortal,
  isSourceSet,
  POD_SOURCES,
  PORTAL_FAULT,
  refuseSecondSource,
  type SourceKind,
  sourceField,
} from './volume-sources.ts'

/** `ValidateVolumes`: fills the run's volumes with those that are right, which mounts may then name. */
export function checkVolumes(run: PodRun, field: Field): void {
  const { check, spec, volumes } = run
  const listed = objects(spec, 'volumes')
  if (listed.length === 0) return
  const generatedClaims = new Set<string>()
  if (run.podName !== '')
    for (const it of listed)
      if (isObj(it.ephemeral)) generatedClaims.add(`${run.podName}-${text(it, 'name')}`)
  for (let at = 0; at < listed.length; at++) {
    const volume = listed[at]!
    const place = index(field, at)
    const name = text(volume, 'name')
    const before = check.causes.length
    checkSource(run, volume, place)
    if (name === '') required(check, child(place, 'name'))
    else invalids(check, child(place, 'name'), name, checkDns1123Label(name))
    if (volumes.has(name)) duplicate(check, child(place, 'name'), name)
    if (check.causes.length === before) volumes.set(name, volume)
    const claim = text(object(volume, 'persistentVolumeClaim'), 'claimName')
    if (isObj(volume.persistentVolumeClaim) && generatedClaims.has(claim))
      invalid(
        check,
        child(child(place, 'persistentVolumeClaim'), 'claimName'),
        claim,
        'must not reference a PVC that gets created for an ephemeral volume',
      )
  }
}

/** `validateVolumeSource`. A volume without source is an emptyDir by default. */
function checkSource(run: PodRun, volume: Obj, field: Field): void {
  let found = false
  for (const kind of POD_SOURCES) {
    if (!isSourceSet(volume, kind)) continue
    if (found) refuseSecondSource(run.check, field, kind)
    else checkOneSource(run, volume, kind, field)
    if (kind.name === 'iscsi' && hasLongPortal(object(volume, 'iscsi'), text(volume, 'name')))
      invalid(run.check, child(field, 'name'), text(volume, 'name'), PORTAL_FAULT)
    found = true
  }
}

function checkOneSource(run: PodRun, volume: Obj, kind: SourceKind, field: Field): void {
  const { check } = run
  const source = object(volume, kind.name)
  const place = sourceField(field, kind)
  switch (kind.name) {
    case 'downwardAPI': {
      checkDownwardApi(check, source, place)
      return
    }
    case 'projected': {
      checkProjected(check, source, place)
      return
    }
    case 'ephemeral':
      checkEphemeral(check, source, place)
      checkGeneratedClaimName(run, text(volume, 'name'), field)
      return
    case 'image':
      if (run.isPod) requireText(check, source, place, 'reference')
      checkEnum(check, source, { field: place, name: 'pullPolicy' }, PULL_POLICIES)
      return
    default:
      kind.check(check, source, place)
  }
}

function checkDownwardApi(check: Check, source: Obj, field: Field): void {
  checkFileMode(check, source, field, 'defaultMode')
  for (const [at, item] of objects(source, 'items').entries())
    checkDownwardFile(check, item, hidden(hidden(field, 'items'), at))
}

/** `validateDownwardAPIVolumeFile`: the server leaves `items[i]` out. */
function checkDownwardFile(check: Check, file: Obj, field: Field): void {
  checkNonReservedPath(check, requireText(check, file, field, 'path'), child(field, 'path'))
  const fieldRef = toObject(file, 'fieldRef')
  const resourceRef = toObject(file, 'resourceFieldRef')
  if (fieldRef) {
    checkFieldRef(check, fieldRef, 'volume', child(field, 'fieldRef'))
    if (resourceRef)
      invalid(check, field, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously')
  } else if (resourceRef)
    checkResourceFieldRef(check, resourceRef, 'volume', child(field, 'resourceFieldRef'))
  else required(check, field, 'one of fieldRef and resourceFieldRef is required')
  checkFileMode(check, file, field, 'mode')
}

function checkEphemeral(check: Check, source: Obj, field: Field): void {
  const template = toObject(source, 'volumeClaimTemplate')
  const place = child(field, 'volumeClaimTemplate')
  if (!template) {
    required(check, place)
    return
  }
  checkTemplateMetadata(check, object(template, 'metadata'), child(place, 'metadata'))
  checkClaimSpec(check, object(template, 'spec'), child(place, 'spec'), 'template')
}

function checkGeneratedClaimName(run: PodRun, volumeName: string, field: Field): void {
  if (run.podName === '' || volumeName === '') return
  const claim = `${run.podName}-${volumeName}`
  for (const fault of checkDns1123Subdomain(claim))
    invalid(run.check, child(field, 'name'), volumeName, `PVC name "${claim}": ${fault}`)
}

/** `validateProjectionSources`. Kinds of sources whose gates are off in all known minors are dropped unseen. */
function checkProjected(check: Check, source: Obj, field: Field): void {
  checkFileMode(check, source, field, 'defaultMode')
  const paths = new Set<string>()
  const claimPath = (path: string, shown: string): void => {
    if (path === '') return
    if (paths.has(path)) invalid(check, field, shown, 'conflicting duplicate paths')
    else paths.add(path)
  }
  for (const [at, projection] of objects(source, 'sources').entries()) {
    const place = index(child(field, 'sources'), at)
    let sources = 0
    for (const name of ['secret', 'configMap']) {
      const keyed = toObject(projection, name)
      if (!keyed) continue
      sources++
      requireText(check, keyed, child(place, name), 'name')
      for (const [position, item] of objects(keyed, 'items').entries()) {
        checkKeyToPath(check, item, index(child(child(place, name), 'items'), position))
        claimPath(text(item, 'path'), text(keyed, 'name'))
      }
    }
    const downward = toObject(projection, 'downwardAPI')
    if (downward) {
      sources++
      for (const [position, file] of objects(downward, 'items').entries()) {
        checkDownwardFile(check, file, hidden(hidden(child(place, 'downwardAPI'), 'items'), position))
        claimPath(text(file, 'path'), text(file, 'path'))
      }
    }
    const token = toObject(projection, 'serviceAccountToken')
    if (token) {
      sources++
      checkToken(check, token, { volume: field, source: place })
    }
    if (sources > 1) forbidden(check, place, 'may not specify more than 1 volume type per source')
  }
}

/** The server reports the path of a token at the volume. */
function checkToken(
  check: Check,
  token: Obj,
  { volume, source }: { readonly volume: Field; readonly source: Field },
): void {
  const place = child(source, 'serviceAccountToken')
  const seconds = toNumber(token, 'expirationSeconds') ?? 3600
  if (seconds < 600)
    invalid(
      check,
      child(place, 'expirationSeconds'),
      number(token, 'expirationSeconds'),
      'may not specify a duration less than 10 minutes',
    )
  if (seconds > 2 ** 32)
    invalid(
      check,
      child(place, 'expirationSeconds'),
      seconds,
      'may not specify a duration larger than 2^32 seconds',
    )
  const path = text(token, 'path')
  const projection = hidden(hidden(volume, 'sources'), source.step ?? 0)
  const shown = child(hidden(projection, 'serviceAccountToken'), 'path')
  if (path === '') required(check, shown)
  else checkNonReservedPath(check, path, shown)
}
