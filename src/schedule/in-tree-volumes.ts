/** Volumes of plugins that once were part of Kubernetes, under the CSI drivers that serve them now (csi-translation-lib). */

import { type JsonRecord, readPath, readRecord, readString } from './json-fields.ts'

interface InTreePlugin {
  readonly driver: string
  /** Where a volume source says which disk it means. */
  readonly source: string
  readonly identity: string
}

/** By the provisioner's name; the plugins whose volumes count against the limits of their CSI driver. */
const PLUGINS: ReadonlyMap<string, InTreePlugin> = new Map([
  [
    'kubernetes.io/aws-ebs',
    { driver: 'ebs.csi.aws.com', source: 'awsElasticBlockStore', identity: 'volumeID' },
  ],
  [
    'kubernetes.io/gce-pd',
    { driver: 'pd.csi.storage.gke.io', source: 'gcePersistentDisk', identity: 'pdName' },
  ],
  ['kubernetes.io/azure-disk', { driver: 'disk.csi.azure.com', source: 'azureDisk', identity: 'diskURI' }],
  ['kubernetes.io/cinder', { driver: 'cinder.csi.openstack.org', source: 'cinder', identity: 'volumeID' }],
  [
    'kubernetes.io/portworx-volume',
    { driver: 'pxd.portworx.com', source: 'portworxVolume', identity: 'volumeID' },
  ],
])

/** Names of the volume sources, as pods and PersistentVolumes spell them. */
export const IN_TREE_SOURCES: readonly string[] = [...PLUGINS.values()].map(it => it.source)

export interface AttachableDisk {
  readonly driver: string
  readonly handle: string
}

/** The disk that a pod's volume or a PersistentVolume's spec names itself, under its CSI driver. */
export function findInTreeDisk(volume: JsonRecord): AttachableDisk | undefined {
  for (const { driver, source, identity } of PLUGINS.values()) {
    if (volume[source] === undefined || volume[source] === null) continue
    const name = readString(readRecord(volume[source])[identity])
    // `aws://us-east-1a/vol-1` and `vol-1` are the same disk.
    const handle = source === 'awsElasticBlockStore' ? name.slice(name.lastIndexOf('/') + 1) : name
    return handle === '' ? undefined : { driver, handle }
  }
  return undefined
}

/** The CSI driver behind a provisioner; the provisioner itself unless it was in-tree. */
export function toCsiDriver(provisioner: string): string {
  return PLUGINS.get(provisioner)?.driver ?? provisioner
}

/** The disk of a PersistentVolume. */
export function findDisk(spec: JsonRecord): AttachableDisk | undefined {
  const driver = readString(readPath(spec.csi, 'driver'))
  const handle = readString(readPath(spec.csi, 'volumeHandle'))
  if (spec.csi === undefined || spec.csi === null) return findInTreeDisk(spec)
  return driver === '' || handle === '' ? undefined : { driver, handle }
}
