/** Pods of manifests: what the API server and the controllers make of them. */

import { describe, expect, it } from 'vitest'
import { createSimulation, type SimulationOptions } from '../../src/schedule/workload/simulation.ts'
import { apart, cluster, deployment, node, pod, zone } from './builders.ts'

type Objects = readonly Record<string, unknown>[]

function settle(objects: Objects, manifests: Objects, options: SimulationOptions = {}) {
  const simulation = createSimulation(cluster(...objects), manifests, options)
  for (const it of manifests) simulation.apply(it)
  const outcomes = new Map(simulation.describe().map(it => [it.workload.key, it]))
  return { simulation, of: (key: string) => outcomes.get(key)! }
}

const TWO = [node('a'), node('b')]
const WEB = 'Deployment default/web'

describe('admission', () => {
  const limitRange = (item: object): Record<string, unknown> => ({
    kind: 'LimitRange',
    metadata: { name: 'lr', namespace: 'default' },
    spec: { limits: [{ type: 'Container', ...item }] },
  })
  const quota = (hard: object): Record<string, unknown> => ({
    kind: 'ResourceQuota',
    metadata: { name: 'q', namespace: 'default' },
    spec: { hard },
  })

  it.each<[string, Objects, Record<string, unknown>, string]>([
    [
      'an unknown priority class, before the name is complete',
      [],
      deployment('web', 1, { spec: { priorityClassName: 'nope' } }),
      'pods "web-<hash>-" is forbidden: no PriorityClass with name nope was found',
    ],
    [
      'an unknown runtime class',
      [],
      deployment('web', 1, { spec: { runtimeClassName: 'gvisor' } }),
      'pods "web-<hash>-" is forbidden: pod rejected: RuntimeClass "gvisor" not found',
    ],
    [
      'a request above the default limit, as invalid',
      [limitRange({ default: { cpu: '500m' } })],
      deployment('web', 1, { requests: { cpu: '2500m' } }),
      'Pod "web-<hash>-<x>" is invalid: spec.containers[0].resources.requests: Invalid value: "2500m": must be less than or equal to cpu limit of 500m',
    ],
    [
      'a request below the minimum',
      [limitRange({ min: { cpu: '100m' } })],
      deployment('web', 1, { requests: { cpu: '10m' } }),
      'pods "web-<hash>-<x>" is forbidden: minimum cpu usage per Container is 100m, but request is 10m',
    ],
    [
      'a quota that is used up',
      [quota({ 'requests.cpu': '1' })],
      deployment('web', 2, { requests: { cpu: '600m' } }),
      'pods "web-<hash>-<x>" is forbidden: exceeded quota: q, requested: requests.cpu=600m, used: requests.cpu=600m, limited: requests.cpu=1',
    ],
    [
      'a container without the amount a quota bounds',
      [quota({ 'limits.cpu': '1' })],
      deployment('web', 1),
      'pods "web-<hash>-<x>" is forbidden: failed quota: q: must specify limits.cpu for: app',
    ],
  ])('refuses %s', (_, objects, manifest, text) => {
    expect(settle([...TWO, ...objects], [manifest]).of(WEB).createFailed).toEqual([
      `FailedCreate: Error creating: ${text}`,
    ])
  })

  it('fills in requests, tolerations and priority', () => {
    const priority = { kind: 'PriorityClass', metadata: { name: 'usual' }, value: 7, globalDefault: true }
    const manifest = deployment('web', 1, {
      spec: {
        hostNetwork: true,
        containers: [
          { name: 'app', image: 'i', ports: [{ containerPort: 80 }], resources: { limits: { cpu: '0.5' } } },
        ],
      },
    })
    const [live] = settle([...TWO, priority], [manifest]).of(WEB).pods
    expect(live!.object.spec).toMatchObject({
      priority: 7,
      preemptionPolicy: 'PreemptLowerPriority',
      containers: [{ resources: { requests: { cpu: '500m' } }, ports: [{ hostPort: 80, protocol: 'TCP' }] }],
      tolerations: [{ key: 'node.kubernetes.io/not-ready' }, { key: 'node.kubernetes.io/unreachable' }],
    })
  })
})

describe('controllers', () => {
  const daemons = {
    kind: 'DaemonSet',
    metadata: { name: 'agent' },
    spec: {
      selector: {},
      template: {
        metadata: { labels: { app: 'agent' } },
        spec: { containers: [{ name: 'c', image: 'i', resources: { requests: { cpu: '1' } } }] },
      },
    },
  }
  const ordered = {
    kind: 'StatefulSet',
    metadata: { name: 'db' },
    spec: {
      replicas: 3,
      selector: {},
      template: {
        metadata: { labels: { app: 'db' } },
        spec: { containers: [{ name: 'c', image: 'i', resources: { requests: { cpu: '3' } } }] },
      },
    },
  }

  it('a rollout hangs when the surge has no room and nothing may be missing', () => {
    const one = deployment('web', 2, { requests: { cpu: '500m' }, spec: apart('web') })
    const two = deployment('web', 2, { requests: { cpu: '600m' }, spec: apart('web') })
    const web = settle(TWO, [one, two]).of(WEB)
    expect([web.pods.length, web.scheduled]).toEqual([3, 2])
    expect(web.pending[0]!.message).toMatch(
      /^0\/2 nodes are available: 2 node\(s\) didn't match pod anti-affinity rules/,
    )
  })

  it('a rollout finishes when pods may be missing', () => {
    const strategy = { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } }
    const one = deployment('web', 2, { requests: { cpu: '3' }, strategy })
    const two = deployment('web', 2, { requests: { cpu: '4' }, strategy })
    const web = settle(TWO, [one, two]).of(WEB)
    expect(web.pods.map(it => it.pod.shape.requests.cpu)).toEqual([4000, 4000])
    expect(web.scheduled).toBe(2)
  })

  it('an ordered StatefulSet stops at the first ordinal that waits', () => {
    const db = settle([node('a')], [ordered]).of('StatefulSet default/db')
    expect(db.pods.map(it => `${it.identity.name} ${it.pod.nodeName}`)).toEqual(['db-0 a', 'db-1 '])
  })

  it('a DaemonSet wants every tolerated node, cordoned ones too, room or not', () => {
    const nodes = [
      node('a'),
      node('b', { unschedulable: true }),
      node('c', { taints: [{ key: 'k', effect: 'NoSchedule' }] }),
      node('d', { allocatable: { cpu: '500m' } }),
    ]
    const agent = settle(nodes, [daemons]).of('DaemonSet default/agent')
    expect([agent.desired, agent.pods.length, agent.scheduled]).toEqual([3, 3, 2])
  })

  it('claims of delayed classes are served where the pod goes', () => {
    const storage = {
      kind: 'StorageClass',
      metadata: { name: 'fast' },
      provisioner: 'csi.example',
      volumeBindingMode: 'WaitForFirstConsumer',
    }
    const claim = {
      metadata: { name: 'data' },
      spec: {
        storageClassName: 'fast',
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: '1Gi' } },
      },
    }
    const manifest = { ...ordered, spec: { ...ordered.spec, volumeClaimTemplates: [claim] } }
    const nodes = [node('a', { labels: zone('z1') }), node('b', { labels: zone('z2') })]
    const served = settle([...nodes, storage], [manifest]).of('StatefulSet default/db')
    expect(served.scheduled).toBe(2)
    const silent = settle([...nodes, storage], [manifest], { provisioning: 'none' }).of(
      'StatefulSet default/db',
    )
    expect(silent.pending).toEqual([{ count: 1, reason: null, message: null }])
    const absent = settle(nodes, [manifest]).of('StatefulSet default/db')
    expect(absent.pending[0]!.message).toBe(
      '0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found',
    )
  })

  it('evicts less important pods, and their controller replaces them', () => {
    const priority = { kind: 'PriorityClass', metadata: { name: 'high' }, value: 1000 }
    const low = deployment('low', 2, { requests: { cpu: '3' } })
    const high = deployment('high', 1, { requests: { cpu: '2' }, spec: { priorityClassName: 'high' } })
    const { simulation, of } = settle([...TWO, priority], [low, high])
    expect([...simulation.world.evicted]).toEqual([['Deployment default/low', 1]])
    expect([of('Deployment default/high').scheduled, of('Deployment default/low').scheduled]).toEqual([1, 1])
    expect(of('Deployment default/low').pods).toHaveLength(2)
  })

  it('spends the budgets of the inventory as it evicts', () => {
    const fill = (name: string, app: string, priority: number): Record<string, unknown> =>
      pod(`on-${name}`, {
        on: name,
        labels: { app },
        spec: { priority, containers: [{ name: 'c', image: 'i', resources: { requests: { cpu: '4' } } }] },
        status: { phase: 'Running', startTime: '2026-01-01T00:00:00Z' },
      })
    const budget = {
      kind: 'PodDisruptionBudget',
      metadata: { name: 'b', namespace: 'default' },
      spec: { selector: { matchLabels: { app: 'guarded' } } },
      status: { disruptionsAllowed: 1 },
    }
    const priority = { kind: 'PriorityClass', metadata: { name: 'high' }, value: 1000 }
    const high = deployment('high', 2, { requests: { cpu: '3' }, spec: { priorityClassName: 'high' } })
    const objects = [
      ...[node('a'), node('b'), node('c'), budget, priority],
      ...[fill('a', 'guarded', 0), fill('b', 'guarded', 0), fill('c', 'other', 5)],
    ]
    // Two guarded pods matter less than the other one, but only one of them may go.
    const { simulation } = settle(objects, [high])
    expect([...simulation.world.evicted.keys()]).toEqual(['Pod default/on-a', 'Pod default/on-c'])
  })
})
