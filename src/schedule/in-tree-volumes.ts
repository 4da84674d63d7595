/** Volumes of plugins that once were part of Kubernetes, under the CSI drivers that serve them now (csi-translation-lib). */

import { type JsonRecord, readPath, readRecord, readString } from './json-fields.ts'
import type { Labels, NodeTerm, Requirement } from './selector.ts'

interface InTreePlugin {
  readonly driver: string
  /** Where a volume source says which disk it means. */
  readonly source: string
  readonly identity: string
  /** The label of nodes that stands for their zone. */
  readonly zoneKey?: string
}

/** By the provisioner's name; the plugins whose volumes count against the limits of their CSI driver. */
const PLUGINS: ReadonlyMap<string, InTreePlugin> = new Map([
  [
    'kubernetes.io/aws-ebs',
    {
      driver: 'ebs.csi.aws.com',
      source: 'awsElasticBlockStore',
      identity: 'volumeID',
      zoneKey: 'topology.ebs.csi.aws.com/zone',
    },
  ],
  [
    'kubernetes.io/gce-pd',
    {
      driver: 'pd.csi.storage.gke.io',
      source: 'gcePersistentDisk',
      identity: 'pdName',
      zoneKey: 'topology.gke.io/zone',
    },
  ],
  ['kubernetes.io/azure-disk', { driver: 'disk.csi.azure.com', source: 'azureDisk', identity: 'diskURI' }],
  [
    'kubernetes.io/cinder',
    {
      driver: 'cinder.csi.openstack.org',
      source: 'cinder',
      identity: 'volumeID',
      zoneKey: 'topology.cinder.csi.openstack.org/zone',
    },
  ],
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

/** A PersistentVolume as nodes see it that leave its plugin to a CSI driver. */
export interface MigratedReach {
  /** As nodes list what they leave: `kubernetes.io/aws-ebs`. */
  readonly plugin: string
  readonly terms: readonly NodeTerm[]
}

const ZONE = 'topology.kubernetes.io/zone'
const REGION = 'topology.kubernetes.io/region'
const BETA_ZONE = 'failure-domain.beta.kubernetes.io/zone'
const BETA_REGION = 'failure-domain.beta.kubernetes.io/region'

/**
 * `translateTopologyFromInTreeToCSI`: zones of the volume's node affinity, or else of its labels, become zones of the
 * CSI driver. Undefined for volumes of which no zone is translated.
 */
export function toMigratedReach(
  spec: JsonRecord,
  labels: Labels,
  terms: readonly NodeTerm[] | undefined,
): MigratedReach | undefined {
  const found = [...PLUGINS].find(([, it]) => spec[it.source] !== undefined && spec[it.source] !== null)
  if (found === undefined || found[1].zoneKey === undefined) return undefined
  const [plugin, { zoneKey }] = found
  const keys = (terms ?? []).flatMap(it => it.requirements.map(({ key }) => key))
  const isBeta = keys.includes(ZONE)
    ? false
    : keys.includes(BETA_ZONE) || (!labels.has(ZONE) && labels.has(BETA_ZONE))
  const zoneLabel = isBeta ? BETA_ZONE : ZONE
  const renamed = new Map(isBeta ? [[BETA_REGION, REGION]] : [])
  const listsZones = (terms ?? []).some(term =>
    term.requirements.some(it => it.key === zoneLabel && it.values.length > 0),
  )
  if (listsZones) renamed.set(zoneLabel, zoneKey)
  const zones = listsZones ? [] : listZones(labels.get(zoneLabel))
  const added: Requirement[] = zones.length === 0 ? [] : [{ key: zoneKey, operator: 'In', values: zones }]
  if (renamed.size === 0 && added.length === 0) return undefined
  const translated = (terms === undefined || terms.length === 0 ? [NO_CONDITION] : terms).map(term => ({
    ...term,
    requirements: [...term.requirements.map(it => ({ ...it, key: renamed.get(it.key) ?? it.key })), ...added],
  }))
  return { plugin, terms: translated }
}

const NO_CONDITION: NodeTerm = { requirements: [], fields: [], listed: [], never: false }

function listZones(label: string | undefined): string[] {
  const zones = (label ?? '').split('__').map(it => it.trim())
  return [...new Set(zones)].filter(it => it !== '')
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
