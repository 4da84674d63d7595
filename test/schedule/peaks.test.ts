/** Rollouts, autoscalers and quotas of sets that run already: what comes on top, and what is not counted twice. */

import { describe, expect, it } from 'vitest'
import { decideFit } from '../../src/schedule/verdict/decide-fit.ts'
import { findPeak, type Peak } from '../../src/schedule/verdict/peaks.ts'
import { cluster, deployment, node, pod } from './builders.ts'

type Objects = readonly Record<string, unknown>[]

const TWO = [node('a'), node('b')]

const runs = (count: number, cpu: string): Objects =>
  Array.from({ length: count }, (_, i) => {
    const old = pod(`web-abc-${i}`, {
      on: i % 2 === 0 ? 'a' : 'b',
      requests: { cpu },
      labels: { app: 'web' },
    })
    Object.assign(old.metadata as object, {
      ownerReferences: [{ kind: 'ReplicaSet', name: 'web-abc', controller: true }],
    })
    return old
  })

const autoscaler = (minReplicas: number, maxReplicas: number) => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'web', namespace: 'default' },
  spec: { scaleTargetRef: { kind: 'Deployment', name: 'web' }, minReplicas, maxReplicas },
})

const unscaled = (cpu: string): Record<string, unknown> => {
  const object = deployment('web', 0, { requests: { cpu } })
  return { ...object, spec: { ...(object.spec as object), replicas: undefined } }
}

const find = (peak: Peak, inventory: Objects, manifests: Objects) => {
  const steady = decideFit(cluster(...inventory), manifests)
  return findPeak(peak, steady, { inventory: cluster(...inventory), manifests })
}

describe('the rollout peak', () => {
  const web = deployment('web', 2, { requests: { cpu: '3' } })

  it('leaves old pods where they run, and has only the surge on top', () => {
    expect(find('rollout', [...TWO, ...runs(2, '3')], [web])).toMatchObject({
      more: 1,
      verdict: 'impossible',
      short: [{ fit: { desired: 1, scheduled: 0 } }],
    })
    expect(find('rollout', [...TWO, ...runs(2, '1')], [web])).toMatchObject({
      verdict: 'schedules',
      short: [],
    })
  })

  it.each<[string, object, number]>([
    ['a quarter, rounded up', {}, 2],
    ['no more than there are replicas', { rollingUpdate: { maxSurge: 100 } }, 5],
    ['none when pods go first', { type: 'Recreate' }, 0],
    ['none when the surge is nothing', { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } }, 0],
  ])('asks for the surge: %s', (_, strategy, more) => {
    const peak = find('rollout', TWO, [deployment('web', 5, { requests: { cpu: '100m' }, strategy })])
    expect(peak?.more ?? 0).toBe(more)
  })

  it('is not asked of workloads that are not whole', () => {
    expect(find('rollout', TWO, [deployment('web', 1, { requests: { cpu: '9' } })])).toBeUndefined()
  })
})

describe('autoscalers', () => {
  it.each<[string, number, number]>([
    ['at least the minimum', 0, 2],
    ['as many as run', 3, 3],
    ['no more than the maximum', 7, 5],
  ])('without replicas %s', (_, running, desired) => {
    const inventory = [...TWO, ...runs(running, '1')]
    const report = decideFit(cluster(...inventory), [unscaled('1'), autoscaler(2, 5)])
    expect(report.workloads).toMatchObject([{ desired, scheduled: desired }])
  })

  it('are off where the replicas are zero', () => {
    const manifests = [deployment('web', 0), autoscaler(2, 50)]
    expect(decideFit(cluster(...TWO), manifests).workloads).toMatchObject([{ desired: 0 }])
    expect(find('maximum', TWO, manifests)).toBeUndefined()
  })

  it('tell the largest maximum for which there is room, if they are among the manifests', () => {
    const peak = find('maximum', TWO, [unscaled('1500m'), autoscaler(2, 50)])
    expect(peak).toMatchObject({ more: 48, short: [{ mostReplicas: 4, fit: { verdict: 'impossible' } }] })
    const elsewhere = find('maximum', [...TWO, autoscaler(2, 50)], [unscaled('1500m')])
    expect(elsewhere).toMatchObject({ more: 48, short: [{ mostReplicas: undefined }] })
  })

  it('of KEDA go from nothing to a hundred by themselves', () => {
    const scaled = {
      kind: 'ScaledObject',
      metadata: { name: 'web' },
      spec: { scaleTargetRef: { name: 'web' } },
    }
    expect(find('maximum', TWO, [unscaled('100m'), scaled])).toMatchObject({ more: 99 })
  })
})

describe('quotas of sets that run already', () => {
  const quota = (used: Record<string, string>) => ({
    kind: 'ResourceQuota',
    metadata: { name: 'q', namespace: 'default' },
    spec: { hard: { 'requests.cpu': '2', pods: '2', 'count/deployments.apps': '1' } },
    status: { used: { 'count/deployments.apps': '1', ...used } },
  })
  const inventory = [...TWO, ...runs(2, '1'), quota({ 'requests.cpu': '2', pods: '2' })]

  it('are not charged twice', () => {
    const report = decideFit(cluster(...inventory), [deployment('web', 2, { requests: { cpu: '1' } })])
    expect(report.workloads).toMatchObject([{ verdict: 'schedules', scheduled: 2, refusals: [] }])
  })

  it('hold what others use', () => {
    const others = [...TWO, ...runs(2, '1'), quota({ 'requests.cpu': '3', pods: '3' })]
    const report = decideFit(cluster(...others), [deployment('web', 2, { requests: { cpu: '1' } })])
    expect(report.workloads).toMatchObject([{ verdict: 'impossible', scheduled: 1 }])
  })

  it('make rollouts hang that may miss no pod', () => {
    const of = (strategy: object) =>
      decideFit(cluster(...inventory), [deployment('web', 2, { requests: { cpu: '1' }, strategy })])
        .workloads[0]!.rolloutBlock
    expect(of({})).toMatch(/^the API server says: pods "web-<hash>-<x>" is forbidden: exceeded quota: q/)
    expect(of({ rollingUpdate: { maxUnavailable: 1 } })).toBeUndefined()
  })
})

it('says which evictions are a guess', () => {
  const old = (name: string, on: string) => pod(name, { on, requests: { cpu: '4' } })
  const first = deployment('first', 1, {
    requests: { cpu: '4' },
    spec: { priorityClassName: 'system-node-critical' },
  })
  const of = (...running: Objects) => decideFit(cluster(...TWO, ...running), [first])
  expect(of(old('x', 'a'), old('y', 'b')).guessedEvictions).toEqual(new Map([['Pod default/x', 1]]))
  const kept = pod('y', { on: 'b', requests: { cpu: '4' }, spec: { priority: 2_000_001_000 } })
  expect(of(old('x', 'a'), kept).evictions).toEqual(new Map([['Pod default/x', 1]]))
  expect(of(old('x', 'a'), kept).guessedEvictions).toEqual(new Map())
})
