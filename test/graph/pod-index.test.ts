/** An index of pod templates holds what a look at each of them finds. */
import { expect, test } from 'vitest'
import { buildPodIndex } from '../../src/graph/pod-index.ts'
import { isSelected, type PodRequirement, readLabelSelector } from '../../src/graph/pod-selector.ts'
import { findLabelledTemplate } from '../../src/graph/pod-templates.ts'
import { resourcesOf } from './graph.ts'

const VALUES = ['a', 'b', 'c']
/** The last two are added by controllers. */
const KEYS = ['app', 'tier', 'x', 'pod-template-hash', 'statefulset.kubernetes.io/pod-name']

function createRandom(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return Math.floor((state / 2 ** 31) * below)
  }
}

test('any selector takes what a look at each template finds, in its order', () => {
  const random = createRandom(7)
  const pick = (from: readonly string[]): string => from[random(from.length)]!
  const labels = (keys: readonly string[]): string =>
    keys
      .filter(() => random(2) === 0)
      .map(key => `${key}: ${pick(VALUES)}`)
      .join(', ')
  const workload = (n: number): string => {
    const kind = pick(['Deployment', 'StatefulSet'])
    return `apiVersion: apps/v1\nkind: ${kind}\nmetadata: { name: w-${n} }\nspec: { template: { metadata: { labels: { ${labels(KEYS)} } }, spec: { containers: [] } } }`
  }
  const manifests = Array.from({ length: 40 }, (_, n) => workload(n)).join('\n---\n')
  const templates = resourcesOf({ 'a.yaml': manifests }).map(it => findLabelledTemplate(it)!)
  const index = buildPodIndex(templates)

  const requirement = (): PodRequirement => {
    const operator = (['In', 'NotIn', 'Exists', 'DoesNotExist'] as const)[random(4)]!
    const isByValue = operator === 'In' || operator === 'NotIn'
    const values = isByValue ? Array.from({ length: random(4) }, () => pick([...VALUES, 'w-1-0'])) : []
    return { key: pick([...KEYS, 'absent']), operator, values, at: templates[0]!.at }
  }
  let taken = 0
  for (let n = 0; n < 2000; n++) {
    const selector = Array.from({ length: random(4) }, requirement)
    const found = index.select(selector)
    expect(found).toEqual(templates.filter(it => isSelected(it, selector)))
    taken += found.length
  }
  expect(taken).toBeGreaterThan(2000)
})

test('selectors that take the same by one label are given one list', () => {
  const manifests = ['a', 'b', 'c'].map(
    name =>
      `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, labels: { app: web, name: ${name} } }\nspec: {}`,
  )
  const selectors = [
    '[]',
    '[{ key: x, operator: DoesNotExist }]',
    '[{ key: name, operator: NotIn, values: [d] }]',
  ]
  const budgets = selectors.map(it => `matchLabels: { app: web }\nmatchExpressions: ${it}`)
  const index = buildPodIndex(
    resourcesOf({ 'a.yaml': manifests.join('\n---\n') }).map(it => findLabelledTemplate(it)!),
  )
  const lists = budgets.map(text => {
    const [budget] = resourcesOf({ 'b.yaml': `apiVersion: v1\nkind: B\nmetadata: { name: b }\n${text}` })
    return index.select(readLabelSelector(budget!.root)!)
  })
  expect(new Set(lists)).toEqual(new Set([index.templates]))
})
