/** Random pods that touch every filter and score, now and then with what only an old or broken manifest has. */

import type { Random } from './random.ts'

export const ZONE = 'topology.kubernetes.io/zone'
export const HOST = 'kubernetes.io/hostname'
const APPS = ['a', 'b', 'c']
const TOPOLOGIES = [ZONE, ZONE, HOST, HOST, 'rack', 'absent']

type Json = Record<string, unknown>

/** `nodes`: names that the pod may refer to. */
export function buildPod(random: Random, name: string, nodes: readonly string[]): Json {
  const labels = {
    app: random.pick(APPS),
    ...random.maybe(40, () => ({ ver: random.pick(['1', '2']) })),
    ...random.maybe(10, () => ({ tier: 'x' })),
  }
  const affinity = buildAffinity(random, nodes)
  const volumes = random.chance(18) ? random.list(1 + random.below(2), k => buildVolume(random, k)) : []
  return {
    kind: 'Pod',
    metadata: {
      name,
      namespace: random.pick(['default', 'default', 'other', 'unknown']),
      labels: random.chance(4) ? undefined : labels,
      ...random.maybe(20, () => ({ ownerReferences: [buildOwner(random)] })),
    },
    spec: {
      containers: random.list(random.chance(20) ? 2 : 1, k => buildContainer(random, `c${k}`)),
      priority: random.pick([0, 0, 10, 100, 100, -5]),
      tolerations: random.chance(35) ? random.list(1 + random.below(2), () => buildToleration(random)) : [],
      ...random.maybe(12, () => ({ initContainers: buildInits(random) })),
      ...random.maybe(12, () => ({ nodeSelector: { rack: random.pick(['r1', 'r2']) } })),
      ...random.maybe(5, () => ({ preemptionPolicy: 'Never' })),
      ...random.maybe(8, () => ({ overhead: { cpu: '100m', memory: '10Mi' } })),
      ...random.maybe(8, () => ({ resources: { requests: buildPodRequests(random) } })),
      ...random.maybe(2, () => ({ schedulingGates: [{ name: 'wait' }] })),
      ...random.maybe(2, () => ({ hostNetwork: true })),
      ...random.maybe(30, () => ({
        topologySpreadConstraints: random.list(1 + random.below(3), () => buildSpread(random)),
      })),
      ...(volumes.length > 0 ? { volumes } : {}),
      ...(Object.keys(affinity).length > 0 ? { affinity } : {}),
    },
    status: {},
  }
}

/** The pod on a node, in some state of its life. */
export function placePod(random: Random, pod: Json, node: string): Json {
  const [{ name, resources }] = (pod.spec as { containers: [Json] }).containers
  const grown = { requests: { cpu: random.pick(['50m', '2']), memory: '100Mi' } }
  return {
    ...pod,
    metadata: {
      ...(pod.metadata as Json),
      ...random.maybe(10, () => ({ deletionTimestamp: '2026-02-01T00:00:00Z' })),
    },
    spec: { ...(pod.spec as Json), nodeName: node, priority: random.pick([0, 0, -5, 10]) },
    status: {
      phase: random.chance(3) ? random.pick(['Succeeded', 'Failed']) : 'Running',
      ...random.maybe(85, () => ({ startTime: `2026-01-0${1 + random.below(9)}T00:00:00Z` })),
      ...random.maybe(40, () => ({
        containerStatuses: [
          {
            name,
            containerID: String(random.below(1e9)),
            resources: random.chance(30) ? grown : resources,
            ...random.maybe(50, () => ({ allocatedResources: (resources as Json).requests })),
          },
        ],
      })),
      ...random.maybe(4, () => ({ resources: grown, allocatedResources: { cpu: '1' } })),
      conditions: [
        ...(random.chance(15) ? [{ type: 'PodResizePending', status: 'True', reason: 'Infeasible' }] : []),
        ...(random.chance(30)
          ? [{ type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler' }]
          : []),
      ],
    },
  }
}

function buildOwner(random: Random): Json {
  return {
    kind: random.pick(['ReplicaSet', 'StatefulSet']),
    name: random.pick(['o1', 'o2']),
    controller: true,
  }
}

function buildRequests(random: Random): Json {
  return {
    ...random.maybe(70, () => ({ cpu: random.pick(['100m', '250m', '1', '1500m', '0.5m', '0', '2500m']) })),
    ...random.maybe(60, () => ({ memory: random.pick(['64Mi', '512Mi', '1G', '2Gi', '1e9', '0']) })),
    ...random.maybe(8, () => ({ 'nvidia.com/gpu': random.pick(['1', '2', '0']) })),
    ...random.maybe(8, () => ({ 'ephemeral-storage': random.pick(['1Gi', '6Gi']) })),
    ...random.maybe(4, () => ({ 'hugepages-2Mi': '4Mi' })),
    ...random.maybe(2, () => ({ unknown: '7' })),
  }
}

function buildPodRequests(random: Random): Json {
  return {
    ...random.maybe(80, () => ({ cpu: random.pick(['500m', '2']) })),
    ...random.maybe(50, () => ({ memory: random.pick(['256Mi', '3Gi']) })),
    ...random.maybe(10, () => ({ 'hugepages-2Mi': '2Mi' })),
  }
}

function buildContainer(random: Random, name: string): Json {
  const ports = random.chance(14) ? random.list(1 + random.below(2), () => buildPort(random)) : []
  return {
    name,
    image: random.pick(['app:1', 'app:2', 'app', 'registry:5000/app', 'app@sha256:1']),
    resources: { requests: buildRequests(random) },
    ports,
  }
}

function buildPort(random: Random): Json {
  return {
    containerPort: 80,
    ...random.maybe(90, () => ({ hostPort: random.pick([80, 81]) })),
    ...random.maybe(50, () => ({ hostIP: random.pick(['', '0.0.0.0', '10.0.0.1', '10.0.0.2', '::']) })),
    ...random.maybe(30, () => ({ protocol: random.pick(['TCP', 'UDP']) })),
  }
}

function buildInits(random: Random): Json[] {
  return random.list(1 + random.below(3), k => ({
    ...buildContainer(random, `i${k}`),
    ...random.maybe(50, () => ({ restartPolicy: 'Always' })),
  }))
}

function buildToleration(random: Random): Json {
  return {
    ...random.maybe(85, () => ({ key: random.pick(['k1', 'k2', 'node.kubernetes.io/unschedulable']) })),
    ...random.maybe(85, () => ({ operator: random.pick(['Exists', 'Exists', 'Equal', 'Gt', 'Lt']) })),
    ...random.maybe(40, () => ({ value: random.pick(['v', '5', '']) })),
    ...random.maybe(40, () => ({
      effect: random.pick(['NoSchedule', 'NoExecute', 'PreferNoSchedule']),
    })),
  }
}

function buildSelector(random: Random): Json | undefined {
  if (random.chance(4)) return random.pick([{}, undefined])
  if (random.chance(70)) return { matchLabels: { app: random.pick(APPS) } }
  const values = [random.pick(APPS), ...(random.chance(30) ? [random.pick(APPS)] : [])]
  const expression = random.pick([
    { key: 'app', operator: 'In', values },
    { key: 'app', operator: 'NotIn', values },
    { key: 'ver', operator: 'Exists' },
    { key: 'ver', operator: 'DoesNotExist' },
    { key: 'ver', operator: 'Gt', values: ['1'] },
    { key: 'app', operator: 'In', values: [] },
  ])
  return { matchExpressions: [expression], ...random.maybe(20, () => ({ matchLabels: { ver: '1' } })) }
}

function buildSpread(random: Random): Json {
  return {
    maxSkew: 1 + random.below(3),
    topologyKey: random.pick(TOPOLOGIES),
    whenUnsatisfiable: random.pick(['DoNotSchedule', 'ScheduleAnyway']),
    labelSelector: buildSelector(random),
    ...random.maybe(15, () => ({ minDomains: 1 + random.below(4) })),
    ...random.maybe(30, () => ({ nodeTaintsPolicy: random.pick(['Honor', 'Ignore']) })),
    ...random.maybe(30, () => ({ nodeAffinityPolicy: random.pick(['Honor', 'Ignore']) })),
    ...random.maybe(20, () => ({ matchLabelKeys: random.pick([['ver'], ['ver', 'tier'], ['absent']]) })),
  }
}

function buildTerm(random: Random): Json {
  return {
    topologyKey: random.pick(TOPOLOGIES),
    labelSelector: buildSelector(random),
    ...random.maybe(20, () => ({ namespaces: random.pick([['default', 'other'], ['other']]) })),
    ...random.maybe(15, () => ({
      namespaceSelector: random.pick([
        {},
        { matchLabels: { team: '1' } },
        { matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['1'] }] },
      ]),
    })),
    ...random.maybe(10, () => ({ matchLabelKeys: ['ver'] })),
    ...random.maybe(8, () => ({ mismatchLabelKeys: ['tier'] })),
  }
}

function buildPodTerms(random: Random, percent: number): Json {
  return {
    ...random.maybe(percent, () => ({
      requiredDuringSchedulingIgnoredDuringExecution: random.list(random.chance(25) ? 2 : 1, () =>
        buildTerm(random),
      ),
    })),
    ...random.maybe(percent, () => ({
      preferredDuringSchedulingIgnoredDuringExecution: random.list(1 + random.below(2), () => ({
        weight: 1 + random.below(99),
        podAffinityTerm: buildTerm(random),
      })),
    })),
  }
}

function buildAffinity(random: Random, nodes: readonly string[]): Json {
  return {
    ...random.maybe(25, () => ({ podAffinity: buildPodTerms(random, 45) })),
    ...random.maybe(30, () => ({ podAntiAffinity: buildPodTerms(random, 45) })),
    ...random.maybe(20, () => ({
      nodeAffinity: {
        ...random.maybe(55, () => ({
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: random.list(random.below(12) === 0 ? 0 : 1 + random.below(2), () =>
              buildNodeTerm(random, nodes),
            ),
          },
        })),
        ...random.maybe(55, () => ({
          preferredDuringSchedulingIgnoredDuringExecution: random.list(1 + random.below(2), () => ({
            weight: random.below(50),
            preference: buildNodeTerm(random, nodes),
          })),
        })),
      },
    })),
  }
}

function buildNodeTerm(random: Random, nodes: readonly string[]): Json {
  return {
    ...random.maybe(80, () => ({
      matchExpressions: random.list(1 + random.below(2), () => buildNodeExpression(random)),
    })),
    ...random.maybe(25, () => ({
      matchFields: random.list(random.chance(15) ? 2 : 1, () => ({
        key: 'metadata.name',
        operator: random.pick(['In', 'In', 'NotIn']),
        values: random.chance(15) ? [random.pick(nodes), random.pick(nodes)] : [random.pick(nodes)],
      })),
    })),
  }
}

function buildNodeExpression(random: Random): Json {
  return random.pick([
    { key: 'gen', operator: 'Gt', values: [random.pick(['2', '-1', 'x'])] },
    { key: 'gen', operator: 'Lt', values: [random.pick(['3', '007'])] },
    { key: 'rack', operator: 'In', values: random.pick([['r1'], ['r1', 'r2'], []]) },
    { key: 'rack', operator: 'NotIn', values: ['r1'] },
    { key: 'rack', operator: 'Exists' },
    { key: 'gen', operator: 'DoesNotExist' },
    { key: ZONE, operator: 'In', values: ['z1', 'z2'] },
    { key: ZONE, operator: 'Near', values: ['z1'] },
  ])
}

/** Claims that `random-storage.ts` builds, and disks that exclude each other. */
const CLAIMS = ['bound', 'zonal', 'late', 'late-2', 'pinned', 'exclusive', 'exclusive', 'static', 'reserved']
const BROKEN_CLAIMS = ['now', 'gone', 'lost', 'deleting', 'no-volume', 'classless']

function buildVolume(random: Random, index: number): Json {
  const name = `v${index}`
  if (random.chance(20)) return { name, ...buildDisk(random) }
  if (random.chance(4)) return { name, ephemeral: { volumeClaimTemplate: {} } }
  if (random.chance(5)) return { name, emptyDir: {} }
  const claimName = random.pick(random.chance(12) ? BROKEN_CLAIMS : CLAIMS)
  return { name, persistentVolumeClaim: { claimName } }
}

function buildDisk(random: Random): Json {
  const readOnly = random.chance(50)
  return random.pick<Json>([
    { gcePersistentDisk: { pdName: random.pick(['d1', 'd2']), readOnly } },
    { awsElasticBlockStore: { volumeID: random.pick(['vol-1', 'aws://zone/vol-1']) } },
    { iscsi: { iqn: 'q1', readOnly } },
    { rbd: { image: 'i1', monitors: [random.pick(['m1', 'm2'])], readOnly } },
    { azureDisk: { diskURI: random.pick(['u1', 'u2']) } },
  ])
}
