/** What kube-scheduler's minors say differently. */

import { describe, expect, it } from 'vitest'
import { buildCluster } from '../../src/schedule/cluster.ts'
import { listScores } from '../../src/schedule/engine/node-scores.ts'
import { createScheduler } from '../../src/schedule/engine/scheduler.ts'
import { node, pod } from './builders.ts'

function explain(minor: number, objects: readonly unknown[], pending: unknown) {
  const cluster = buildCluster(objects, { minor })
  const explanation = createScheduler(cluster).explain(cluster.podReader.read(pending))
  const scores = explanation.scores && Object.fromEntries(listScores(explanation.scores, cluster))
  return { message: explanation.message, scores }
}

describe('versions', () => {
  const tainted = node('a', { taints: [{ key: 'k', value: 'v', effect: 'NoSchedule' }] })
  const tail = 'preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.'
  it.each([
    [33, `0/1 nodes are available: 1 node(s) had untolerated taint {k: v}. ${tail}`],
    [
      34,
      `0/1 nodes are available: 1 node(s) had untolerated taint {k: v}. no new claims to deallocate, ${tail}`,
    ],
    [35, `0/1 nodes are available: 1 node(s) had untolerated taint(s). no new claims to deallocate, ${tail}`],
    [37, `0/1 nodes are available: 1 node(s) had untolerated taint(s). no new claims to deallocate, ${tail}`],
  ])('1.%d words a taint', (minor, message) => {
    expect(explain(minor, [tainted], pod('p')).message).toBe(message)
  })

  it.each([
    [33, tail],
    [36, 'not found'],
  ])('1.%d words a missing claim', (minor, rest) => {
    const volumes = [{ name: 'v', persistentVolumeClaim: { claimName: 'nope' } }]
    const message = `0/1 nodes are available: persistentvolumeclaim "nope" not found. ${rest}`
    expect(explain(minor, [node('a')], pod('p', { spec: { volumes } })).message).toBe(message)
  })

  it.each([
    [35, 87],
    [36, 68],
  ])('1.%d scores balance', (minor, score) => {
    const { scores } = explain(minor, [node('a'), node('b')], pod('p', { requests: { cpu: '1' } }))
    expect(scores?.a?.NodeResourcesBalancedAllocation).toBe(score)
  })

  it.each([
    [33, '1 No preemption victims found for incoming pod'],
    [34, '1 Preemption is not helpful for scheduling'],
  ])('1.%d words a pod that is larger than the node', (minor, reason) => {
    const { message } = explain(minor, [node('a')], pod('p', { requests: { cpu: '5' } }))
    expect(message).toMatch(
      new RegExp(`Insufficient cpu\\. .*preemption: 0/1 nodes are available: ${reason}\\.$`),
    )
  })

  it('reads unknown minors as the nearest known', () => {
    expect(explain(12, [tainted], pod('p'))).toEqual(explain(33, [tainted], pod('p')))
    expect(explain(99, [tainted], pod('p'))).toEqual(explain(37, [tainted], pod('p')))
  })
})
