/** Volumes: where they can be reached, how many a node takes, and whose they are. */

import { describe, expect, it } from 'vitest'
import { buildCluster } from '../../src/schedule/cluster.ts'
import { createScheduler } from '../../src/schedule/engine/scheduler.ts'
import { node, pod, zone } from './builders.ts'

type Objects = readonly Record<string, unknown>[]

const LIMIT = 'node(s) exceed max volume count'
const DRIVER = 'csi.example'

const classOf = (provisioner: string): Record<string, unknown> => ({
  kind: 'StorageClass',
  metadata: { name: 'late' },
  provisioner,
  volumeBindingMode: 'WaitForFirstConsumer',
})

const claim = (name: string, volumeName?: string, more: object = {}): Record<string, unknown> => ({
  kind: 'PersistentVolumeClaim',
  metadata: {
    name,
    namespace: 'default',
    uid: `uid-${name}`,
    ...(volumeName === undefined ? {} : { annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } }),
  },
  spec: {
    storageClassName: 'late',
    volumeName,
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '1Gi' } },
    ...more,
  },
})

const volume = (name: string, spec: object, labels: object = {}): Record<string, unknown> => ({
  kind: 'PersistentVolume',
  metadata: { name, labels },
  spec: {
    storageClassName: 'late',
    capacity: { storage: '1Gi' },
    accessModes: ['ReadWriteOnce'],
    csi: { driver: DRIVER, volumeHandle: name },
    ...spec,
  },
  status: { phase: 'Available' },
})

const limits = (driver: string, count: number): Record<string, unknown> => ({
  kind: 'CSINode',
  metadata: { name: 'a' },
  spec: { drivers: [{ name: driver, allocatable: { count } }] },
})

const user = (name: string, claimName: string, more: object = {}): Record<string, unknown> =>
  pod(name, { spec: { volumes: [{ name: 'v', persistentVolumeClaim: { claimName } }] }, ...more })

/** Why node a turns the pod down; `fits` when it does not. */
function judge(
  objects: Objects,
  pending: unknown,
  options: { minor?: number; labels?: Record<string, string> } = {},
) {
  const cluster = buildCluster([node('a', { labels: options.labels ?? {} }), ...objects], {
    minor: options.minor ?? 36,
  })
  const explained = createScheduler(cluster).explain(cluster.podReader.read(pending))
  if (explained.message === undefined) return 'fits'
  return explained.rejections[0]?.reasons.join('; ') ?? explained.message
}

describe('limits of drivers', () => {
  const attachment = {
    kind: 'VolumeAttachment',
    metadata: { name: 'x' },
    spec: { attacher: DRIVER, nodeName: 'a', source: { persistentVolumeName: 'pv' } },
  }
  const bound = [claim('one', 'pv'), volume('pv', { claimRef: { namespace: 'default', name: 'one' } })]
  const disk = { awsElasticBlockStore: { volumeID: 'aws://zone/vol-1' } }

  it.each<[string, Objects, unknown, string]>([
    ['one more than the node takes', [...bound, limits(DRIVER, 0)], user('p', 'one'), LIMIT],
    ['as many as the node takes', [...bound, limits(DRIVER, 1)], user('p', 'one'), 'fits'],
    ['no limit without a CSINode', bound, user('p', 'one'), 'fits'],
    [
      'a volume that another pod has attached already',
      [...bound, limits(DRIVER, 1), user('r', 'one', { on: 'a' })],
      user('p', 'one'),
      'fits',
    ],
    [
      'a volume that is attached though no pod uses it, which counts twice',
      [...bound, limits(DRIVER, 1), attachment],
      user('p', 'one'),
      LIMIT,
    ],
    [
      'a volume still to be made',
      [classOf(DRIVER), claim('new'), limits(DRIVER, 0)],
      user('p', 'new'),
      LIMIT,
    ],
    [
      'an old plugin under the name of its driver',
      [classOf('kubernetes.io/aws-ebs'), claim('new'), limits('ebs.csi.aws.com', 0)],
      user('p', 'new'),
      LIMIT,
    ],
    [
      'a disk of the pod itself',
      [limits('ebs.csi.aws.com', 0)],
      pod('p', { spec: { volumes: [{ name: 'v', ...disk }] } }),
      LIMIT,
    ],
    [
      'a volume of an old plugin, which is the same disk as another',
      [
        claim('one', 'old'),
        volume('old', { csi: undefined, ...disk }),
        claim('two', 'new'),
        volume('new', { csi: { driver: 'ebs.csi.aws.com', volumeHandle: 'vol-1' } }),
        limits('ebs.csi.aws.com', 1),
        user('r', 'two', { on: 'a' }),
      ],
      user('p', 'one'),
      'fits',
    ],
  ])('%s', (_, objects, pending, verdict) => {
    expect(judge(objects, pending)).toBe(verdict)
  })

  it.each([
    [36, 'fits'],
    [37, `${DRIVER} CSI driver is not installed on the node`],
  ])('1.%d and drivers that insist on being installed', (minor, verdict) => {
    const driver = {
      kind: 'CSIDriver',
      metadata: { name: DRIVER },
      spec: { preventPodSchedulingIfMissing: true },
    }
    expect(judge([...bound, driver], user('p', 'one'), { minor })).toBe(verdict)
    const there = { kind: 'CSINode', metadata: { name: 'a' }, spec: { drivers: [{ name: DRIVER }] } }
    expect(judge([...bound, driver, there], user('p', 'one'), { minor })).toBe('fits')
  })
})

describe('zones of volumes', () => {
  const WRONG = 'node(s) had no available volume zone'
  const NEW = 'topology.kubernetes.io/zone'
  const OLD = 'failure-domain.beta.kubernetes.io/zone'
  it.each<[string, Record<string, string>, Record<string, string>, string]>([
    ['the same zone', { [NEW]: 'z1' }, zone('z1'), 'fits'],
    ['another zone', { [NEW]: 'z1' }, zone('z2'), WRONG],
    ['one of several', { [NEW]: 'z1__z2' }, zone('z2'), 'fits'],
    ['a list with a hole is no list', { [NEW]: 'z1__' }, zone('z2'), 'fits'],
    ['an old label on the volume', { [OLD]: 'z1' }, zone('z1'), 'fits'],
    ['an old label on the node', { [NEW]: 'z1' }, { [OLD]: 'z1' }, WRONG],
    ['a node without zones', { [NEW]: 'z1' }, {}, 'fits'],
    ['a region', { 'topology.kubernetes.io/region': 'r1' }, zone('z1'), WRONG],
  ])('%s', (_, onVolume, onNode, verdict) => {
    const objects = [
      claim('one', 'pv'),
      volume('pv', { claimRef: { namespace: 'default', name: 'one' } }, onVolume),
    ]
    expect(judge(objects, user('p', 'one'), { labels: onNode })).toBe(verdict)
  })
})

describe('zones of volumes of old plugins', () => {
  const REACH = "node(s) didn't match PersistentVolume's node affinity"
  const DISK = { csi: undefined, awsElasticBlockStore: { volumeID: 'vol-1' } }
  const OLD = 'failure-domain.beta.kubernetes.io/zone'
  const migrated = {
    kind: 'CSINode',
    metadata: {
      name: 'a',
      annotations: { 'storage.alpha.kubernetes.io/migrated-plugins': 'kubernetes.io/aws-ebs' },
    },
    spec: { drivers: [] },
  }
  const plain = { ...migrated, metadata: { name: 'a' } }
  const reach = (key: string): object => {
    const expression = { key, operator: 'In', values: ['z1'] }
    return { nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [expression] }] } } }
  }
  const driverZone = { 'topology.ebs.csi.aws.com/zone': 'z1' }

  it.each<[string, object, object, object, string]>([
    ['are left alone where the plugin has not moved', plain, reach(OLD), { [OLD]: 'z1' }, 'fits'],
    ['become zones of the driver', migrated, reach(OLD), { [OLD]: 'z1' }, REACH],
    ['become zones of the driver, which the node has', migrated, reach(OLD), driverZone, 'fits'],
    [
      'that are new become zones of the driver as well',
      migrated,
      reach('topology.kubernetes.io/zone'),
      zone('z1'),
      REACH,
    ],
    [
      'stand for themselves in volumes of drivers',
      migrated,
      { ...reach(OLD), csi: { driver: DRIVER } },
      { [OLD]: 'z1' },
      'fits',
    ],
  ])('%s', (_, csiNode, spec, labels, verdict) => {
    const source = 'csi' in spec ? {} : DISK
    const pv = volume('pv', { claimRef: { namespace: 'default', name: 'one' }, ...source, ...spec })
    const objects = [claim('one', 'pv'), pv, csiNode as Record<string, unknown>]
    expect(judge(objects, user('p', 'one'), { labels: labels as Record<string, string> })).toBe(verdict)
  })

  it.each<[string, object, string]>([
    ['of labels become zones of the driver', { ...zone('z1') }, REACH],
    ['of labels, which the node has', { ...zone('z1'), ...driverZone }, 'fits'],
  ])('%s', (_, labels, verdict) => {
    const pv = volume('pv', { claimRef: { namespace: 'default', name: 'one' }, ...DISK }, zone('z1__z2'))
    const objects = [claim('one', 'pv'), pv, migrated]
    expect(judge(objects, user('p', 'one'), { labels: labels as Record<string, string> })).toBe(verdict)
  })
})

describe('whose a volume is', () => {
  const NOTHING = "node(s) didn't find available persistent volumes to bind"
  const manual = classOf('kubernetes.io/no-provisioner')
  it.each<[string, object, string]>([
    ['free', {}, 'fits'],
    ['reserved for the claim', { claimRef: { namespace: 'default', name: 'one', uid: 'uid-one' } }, 'fits'],
    ['reserved by name alone', { claimRef: { namespace: 'default', name: 'one' } }, 'fits'],
    ['of an earlier claim', { claimRef: { namespace: 'default', name: 'one', uid: 'gone' } }, NOTHING],
    ['of another claim', { claimRef: { namespace: 'default', name: 'two' } }, NOTHING],
    ['too small', { capacity: { storage: '1Mi' } }, NOTHING],
    ['of another mode', { volumeMode: 'Block' }, NOTHING],
    ['of another access', { accessModes: ['ReadOnlyMany'] }, NOTHING],
    [
      'out of reach',
      {
        nodeAffinity: {
          required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'rack', operator: 'Exists' }] }] },
        },
      },
      NOTHING,
    ],
  ])('%s', (_, spec, verdict) => {
    expect(judge([manual, claim('one'), volume('pv', spec)], user('p', 'one'))).toBe(verdict)
  })
})

describe('a claim for one pod', () => {
  const IN_USE =
    'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod'
  const objects = [
    claim('one', 'pv', { accessModes: ['ReadWriteOncePod'] }),
    volume('pv', { claimRef: { namespace: 'default', name: 'one' } }),
    user('r', 'one', { on: 'a' }),
  ]
  const named = [{ name: 'v', persistentVolumeClaim: { claimName: 'one' } }]
  it('keeps others off', () => {
    expect(judge(objects, user('p', 'one'))).toBe(IN_USE)
  })
  it('seems free where a pod of another namespace leaves that has one of its name', () => {
    const other = user('s', 'one', { on: 'a' })
    const elsewhere = { ...other, metadata: { name: 's', namespace: 'elsewhere' } }
    const running = user('r', 'one', { on: 'b', spec: { priority: 9, volumes: named } })
    const cluster = buildCluster([node('a'), node('b'), ...objects.slice(0, 2), running, elsewhere], {
      minor: 36,
    })
    const pending = user('p', 'one', { spec: { priority: 5, volumes: named } })
    const { eviction } = createScheduler(cluster).explain(cluster.podReader.read(pending))
    expect([eviction?.node, eviction?.victims.map(it => it.name)]).toEqual(['a', ['s']])
  })
  it('goes to a more important pod, where the other one runs', () => {
    const cluster = buildCluster([node('a'), node('b'), ...objects], { minor: 36 })
    const pending = user('p', 'one', {
      spec: { priority: 5, volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'one' } }] },
    })
    const { eviction } = createScheduler(cluster).explain(cluster.podReader.read(pending))
    expect([eviction?.node, eviction?.victims.map(it => it.name), eviction?.certain]).toEqual([
      'a',
      ['r'],
      true,
    ])
  })
})
