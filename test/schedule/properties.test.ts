/** What must hold of any cluster, whatever the real scheduler would say. */

import { describe, expect, it } from 'vitest'
import { buildCluster, type Cluster } from '../../src/schedule/cluster.ts'
import { countRejections } from '../../src/schedule/engine/explain.ts'
import { createScheduler } from '../../src/schedule/engine/scheduler.ts'
import type { PodShape, SchedulerPod } from '../../src/schedule/pod.ts'
import { checkPod } from '../../src/schedule/specification/check-pod.ts'
import { buildView } from '../../src/schedule/specification/view.ts'
import { countMore } from '../../src/schedule/verdict/headroom.ts'
import { findProof } from '../../src/schedule/verdict/impossibility.ts'
import { node } from './builders.ts'
import { buildRandomCase, createRandom } from './random-cluster.ts'

const SIZE = { nodes: 8, running: 10, pending: 12 }
const SEEDS = Array.from({ length: 40 }, (_, index) => 1000 + index)

function listFits(cluster: Cluster, pending: readonly unknown[]): boolean[] {
  const scheduler = createScheduler(cluster)
  return pending.map(it => scheduler.listFeasible(cluster.podReader.read(it)).length > 0)
}

describe('properties', () => {
  it('the order of nodes and pods in the inventory changes no feasibility', () => {
    for (const seed of SEEDS) {
      const { cluster, objects, pending } = buildRandomCase(seed, SIZE)
      const reversed = buildCluster([...objects].reverse(), { minor: cluster.version.minor })
      expect(listFits(reversed, pending), `seed ${seed}`).toEqual(listFits(cluster, pending))
    }
  })

  it('a node nobody may use changes no feasibility', () => {
    const closed = node('zz', { taints: [{ key: 'closed', value: '', effect: 'NoSchedule' }] })
    for (const seed of SEEDS) {
      const { cluster, objects, pending } = buildRandomCase(seed, SIZE)
      const spreads = (it: Record<string, unknown>): boolean =>
        JSON.stringify(it).includes('topologySpreadConstraints')
      const plain = pending.filter(it => !spreads(it))
      const larger = buildCluster([...objects, closed], { minor: cluster.version.minor })
      expect(listFits(larger, plain), `seed ${seed}`).toEqual(listFits(cluster, plain))
    }
  })

  it('taking a running pod away frees room, apart from those that need it', () => {
    for (const seed of SEEDS) {
      const { cluster, objects, pending } = buildRandomCase(seed, SIZE)
      const plain = pending.filter(it => !/podAffinity|topologySpread/.test(JSON.stringify(it)))
      const index = objects.findLastIndex(it => it.kind === 'Pod')
      const fewer = buildCluster(objects.toSpliced(index, 1), { minor: cluster.version.minor })
      const before = listFits(cluster, plain)
      listFits(fewer, plain).forEach((fits, at) => {
        if (before[at] === true) expect(fits, `seed ${seed}`).toBe(true)
      })
    }
  })

  it('every placed pod passes the specification', () => {
    for (const seed of SEEDS) {
      const { cluster, pending } = buildRandomCase(seed, SIZE)
      const scheduler = createScheduler(cluster)
      const pods = [...cluster.pods]
      for (const it of pending) {
        const placed = scheduler.schedule(cluster.podReader.read(it))
        if (placed === undefined) continue
        const check = checkPod(buildView(cluster, pods, { ...placed, nodeName: '' }))
        expect(check.rejections.has(placed.nodeName), `seed ${seed}`).toBe(false)
        pods.push(placed)
      }
    }
  })

  it('a message counts every node at least once', () => {
    for (const seed of SEEDS) {
      const { cluster, pending } = buildRandomCase(seed, SIZE)
      const scheduler = createScheduler(cluster)
      for (const it of pending) {
        const { rejections, message } = scheduler.explain(cluster.podReader.read(it))
        if (message === undefined || rejections.length === 0) continue
        const plugins = rejections.filter(rejection => rejection?.reasons.length === 1).length
        let counted = 0
        for (const count of countRejections(rejections).values()) counted += count
        expect(counted).toBeGreaterThanOrEqual(cluster.nodes.length)
        if (plugins === cluster.nodes.length) expect(counted).toBe(cluster.nodes.length)
      }
    }
  })

  it('as many more as are promised fit, and not one more', () => {
    for (const seed of SEEDS.slice(0, 15)) {
      const random = createRandom(seed)
      const nodes = Array.from({ length: 5 }, (_, i) =>
        node(`n${i}`, { allocatable: { cpu: String(1 + random.below(6)) } }),
      )
      const cluster = buildCluster(nodes)
      const requests = { cpu: `${100 + random.below(900)}m`, memory: `${64 + random.below(900)}Mi` }
      const spec = { containers: [{ name: 'c', image: 'i', resources: { requests } }] }
      const pod = cluster.podReader.read({ metadata: { name: 'p' }, spec })
      const scheduler = createScheduler(cluster)
      const more = countMore(scheduler, pod)
      let expected = 0
      for (const it of cluster.nodes) {
        const byCpu = Math.floor(it.allocatable.get('cpu')! / pod.shape.requests.cpu)
        const byMemory = Math.floor(it.allocatable.get('memory')! / pod.shape.requests.memory)
        expected += Math.min(byCpu, byMemory, it.allocatable.get('pods')!)
      }
      expect(more, `seed ${seed}`).toBe(expected)
      expect(scheduler.schedule(pod)).toBeUndefined()
    }
  })

  it('what was placed is never proved impossible', () => {
    for (const seed of SEEDS) {
      const { cluster, pending } = buildRandomCase(seed, { nodes: 8, running: 6, pending: 16 })
      const scheduler = createScheduler(cluster)
      const counts = new Map<PodShape, { pod: SchedulerPod; count: number }>()
      for (const it of pending) {
        const pod = cluster.podReader.read(it)
        if (scheduler.schedule(pod) === undefined) continue
        const entry = counts.get(pod.shape) ?? { pod, count: 0 }
        entry.count++
        counts.set(pod.shape, entry)
      }
      const demands = [...counts.values()].map(it => ({ workload: it.pod.name, ...it }))
      expect(findProof(cluster, demands), `seed ${seed}`).toBeUndefined()
    }
  })

  it('explaining leaves no trace', () => {
    for (const seed of SEEDS) {
      const { cluster, pending } = buildRandomCase(seed, { nodes: 9, running: 20, pending: 9 })
      const quiet = createScheduler(cluster)
      const curious = createScheduler(cluster)
      for (const it of pending) {
        const pod = cluster.podReader.read(it)
        for (const other of pending) curious.explain(cluster.podReader.read(other))
        expect(curious.schedule(pod)?.nodeName, `seed ${seed}`).toBe(quiet.schedule(pod)?.nodeName)
      }
    }
  })
})
