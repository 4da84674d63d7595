/** Selection of pods by labels, and its cost. */
import { expect, test } from 'vitest'
import { readLabelSelector } from '../../src/graph/pod-selector.ts'
import { atRoot } from '../../src/yaml/cursor.ts'
import { parseSource } from '../../src/yaml/parse.ts'
import { graphOf, resourcesOf } from './graph.ts'

const workload = (kind: string, name: string, labels: string, namespace = 'shop'): string => `
apiVersion: ${kind === 'Job' ? 'batch/v1' : 'apps/v1'}
kind: ${kind}
metadata: { name: ${name}, namespace: ${namespace} }
spec: { template: { metadata: { labels: { ${labels} } }, spec: { containers: [] } } }
---`

const pods = [
  workload('Deployment', 'web', 'app: web, tier: front'),
  workload('Deployment', 'api', 'app: api, tier: back'),
  workload('StatefulSet', 'db', 'app: db'),
  workload('Job', 'migrate', 'app: web, job: migrate'),
  workload('Deployment', 'web', 'app: web', 'billing'),
].join('')

/** Names of the selected workloads, or the verdict where there is none. */
function select(selector: string, namespace: string | undefined = 'shop', text = pods): string {
  const resources = resourcesOf({ 'all.yaml': text })
  const graph = graphOf(resources)
  const at = atRoot(parseSource({ id: 's', text: selector })![0]!)
  const { verdict, templates, open } = graph.selectPods(readLabelSelector(at)!, namespace, resources[0]!)
  const names = templates.map(it => it.resource.name).join(' ')
  return `${names || verdict}${open && names ? ' open' : ''}`
}

test.each([
  ['matchLabels: { app: web }', 'web migrate'],
  ['matchLabels: { app: web, tier: front }', 'web'],
  ['matchLabels: { app: web, tier: back }', 'absent'],
  ['matchExpressions: [{ key: app, operator: In, values: [api, db] }]', 'api db'],
  ['matchExpressions: [{ key: tier, operator: Exists }]', 'web api'],
  ['matchExpressions: [{ key: tier, operator: DoesNotExist }]', 'db migrate'],
  ['matchExpressions: [{ key: app, operator: NotIn, values: [web] }]', 'api db'],
  ['{}', 'web api db migrate'],
  ['matchLabels: { statefulset.kubernetes.io/pod-name: db-3 }', 'db'],
  ['matchLabels: { statefulset.kubernetes.io/pod-name: db-x }', 'absent'],
  ['matchLabels: { app: web, pod-template-hash: abc }', 'web'],
  ['matchLabels: { job-name: migrate }', 'migrate'],
  ['matchLabels: { batch.kubernetes.io/job-name: other }', 'absent'],
  ['matchLabels: { app: web, topology.kubernetes.io/zone: a }', 'web migrate'],
])('%s takes %s', (selector, expected) => expect(select(selector)).toBe(expected))

test.each([
  ['in a namespace without pods', 'empty', 'unknown'],
  ['with a namespace that is not known', undefined, 'unknown'],
])('%s', (_, namespace, expected) => {
  const graph = graphOf(pods)
  const at = atRoot(parseSource({ id: 's', text: 'matchLabels: { app: web }' })![0]!)
  expect(graph.selectPods(readLabelSelector(at)!, namespace, graph.resources[0]!).verdict).toBe(expected)
})

test('expressions that the server refuses are no selector', () => {
  const read = (text: string) => readLabelSelector(atRoot(parseSource({ id: 's', text })![0]!))
  expect(read('matchExpressions: [{ key: app, operator: Gt, values: ["1"] }]')).toBeUndefined()
  expect(read('matchExpressions: [{ operator: Exists }]')).toBeUndefined()
  expect(read('matchExpressions: 3')).toEqual([])
})
