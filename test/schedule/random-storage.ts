/** Random storage: claims in every state, volumes, classes, limits of drivers and published capacities. */

import type { Random } from './random.ts'
import { ZONE } from './random-pod.ts'

type Json = Record<string, unknown>

const DRIVERS = ['csi.late', 'ebs.csi.aws.com', 'disk.csi.azure.com']

export function buildStorageObjects(random: Random, nodes: readonly string[]): Json[] {
  const objects = [
    ...buildClasses(random),
    {
      kind: 'CSIDriver',
      metadata: { name: 'csi.late' },
      spec: { storageCapacity: random.chance(50), preventPodSchedulingIfMissing: random.chance(30) },
    },
    ...random.list(random.below(3), k => buildCapacity(random, k)),
    ...nodes.filter(() => random.chance(60)).map(name => buildDriverNode(random, name)),
    ...['default', 'other'].flatMap(namespace => buildClaims(random, namespace, nodes)),
    ...random.list(random.below(3), k => ({
      kind: 'VolumeAttachment',
      metadata: { name: `a${k}` },
      spec: {
        attacher: 'csi.late',
        nodeName: random.pick(nodes),
        source: { persistentVolumeName: random.pick(['bound-default', 'zonal-default', 'absent']) },
      },
    })),
  ]
  return JSON.parse(JSON.stringify(objects)) as Json[]
}

function buildClasses(random: Random): Json[] {
  const delayed = { volumeBindingMode: 'WaitForFirstConsumer' }
  const topology = { matchLabelExpressions: [{ key: ZONE, values: ['z1', random.pick(['z2', 'z3'])] }] }
  const buildClass = (name: string, provisioner: string, more: Json): Json => ({
    kind: 'StorageClass',
    metadata: { name },
    provisioner,
    ...more,
  })
  return [
    buildClass('late', 'csi.late', {
      ...delayed,
      ...random.maybe(25, () => ({ allowedTopologies: random.chance(20) ? [{}] : [topology] })),
    }),
    buildClass('static', 'kubernetes.io/no-provisioner', delayed),
    buildClass('now', 'kubernetes.io/aws-ebs', { volumeBindingMode: 'Immediate' }),
    buildClass('in-tree', 'kubernetes.io/aws-ebs', delayed),
  ]
}

function buildCapacity(random: Random, index: number): Json {
  return {
    kind: 'CSIStorageCapacity',
    metadata: { name: `c${index}` },
    storageClassName: 'late',
    nodeTopology: random.pick([{ matchLabels: { [ZONE]: random.pick(['z1', 'z2']) } }, {}, undefined]),
    capacity: random.pick(['5Gi', '15Gi', '50Gi']),
    ...random.maybe(30, () => ({ maximumVolumeSize: random.pick(['8Gi', '12Gi']) })),
  }
}

function buildDriverNode(random: Random, name: string): Json {
  const drivers = DRIVERS.filter(() => random.chance(70)).map(driver => ({
    name: driver,
    ...random.maybe(80, () => ({ allocatable: { count: random.below(4) } })),
  }))
  return { kind: 'CSINode', metadata: { name }, spec: { drivers } }
}

function buildClaims(random: Random, namespace: string, nodes: readonly string[]): Json[] {
  const claim = (name: string, spec: Json, metadata: Json = {}, status: Json = {}): Json => ({
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace, uid: `${namespace}-${name}`, ...metadata },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: random.pick(['5Gi', '10Gi']) } },
      ...spec,
    },
    status,
  })
  const completed = { annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } }
  const bound = (name: string, spec: Json = {}): Json =>
    claim(name, { volumeName: `${name}-${namespace}`, storageClassName: 'late', ...spec }, completed)
  const late = { storageClassName: random.pick(['late', 'late', 'in-tree']) }
  const pin = { annotations: { 'volume.kubernetes.io/selected-node': random.pick(nodes) } }
  return [
    bound('bound'),
    bound('zonal'),
    bound('exclusive', { accessModes: ['ReadWriteOncePod'] }),
    bound('no-volume'),
    claim('late', late),
    claim('late-2', { ...late, ...random.maybe(20, () => ({ volumeMode: 'Block' })) }),
    claim('pinned', late, pin),
    claim('static', {
      storageClassName: 'static',
      ...random.maybe(30, () => ({ selector: { matchLabels: { disk: 'fast' } } })),
    }),
    claim('reserved', { storageClassName: 'static' }),
    claim('now', { storageClassName: 'now' }),
    claim('classless', {}),
    claim('lost', { volumeName: 'absent', storageClassName: 'late' }, completed, { phase: 'Lost' }),
    claim('deleting', late, { deletionTimestamp: '2026-02-01T00:00:00Z' }),
    // Of pods with ephemeral volumes, by the pods' names.
    ...['r0', 'p0', 'p1'].map(pod => claim(`${pod}-v0`, late)),
    ...buildVolumes(random, namespace),
  ]
}

function buildVolumes(random: Random, namespace: string): Json[] {
  const volume = (name: string, spec: Json, labels: Json = {}, phase = 'Bound'): Json => ({
    kind: 'PersistentVolume',
    metadata: { name: `${name}-${namespace}`, labels },
    spec: {
      storageClassName: 'late',
      capacity: { storage: random.pick(['10Gi', '20Gi']) },
      accessModes: ['ReadWriteOnce', 'ReadWriteOncePod'],
      ...buildSource(random, `${name}-${namespace}`),
      ...random.maybe(50, () => ({ nodeAffinity: buildReach(random) })),
      ...spec,
    },
    status: { phase },
  })
  const of = (name: string): Json => ({ claimRef: { namespace, name, uid: `${namespace}-${name}` } })
  const zones = random.pick(['z1', 'z1__z2', 'z1__', ' z2 '])
  const key = random.pick([ZONE, 'failure-domain.beta.kubernetes.io/zone', 'topology.kubernetes.io/region'])
  const reservedFor = random.chance(60) ? `${namespace}-reserved` : 'an-earlier-claim'
  return [
    volume('bound', of('bound')),
    volume('zonal', of('zonal'), { [key]: zones }),
    volume('exclusive', of('exclusive')),
    ...random.list(random.below(3), k =>
      volume(
        `static-${k}`,
        { storageClassName: 'static' },
        random.chance(50) ? { disk: 'fast' } : {},
        'Available',
      ),
    ),
    volume('reserved', {
      storageClassName: 'static',
      claimRef: { namespace, name: 'reserved', uid: reservedFor },
    }),
  ]
}

function buildSource(random: Random, name: string): Json {
  return random.pick<Json>([
    { csi: { driver: 'csi.late', volumeHandle: name } },
    { csi: { driver: 'csi.late', volumeHandle: name } },
    { awsElasticBlockStore: { volumeID: `aws://z1/${name}` } },
    { nfs: { path: '/' } },
  ])
}

function buildReach(random: Random): Json {
  const expression = { key: ZONE, operator: 'In', values: [random.pick(['z1', 'z2'])] }
  return { required: { nodeSelectorTerms: [{ matchExpressions: [expression] }] } }
}
