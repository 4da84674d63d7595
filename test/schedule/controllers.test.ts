/** What each controller makes of its object: how many pods, of which version, in which order. */

import { describe, expect, it } from 'vitest'
import { getRolloutBounds } from '../../src/schedule/workload/deployment.ts'
import { toWorkload } from '../../src/schedule/workload/workload.ts'
import { node } from './builders.ts'
import { settle, workload } from './settle.ts'

const TWO = [node('a'), node('b')]
const ROOMY = Array.from({ length: 4 }, (_, i) => node(`n${i}`, { allocatable: { cpu: '64' } }))

/** Versions by their cpu request, with the number of pods of each. */
function countVersions(key: string, settled: ReturnType<typeof settle>): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { pod } of settled.of(key).pods) {
    const version = `${pod.shape.requests.cpu}m`
    counts[version] = (counts[version] ?? 0) + 1
  }
  return counts
}

describe('Deployment', () => {
  it.each<[number, unknown, unknown, number, number]>([
    [1, undefined, undefined, 1, 0],
    [3, undefined, undefined, 1, 0],
    [4, undefined, undefined, 1, 1],
    [10, undefined, undefined, 3, 2],
    [10, '15%', '15%', 2, 1],
    [10, '0%', '9%', 0, 1],
    [10, 0, 0, 0, 1],
    [10, 3, 0, 3, 0],
    [2, 0, 5, 0, 2],
    [5, '100%', '100%', 5, 5],
    [5, '150%', 1, 8, 1],
  ])('of %d with surge %j and unavailable %j may have %d more and %d fewer', (...row) => {
    const [replicas, maxSurge, maxUnavailable, surge, unavailable] = row
    const strategy = { rollingUpdate: { maxSurge, maxUnavailable } }
    const bounds = getRolloutBounds(toWorkload(workload('Deployment', { spec: { replicas, strategy } }))!)
    expect(bounds).toEqual({ surge, unavailable })
  })

  const version = (cpu: string, spec: Record<string, unknown> = {}): Record<string, unknown> =>
    workload('Deployment', { spec: { replicas: 4, ...spec }, requests: { cpu } })
  const key = 'Deployment default/web'

  it('paused from the start makes nothing', () => {
    expect(settle(ROOMY, [[version('1', { paused: true })]]).of(key).pods).toEqual([])
  })

  it('paused later scales but does not roll', () => {
    const settled = settle(ROOMY, [[version('1')], [version('2', { paused: true, replicas: 6 })]])
    expect(countVersions(key, settled)).toEqual({ '1000m': 6 })
  })

  it('scales the old version before it rolls', () => {
    // The new pods fit nowhere: all but those that may be missing stay with the old version, at the new size.
    const settled = settle(ROOMY, [[version('1')], [version('65', { replicas: 8 })]])
    expect(countVersions(key, settled)).toEqual({ '1000m': 6, '65000m': 4 })
  })

  it('goes back to a version that it had before', () => {
    const settled = settle(ROOMY, [[version('1')], [version('2')], [version('1')], [version('3')]])
    expect(countVersions(key, settled)).toEqual({ '3000m': 4 })
  })

  it('re-creates only when the old pods are gone', () => {
    const strategy = { type: 'Recreate' }
    const settled = settle(TWO, [[version('2', { strategy })], [version('1', { strategy })]])
    expect(countVersions(key, settled)).toEqual({ '1000m': 4 })
  })

  it('has no pods when a quota refuses its ReplicaSet', () => {
    const quota = {
      kind: 'ResourceQuota',
      metadata: { name: 'q', namespace: 'default' },
      spec: { hard: { 'count/replicasets.apps': '0' } },
    }
    expect(settle([...TWO, quota], [[version('1')]]).of(key).pods).toEqual([])
  })
})

describe('StatefulSet', () => {
  const key = 'StatefulSet default/web'
  const version = (cpu: string, spec: Record<string, unknown> = {}): Record<string, unknown> =>
    workload('StatefulSet', { spec: { replicas: 3, ...spec }, requests: { cpu } })
  const listOrdinals = (settled: ReturnType<typeof settle>): string[] =>
    settled
      .of(key)
      .pods.map(it => `${it.identity.name}=${it.pod.shape.requests.cpu / 1000}`)
      .sort()
  const partition = (value: number): object => ({ updateStrategy: { rollingUpdate: { partition: value } } })

  it.each<[string, Record<string, unknown>, string[]]>([
    ['rolls from the highest ordinal down', {}, ['web-0=2', 'web-1=2', 'web-2=2']],
    ['leaves the ordinals below a partition', partition(2), ['web-0=1', 'web-1=1', 'web-2=2']],
    [
      'waits for somebody to delete',
      { updateStrategy: { type: 'OnDelete' } },
      ['web-0=1', 'web-1=1', 'web-2=1'],
    ],
    [
      'makes new pods below the partition from the old version',
      { ...partition(4), replicas: 5 },
      ['web-0=1', 'web-1=1', 'web-2=1', 'web-3=1', 'web-4=2'],
    ],
    ['scales down from the highest', { replicas: 1 }, ['web-0=2']],
  ])('%s', (_, spec, ordinals) => {
    expect(listOrdinals(settle(ROOMY, [[version('1')], [version('2', spec)]]))).toEqual(ordinals)
  })

  it('starts where it is told', () => {
    const settled = settle(ROOMY, [[version('1', { ordinals: { start: 5 }, replicas: 2 })]])
    expect(listOrdinals(settled)).toEqual(['web-5=1', 'web-6=1'])
  })

  it('loses one replica to a version that does not fit', () => {
    expect(listOrdinals(settle(ROOMY, [[version('1')], [version('65')]]))).toEqual([
      'web-0=1',
      'web-1=1',
      'web-2=65',
    ])
  })

  it('makes all pods at once when they need no order', () => {
    const parallel = { podManagementPolicy: 'Parallel', replicas: 4 }
    const { pods, scheduled } = settle([node('a')], [[version('2', parallel)]]).of(key)
    expect([pods.length, scheduled]).toEqual([4, 2])
  })
})

describe('DaemonSet', () => {
  const key = 'DaemonSet default/web'
  const version = (cpu: string, spec: Record<string, unknown> = {}, pod: Record<string, unknown> = {}) =>
    workload('DaemonSet', { spec, pod, requests: { cpu } })

  it.each<[string, Record<string, unknown>, Record<string, number>]>([
    ['replaces one at a time', {}, { '1000m': 3, '65000m': 1 }],
    ['replaces as many as may be missing', { maxUnavailable: '50%' }, { '1000m': 2, '65000m': 2 }],
    ['rounds percentages up', { maxUnavailable: '30%' }, { '1000m': 2, '65000m': 2 }],
    [
      'keeps the old pod until the surge is ready',
      { maxSurge: 1, maxUnavailable: 0 },
      { '1000m': 4, '65000m': 1 },
    ],
  ])('%s', (_, rollingUpdate, versions) => {
    const settled = settle(ROOMY, [[version('1')], [version('65', { updateStrategy: { rollingUpdate } })]])
    expect(countVersions(key, settled)).toEqual(versions)
  })

  it('leaves pods on nodes that new ones would be kept off', () => {
    const tainted = node('c', { taints: [{ key: 'k', value: '', effect: 'NoSchedule' }] })
    const tolerations = [{ key: 'k', operator: 'Exists' }]
    const settled = settle(
      [...ROOMY, tainted],
      [[version('1', {}, { tolerations })], [version('1', { updateStrategy: { type: 'OnDelete' } })]],
    )
    expect([settled.of(key).desired, settled.of(key).pods.length]).toEqual([4, 5])
  })

  it('puts its tolerations in the place of the same ones', () => {
    const tolerations = [
      { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5 },
      { key: 'own', operator: 'Exists' },
    ]
    const [live] = settle([node('a')], [[version('1', {}, { tolerations })]]).of(key).pods
    const keys = (live!.object.spec as { tolerations: { key: string }[] }).tolerations.map(it => it.key)
    expect(keys.slice(0, 3)).toEqual([
      'node.kubernetes.io/not-ready',
      'own',
      'node.kubernetes.io/unreachable',
    ])
    expect(keys).toHaveLength(7)
  })
})

describe('Job', () => {
  it.each<[string, Record<string, unknown>, boolean, number, number]>([
    ['one pod by default', {}, false, 1, 1],
    ['as many as parallelism allows', { parallelism: 3, completions: 10 }, false, 3, 3],
    ['no more than complete it', { parallelism: 5, completions: 2 }, false, 2, 2],
    ['pods until it is complete', { parallelism: 2, completions: 5 }, true, 2, 5],
    ['no pods after the first success without completions', { parallelism: 3 }, true, 3, 3],
    ['none while suspended', { parallelism: 3, suspend: true }, false, 3, 0],
    ['none without parallelism', { parallelism: 0, completions: 2 }, false, 0, 0],
  ])('makes %s', (_, spec, ends, desired, made) => {
    const settled = settle(TWO, [[workload('Job', { spec })]], { finishes: () => ends })
    const job = settled.of('Job default/web')
    expect([job.desired, job.pods.length]).toEqual([desired, made])
  })

  it('numbers the pods of an indexed Job', () => {
    const spec = { parallelism: 3, completions: 3, completionMode: 'Indexed' }
    const { pods } = settle(TWO, [[workload('Job', { spec })]]).of('Job default/web')
    expect(pods.map(it => it.identity.shownName)).toEqual(['web-0-<x>', 'web-1-<x>', 'web-2-<x>'])
    expect(pods[2]!.pod.shape.labels.get('batch.kubernetes.io/job-completion-index')).toBe('2')
  })

  it('runs from a CronJob unless that is suspended or not due', () => {
    const jobTemplate = { spec: { parallelism: 2, completions: 2, template: workload('Job').spec } }
    const count = (spec: object, options = {}): number => {
      const cron = { kind: 'CronJob', metadata: { name: 'web' }, spec: { jobTemplate, ...spec } }
      return settle(TWO, [[cron]], options).of('CronJob default/web').pods.length
    }
    expect([count({}), count({ suspend: true }), count({}, { isRunning: () => false })]).toEqual([2, 0, 0])
  })
})
