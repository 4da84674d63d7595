/** Volume sources: those of pods, those of persistent volumes, and what both share. */
import { checkDns1123Label, checkDns1123Subdomain, countBytes, type Faults } from '../values/names.ts'
import { isNegativeQuantity, toQuantity } from '../values/quantity.ts'
import {
  type Check,
  child,
  descend,
  type Field,
  forbidden,
  index,
  invalid,
  invalids,
  key,
  notSupported,
  renamed,
  required,
  tooLong,
} from './field.ts'
import { checkOptionalEnum, requireText } from './field-checks.ts'
import { findIqnFault } from './iscsi-name.ts'
import {
  count,
  isObj,
  isSet,
  isTrue,
  number,
  type Obj,
  object,
  objects,
  text,
  toNumber,
  toObject,
  toText,
} from './object.ts'
import { checkDescendingPath, checkFileMode, checkKeyToPath, checkNoBacksteps } from './volume-paths.ts'

/** A source's check; gets the place of the source itself. */
export type CheckSource = (check: Check, source: Obj, field: Field) => void

/** Sources that only need some texts. */
const requiring =
  (...names: readonly string[]): CheckSource =>
  (check, source, field) => {
    for (const name of names) requireText(check, source, field, name)
  }

/** Sources with secrets that need a name, and in persistent volumes a namespace. */
function requireSecret(check: Check, source: Obj, field: Field, ...names: readonly string[]): void {
  const secret = toObject(source, 'secretRef')
  if (!secret) return
  for (const name of names) requireText(check, secret, child(field, 'secretRef'), name)
}

const HOST_PATH_TYPES = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
]

const checkHostPath: CheckSource = (check, source, field) => {
  const path = requireText(check, source, field, 'path')
  if (path === '') return
  checkNoBacksteps(check, path, child(field, 'path'))
  checkOptionalEnum(check, source, { field, name: 'type' }, HOST_PATH_TYPES)
}

const checkPartition =
  (id: string): CheckSource =>
  (check, source, field) => {
    requireText(check, source, field, id)
    const partition = number(source, 'partition')
    if (partition < 0 || partition > 255)
      invalid(check, child(field, 'partition'), partition, 'must be between 1 and 255, inclusive')
  }

const checkNfs: CheckSource = (check, source, field) => {
  requireText(check, source, field, 'server')
  const path = requireText(check, source, field, 'path')
  if (!path.startsWith('/')) invalid(check, child(field, 'path'), path, 'must be an absolute path')
}

const checkIscsi =
  (owner: 'pod' | 'volume'): CheckSource =>
  (check, source, field) => {
    requireText(check, source, field, 'targetPortal')
    const prefixFault =
      owner === 'pod' ? 'must be valid format starting with iqn, eui, or naa' : 'must be valid format'
    const iqn = requireText(check, source, field, 'iqn')
    const fault = iqn === '' ? undefined : findIqnFault(iqn)
    if (fault)
      invalid(check, child(field, 'iqn'), iqn, fault === 'prefix' ? prefixFault : 'must be valid format')
    const lun = number(source, 'lun')
    if (lun < 0 || lun > 255) invalid(check, child(field, 'lun'), lun, 'must be between 0 and 255, inclusive')
    const authenticates = isTrue(source, 'chapAuthDiscovery') || isTrue(source, 'chapAuthSession')
    if (authenticates && !isSet(source, 'secretRef')) required(check, child(field, 'secretRef'))
    if (owner === 'volume') requireSecret(check, source, field, 'name')
    const initiator = toText(source, 'initiatorName')
    const inName = initiator === undefined ? undefined : findIqnFault(initiator)
    if (inName)
      invalid(
        check,
        renamed(field, 'initiatorname', 'initiatorName'),
        initiator,
        inName === 'prefix' ? prefixFault : 'must be valid format',
      )
  }

export const PORTAL_FAULT =
  'Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.'

/** With an initiator name, the names of volume and portal together must stay short. */
export const hasLongPortal = (iscsi: Obj, volumeName: string): boolean =>
  isSet(iscsi, 'initiatorName') && countBytes(`${volumeName}:${text(iscsi, 'targetPortal')}`) > 64

const checkGlusterVolume: CheckSource = (check, source, field) => {
  requireText(check, source, field, 'endpoints')
  requireText(check, source, field, 'path')
  const namespace = toText(source, 'endpointsNamespace')
  if (namespace === undefined) return
  const at = child(field, 'endpointsNamespace')
  if (namespace === '')
    invalid(check, at, namespace, 'if the endpointnamespace is set, it must be a valid namespace name')
  else invalids(check, at, namespace, checkDns1123Label(namespace))
}

const checkFlocker: CheckSource = (check, source, field) => {
  const name = text(source, 'datasetName')
  const uuid = text(source, 'datasetUUID')
  if (name === '' && uuid === '') required(check, field, 'one of datasetName and datasetUUID is required')
  if (name !== '' && uuid !== '')
    invalid(check, field, 'resource', 'datasetName and datasetUUID can not be specified simultaneously')
  if (name.includes('/')) invalid(check, child(field, 'datasetName'), name, "must not contain '/'")
}

const QUOBYTE_FAULT = 'must be a host:port pair or multiple pairs separated by commas'

const checkQuobyte: CheckSource = (check, source, field) => {
  const registry = text(source, 'registry')
  if (registry === '') required(check, child(field, 'registry'), QUOBYTE_FAULT)
  else if (countBytes(text(source, 'tenant')) >= 65)
    required(check, child(field, 'tenant'), 'must be a UUID and may not exceed a length of 64 characters')
  else
    for (const pair of registry.split(','))
      if (!isHostPort(pair)) invalid(check, child(field, 'registry'), registry, QUOBYTE_FAULT)
  requireText(check, source, field, 'volume')
}

/** `net.SplitHostPort` succeeds. */
const isHostPort = (pair: string): boolean => /^(?:[^:[\]]*|\[[^[\]]*\]):[^:[\]]*$/.test(pair)

const checkFc: CheckSource = (check, source, field) => {
  const names = count(source, 'targetWWNs')
  const ids = count(source, 'wwids')
  const at = child(field, 'targetWWNs')
  if (names === 0 && ids === 0) required(check, at, 'must specify either targetWWNs or wwids, but not both')
  if (names > 0 && ids > 0)
    invalid(check, at, source.targetWWNs, 'targetWWNs and wwids can not be specified simultaneously')
  if (names === 0) return
  const lun = toNumber(source, 'lun')
  if (lun === undefined) required(check, child(field, 'lun'), 'lun is required if targetWWNs is specified')
  else if (lun < 0 || lun > 255)
    invalid(check, child(field, 'lun'), lun, 'must be between 0 and 255, inclusive')
}

const checkFlex: CheckSource = (check, source, field) => {
  requireText(check, source, field, 'driver')
  for (const option in object(source, 'options')) {
    const normalized = `.${option.split('/', 1)[0]!.toLowerCase()}`
    if (option.includes('/') || normalized !== '.')
      if (normalized.endsWith('.kubernetes.io') || normalized.endsWith('.k8s.io'))
        invalid(
          check,
          key(child(field, 'options'), option),
          option,
          'kubernetes.io and k8s.io namespaces are reserved',
        )
  }
}

const checkMonitors: CheckSource = (check, source, field) => {
  if (count(source, 'monitors') === 0) required(check, child(field, 'monitors'))
}

const checkRbd: CheckSource = (check, source, field) => {
  checkMonitors(check, source, field)
  requireText(check, source, field, 'image')
}

const checkCinder =
  (...secret: readonly string[]): CheckSource =>
  (check, source, field) => {
    requireText(check, source, field, 'volumeID')
    requireSecret(check, source, field, ...secret)
  }

const AZURE_URI =
  '/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}'
const BLOB_URI = 'https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd'

const checkAzureDisk: CheckSource = (check, source, field) => {
  requireText(check, source, field, 'diskName')
  const uri = requireText(check, source, field, 'diskURI')
  checkOptionalEnum(check, source, { field, name: 'cachingMode' }, ['None', 'ReadOnly', 'ReadWrite'])
  checkOptionalEnum(check, source, { field, name: 'kind' }, ['Dedicated', 'Managed', 'Shared'])
  const kind = text(source, 'kind') || 'Shared'
  if (kind === 'Managed' && !uri.startsWith('/subscriptions/'))
    notSupported(check, child(field, 'diskURI'), uri, [AZURE_URI])
  if (kind !== 'Managed' && !uri.startsWith('https://'))
    notSupported(check, child(field, 'diskURI'), uri, [BLOB_URI])
}

const checkAzureFileVolume: CheckSource = (check, source, field) => {
  requireText(check, source, field, 'secretName')
  requireText(check, source, field, 'shareName')
  if (toText(source, 'secretNamespace') === '') required(check, child(field, 'secretNamespace'))
}

const checkStorageOs =
  (...secret: readonly string[]): CheckSource =>
  (check, source, field) => {
    const name = requireText(check, source, field, 'volumeName')
    if (name !== '') invalids(check, child(field, 'volumeName'), name, checkDns1123Label(name))
    const namespace = text(source, 'volumeNamespace')
    if (namespace !== '')
      invalids(check, child(field, 'volumeNamespace'), namespace, checkDns1123Label(namespace))
    requireSecret(check, source, field, ...secret)
  }

const checkGitRepo: CheckSource = (check, source, field) => {
  requireText(check, source, field, 'repository')
  checkDescendingPath(check, text(source, 'directory'), child(field, 'directory'))
}

const checkLocal: CheckSource = (check, source, field) => {
  const path = requireText(check, source, field, 'path')
  checkNoBacksteps(check, path, child(field, 'path'))
}

/** `ValidateCSIDriverName`: capitals are tolerated. */
export function checkDriverName(check: Check, of: Obj, field: Field, name: string): void {
  const driver = requireText(check, of, field, name)
  // Up to 1.34 the empty name is also looked at as a name.
  if (driver !== '' || check.minor <= 34) checkDriverText(check, driver, child(field, name))
}

export function checkDriverText(check: Check, driver: string, field: Field): void {
  if (countBytes(driver) > 63) tooLong(check, field, 63)
  invalids(check, field, driver, checkDns1123Subdomain(driver.toLowerCase()))
}

const checkCsi: CheckSource = (check, source, field) => {
  checkDriverName(check, source, field, 'driver')
  const secret = toObject(source, 'nodePublishSecretRef')
  if (!secret) return
  const name = text(secret, 'name')
  if (name === '') required(check, descend(field, 'nodePublishSecretRef', 'name'))
  // The server loses the reference on the way.
  else invalids(check, renamed(field, 'name', 'nodePublishSecretRef'), name, checkDns1123Subdomain(name))
}

const checkCsiVolume: CheckSource = (check, source, field) => {
  checkDriverName(check, source, field, 'driver')
  requireText(check, source, field, 'volumeHandle')
  for (const name of [
    'controllerPublishSecretRef',
    'controllerExpandSecretRef',
    'nodePublishSecretRef',
    'nodeExpandSecretRef',
  ]) {
    const secret = toObject(source, name)
    if (!secret) continue
    checkReferencePart(check, secret, { field: child(field, name), name: 'name' }, checkDns1123Subdomain)
    checkReferencePart(check, secret, { field: child(field, name), name: 'namespace' }, checkDns1123Label)
  }
}

/** A part of a reference that must be there and be a name. */
function checkReferencePart(
  check: Check,
  of: Obj,
  place: { readonly field: Field; readonly name: string },
  faults: (value: string) => Faults,
): void {
  const value = requireText(check, of, place.field, place.name)
  if (value !== '') invalids(check, child(place.field, place.name), value, faults(value))
}

const checkEmptyDir: CheckSource = (check, source, field) => {
  const limit = toQuantity(source.sizeLimit)
  if (limit && isNegativeQuantity(limit))
    forbidden(check, child(field, 'sizeLimit'), 'SizeLimit field must be a valid resource quantity')
}

const checkKeyedFiles =
  (name: string): CheckSource =>
  (check, source, field) => {
    requireText(check, source, field, name)
    checkFileMode(check, source, field, 'defaultMode')
    for (const [at, item] of objects(source, 'items').entries())
      checkKeyToPath(check, item, index(child(field, 'items'), at))
  }

/** Attachments of volumes over iSCSI know the volume's name; the server reports a long one after the portal. */
export function checkVolumeIscsi(
  check: Check,
  source: Obj,
  { field, name }: { readonly field: Field; readonly name: string },
): void {
  if (hasLongPortal(source, name) && text(source, 'targetPortal') !== '')
    invalid(check, renamed(field, 'targetportal', 'targetPortal'), text(source, 'targetPortal'), PORTAL_FAULT)
  checkIscsi('volume')(check, source, field)
}

/** A kind of source: its key, the names the server gives it in messages, its check. */
export interface SourceKind {
  readonly name: string
  readonly check: CheckSource
  /** What the server calls a second source of this kind. */
  readonly extra?: string
  /** What the server calls the place of its faults. */
  readonly inner?: string
}

/** In the server's order. Sources that need more than themselves are added by `pod-volumes.ts`. */
export const POD_SOURCES: readonly SourceKind[] = [
  { name: 'emptyDir', check: checkEmptyDir },
  { name: 'hostPath', check: checkHostPath },
  { name: 'gitRepo', check: checkGitRepo },
  { name: 'gcePersistentDisk', check: checkPartition('pdName'), inner: 'persistentDisk' },
  { name: 'awsElasticBlockStore', check: checkPartition('volumeID') },
  { name: 'secret', check: checkKeyedFiles('secretName') },
  { name: 'nfs', check: checkNfs },
  { name: 'iscsi', check: checkIscsi('pod') },
  { name: 'glusterfs', check: requiring('endpoints', 'path') },
  { name: 'flocker', check: checkFlocker },
  { name: 'persistentVolumeClaim', check: requiring('claimName') },
  { name: 'rbd', check: checkRbd },
  { name: 'cinder', check: checkCinder('name') },
  { name: 'cephfs', check: checkMonitors, extra: 'cephFS' },
  { name: 'quobyte', check: checkQuobyte },
  { name: 'downwardAPI', check: () => {}, extra: 'downwarAPI' },
  { name: 'fc', check: checkFc },
  { name: 'flexVolume', check: checkFlex },
  { name: 'configMap', check: checkKeyedFiles('name') },
  { name: 'azureFile', check: requiring('secretName', 'shareName') },
  { name: 'vsphereVolume', check: requiring('volumePath') },
  { name: 'photonPersistentDisk', check: requiring('pdID') },
  { name: 'portworxVolume', check: requiring('volumeID') },
  { name: 'azureDisk', check: checkAzureDisk },
  { name: 'storageos', check: checkStorageOs('name') },
  { name: 'projected', check: () => {} },
  { name: 'scaleIO', check: requiring('gateway', 'system', 'volumeName') },
  { name: 'csi', check: checkCsi },
  { name: 'ephemeral', check: () => {} },
  { name: 'image', check: () => {} },
]

/** In the server's order. */
export const VOLUME_SOURCES: readonly SourceKind[] = [
  { name: 'hostPath', check: checkHostPath },
  { name: 'gcePersistentDisk', check: checkPartition('pdName'), inner: 'persistentDisk' },
  { name: 'awsElasticBlockStore', check: checkPartition('volumeID') },
  { name: 'glusterfs', check: checkGlusterVolume },
  { name: 'flocker', check: checkFlocker },
  { name: 'nfs', check: checkNfs },
  { name: 'rbd', check: checkRbd },
  { name: 'quobyte', check: checkQuobyte },
  { name: 'cephfs', check: checkMonitors, extra: 'cephFS' },
  { name: 'iscsi', check: checkIscsi('volume') },
  { name: 'cinder', check: checkCinder('name', 'namespace') },
  { name: 'fc', check: checkFc },
  { name: 'flexVolume', check: checkFlex },
  { name: 'azureFile', check: checkAzureFileVolume },
  { name: 'vsphereVolume', check: requiring('volumePath') },
  { name: 'photonPersistentDisk', check: requiring('pdID') },
  { name: 'portworxVolume', check: requiring('volumeID') },
  { name: 'azureDisk', check: checkAzureDisk },
  { name: 'scaleIO', check: requiring('gateway', 'system', 'volumeName') },
  { name: 'local', check: checkLocal },
  { name: 'storageos', check: checkStorageOs('name', 'namespace') },
  { name: 'csi', check: checkCsiVolume },
]

/** The place of a source's own faults. */
export const sourceField = (field: Field, kind: SourceKind): Field =>
  kind.inner === undefined ? child(field, kind.name) : renamed(field, kind.inner, kind.name)

/** A second source beside another. */
export function refuseSecondSource(check: Check, field: Field, kind: SourceKind): void {
  const at = renamed(field, kind.extra ?? kind.name, kind.name)
  forbidden(check, at, 'may not specify more than 1 volume type')
}

export const isSourceSet = (source: Obj, kind: SourceKind): boolean => isObj(source[kind.name])
