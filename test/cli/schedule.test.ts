/** `plimsoll schedule` as its users meet it: verdicts at lines, exit codes, inventories that are wrong. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
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
    expect(out).toContain('  Deployment default/web  2 of 2  on a, b  room for 6 more\n')
    expect(out).toMatch(/\n {2}a {5}▒▒▒▒▒·{15} 1 of 4 {2}·{20} 0 of 8Gi {2}1 of 110\n/)
    expect(out).toMatch(/free: +6 of 8 cpu, 16Gi of 16Gi memory\n/)
    expect(out).toMatch(/largest pod: +3 cpu and 8Gi memory, on "a"\n/)
    expect(out).toMatch(/fewest nodes: +the manifests alone need 1 like "a", by cpu\n/)
    expect(out).toMatch(/if a node goes: +whichever of 2 nodes it is, its pods find another place\n/)
    expect(out).toMatch(/note: +the inventory has no pods, so every node counts as empty/)
    expect(out).toMatch(/\nschedules: every pod finds a node .*; held in 5 of 5 random orders\n$/)
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
    expect(out).toContain('edit: web.yaml:33:20  change containers[0].resources.requests.cpu from 4 to 2')
    expect(out).toContain('another order has a place for all its pods, on a;')
    expect(out).toMatch(/to make it fit: 1 more node like "a"\n/)
    expect(out).toContain("kube-scheduler's order leaves 1 pod over, though there is a place for every pod")
  })

  test('impossible, with the proof node by node', async () => {
    const { code, out } = await schedule(web({ cpu: '5' }), two)
    expect(code).toBe(1)
    expect(out).toContain('impossible Deployment default/web: 0 of 2 pods placed\n  web.yaml:16:20\n')
    expect(out).toContain(
      'proof: every node turns such a pod down, even with no other pod on it\n    a, b  short by 1 cpu\n',
    )
    expect(out).toContain('edit: web.yaml:16:20  change containers[0].resources.requests.cpu from 5 to 4\n')
    expect(out).toMatch(/\nimpossible: 2 pods without a node in any order \(1 proof\)\n$/)
  })

  test('impossible by a count, at the replicas', async () => {
    const { code, out } = await schedule(web({ replicas: 9, cpu: '1' }), two)
    expect(code).toBe(1)
    expect(out).toContain('at most 8 of 9')
    expect(out).toContain('impossible Deployment default/web: 8 of 9 pods placed\n  web.yaml:5:13\n')
    expect(out).toContain(
      'edit: web.yaml:16:20  change containers[0].resources.requests.cpu from 1 to 800m\n',
    )
    expect(out).toContain('edit: web.yaml:5:13  change spec.replicas from 9 to 8\n')
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
    expect(hanging.out).toContain(
      'rollout hangs Deployment default/web: 2 of 2 pods placed\n  web.yaml:6:3\n',
    )
    expect(hanging.out).toContain('its next rollout would hang: none of its pods may be missing')
    expect(hanging.out).toContain('edit: web.yaml:6:3  add spec.strategy.rollingUpdate.maxUnavailable: 1\n')
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
    expect(out).not.toMatch(/^\w+ Pod default/m)
  })
})

describe('peaks', () => {
  const autoscaler = (target: string, maxReplicas: number, minReplicas = 2): string => `---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: ${target} }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: ${target} }
  minReplicas: ${minReplicas}
  maxReplicas: ${maxReplicas}
`

  test('what fits at its largest is said in a line each', async () => {
    const { code, out } = await schedule(web() + autoscaler('web', 5), two)
    expect(code).toBe(0)
    expect(out).toContain(
      '\nat the rollout peak: schedules, the pod of the surge finds a node beside the old ones\n',
    )
    expect(out).toContain("\nat the autoscalers' maximum: schedules, all 3 further pods find a node\n")
  })

  test('a maximum for which there is no room is no failure, but said with the one there is room for', async () => {
    const { code, out } = await schedule(web() + autoscaler('web', 20), two)
    expect(code).toBe(0)
    expect(out).toContain(
      "at the autoscalers' maximum: impossible, 12 of 18 further pods find no node\n  Deployment default/web  8 of 20  web.yaml:24:16\n",
    )
    expect(out).toContain('edit: web.yaml:24:16  change spec.maxReplicas from 20 to 8\n')
    const lint = await run(
      { 'web.yaml': web() + autoscaler('web', 20), 'nodes.json': two },
      'lint . --nodes nodes.json --only hpa-maximum-unschedulable --format compact',
    )
    expect(lint.out).toMatch(
      /^web\.yaml:24:16: warning at the maximum 8 of 20 pods .*\[hpa-maximum-unschedulable\]$/m,
    )
  })

  test('an autoscaler counts from its minimum, and no other replicas are proposed', async () => {
    const { out } = await schedule(web({ replicas: 1 }) + autoscaler('web', 20, 9), two)
    expect(out).toContain('impossible Deployment default/web: 8 of 9 pods placed\n')
    expect(out).not.toContain('spec.replicas')
    expect(out).not.toContain('maximum:')
  })

  test('rollouts that have no room at once take turns', async () => {
    const strategy = '{ rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } }'
    const { code, out } = await schedule(web({ replicas: 8, strategy }), two)
    expect(code).toBe(0)
    expect(out).toContain(
      'at the rollout peak: impossible, the pod of the surge finds no node beside the old ones; these rollouts take turns\n  Deployment default/web  1 left over  web.yaml:6:42\n',
    )
  })

  test('what a loss would leave over is said of sets that do not fit, too', async () => {
    const both = `${web({ cpu: '3' })}---\n${web({ name: 'huge', replicas: 1, cpu: '9' })}`
    const { out } = await schedule(both, two)
    expect(out).toMatch(
      /if a node goes: +pods of Deployment default\/web find no other place: 1 of 1 of "a", 1 of 1 of "b"\n/,
    )
  })

  test('none where nothing grows', async () => {
    const { out } = await schedule(web({ strategy: '{ type: Recreate }' }), two)
    expect(out).not.toContain('peak')
  })

  test('--format json says both', async () => {
    const { out } = await schedule(web() + autoscaler('web', 20), two, '--format json')
    expect(JSON.parse(out).peaks).toMatchObject([
      { peak: 'rollout', verdict: 'schedules', more: 1, short: [] },
      {
        peak: 'maximum',
        verdict: 'impossible',
        more: 18,
        short: [{ workload: 'Deployment default/web', desired: 20, scheduled: 8, file: 'web.yaml' }],
      },
    ])
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

test('charts are scheduled with the values that the settings name first', async () => {
  const tree = {
    'plimsoll.yaml': 'nodes: [nodes.json]\ncharts: { shop: { values: [prod.yaml] } }\n',
    'shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
    'shop/values.yaml': 'cpu: "1"\n',
    'shop/ci/large-values.yaml': 'cpu: "9"\n',
    'prod.yaml': 'cpu: "6"\n',
    'shop/templates/web.yaml': web({ cpu: '{{ .Values.cpu }}' }),
    'nodes.json': two,
  }
  const { code, out } = await run(tree, 'schedule shop')
  expect(code).toBe(1)
  expect(out).toContain('requests.cpu from 6 to 4 (prod.yaml:1:6 cpu)\n')
  expect(out).toContain('  from prod.yaml:1:6 cpu\n')
  expect(out).toContain('the chart in shop is placed with prod.yaml, not with 2 other sets')
  const lint = await run(tree, 'lint . --only scheduling-impossible --format compact')
  expect(lint.out).toContain('a, b: short by 2 cpu')
  expect(lint.out).toContain('a, b: short by 5 cpu')
})

describe('releases', () => {
  const labels = (instance: string) =>
    `{ app.kubernetes.io/name: shop, app.kubernetes.io/instance: "${instance}" }`
  const old = (name: string) => ({
    ...pod(name, { on: 'a', requests: { cpu: '3' } }),
    metadata: {
      name,
      namespace: 'prod',
      labels: { 'app.kubernetes.io/name': 'shop', 'app.kubernetes.io/instance': 'blue' },
      ownerReferences: [{ kind: 'ReplicaSet', name: 'blue-shop-abc', controller: true }],
    },
  })
  const tree = {
    'shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
    'shop/templates/web.yaml': web({ name: '{{ .Release.Name }}-shop', replicas: 1, cpu: '3' }).replace(
      'metadata: { labels: { app: {{ .Release.Name }}-shop } }',
      `metadata: { labels: ${labels('{{ .Release.Name }}')} }`,
    ),
    'nodes.json': toFile(node('a'), old('blue-shop-abc-1')),
  }

  test('that seem to run already under another name are told', async () => {
    const { code, out } = await run(tree, 'schedule shop --nodes nodes.json')
    expect(code).toBe(1)
    expect(out).toContain('the chart in shop seems to run as "blue" in namespace "prod" already; `release`')
  })

  test('are known by the name that the settings give', async () => {
    const settings = 'nodes: [nodes.json]\ncharts: { shop: { release: blue, namespace: prod } }\n'
    const { out } = await run({ ...tree, 'plimsoll.yaml': settings }, 'schedule shop')
    expect(out).toContain('Deployment prod/blue-shop: 1 of 1 pod placed')
    expect(out).not.toContain('seems to run')
    const wrong = settings.replace('blue', 'Blue!')
    expect((await run({ ...tree, 'plimsoll.yaml': wrong }, 'schedule shop')).code).toBe(2)
  })
})

test('--format json says the same', async () => {
  const { code, out } = await schedule(web({ cpu: '5' }), two, '--format json')
  expect(code).toBe(1)
  const report = JSON.parse(out)
  expect(report).toMatchObject({ version: 1, verdict: 'impossible', proofs: [{ kind: 'no-node' }] })
  expect(report.workloads).toMatchObject([
    { workload: 'Deployment default/web', file: 'web.yaml', range: { start: { line: 16, column: 20 } } },
  ])
  expect(report.nodes).toMatchObject([
    { node: 'a', allocatable: { cpu: 4000 }, used: { pods: 0 } },
    { node: 'b' },
  ])
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
  expect(out).toMatch(/\n {2}c {5}·{20} 0 of 1 /)
})

describe('the example', () => {
  const folder = resolve('examples/fit')

  test('has one of each: what fits, what is stranded, what is impossible, a rollout that hangs', async () => {
    const { code, out } = await run(folder, 'schedule')
    expect(code).toBe(1)
    for (const line of [
      'stranded Deployment fit/search: 0 of 1 pod placed\n  manifests/search.yaml:43:20\n',
      'nearest: node "pool-a3", short by 700m cpu\n',
      'rollout hangs Deployment fit/gateway: 3 of 3 pods placed\n  manifests/gateway.yaml:8:13\n',
      'impossible Deployment fit/training: 0 of 2 pods placed\n  manifests/training.yaml:14:5\n',
      '    pool-a1, pool-a2, pool-a3  nodeSelector wants accelerator=gpu, the node has no such label\n',
      '  Deployment fit/web    3 of 3  on pool-a1, pool-a2, pool-a3  room for 21 more\n',
      'at the rollout peak: impossible, 1 of 3 pods of the surge finds no node beside the old ones\n',
    ])
      expect(out).toContain(line)
  })

  test('prints what the README shows, line by line', async () => {
    const { out } = await run(resolve('.'), 'schedule examples/fit')
    const readme = readFileSync('README.md', 'utf8')
    const [, block = ''] = /^\$ plimsoll schedule examples\/fit\n([^`]*)^```$/m.exec(readme) ?? []
    const shown = block.split('\n').filter(it => it.trim() !== '…')
    expect(shown.length).toBeGreaterThan(20)
    let rest = out
    for (const line of shown) {
      const text = line.replace(/…$/, '')
      expect(rest).toContain(text)
      rest = rest.slice(rest.indexOf(text) + text.length)
    }
  })

  test('is reported by the linter at the same lines, and nothing else is', async () => {
    const { out } = await run(folder, 'lint . --format compact')
    expect(out.split('\n').filter(it => it.includes('.yaml:'))).toEqual([
      expect.stringMatching(/^manifests\/gateway\.yaml:8:13.*rollout-deadlock/),
      expect.stringMatching(/^manifests\/search\.yaml:43:20.*scheduling-stranded/),
      expect.stringMatching(/^manifests\/training\.yaml:14:5.*scheduling-impossible/),
      expect.stringMatching(/^manifests\/web\.yaml:32:16.*hpa-maximum-unschedulable/),
    ])
  })

  test('the clean shop fits', async () => {
    expect((await run(resolve('examples/shop-clean'), 'lint .')).out).toMatch(/^No findings/)
    expect((await run(resolve('examples/shop-clean'), 'schedule')).code).toBe(0)
  })
})

describe('inventories that are wrong', () => {
  const bare = { kind: 'Node', metadata: { name: 'bare' }, status: { capacity: { cpu: '4' } } }

  test.each<[string, string, RegExp]>([
    ['no nodes', toFile(), /the inventory has no nodes \(kubectl get nodes/],
    ['nothing', '', /the inventory has no nodes \(inventory\/nodes\.json:1:1: the file is empty; kubectl/],
    [
      'cut short',
      two.slice(0, -20),
      /inventory\/nodes\.json:1:216: the file ends in the middle of this object \(the inventory is broken/,
    ],
    [
      'no allocatable anywhere',
      toFile(bare),
      /no node of the inventory has allocatable resources \(inventory\/nodes\.json:1:\d+: node "bare" has no/,
    ],
    [
      'no object',
      '"text"',
      /the inventory has no nodes \(inventory\/nodes\.json:1:1: expected an object, found string; kubectl get/,
    ],
  ])('%s: exit 2', async (_, nodes, expected) => {
    const { code, out, err } = await schedule(web(), nodes)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(expected)
  })

  test('a node without allocatable and a node that is listed twice are said, with their places', async () => {
    const nodes = `{ "kind": "List", "items": [\n${[node('a'), node('b'), node('a'), bare].map(it => JSON.stringify(it)).join(',\n')}\n] }`
    const { code, out, err } = await schedule(web(), nodes)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain('in the inventory:\n  inventory/nodes.json:4:1: node "a" is listed already')
    expect(out).toContain('  inventory/nodes.json:5:')
    expect(out).toContain('nothing fits on it; the scheduler does not read capacity')
    expect(out).toMatch(/free: +6 of 8 cpu/)
  })

  test('the linter says the same in a section, and pictures leave it to standard error', async () => {
    const tree = { 'web.yaml': web(), 'nodes.json': toFile(node('a'), node('a'), node('b')) }
    const said = 'node "a" is listed already at items[0]; this copy is left out'
    const place = 'nodes.json:1:'
    const lint = await run(tree, 'lint . --nodes nodes.json --only scheduling-impossible')
    expect(lint.out).toMatch(/^in the inventory:\n {2}nodes\.json:1:\d+: node "a" is listed already/m)
    expect(lint.out).toContain('; 1 problem of the inventory (nodes.json:1:')
    expect(lint.out).not.toContain('skipped')
    const json = await run(tree, 'lint . --nodes nodes.json --format json')
    expect(JSON.parse(json.out).summary.inventoryProblems).toEqual([
      { file: 'nodes.json', line: 1, column: expect.any(Number), message: said },
    ])
    const svg = await run(tree, 'schedule . --nodes nodes.json --format svg')
    expect(svg.err).toContain(place)
    const html = await run(tree, 'schedule . --nodes nodes.json --format html')
    expect(html).toMatchObject({ err: '', out: expect.stringContaining('<h2>In the inventory</h2>') })
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
