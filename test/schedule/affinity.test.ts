/** Affinity: terms that kube-scheduler cannot read, and whose namespaces it reads otherwise than they are meant. */

import { describe, expect, it } from 'vitest'
import { buildCluster } from '../../src/schedule/cluster.ts'
import { createScheduler } from '../../src/schedule/engine/scheduler.ts'
import { node, pod } from './builders.ts'

/** Why the only node turns the pod down; `fits` when it does not. */
function judge(objects: readonly unknown[], pending: unknown, minor = 36): string {
  const cluster = buildCluster(objects, { minor })
  const { message, rejections } = createScheduler(cluster).explain(cluster.podReader.read(pending))
  return message === undefined ? 'fits' : (rejections[0]?.reasons.join('; ') ?? message)
}

describe('terms of node affinity', () => {
  const NO_MATCH = "node(s) didn't match Pod's node affinity/selector"
  const labelled = node('a', { labels: { gen: '5', rack: 'r1' } })

  it.each<[string, object, string]>([
    ['a number above', { key: 'gen', operator: 'Gt', values: ['4'] }, 'fits'],
    ['a number that is no label', { key: 'gen', operator: 'Gt', values: ['-1'] }, NO_MATCH],
    ['a number with a plus', { key: 'gen', operator: 'Lt', values: ['+9'] }, NO_MATCH],
    ['a value that is no label', { key: 'rack', operator: 'NotIn', values: ['a b'] }, NO_MATCH],
    ['one such value among others', { key: 'rack', operator: 'In', values: ['r1', 'r1-'] }, NO_MATCH],
    ['a key that is none', { key: 'a/b/c', operator: 'DoesNotExist' }, NO_MATCH],
  ])('%s', (_, expression, verdict) => {
    const required = { nodeSelectorTerms: [{ matchExpressions: [expression] }] }
    const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } }
    expect(judge([labelled], pod('p', { spec: { affinity } }))).toBe(verdict)
  })
})

describe('namespaces of pod affinity', () => {
  const namespace = (name: string, labels = {}): object => ({ kind: 'Namespace', metadata: { name, labels } })
  const terms = (namespaceSelector: object): object => {
    const term = {
      topologyKey: 'kubernetes.io/hostname',
      labelSelector: { matchLabels: { app: 'x' } },
      namespaceSelector,
    }
    return { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } }
  }
  const place = (it: Record<string, unknown>, namespaceName: string): object => ({
    ...it,
    metadata: { ...(it.metadata as object), namespace: namespaceName },
  })
  const notTeam = { matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['1'] }] }
  const noTeam = { matchExpressions: [{ key: 'team', operator: 'DoesNotExist' }] }
  const otherTeam = { matchExpressions: [...notTeam.matchExpressions, { key: 'team', operator: 'Exists' }] }
  const OWN = "node(s) didn't match pod anti-affinity rules"
  const RUNNING = "node(s) didn't satisfy existing pods anti-affinity rules"
  const objects = [node('a'), namespace('default'), namespace('owned', { team: '1' })]

  it.each<[string, number, object, string]>([
    ['excludes', 33, notTeam, 'fits'],
    ['excludes', 34, notTeam, OWN],
    ['excludes', 36, notTeam, OWN],
    ['wants no label', 36, noTeam, OWN],
    ['also demands', 36, otherTeam, 'fits'],
    ['demands', 36, { matchLabels: { team: '2' } }, 'fits'],
    ['takes all', 33, {}, OWN],
  ])('a selector of the new pod that %s, in 1.%d', (_, minor, selector, verdict) => {
    const running = place(pod('r', { on: 'a', labels: { app: 'x' } }), 'owned')
    expect(judge([...objects, running], pod('p', { spec: { affinity: terms(selector) } }), minor)).toBe(
      verdict,
    )
  })

  it.each([
    ['owned', 'fits'],
    ['default', RUNNING],
  ])('a selector of a running pod is read as it is meant for pods of %s', (from, verdict) => {
    const running = pod('r', { on: 'a', spec: { affinity: terms(notTeam) } })
    expect(judge([...objects, running], place(pod('p', { labels: { app: 'x' } }), from))).toBe(verdict)
  })
})
