/** `plimsoll schedule` as its users meet it: verdicts at lines, exit codes, inventories that are wrong. */
import { describe, expect, test } from 'vitest'
import { node, type PodOptions, pod } from '../schedule/builders.ts'
import { run, type World } from './run.ts'

const toFile = (...items: readonly unknown[]): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
const two = toFile(node('a'), node('b'))

interface Web {
  readonly name?: string
  readonly replicas?: number
  readonly cpu?: string
  readonly strategy?: string
}

const web = ({
  name = 'web',
  replicas = 2,
  cpu = '1',
  strategy = '{}',
}: Web = {}): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  replicas: ${replicas}
  strategy: ${strategy}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers:
        - name: app
          image: example/app:1.0.0
          resources:
            requests:
              cpu: "${cpu}"
`

const schedule = (manifests: string, nodes: string, flags = '', world: World = {}) =>
  run(
    { 'web.yaml': manifests, 'inventory/nodes.json': nodes },
    `schedule . --nodes inventory/nodes.json ${flags}`,
    world,
  )

describe('verdicts', () => {
  test('what fits: exit 0, bars, headroom, losses', async () => {
    const { code, out, err } = await schedule(web(), two)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain('schedules Deployment default/web: 2 of 2 pods placed')
    expect(out).toMatch(/ {2}a {2}cpu {4}█████·{15} 1 of 4\n/)
    expect(out).toContain('free: 6 of 8 cpu')
    expect(out).toContain('without any one of 2 nodes: its pods find another place')
    expect(out).not.toContain('\u001b')
  })

  test('colour on terminals only', async () => {
    expect((await schedule(web(), two, '', { isTerminal: { out: true } })).out).toContain('\u001b[32m')
  })

  test('stranded by order', async () => {
    const both = `${web({ name: 'small', cpu: '2' })}---\n${web({ name: 'large', replicas: 1, cpu: '4' })}`
    const { code, out } = await schedule(both, two)
    expect(code).toBe(1)
    expect(out).toContain('stranded Deployment default/large: 0 of 1 pod placed\n  web.yaml:33:20\n')
    expect(out).toContain('0/2 nodes are available: 2 Insufficient cpu.')
    expect(out).toContain('nearest: node "a", short by 2 cpu')
    expect(out).toContain('edit: web.yaml:33:20  containers[0].resources.requests.cpu: 4 → 2')
    expect(out).toContain("kube-scheduler's order leaves pods over, though 3 pods can be placed")
  })

  test('impossible, with the proof node by node', async () => {
    const { code, out } = await schedule(web({ cpu: '5' }), two)
    expect(code).toBe(1)
    expect(out).toContain('impossible Deployment default/web: 0 of 2 pods placed\n  web.yaml:16:20\n')
    expect(out).toContain('has no node even in an empty cluster (a: Insufficient cpu; b: Insufficient cpu)')
  })

  test('impossible by a count, at the replicas', async () => {
    const { code, out } = await schedule(web({ replicas: 9, cpu: '1' }), two)
    expect(code).toBe(1)
    expect(out).toContain('at most 8 of 9')
    expect(out).toContain('impossible Deployment default/web: 8 of 9 pods placed\n  web.yaml:5:13\n')
  })

  test('refused by the API server, at the field that it names', async () => {
    const limits = '            limits: { cpu: 500m }\n'
    const { code, out } = await schedule(web() + limits, two)
    expect(code).toBe(1)
    expect(out).toContain('impossible Deployment default/web: 0 of 2 pods placed\n  web.yaml:15:13\n')
    expect(out).toContain('must be less than or equal to cpu limit of 500m')
  })

  test('a rollout that would hang, and one that may lose a pod', async () => {
    const full = { cpu: '4' }
    const hanging = await schedule(web(full), two)
    expect(hanging.code).toBe(1)
    expect(hanging.out).toContain('its next rollout would hang: no pod may be missing')
    expect(hanging.out).toContain('every pod finds a node')
    const strategy = '{ rollingUpdate: { maxUnavailable: 1 } }'
    expect((await schedule(web({ ...full, strategy }), two)).code).toBe(0)
    expect((await schedule(web({ ...full, strategy: '{ type: Recreate }' }), two)).code).toBe(0)
  })

  test('pods of the inventory hold room and are no manifests', async () => {
    const busy: PodOptions = { requests: { cpu: '3500m' } }
    const nodes = toFile(node('a'), node('b'), pod('x', { ...busy, on: 'a' }), pod('y', { ...busy, on: 'b' }))
    const { code, out } = await schedule(web(), nodes)
    expect(code).toBe(1)
    expect(out).toContain('nearest: node "a", short by 500m cpu')
    expect(out).not.toContain('Pod default/x')
  })
})

test('charts are scheduled at their default values, hooks left out', async () => {
  const tree = {
    'shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
    'shop/values.yaml': 'cpu: "5"\n',
    'shop/ci/small-values.yaml': 'cpu: "1"\n',
    'shop/templates/web.yaml': web({ cpu: '{{ .Values.cpu }}' }),
    'shop/templates/test.yaml':
      'apiVersion: v1\nkind: Pod\nmetadata: { name: probe, annotations: { helm.sh/hook: test } }\nspec: { containers: [{ name: a, image: "a:1" }] }\n',
    'nodes.json': two,
  }
  const { code, out } = await run(tree, 'schedule shop --nodes nodes.json')
  expect(code).toBe(1)
  expect(out).toContain(
    'impossible Deployment default/web: 0 of 2 pods placed\n  shop/templates/web.yaml:16:',
  )
  expect(out).not.toContain('probe')
})

test('--format json says the same', async () => {
  const { code, out } = await schedule(web({ cpu: '5' }), two, '--format json')
  expect(code).toBe(1)
  const report = JSON.parse(out)
  expect(report).toMatchObject({ version: 1, verdict: 'impossible', proof: { kind: 'no-node' } })
  expect(report.workloads).toMatchObject([
    { workload: 'Deployment default/web', file: 'web.yaml', range: { start: { line: 16, column: 20 } } },
  ])
  expect(report.nodes).toHaveLength(6)
})

test('--snapshot keeps what scheduling reads, and no secrets', async () => {
  const spec = { containers: [{ name: 'app', env: [{ name: 'TOKEN', value: 'hush' }] }] }
  const nodes = toFile(node('a'), pod('x', { on: 'a', spec }), {
    kind: 'Secret',
    metadata: { name: 's' },
    data: { k: 'hush' },
  })
  const first = await schedule(web(), nodes, '--snapshot kept.json')
  const kept = first.read('kept.json')
  expect(kept).not.toContain('hush')
  expect(JSON.parse(kept).items.map((it: { kind: string }) => it.kind)).toEqual(['Node', 'Pod'])
  expect((await schedule(web(), kept)).out).toBe(first.out)
})

test('inventories may be YAML streams and several files', async () => {
  const machine = (name: string) =>
    `kind: Node\nmetadata:\n  name: ${name}\nstatus:\n  allocatable: { cpu: "1", memory: 8Gi, pods: "110" }\n`
  const tree = { 'web.yaml': web(), 'a.yaml': `${machine('a')}---\n${machine('b')}`, 'c.yaml': machine('c') }
  const { code, out } = await run(tree, 'schedule web.yaml --nodes a.yaml c.yaml')
  expect(code).toBe(0)
  expect(out).toMatch(/\n {2}c {2}cpu/)
})

describe('inventories that are wrong', () => {
  const bare = { kind: 'Node', metadata: { name: 'bare' }, status: { capacity: { cpu: '4' } } }

  test.each<[string, string, RegExp]>([
    ['no nodes', toFile(), /the inventory has no nodes \(kubectl get nodes/],
    ['cut short', two.slice(0, -20), /^inventory\/nodes\.json:1:\d+: [\s\S]*the inventory is broken/],
    [
      'no allocatable anywhere',
      toFile(bare),
      /"bare" has no allocatable resources[\s\S]*no node of the inventory/,
    ],
    ['no object', '"text"', /expected an object, found string[\s\S]*the inventory has no nodes/],
  ])('%s: exit 2', async (_, nodes, expected) => {
    const { code, out, err } = await schedule(web(), nodes)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(expected)
  })

  test('a node without allocatable and a node that is listed twice are said, with their places', async () => {
    const nodes = `{ "kind": "List", "items": [\n${[node('a'), node('b'), node('a'), bare].map(it => JSON.stringify(it)).join(',\n')}\n] }`
    const { code, out, err } = await schedule(web(), nodes)
    expect(code).toBe(0)
    expect(err).toContain('inventory/nodes.json:4:1: node "a" is listed already')
    expect(err).toContain('inventory/nodes.json:5:')
    expect(err).toContain('nothing fits on it; the scheduler does not read capacity')
    expect(out).toContain('free: 6 of 8 cpu')
  })

  test('a file that is not there, and a set without pods', async () => {
    expect((await run({ 'web.yaml': web() }, 'schedule . --nodes none.json')).err).toContain(
      'none.json does not exist',
    )
    const settings = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n'
    expect(await schedule(settings, two)).toMatchObject({ code: 2, out: '' })
  })

  test('a set that is far too large is declined', async () => {
    const { code, out } = await schedule(web({ replicas: 2_000_000_000 }), two)
    expect(code).toBe(2)
    expect(out).toContain('2000000000 pods are asked for')
  })
})
