/** The fast engine says, pod after pod, exactly what the slow specification says; each for one random cluster. */

import assert from 'node:assert/strict'
import { listScores } from '../../src/schedule/engine/node-scores.ts'
import { createScheduler, type Scheduler } from '../../src/schedule/engine/scheduler.ts'
import type { SchedulerPod } from '../../src/schedule/pod.ts'
import type { ClusterProperty } from './cluster-properties.ts'
import { buildRandomCase, type CaseSize } from './random-cluster.ts'
import { checkPod, type PodCheck } from './specification/check-pod.ts'
import { buildView } from './specification/view.ts'

export const SPECIFICATION_PROPERTIES: readonly ClusterProperty[] = [
  {
    name: 'agrees on small clusters, where every node is checked',
    check: seed => compareCase(seed, { nodes: 6, running: 12, pending: 9 }),
  },
  {
    name: 'agrees on larger ones, where nodes are picked from buckets',
    check: seed => compareCase(seed, { nodes: 12, running: 14, pending: 24 }),
  },
  { name: 'agrees when pods come and go', check: compareChurn },
]

function compareCase(seed: number, size: CaseSize): void {
  const { cluster, pending } = buildRandomCase(seed, size)
  const scheduler = createScheduler(cluster)
  const pods: SchedulerPod[] = [...cluster.pods]
  for (const it of pending) {
    const pod = cluster.podReader.read(it)
    const wanted = checkPod(buildView(cluster, pods, pod, scheduler.storage))
    compareExplanation(scheduler, pod, wanted)
    // A pod that names its node never comes before the scheduler.
    if (pod.nodeName !== '') continue
    const placed = scheduler.schedule(pod)
    assert.equal(placed?.nodeName, wanted.node, pod.name)
    if (placed !== undefined) pods.push(placed)
  }
}

function compareExplanation(scheduler: Scheduler, pod: SchedulerPod, wanted: PodCheck): void {
  const { cluster } = scheduler
  const explained = scheduler.explain(pod)
  const rejections = explained.rejections.flatMap((rejection, node) =>
    rejection === undefined ? [] : [[cluster.nodes[node]!.name, rejection] as const],
  )
  assert.deepEqual(new Map(rejections), new Map(wanted.rejections), pod.name)
  assert.equal(explained.message, wanted.message, pod.name)
  assert.deepEqual(explained.eviction, wanted.preemption, pod.name)
  const scores = explained.scores === undefined ? [] : listScores(explained.scores, cluster)
  assert.deepEqual(
    Object.fromEntries(scores),
    Object.fromEntries([...wanted.scores].map(([node, of]) => [node, Object.fromEntries(of)])),
    pod.name,
  )
}

function compareChurn(seed: number): void {
  const { cluster, pending } = buildRandomCase(seed, { nodes: 12, running: 16, pending: 24 })
  const scheduler = createScheduler(cluster)
  const pods: SchedulerPod[] = [...cluster.pods]
  pending.forEach((it, index) => {
    const pod = cluster.podReader.read(it)
    if (pod.nodeName === '') {
      const wanted = checkPod(buildView(cluster, pods, pod, scheduler.storage))
      const placed = scheduler.schedule(pod)
      assert.equal(placed?.nodeName, wanted.node, pod.name)
      if (placed !== undefined) pods.push(placed)
    }
    const [leaving] = index % 3 === 0 ? pods.splice(index % pods.length, 1) : []
    if (leaving !== undefined) scheduler.remove(leaving)
  })
}
