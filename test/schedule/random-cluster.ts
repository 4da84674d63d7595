/** Random clusters and pods that touch every filter and score, the same for the same seed. */

import { buildCluster, type Cluster } from '../../src/schedule/cluster.ts'

export interface RandomCase {
  readonly cluster: Cluster
  readonly objects: readonly Record<string, unknown>[]
  readonly pending: readonly Record<string, unknown>[]
}

export interface Random {
  below(limit: number): number
  chance(percent: number): boolean
  pick<T>(items: readonly T[]): T
}

export function createRandom(seed: number): Random {
  let state = (seed * 2654435761 + 12345) >>> 0
  const below = (limit: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
  return { below, chance: percent => below(100) < percent, pick: items => items[below(items.length)]! }
}

const ZONE = 'topology.kubernetes.io/zone'
const HOST = 'kubernetes.io/hostname'
const APPS = ['a', 'b', 'c']

export function buildRandomCase(
  seed: number,
  size: { nodes: number; running: number; pending: number },
): RandomCase {
  const random = createRandom(seed)
  const objects: Record<string, unknown>[] = [
    { kind: 'Namespace', metadata: { name: 'default' } },
    { kind: 'Namespace', metadata: { name: 'other', labels: { team: '1' } } },
    {
      kind: 'PodDisruptionBudget',
      metadata: { name: 'b', namespace: 'default' },
      spec: { selector: { matchLabels: { app: 'a' } } },
      status: { disruptionsAllowed: 1 },
    },
  ]
  if (random.chance(50)) {
    objects.push({
      kind: 'Service',
      metadata: { name: 's', namespace: 'default' },
      spec: { selector: { app: 'b' } },
    })
  }
  const names = Array.from({ length: size.nodes }, (_, i) => `n${String(i).padStart(2, '0')}`)
  for (const name of names) objects.push(buildNode(random, name))
  objects.push(...buildStorageObjects(random, names))
  for (let i = 0; i < size.running; i++) {
    const pod = buildPod(random, `r${i}`)
    Object.assign(pod.spec as object, { nodeName: random.pick(names) })
    pod.status = { phase: 'Running', startTime: `2026-01-0${1 + random.below(9)}T00:00:00Z` }
    if (random.chance(8)) Object.assign(pod.metadata as object, { deletionTimestamp: '2026-02-01T00:00:00Z' })
    objects.push(pod)
  }
  const shapes = Array.from({ length: Math.max(1, Math.ceil(size.pending / 3)) }, (_, i) =>
    buildPod(random, `p${i}`),
  )
  const pending = Array.from({ length: size.pending }, (_, i) => {
    const shape = random.pick(shapes)
    const status = random.chance(10) ? { nominatedNodeName: random.pick(names) } : {}
    return { ...shape, metadata: { ...(shape.metadata as object), name: `p${i}` }, status }
  })
  return { cluster: buildCluster(objects, { minor: random.pick([33, 35, 36, 37]) }), objects, pending }
}

function buildNode(random: Random, name: string): Record<string, unknown> {
  const labels: Record<string, string> = { [HOST]: name }
  if (random.chance(85)) labels[ZONE] = random.pick(['z1', 'z2', 'z3'])
  if (random.chance(60)) labels.rack = random.pick(['r1', 'r2'])
  if (random.chance(50)) labels.gen = String(random.below(6))
  const allocatable: Record<string, string> = {
    cpu: random.pick(['2', '3920m', '8']),
    memory: random.pick(['4Gi', '8Gi', '15500000Ki']),
    pods: random.pick(['4', '8', '110']),
  }
  if (random.chance(30)) allocatable['nvidia.com/gpu'] = '2'
  if (random.chance(50)) allocatable['ephemeral-storage'] = '10Gi'
  const taints = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']
    .filter(() => random.chance(10))
    .map(effect => ({ key: random.pick(['k1', 'k2']), value: random.pick(['', 'v']), effect }))
  const images = random.chance(40)
    ? [{ names: [random.pick(['app:1', 'app:2'])], sizeBytes: 100_000_000 * (1 + random.below(9)) }]
    : []
  return {
    kind: 'Node',
    metadata: { name, labels },
    spec: { taints, unschedulable: random.chance(5) },
    status: { allocatable, images },
  }
}

function buildPod(random: Random, name: string): Record<string, unknown> {
  const labels = { app: random.pick(APPS), ...(random.chance(40) ? { ver: random.pick(['1', '2']) } : {}) }
  const spec: Record<string, unknown> = {
    containers: [buildContainer(random, 'c'), ...(random.chance(15) ? [buildContainer(random, 'd')] : [])],
    priority: random.pick([0, 0, 0, 10, 100, -5]),
    tolerations: random.chance(30) ? [{ key: random.pick(['k1', 'k2']), operator: 'Exists' }] : [],
  }
  if (random.chance(10))
    spec.initContainers = [
      { ...buildContainer(random, 'i'), ...(random.chance(50) ? { restartPolicy: 'Always' } : {}) },
    ]
  if (random.chance(15)) spec.nodeSelector = { rack: 'r1' }
  if (random.chance(5)) spec.preemptionPolicy = 'Never'
  if (random.chance(8)) spec.overhead = { cpu: '100m' }
  if (random.chance(35))
    spec.topologySpreadConstraints = Array.from({ length: 1 + random.below(2) }, () => buildSpread(random))
  if (random.chance(12)) {
    const claimName = random.pick(['bound', 'late', 'late-2', 'exclusive', 'static', 'now', 'gone'])
    spec.volumes = [{ name: 'v', persistentVolumeClaim: { claimName } }]
  }
  const affinity = buildAffinity(random)
  if (Object.keys(affinity).length > 0) spec.affinity = affinity
  return {
    kind: 'Pod',
    metadata: { name, namespace: random.pick(['default', 'default', 'other']), labels },
    spec,
    status: {},
  }
}

/** Claims in every state, in both namespaces, with volumes, classes, limits and published capacities. */
function buildStorageObjects(random: Random, nodes: readonly string[]): Record<string, unknown>[] {
  const delayed = { volumeBindingMode: 'WaitForFirstConsumer' }
  const objects: Record<string, unknown>[] = [
    { kind: 'StorageClass', metadata: { name: 'late' }, provisioner: 'csi.late', ...delayed },
    {
      kind: 'StorageClass',
      metadata: { name: 'static' },
      provisioner: 'kubernetes.io/no-provisioner',
      ...delayed,
    },
    {
      kind: 'StorageClass',
      metadata: { name: 'now' },
      provisioner: 'csi.late',
      volumeBindingMode: 'Immediate',
    },
    { kind: 'CSIDriver', metadata: { name: 'csi.late' }, spec: { storageCapacity: random.chance(50) } },
  ]
  const nodeTopology = { matchLabels: { [ZONE]: random.pick(['z1', 'z2']) } }
  objects.push({
    kind: 'CSIStorageCapacity',
    metadata: { name: 'c' },
    storageClassName: 'late',
    nodeTopology,
    capacity: random.pick(['5Gi', '50Gi']),
  })
  for (const name of nodes.slice(0, 3)) {
    const drivers = [{ name: 'csi.late', allocatable: { count: 1 } }]
    objects.push({ kind: 'CSINode', metadata: { name }, spec: { drivers } })
  }
  for (const [index, namespace] of ['default', 'other'].entries()) {
    const claim = (
      name: string,
      storageClassName: string,
      volumeName?: string,
      mode = 'ReadWriteOnce',
    ): object => ({
      kind: 'PersistentVolumeClaim',
      metadata: { name, namespace, annotations: volumeName && { 'pv.kubernetes.io/bind-completed': 'yes' } },
      spec: {
        storageClassName,
        volumeName,
        accessModes: [mode],
        resources: { requests: { storage: '10Gi' } },
      },
    })
    const volume = (name: string, storageClassName: string, claimed?: string): object => ({
      kind: 'PersistentVolume',
      metadata: { name, labels: random.chance(30) ? { [ZONE]: 'z1__z2' } : {} },
      spec: {
        storageClassName,
        capacity: { storage: random.pick(['10Gi', '20Gi']) },
        accessModes: ['ReadWriteOnce', 'ReadWriteOncePod'],
        claimRef: claimed && { namespace, name: claimed },
        csi: { driver: 'csi.late', volumeHandle: name },
        nodeAffinity: random.chance(50)
          ? {
              required: {
                nodeSelectorTerms: [{ matchExpressions: [{ key: ZONE, operator: 'In', values: ['z1'] }] }],
              },
            }
          : undefined,
      },
      status: { phase: claimed ? 'Bound' : 'Available' },
    })
    const all = [
      claim('bound', 'late', `pv-b${index}`),
      volume(`pv-b${index}`, 'late', 'bound'),
      claim('exclusive', 'late', `pv-e${index}`, 'ReadWriteOncePod'),
      volume(`pv-e${index}`, 'late', 'exclusive'),
      claim('late', 'late'),
      claim('late-2', 'late'),
      claim('static', 'static'),
      volume(`pv-s${index}`, 'static'),
      claim('now', 'now'),
    ]
    objects.push(...(JSON.parse(JSON.stringify(all)) as Record<string, unknown>[]))
  }
  return objects
}

function buildContainer(random: Random, name: string): Record<string, unknown> {
  const requests: Record<string, string> = {}
  if (random.chance(70)) requests.cpu = random.pick(['100m', '250m', '1', '1500m', '0.5m'])
  if (random.chance(60)) requests.memory = random.pick(['64Mi', '512Mi', '1G', '2Gi'])
  if (random.chance(8)) requests['nvidia.com/gpu'] = '1'
  if (random.chance(8)) requests['ephemeral-storage'] = '1Gi'
  const ports = random.chance(12)
    ? [{ containerPort: 80, hostPort: random.pick([80, 81]), hostIP: random.pick(['', '10.0.0.1']) }]
    : []
  return { name, image: random.pick(['app:1', 'app:2', 'app']), resources: { requests }, ports }
}

function buildSelector(random: Random): Record<string, unknown> {
  if (random.chance(15))
    return { matchExpressions: [{ key: 'app', operator: 'NotIn', values: [random.pick(APPS)] }] }
  return random.chance(5) ? {} : { matchLabels: { app: random.pick(APPS) } }
}

function buildSpread(random: Random): Record<string, unknown> {
  return {
    maxSkew: 1 + random.below(2),
    topologyKey: random.pick([ZONE, HOST, 'rack']),
    whenUnsatisfiable: random.pick(['DoNotSchedule', 'ScheduleAnyway']),
    labelSelector: buildSelector(random),
    ...(random.chance(15) ? { minDomains: 3 } : {}),
    ...(random.chance(20) ? { nodeTaintsPolicy: 'Honor' } : {}),
    ...(random.chance(20) ? { nodeAffinityPolicy: 'Ignore' } : {}),
    ...(random.chance(20) ? { matchLabelKeys: ['ver'] } : {}),
  }
}

function buildTerm(random: Random): Record<string, unknown> {
  return {
    topologyKey: random.pick([ZONE, HOST, 'rack']),
    labelSelector: buildSelector(random),
    ...(random.chance(20) ? { namespaces: ['default', 'other'] } : {}),
    ...(random.chance(15) ? { namespaceSelector: random.pick([{}, { matchLabels: { team: '1' } }]) } : {}),
  }
}

function buildAffinity(random: Random): Record<string, unknown> {
  const affinity: Record<string, unknown> = {}
  const prefer = (): object => ({ weight: 1 + random.below(99), podAffinityTerm: buildTerm(random) })
  if (random.chance(12))
    affinity.podAffinity = { requiredDuringSchedulingIgnoredDuringExecution: [buildTerm(random)] }
  else if (random.chance(13))
    affinity.podAffinity = { preferredDuringSchedulingIgnoredDuringExecution: [prefer()] }
  if (random.chance(15))
    affinity.podAntiAffinity = { requiredDuringSchedulingIgnoredDuringExecution: [buildTerm(random)] }
  else if (random.chance(16))
    affinity.podAntiAffinity = { preferredDuringSchedulingIgnoredDuringExecution: [prefer()] }
  if (random.chance(12)) {
    const expression = { key: 'gen', operator: random.pick(['Gt', 'Lt']), values: ['2'] }
    const preference = { weight: 1 + random.below(50), preference: { matchExpressions: [expression] } }
    affinity.nodeAffinity = random.chance(50)
      ? { preferredDuringSchedulingIgnoredDuringExecution: [preference] }
      : {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchExpressions: [expression] }],
          },
        }
  }
  return affinity
}
