/** Counts how often rules look at objects, so that none looks at each for each: thousands may share labels and names. */
import { expect, test } from 'vitest'
import { rules } from '../rules/index.ts'
import type { Resource } from '../src/kube/resource.ts'
import type { Context, ResourceRule } from '../src/rule.ts'
import { graphOf, resourcesOf } from './graph/graph.ts'

const deployment = (name: string, app = 'web', port = 'http'): string => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  replicas: 2
  selector: { matchLabels: { app: ${app} } }
  template:
    metadata: { labels: { app: ${app} } }
    spec:
      containers: [{ name: web, image: web:1, ports: [{ name: ${port}, containerPort: 8080 }] }]`
const service = (name: string, port: string | number = 'http', app = 'web'): string => `
apiVersion: v1
kind: Service
metadata: { name: ${name}, labels: { app: ${app} } }
spec: { selector: { app: ${app} }, ports: [{ name: http, port: 80, targetPort: ${port}, nodePort: 30080 }] }`
const object = (apiVersion: string, kind: string, name: string, content: string): string =>
  `\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: ${name} }\n${content}`
const budget = (name: string, needed = 2, selector = 'matchLabels: { app: web }'): string =>
  object(
    'policy/v1',
    'PodDisruptionBudget',
    name,
    `spec: { minAvailable: ${needed}, selector: { ${selector} } }`,
  )
const policy = (name: string, app: string): string =>
  object(
    'networking.k8s.io/v1',
    'NetworkPolicy',
    name,
    `spec: { podSelector: { matchLabels: { app: ${app} } }, egress: [{ to: [{ podSelector: {} }], ports: [{ port: 80 }] }] }`,
  )
const ingress = (name: string, backend: string): string =>
  object(
    'networking.k8s.io/v1',
    'Ingress',
    name,
    `spec: { rules: [{ host: a.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: ${backend}, port: { number: 80 } } } }] } }] }`,
  )
const autoscaler = (name: string, target: string): string =>
  object(
    'autoscaling/v2',
    'HorizontalPodAutoscaler',
    name,
    `spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: ${target} } }`,
  )
const monitor = (name: string, app: string, port: string): string =>
  object(
    'monitoring.coreos.com/v1',
    'ServiceMonitor',
    name,
    `spec: { selector: { matchLabels: { app: ${app} } }, endpoints: [{ port: ${port} }] }`,
  )
const job = (name: string): string =>
  object(
    'batch/v1',
    'Job',
    name,
    'spec: { template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: web, image: web:1, ports: [{ name: http, containerPort: 80 }] }] } } }',
  )
const settings = (name: string): string => object('v1', 'ConfigMap', name, 'data: { level: info }')
const reader = (name: string, from: string, key: string): string =>
  object(
    'v1',
    'Pod',
    name,
    `spec: { containers: [{ name: web, image: web:1, env: [{ name: LEVEL, valueFrom: { configMapKeyRef: { name: ${from}, key: ${key} } } }] }] }`,
  )
const certificate = (name: string): string =>
  object('cert-manager.io/v1', 'Certificate', name, 'spec: { secretName: tls, issuerRef: { name: ca } }')
const secretReader = (name: string): string =>
  object(
    'v1',
    'Pod',
    name,
    'spec: { containers: [{ name: web, image: web:1, env: [{ name: KEY, valueFrom: { secretKeyRef: { name: tls, key: none } } }] }] }',
  )

/** What makes the n-th part of an input, and how many parts are few: up to a hundred templates are compared at a miss. */
const inputs: readonly (readonly [string, (i: number) => readonly string[], small?: number])[] = [
  ['Services of one label', i => [deployment(`d-${i}`), service(`s-${i}`)]],
  ['ports without a name', i => [deployment(`d-${i}`), service(`s-${i}`, 'htp')]],
  ['ports that some lack', i => [deployment(`d-${i}`, 'web', i % 2 ? 'http' : 'rpc'), service(`s-${i}`)]],
  ['numbers of no port', i => [deployment(`d-${i}`), service(`s-${i}`, 8081)]],
  ['Services of Jobs', i => [deployment(`d-${i}`), job(`j-${i}`), service(`s-${i}`)]],
  ['Services of one name', () => [deployment('d'), service('s'), ingress('i', 's')]],
  ['Services without pods', i => [deployment(`d-${i}`), service(`s-${i}`, 'http', `w-${i}`)], 110],
  ['budgets of one label', i => [deployment(`d-${i}`), budget(`b-${i}`)]],
  ['budgets that block', i => [deployment(`d-${i}`), budget(`b-${i}`, 10_000)]],
  [
    'budgets of own labels',
    i => [deployment(`d-${i}`, `a-${i}`), budget(`b-${i}`, 2, `matchLabels: { app: a-${i} }`)],
  ],
  [
    'budgets that take all but what is not there',
    i => [
      deployment(`d-${i}`),
      budget(`b-${i}`, 2, `matchExpressions: [{ key: x, operator: NotIn, values: [v-${i}] }]`),
    ],
  ],
  [
    'budgets of labels by their keys',
    i => [
      deployment(`d-${i}`, `a-${i}, k-${i}: x`),
      budget(`b-${i}`, 2, `matchExpressions: [{ key: k-${i}, operator: Exists }]`),
    ],
  ],
  [
    'budgets of one label or another',
    i => [
      deployment(`d-${i}`, `a-${i}`),
      budget(`b-${i}`, 2, `matchExpressions: [{ key: app, operator: In, values: [a-${i}, a-${i - 1}] }]`),
    ],
  ],
  [
    'budgets that take all without a label that is not there',
    i => [
      deployment(`d-${i}`),
      budget(
        `b-${i}`,
        2,
        `matchLabels: { app: web }, matchExpressions: [{ key: k-${i}, operator: DoesNotExist }]`,
      ),
    ],
  ],
  ['budgets of one name', i => [deployment(`d-${i}`), budget('b')]],
  ['policies of one label', i => [deployment(`d-${i}`), policy(`p-${i}`, 'web')]],
  ['policies without pods', i => [deployment(`d-${i}`), policy(`p-${i}`, 'wev')], 110],
  ['autoscalers of one workload', i => [...(i === 0 ? [deployment('d')] : []), autoscaler(`h-${i}`, 'd')]],
  ['autoscalers of one name', () => [deployment('d'), autoscaler('h', 'd')]],
  ['monitors of one label', i => [service(`s-${i}`), monitor(`m-${i}`, 'web', 'htp')]],
  ['monitors without Services', i => [service(`s-${i}`), monitor(`m-${i}`, 'wev', 'http')]],
  ['routes of one path', i => [ingress(`i-${i}`, `s-${i}`)]],
  ['routes to one Service', i => [ingress(`i-${i}`, 's')]],
  ['routes of one name', i => [ingress('i', `s-${i}`)]],
  ['objects of one name', () => [settings('c')]],
  ['keys of objects of one name', i => [settings('c'), reader(`p-${i}`, 'c', 'none')]],
  ['keys of one object', i => [...(i === 0 ? [settings('c')] : []), reader(`p-${i}`, 'c', 'none')]],
  ['names that are missing', i => [settings(`setting-${i}`), reader(`p-${i}`, `setdinc-${i}`, 'level')]],
  ['certificates of one Secret', i => [certificate(`c-${i}`), secretReader(`p-${i}`)]],
  ['versions of one kind', i => [object(`example.com/v${i}`, 'Board', 'b', 'spec: {}')]],
]

const layouts: readonly (readonly [string, (parts: readonly string[][]) => Record<string, string>])[] = [
  ['in one file', parts => ({ 'all.yaml': parts.flat().join('\n---') })],
  ['in a file each', parts => toFiles(parts, i => `part-${i}.yaml`)],
  ['in a folder each', parts => toFiles(parts, i => `env-${i}/all.yaml`)],
]

const toFiles = (parts: readonly string[][], nameOf: (i: number) => string): Record<string, string> =>
  Object.fromEntries(parts.map((it, i) => [nameOf(i), it.join('\n---')]))

/** Twice what messages name of many at most. */
const SMALL = 40
const TIMES = 3

test.each(
  layouts.flatMap(([layout, arrange]) =>
    inputs.map(([name, make, small = SMALL]) => [name, layout, make, arrange, small] as const),
  ),
)('%s, %s: each rule looks at an object as often, however many there are', (_, __, make, arrange, small) => {
  const parts = Array.from({ length: small * TIMES }, (_, i) => [...make(i)])
  const few = countLooks(arrange(parts.slice(0, small)))
  const many = countLooks(arrange(parts))
  const growing = [...many].filter(
    ([rule, looks]) => looks > 1.5 * TIMES * Math.max(few.get(rule) ?? 0, small),
  )
  expect(growing).toEqual([])
})

/** How often each rule reads a field of an object, on a graph of its own. */
function countLooks(files: Record<string, string>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  const read = resourcesOf(files)
  for (const rule of graphRules) {
    let looks = 0
    const resources = read.map(it => watch(it, () => looks++))
    const graph = graphOf(resources)
    for (const resource of resources) {
      if (rule.on.kinds && !rule.on.kinds.includes(resource.kind)) continue
      const ctx = {
        resource,
        graph,
        options: rule.options?.defaults ?? {},
        apis: { hasSchema: () => false },
        findFit: () => undefined,
        isOn: () => false,
        report: () => {},
      } as unknown as Context
      for (const at of rule.on(resource)) rule.check(at, ctx)
    }
    counts.set(rule.id, looks)
  }
  return counts
}

const graphRules = rules.filter((it): it is ResourceRule => it.scope === 'graph')

/** The same object, telling each look at one of its fields. */
function watch(resource: Resource, onLook: () => void): Resource {
  const watched = {} as Resource
  for (const [field, value] of Object.entries(resource))
    Object.defineProperty(watched, field, {
      enumerable: true,
      get: () => {
        onLook()
        return value
      },
    })
  return watched
}
