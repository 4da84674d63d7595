/** The four verdicts, with their proofs and hints. */

import { describe, expect, it } from 'vitest'
import { decideFit } from '../../src/schedule/verdict/decide-fit.ts'
import {
  countNodesNeeded,
  listDomainLosses,
  listNodeLosses,
  measureHeadroom,
  measureLoss,
} from '../../src/schedule/verdict/headroom.ts'
import { DECLARED } from '../../src/schedule/verdict/scenario.ts'
import { apart, cluster, deployment, node, pod, read, zone } from './builders.ts'

const TWO = [node('a'), node('b')]

describe('verdicts', () => {
  it('schedules, and says in how many orders', () => {
    const report = decideFit(cluster(...TWO), [deployment('web', 3, { requests: { cpu: '1' } })])
    expect(report.verdict).toBe('schedules')
    expect(report.held).toEqual({ orders: 5, of: 5 })
    expect(report.workloads).toMatchObject([{ desired: 3, scheduled: 3, messages: [], edits: [] }])
  })

  it('stranded: this order fails, another works', () => {
    const manifests = [
      deployment('small', 2, { requests: { cpu: '2' } }),
      deployment('large', 1, { requests: { cpu: '4' } }),
    ]
    const report = decideFit(cluster(...TWO), manifests)
    expect(report.verdict).toBe('stranded')
    expect(new Set(report.assignment!.map(it => `${it.shape.requests.cpu} ${it.nodeName}`)).size).toBe(2)
    expect(report.tried[0]).toMatch(/highest priority first/)
  })

  it('impossible, node by node', () => {
    const nodes = [node('a'), node('b', { taints: [{ key: 'k', value: 'v', effect: 'NoSchedule' }] })]
    const report = decideFit(cluster(...nodes), [deployment('web', 1, { requests: { cpu: '5' } })])
    expect(report.verdict).toBe('impossible')
    expect(report.proofs).toEqual([
      {
        kind: 'no-node',
        workloads: ['Deployment default/web'],
        nodes: [
          { node: 'a', reasons: ['Insufficient cpu'], detail: 'short by 1 cpu' },
          {
            node: 'b',
            reasons: ['node(s) had untolerated taint(s)'],
            detail: 'taint k=v:NoSchedule is not tolerated',
          },
        ],
      },
    ])
  })

  it.each<[string, Record<string, unknown>[], RegExp]>([
    [
      'pods that keep apart',
      [deployment('web', 3, { spec: apart('web') })],
      /keep apart by kubernetes.io\/hostname, of which 2/,
    ],
    [
      'more than the nodes have room for',
      [deployment('web', 5, { requests: { cpu: '1500m' } })],
      /have room for 4/,
    ],
    [
      'all together',
      [deployment('x', 2, { requests: { cpu: '3' } }), deployment('y', 2, { requests: { cpu: '1500m' } })],
      /ask for 9 cpu, and the 2 nodes .* have 8/,
    ],
  ])('impossible by counting: %s', (_, manifests, because) => {
    const report = decideFit(cluster(...TWO), manifests)
    expect(report.verdict).toBe('impossible')
    expect(report.proofs).toMatchObject([{ kind: 'count', because: expect.stringMatching(because) }])
  })

  it('counts room that the most important pods could make as room', () => {
    const taken = pod('taken', { on: 'a', requests: { cpu: '4' }, spec: { priority: 5 } })
    const manifests = [
      deployment('first', 1, { requests: { cpu: '4' }, spec: { priorityClassName: 'system-node-critical' } }),
      deployment('second', 1, { requests: { cpu: '4' } }),
      deployment('huge', 1, { requests: { cpu: '5' } }),
    ]
    const report = decideFit(cluster(...TWO, taken), manifests)
    expect(report.workloads.map(it => it.verdict)).toEqual(['schedules', 'undecided', 'impossible'])
    expect(report.proofs).toMatchObject([{ kind: 'no-node', workloads: ['Deployment default/huge'] }])
  })

  it('impossible where each waits for the other, or for nobody', () => {
    const near = (app: string) => {
      const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app } } }
      return { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } }
    }
    const of = (...pairs: (readonly [name: string, near: string])[]) =>
      decideFit(
        cluster(...TWO),
        pairs.map(([name, other]) => deployment(name, 1, { spec: near(other) })),
      ).workloads.map(it => it.verdict)
    expect(of(['a', 'b'], ['b', 'c'], ['c', 'a'])).toEqual(['impossible', 'impossible', 'impossible'])
    expect(of(['a', 'b'], ['b', 'b'])).toEqual(['schedules', 'schedules'])
    expect(of(['a', 'nobody'])).toEqual(['impossible'])
    const there = pod('there', { on: 'a', labels: { app: 'b' } })
    const report = decideFit(cluster(...TWO, there), [deployment('a', 1, { spec: near('b') })])
    expect(report.verdict).toBe('schedules')
  })

  it('proves nothing by a volume that another pod may have made elsewhere', () => {
    const hostname = { key: 'kubernetes.io/hostname', values: ['small'] }
    const nodes = [
      node('small', { labels: zone('z'), allocatable: { cpu: '2' } }),
      node('large', { labels: zone('z') }),
      {
        kind: 'StorageClass',
        metadata: { name: 'disk' },
        provisioner: 'disks',
        volumeBindingMode: 'WaitForFirstConsumer',
        allowedTopologies: [{ matchLabelExpressions: [hostname] }],
      },
      {
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'data', namespace: 'default' },
        spec: {
          storageClassName: 'disk',
          accessModes: ['ReadWriteMany'],
          resources: { requests: { storage: '1Gi' } },
        },
      },
    ]
    const spec = { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] }
    const second = deployment('second', 1, { requests: { cpu: '3' }, spec })
    const huge = deployment('huge', 1, { requests: { cpu: '9' } })
    const of = (...manifests: Record<string, unknown>[]) => {
      const { proofs, workloads } = decideFit(cluster(...nodes), manifests)
      return [workloads.map(it => it.verdict), proofs.flatMap(it => it.workloads)]
    }
    expect(of(second, deployment('first', 1, { requests: { cpu: '1' }, spec }), huge)).toEqual([
      ['schedules', 'schedules', 'impossible'],
      ['Deployment default/huge'],
    ])
    expect(of(second)).toEqual([['impossible'], ['Deployment default/second']])
  })

  it('says of the others whether another order would do, when one is impossible', () => {
    const manifests = [
      deployment('small', 2, { requests: { cpu: '2' } }),
      deployment('large', 1, { requests: { cpu: '4' } }),
      deployment('huge', 1, { requests: { cpu: '5' } }),
    ]
    const [small, large, huge] = decideFit(cluster(...TWO), manifests).workloads
    expect([small, large, huge].map(it => it!.verdict)).toEqual(['schedules', 'stranded', 'impossible'])
    expect([...large!.elsewhere!.values()]).toEqual([1])
    expect(large!.edits[0]).toMatchObject({ path: 'containers[0].resources.requests.cpu', to: '2' })
    expect(huge!.edits[0]).toMatchObject({ to: '2' })
  })

  it('offers no edit that leaves another workload short', () => {
    const manifests = [
      deployment('first', 1, { requests: { cpu: '4' } }),
      deployment('second', 1, { requests: { cpu: '3' } }),
      deployment('third', 1, { requests: { cpu: '2' } }),
    ]
    const [, , third] = decideFit(cluster(...TWO), manifests).workloads
    expect(third!.verdict).toBe('impossible')
    expect(third!.edits).toMatchObject([{ path: 'containers[0].resources.requests.cpu', to: '1' }])
  })

  it('impossible because the API server refuses', () => {
    const report = decideFit(cluster(...TWO), [deployment('web', 1, { spec: { priorityClassName: 'x' } })])
    expect(report.proofs).toMatchObject([{ kind: 'refused' }])
  })

  it('undecided where neither an assignment nor a proof is found', () => {
    const nodes = [node('a', { allocatable: { cpu: '5' } }), node('b', { allocatable: { cpu: '5' } })]
    const manifests = [
      deployment('x', 2, { requests: { cpu: '3' } }),
      deployment('y', 1, { requests: { cpu: '2500m' } }),
    ]
    expect(decideFit(cluster(...nodes), manifests)).toMatchObject({ verdict: 'undecided', proofs: [] })
  })

  it('an autoscaler at its maximum, and a rollout at its peak, ask for more', () => {
    const hpa = {
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'h' },
      spec: { maxReplicas: 9, scaleTargetRef: { kind: 'Deployment', name: 'web' } },
    }
    const manifests = [deployment('web', 4, { requests: { cpu: '2' } }), hpa]
    const of = (scale: 'declared' | 'maximum', phase: 'steady' | 'rollout') =>
      decideFit(cluster(...TWO), manifests, { scenario: { ...DECLARED, scale, phase } })
    expect(of('declared', 'steady').verdict).toBe('schedules')
    expect(of('maximum', 'steady')).toMatchObject({ verdict: 'impossible', workloads: [{ desired: 9 }] })
    expect(of('declared', 'rollout')).toMatchObject({ verdict: 'impossible', workloads: [{ desired: 5 }] })
  })

  it('running pods of the same workload go first, or stay while the surge comes', () => {
    const owner = { kind: 'ReplicaSet', name: 'web-abc', controller: true }
    const running = ['a', 'b'].map((on, index) => {
      const old = pod(`web-abc-${index}`, { on, requests: { cpu: '3' }, labels: { app: 'web' } })
      Object.assign(old.metadata as object, { ownerReferences: [owner] })
      return old
    })
    const manifests = [deployment('web', 2, { requests: { cpu: '3' } })]
    const of = (mode: 'fresh' | 'replace' | 'rolling') =>
      decideFit(cluster(...TWO, ...running), manifests, { scenario: { ...DECLARED, running: mode } }).verdict
    expect([of('fresh'), of('replace'), of('rolling')]).toEqual(['impossible', 'schedules', 'schedules'])
    const peak = { ...DECLARED, phase: 'rollout', running: 'rolling' } as const
    expect(decideFit(cluster(...TWO, ...running), manifests, { scenario: peak })).toMatchObject({
      verdict: 'impossible',
      workloads: [{ desired: 1, scheduled: 0 }],
    })
  })

  it('lets pods go first that wait in the inventory already', () => {
    const early = pod('early', { requests: { cpu: '4' } })
    const manifests = [deployment('web', 2, { requests: { cpu: '3' } })]
    expect(decideFit(cluster(...TWO), manifests).verdict).toBe('schedules')
    const report = decideFit(cluster(...TWO, early), manifests)
    expect(report.workloads).toMatchObject([{ workload: 'Deployment default/web', scheduled: 1 }])
  })

  it('does not try a billion replicas', () => {
    const report = decideFit(cluster(...TWO), [deployment('web', 1_000_000_000)])
    expect(report).toMatchObject({
      verdict: 'undecided',
      tried: [expect.stringMatching(/1000000000 pods are asked for/)],
    })
  })

  it('takes storage for granted that the inventory does not show, and says so', () => {
    const volumes = [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }]
    const template = {
      metadata: { name: 'd' },
      spec: { storageClassName: 'fast', resources: { requests: { storage: '1Gi' } } },
    }
    const web = deployment('web', 1, { spec: { volumes } })
    const { spec } = deployment('db', 2) as { spec: Record<string, unknown> }
    const db = {
      kind: 'StatefulSet',
      metadata: { name: 'db' },
      spec: { ...spec, volumeClaimTemplates: [template] },
    }
    const report = decideFit(cluster(...TWO), [web, db])
    expect(report.verdict).toBe('schedules')
    expect(report.unknowns).toEqual([
      'claim "default/data" is not in the inventory; taken to be provisioned where its pod goes',
      'storage class "fast" is not in the inventory; taken to provision where the pod goes',
    ])
    const strict = decideFit(cluster(...TWO), [web, db], { storage: 'strict' })
    expect(strict.workloads[0]!.messages).toEqual([
      '0/2 nodes are available: persistentvolumeclaim "data" not found. not found',
    ])
  })

  it('wonders about workloads that run in another namespace', () => {
    const running = pod('web-5d4f7c8b9-x', { on: 'a', requests: { cpu: '3' } })
    const owner = { kind: 'ReplicaSet', name: 'web-5d4f7c8b9', controller: true }
    Object.assign(running.metadata as object, { namespace: 'shop', ownerReferences: [owner] })
    const { unknowns } = decideFit(cluster(...TWO, running), [deployment('web', 1), deployment('api', 1)])
    expect(unknowns).toEqual([
      expect.stringMatching(/"web" is placed in namespace "default", and runs in "shop"/),
    ])
  })

  it('says what it cannot know', () => {
    const report = decideFit(cluster(...TWO), [deployment('web', 1, { spec: { schedulerName: 'volcano' } })])
    expect(report.unknowns).toEqual(['Deployment default/web is left to the scheduler "volcano"'])
  })
})

describe('hints', () => {
  it('names the nearest miss and the smallest request that fits', () => {
    const busy = pod('busy', { on: 'b', requests: { cpu: '1' } })
    const nodes = [node('a', { allocatable: { cpu: '1' } }), node('b')]
    const [web] = decideFit(cluster(...nodes, busy), [
      deployment('web', 1, { requests: { cpu: '3350m' } }),
    ]).workloads
    expect(web!.nearestMiss).toEqual({ node: 'b', detail: 'short by 350m cpu' })
    expect(web!.edits).toEqual([
      { within: 'pod', path: 'containers[0].resources.requests.cpu', from: '3350m', to: '3', value: '3' },
    ])
  })

  it.each<[string, Record<string, unknown>, object]>([
    [
      'a toleration',
      { requests: { cpu: '1' } },
      {
        within: 'pod',
        path: 'tolerations',
        from: '',
        to: 'k=v:NoSchedule',
        value: { key: 'k', operator: 'Equal', value: 'v', effect: 'NoSchedule' },
      },
    ],
  ])('offers %s', (_, options, edit) => {
    const nodes = [node('a', { taints: [{ key: 'k', value: 'v', effect: 'NoSchedule' }] })]
    expect(decideFit(cluster(...nodes), [deployment('web', 1, options)]).workloads[0]!.edits).toEqual([edit])
  })

  it('offers to honour taints when a closed zone blocks the spread', () => {
    const closed = { labels: zone('z2'), taints: [{ key: 'k', effect: 'NoSchedule' }] }
    const spread = {
      maxSkew: 1,
      topologyKey: 'topology.kubernetes.io/zone',
      whenUnsatisfiable: 'DoNotSchedule',
      labelSelector: { matchLabels: { app: 'web' } },
    }
    const manifest = deployment('web', 2, { spec: { topologySpreadConstraints: [spread] } })
    const report = decideFit(cluster(node('a', { labels: zone('z1') }), node('b', closed)), [manifest])
    expect(report.workloads[0]!.edits).toContainEqual({
      within: 'pod',
      path: 'topologySpreadConstraints[0].nodeTaintsPolicy',
      from: 'Ignore',
      to: 'Honor',
      value: 'Honor',
    })
  })
})

describe('headroom', () => {
  const agent = pod('agent', { on: 'a', requests: { cpu: '500m' } })
  Object.assign(agent.metadata as object, {
    ownerReferences: [{ kind: 'DaemonSet', name: 'agent', controller: true }],
  })

  it('adds up free, stranded and agent room', () => {
    const hog = pod('hog', { on: 'b', requests: { memory: '8Gi' } })
    const measured = measureHeadroom(cluster(...TWO, agent, hog))
    expect(measured.free).toEqual({ cpu: 7500, memory: 8 * 2 ** 30 })
    expect(measured.stranded).toEqual({ cpu: 4000, memory: 0 })
    expect(measured.daemons).toEqual({ cpu: 500, memory: 0 })
    expect(measured.largestPod).toMatchObject({ node: 'a', cpu: 3500 })
  })

  it('moves the pods of a lost node or zone, but not its agents', () => {
    const zones = [node('a', { labels: zone('z1') }), node('b', { labels: zone('z2') })]
    const app = pod('app', { on: 'a', requests: { cpu: '3' } })
    const other = pod('other', { on: 'b', requests: { cpu: '2' } })
    const full = cluster(...zones, agent, app, other)
    expect(measureLoss(full, { name: 'a', nodes: new Set(['a']) })).toMatchObject({
      moved: 1,
      homeless: [{ name: 'app' }],
    })
    const losses = listDomainLosses(full, 'topology.kubernetes.io/zone')
    expect(losses.map(it => `${it.lost} ${it.homeless.length}`)).toEqual(['z1 1', 'z2 1'])
  })

  it('tries the fullest nodes first', () => {
    const apps = ['x', 'y'].map(name => pod(name, { on: 'b', requests: { cpu: '1' } }))
    const losses = listNodeLosses(cluster(...TWO, ...apps), 1)
    expect(losses).toMatchObject([{ lost: 'b', moved: 2, homeless: [] }])
  })

  it('counts the fewest nodes of a template', () => {
    const of = cluster(node('t'))
    const pods = Array.from({ length: 6 }, (_, i) => read(of, pod(`p${i}`, { requests: { cpu: '3' } })))
    expect(countNodesNeeded(of, of.nodes[0]!, pods)).toEqual({ nodes: 6, limitedBy: 'cpu' })
    const daemons = [read(of, pod('agent', { requests: { cpu: '1500m' } }))]
    const small = pods.map(it => it).slice(0, 2)
    expect(countNodesNeeded(of, of.nodes[0]!, small, { daemons })).toBeUndefined()
    const huge = [read(of, pod('p', { requests: { cpu: '9' } }))]
    expect(countNodesNeeded(of, of.nodes[0]!, huge, { limit: 10 })).toBeUndefined()
  })
})
