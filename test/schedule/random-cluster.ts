/** Random clusters with pods that wait, the same for the same seed. */

import { buildCluster, type Cluster } from '../../src/schedule/cluster.ts'
import { createRandom, type Random } from './random.ts'
import { buildPod, HOST, placePod, ZONE } from './random-pod.ts'
import { buildStorageObjects } from './random-storage.ts'

type Json = Record<string, unknown>

export interface RandomCase {
  readonly cluster: Cluster
  readonly objects: readonly Json[]
  readonly pending: readonly Json[]
}

export interface CaseSize {
  readonly nodes: number
  readonly running: number
  readonly pending: number
}

const MINORS = [33, 34, 35, 36, 37]

export function buildRandomCase(seed: number, size: CaseSize): RandomCase {
  const random = createRandom(seed)
  const names = random.list(size.nodes, i => `n${String(i).padStart(2, '0')}`)
  const objects: Json[] = [
    { kind: 'Namespace', metadata: { name: 'default' } },
    { kind: 'Namespace', metadata: { name: 'other', labels: { team: '1' } } },
    ...random.list(random.below(3), k => buildBudget(random, k)),
    ...buildOwners(random),
    ...names.map(name => buildNode(random, name)),
    ...buildStorageObjects(random, names),
    ...random.list(size.running, i => placePod(random, buildPod(random, `r${i}`, names), random.pick(names))),
  ]
  const shapes = random.list(Math.max(1, Math.ceil(size.pending / 3)), i => buildPod(random, `p${i}`, names))
  const pending = random.list(size.pending, i => {
    const shape = random.pick(shapes)
    const status = random.chance(10) ? { nominatedNodeName: random.pick(names) } : {}
    const spec = random.chance(3) ? { nodeName: random.pick(names) } : {}
    return {
      ...shape,
      metadata: { ...(shape.metadata as Json), name: `p${i}` },
      spec: { ...(shape.spec as Json), ...spec },
      status,
    }
  })
  return { cluster: buildCluster(objects, { minor: random.pick(MINORS) }), objects, pending }
}

function buildBudget(random: Random, index: number): Json {
  return {
    kind: 'PodDisruptionBudget',
    metadata: { name: `b${index}`, namespace: random.pick(['default', 'other']) },
    spec: {
      selector: random.pick([
        { matchLabels: { app: 'a' } },
        { matchExpressions: [{ key: 'app', operator: 'In', values: ['a', 'b'] }] },
        {},
        undefined,
      ]),
    },
    status: {
      disruptionsAllowed: random.below(3),
      ...random.maybe(15, () => ({ disruptedPods: { r0: '2026-01-01T00:00:00Z' } })),
    },
  }
}

/** What selects pods for the default spread. */
function buildOwners(random: Random): Json[] {
  const labels = { app: random.pick(['a', 'b']) }
  return [
    ...(random.chance(50)
      ? [{ kind: 'Service', metadata: { name: 's', namespace: 'default' }, spec: { selector: labels } }]
      : []),
    ...(['ReplicaSet', 'StatefulSet'] as const)
      .filter(() => random.chance(60))
      .map(kind => ({
        kind,
        metadata: { name: random.pick(['o1', 'o2']), namespace: random.pick(['default', 'other']) },
        spec: { selector: random.pick([{ matchLabels: { app: 'a' } }, { matchLabels: { ver: '1' } }, {}]) },
      })),
  ]
}

function buildNode(random: Random, name: string): Json {
  const labels = {
    ...random.maybe(88, () => ({ [HOST]: name })),
    ...random.maybe(85, () => ({ [ZONE]: random.pick(['z1', 'z2', 'z3']) })),
    ...random.maybe(20, () => ({ 'topology.kubernetes.io/region': random.pick(['z1', 'z2']) })),
    ...random.maybe(60, () => ({ rack: random.pick(['r1', 'r2']) })),
    ...random.maybe(50, () => ({ gen: random.pick(['0', '1', '3', '5', '007', '-2', 'x']) })),
  }
  const allocatable = {
    ...random.maybe(97, () => ({ cpu: random.pick(['2', '3920m', '8', '0']) })),
    ...random.maybe(97, () => ({ memory: random.pick(['4Gi', '8Gi', '15500000Ki', '1.5Gi']) })),
    ...random.maybe(98, () => ({ pods: random.pick(['4', '8', '110']) })),
    ...random.maybe(30, () => ({ 'nvidia.com/gpu': '2' })),
    ...random.maybe(50, () => ({ 'ephemeral-storage': '10Gi' })),
    ...random.maybe(20, () => ({ 'hugepages-2Mi': '6Mi' })),
  }
  const taints = ['NoSchedule', 'PreferNoSchedule', 'PreferNoSchedule', 'NoExecute']
    .filter(() => random.chance(9))
    .map(effect => ({
      key: random.pick(['k1', 'k2', 'k3']),
      value: random.pick(['', 'v', '5']),
      effect,
    }))
  const images = random.list(random.below(3), k => ({
    names: random.pick([['app:1'], ['app:2', 'app@sha256:1'], ['app:latest'], ['registry:5000/app:latest']]),
    sizeBytes: (k + 1) * 100_000_000 * (1 + random.below(9)),
  }))
  return {
    kind: 'Node',
    metadata: { name, labels },
    spec: { taints, unschedulable: random.chance(5) },
    status: { allocatable, images },
  }
}
