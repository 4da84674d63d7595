/** Objects among the manifests take part as if they were applied: the verdict is that of an inventory that has them. */

import { describe, expect, it, test } from 'vitest'
import { decideFit, type FitReport } from '../../src/schedule/verdict/decide-fit.ts'
import { cluster, deployment, node, type PodOptions, pod, zone } from './builders.ts'

type Objects = readonly Record<string, unknown>[]

const THREE = [node('a', { labels: zone('x') }), node('b', { labels: zone('y') }), node('c')]

const local = (binding = 'WaitForFirstConsumer'): Record<string, unknown> => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'local' },
  provisioner: 'kubernetes.io/no-provisioner',
  volumeBindingMode: binding,
})

const volume = (on: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: `volume-${on}` },
  spec: {
    capacity: { storage: '10Gi' },
    accessModes: ['ReadWriteOnce'],
    storageClassName: 'local',
    local: { path: '/data' },
    nodeAffinity: {
      required: {
        nodeSelectorTerms: [
          { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [on] }] },
        ],
      },
    },
    ...more,
  },
})

const claimSpec = (storageClassName?: string, storage = '5Gi'): Record<string, unknown> => ({
  storageClassName,
  accessModes: ['ReadWriteOnce'],
  resources: { requests: { storage } },
})

const claim = (name: string, spec: Record<string, unknown>): Record<string, unknown> => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name, namespace: 'default' },
  spec,
})

const database = (replicas: number, spec = claimSpec('local')): Record<string, unknown> => {
  const { spec: own, ...rest } = deployment('db', replicas, { requests: { cpu: '100m' } })
  return {
    ...rest,
    kind: 'StatefulSet',
    spec: { ...(own as object), volumeClaimTemplates: [{ metadata: { name: 'data' }, spec }] },
  }
}

const user = (claimName: string, requests = { cpu: '100m' }): Record<string, unknown> =>
  pod('user', { requests, spec: { volumes: [{ name: 'data', persistentVolumeClaim: { claimName } }] } })

const named = (kind: string, name: string, more: object, namespace?: string): Record<string, unknown> => ({
  kind,
  metadata: namespace === undefined ? { name } : { name, namespace },
  ...more,
})

const busy: PodOptions = { requests: { cpu: '4' } }
const full = THREE.map(it =>
  pod(`busy-${nameOf(it)}`, { ...busy, on: nameOf(it), labels: { node: nameOf(it) } }),
)

function nameOf(object: Record<string, unknown>): string {
  return (object.metadata as { name: string }).name
}

const ownedBy = (name: string): object => ({
  name: `${name}-1`,
  namespace: 'default',
  ownerReferences: [{ kind: 'ReplicaSet', name: `${name}-5d9`, controller: true }],
})

const summarize = ({ verdict, workloads, proofs, rejections, evictions }: FitReport): unknown => ({
  verdict,
  workloads: workloads.map(({ edits: _, nearestMiss: __, ...it }) => it),
  proofs,
  rejections,
  evictions,
})

/** What stands in the inventory, what is applied or stands there already, what makes pods, and how many are placed. */
const cases: readonly (readonly [string, Objects, Objects, Objects, number])[] = [
  ['local volumes of a class that waits', THREE, [local(), volume('a'), volume('b')], [database(2)], 2],
  ['fewer local volumes than pods', THREE, [local(), volume('a'), volume('b')], [database(3)], 2],
  [
    'local volumes that are too small',
    THREE,
    [local(), volume('a')],
    [database(1, claimSpec('local', '20Gi'))],
    0,
  ],
  ['a class that binds at once', THREE, [local('Immediate'), volume('b')], [database(1)], 1],
  ['volumes of a class that nothing else knows', THREE, [volume('c'), volume('b')], [database(3)], 2],
  [
    'a volume without a class, and a claim that names it',
    THREE,
    [volume('b', { storageClassName: '' }), claim('data', { ...claimSpec(''), volumeName: 'volume-b' })],
    [user('data')],
    1,
  ],
  [
    'a volume that is reserved for another claim',
    THREE,
    [
      local(),
      volume('b', { claimRef: { namespace: 'default', name: 'other' } }),
      claim('data', claimSpec('local')),
    ],
    [user('data')],
    0,
  ],
  [
    'a class for one zone',
    THREE,
    [
      {
        ...local(),
        metadata: { name: 'zonal', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
        provisioner: 'disk.example.com',
        allowedTopologies: [
          { matchLabelExpressions: [{ key: 'topology.kubernetes.io/zone', values: ['y'] }] },
        ],
      },
    ],
    [database(2, claimSpec())],
    2,
  ],
  [
    'a pod too large for the only node that its claim can be served on',
    [node('a'), node('b', { allocatable: { cpu: '8' } })],
    [local(), volume('a'), claim('data', claimSpec('local'))],
    [user('data', { cpu: '6' })],
    0,
  ],
  [
    'a driver that tracks capacity, and has none',
    THREE,
    [
      { ...local(), provisioner: 'disk.example.com' },
      named('CSIDriver', 'disk.example.com', { spec: { storageCapacity: true } }),
    ],
    [database(1)],
    0,
  ],
  [
    'a class of greater priority',
    [...THREE, ...full],
    [named('PriorityClass', 'high', { value: 1000 })],
    [deployment('web', 1, { requests: { cpu: '1' }, spec: { priorityClassName: 'high' } })],
    1,
  ],
  [
    'a class of priority for all',
    [...THREE, ...full],
    [named('PriorityClass', 'all', { value: 1000, globalDefault: true })],
    [deployment('web', 1, { requests: { cpu: '1' } })],
    1,
  ],
  [
    'a budget over some of those that may be evicted',
    [...THREE, ...full],
    [
      named('PriorityClass', 'high', { value: 1000 }),
      named(
        'PodDisruptionBudget',
        'busy',
        {
          spec: {
            minAvailable: 3,
            selector: { matchExpressions: [{ key: 'node', operator: 'In', values: ['a', 'b'] }] },
          },
        },
        'default',
      ),
    ],
    [deployment('web', 1, { requests: { cpu: '1' }, spec: { priorityClassName: 'high' } })],
    1,
  ],
  [
    'a runtime class that only some nodes have',
    THREE,
    [
      named('RuntimeClass', 'vm', {
        handler: 'vm',
        overhead: { podFixed: { cpu: '1' } },
        scheduling: { nodeSelector: { 'topology.kubernetes.io/zone': 'x' } },
      }),
    ],
    [deployment('web', 3, { requests: { cpu: '1' }, spec: { runtimeClassName: 'vm' } })],
    2,
  ],
  [
    'a quota',
    THREE,
    [named('ResourceQuota', 'team', { spec: { hard: { 'requests.cpu': '2' } } }, 'default')],
    [deployment('web', 3, { requests: { cpu: '1' } })],
    2,
  ],
  [
    'a limit range',
    THREE,
    [
      named(
        'LimitRange',
        'defaults',
        { spec: { limits: [{ type: 'Container', defaultRequest: { cpu: '3' } }] } },
        'default',
      ),
    ],
    [deployment('web', 4)],
    3,
  ],
  [
    'labels of a namespace that others keep away from',
    [
      ...THREE,
      pod('shy', {
        on: 'a',
        spec: {
          affinity: {
            podAntiAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: [
                {
                  topologyKey: 'kubernetes.io/hostname',
                  labelSelector: {},
                  namespaceSelector: { matchLabels: { team: 'loud' } },
                },
              ],
            },
          },
        },
      }),
    ],
    [named('Namespace', 'default', { metadata: { name: 'default', labels: { team: 'loud' } } })],
    [deployment('web', 7, { requests: { cpu: '1' } })],
    7,
  ],
]

describe('the verdict is that of an inventory with the same objects', () => {
  it.each(cases)('%s', (_, inventory, objects, workloads, scheduled) => {
    const applied = decideFit(cluster(...inventory), [...objects, ...workloads])
    const late = decideFit(cluster(...inventory), [...workloads, ...objects])
    const present = decideFit(cluster(...inventory, ...objects), [...workloads])
    expect(present.workloads.reduce((sum, it) => sum + it.scheduled, 0)).toBe(scheduled)
    expect(summarize(applied)).toEqual(summarize(present))
    expect(summarize(late)).toEqual(summarize(present))
    expect(applied.unknowns).toEqual(present.unknowns)
  })
})

it('a budget of the manifests keeps evictions away', () => {
  const [, budget] = cases.find(([title]) => title.startsWith('a budget'))![2]
  const objects = [named('PriorityClass', 'high', { value: 1000 }), budget!]
  const web = deployment('web', 1, { requests: { cpu: '1' }, spec: { priorityClassName: 'high' } })
  const { evictions } = decideFit(cluster(...THREE, ...full), [...objects, web])
  expect([...evictions.keys()]).toEqual(['Pod default/busy-c'])
})

describe('objects that are there already are replaced', () => {
  const quota = (cpu: string, more: object = {}): Record<string, unknown> =>
    named('ResourceQuota', 'team', { spec: { hard: { 'requests.cpu': cpu } }, ...more }, 'default')
  const web = deployment('web', 3, { requests: { cpu: '1' } })

  test.each<[string, Objects, Objects, number]>([
    ['a quota that is raised', [quota('1')], [quota('3')], 3],
    ['a quota that is lowered', [quota('3')], [quota('2')], 2],
    [
      'what is used of a quota stays used',
      [quota('1', { status: { used: { 'requests.cpu': '1' } } })],
      [quota('3')],
      2,
    ],
    [
      'what a manifest says is used counts for nothing',
      [],
      [quota('3', { status: { used: { 'requests.cpu': '3' } } })],
      3,
    ],
    [
      'a limit range without its bound',
      [
        named(
          'LimitRange',
          'bounds',
          { spec: { limits: [{ type: 'Container', max: { cpu: '500m' } }] } },
          'default',
        ),
      ],
      [named('LimitRange', 'bounds', { spec: { limits: [] } }, 'default')],
      3,
    ],
  ])('%s', (_, inventory, manifests, scheduled) => {
    const report = decideFit(cluster(...THREE, ...inventory), [...manifests, web])
    expect(report.workloads).toMatchObject([{ scheduled }])
  })

  it('a new quota counts what runs in its namespace, but for what the manifests replace', () => {
    const running = [
      pod('other', { on: 'a', requests: { cpu: '1' } }),
      { ...pod('web-1', { on: 'b', requests: { cpu: '1' } }), metadata: ownedBy('web') },
      { ...pod('far', { on: 'b', requests: { cpu: '1' } }), metadata: { name: 'far', namespace: 'far' } },
      claim('data', claimSpec()),
    ]
    const report = decideFit(cluster(...THREE, ...running), [quota('3'), web])
    expect(report.workloads).toMatchObject([
      { scheduled: 2, refusals: [expect.stringContaining('used: requests.cpu=3, limited: requests.cpu=3')] },
    ])
    const claims = named(
      'ResourceQuota',
      'claims',
      { spec: { hard: { persistentvolumeclaims: '1' } } },
      'default',
    )
    expect(decideFit(cluster(...THREE, ...running), [claims, database(1)]).workloads).toMatchObject([
      {
        created: 0,
        refusals: [expect.stringContaining('used: persistentvolumeclaims=1'), expect.anything()],
      },
    ])
  })

  it('a volume that is bound stays bound', () => {
    const bound = {
      ...volume('b', { claimRef: { namespace: 'default', name: 'other', uid: '1' } }),
      status: { phase: 'Bound' },
    }
    const report = decideFit(cluster(...THREE, local(), bound), [local(), volume('b'), database(1)])
    expect(report.workloads).toMatchObject([{ scheduled: 0 }])
  })
})

it('says that a class without an object has no more volumes than are shown', () => {
  const { unknowns } = decideFit(cluster(...THREE), [volume('a'), database(1)])
  expect(unknowns).toEqual([
    'storage class "local" is not in the inventory; taken to have no volumes but those that are shown',
  ])
})

it('takes the class of a claim from its annotation of old', () => {
  const old = {
    ...claim('data', claimSpec()),
    metadata: {
      name: 'data',
      namespace: 'default',
      annotations: { 'volume.beta.kubernetes.io/storage-class': 'local' },
    },
  }
  const report = decideFit(cluster(...THREE), [local(), volume('b'), old, user('data')])
  expect(report.workloads).toMatchObject([{ nodes: new Map([['b', 1]]) }])
  expect(report.unknowns).toEqual([])
})
