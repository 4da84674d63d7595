/** The fast engine says, pod after pod, exactly what the slow specification says. */

import { describe, expect, it } from 'vitest'
import { listScores } from '../../src/schedule/engine/node-scores.ts'
import { createScheduler } from '../../src/schedule/engine/scheduler.ts'
import type { SchedulerPod } from '../../src/schedule/pod.ts'
import { checkPod } from '../../src/schedule/specification/check-pod.ts'
import { buildView } from '../../src/schedule/specification/view.ts'
import { buildRandomCase } from './random-cluster.ts'

function compareCase(seed: number, size: { nodes: number; running: number; pending: number }): void {
  const { cluster, pending } = buildRandomCase(seed, size)
  const scheduler = createScheduler(cluster)
  const pods: SchedulerPod[] = [...cluster.pods]
  for (const it of pending) {
    const pod = cluster.podReader.read(it)
    const wanted = checkPod(buildView(cluster, pods, pod, scheduler.storage))
    const explained = scheduler.explain(pod)
    const where = `seed ${seed}, ${pod.name}`
    const rejections = explained.rejections.flatMap((rejection, node) =>
      rejection === undefined ? [] : [[cluster.nodes[node]!.name, rejection] as const],
    )
    expect(rejections.sort(), where).toEqual([...wanted.rejections].sort())
    if (explained.eviction === undefined) expect(explained.message, where).toBe(wanted.message)
    expect(explained.eviction, where).toEqual(wanted.preemption)
    if (explained.scores !== undefined) {
      const scores = listScores(explained.scores, cluster)
      expect(Object.fromEntries(scores), where).toEqual(
        Object.fromEntries([...wanted.scores].map(([node, of]) => [node, Object.fromEntries(of)])),
      )
    }
    const placed = scheduler.schedule(pod)
    expect(placed?.nodeName, where).toBe(wanted.node)
    if (placed !== undefined) pods.push(placed)
  }
}

describe('engine against specification', () => {
  it('agrees on small clusters, where every node is checked', () => {
    for (let seed = 1; seed <= 60; seed++) compareCase(seed, { nodes: 6, running: 10, pending: 9 })
  })
  it('agrees on larger ones, where nodes are picked from buckets', () => {
    for (let seed = 100; seed <= 150; seed++) compareCase(seed, { nodes: 14, running: 12, pending: 40 })
  })
  it('agrees when pods come and go', () => {
    for (let seed = 200; seed <= 230; seed++) {
      const { cluster, pending } = buildRandomCase(seed, { nodes: 12, running: 20, pending: 30 })
      const scheduler = createScheduler(cluster)
      const pods: SchedulerPod[] = [...cluster.pods]
      pending.forEach((it, index) => {
        const pod = cluster.podReader.read(it)
        const wanted = checkPod(buildView(cluster, pods, pod, scheduler.storage))
        const placed = scheduler.schedule(pod)
        expect(placed?.nodeName, `seed ${seed}, ${pod.name}`).toBe(wanted.node)
        if (placed !== undefined) pods.push(placed)
        const [leaving] = index % 3 === 0 ? pods.splice(index % pods.length, 1) : []
        if (leaving !== undefined) scheduler.remove(leaving)
      })
    }
  })
})
