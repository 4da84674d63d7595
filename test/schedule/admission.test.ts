/** What the API server makes of pods before anybody schedules them, and what it refuses in which words. */

import { describe, expect, it } from 'vitest'
import { node } from './builders.ts'
import { type Objects, settle, type WorkloadOptions, workload } from './settle.ts'

const NODES = [node('a'), node('b')]
const REFUSED = 'FailedCreate: Error creating: '
const EARLY = 'pods "web-<hash>-" is forbidden: '
const LATE = 'pods "web-<hash>-<x>" is forbidden: '

function admit(
  objects: Objects,
  options: WorkloadOptions,
): { spec: Record<string, unknown>; refused: string } {
  const { pods, createFailed } = settle([...NODES, ...objects], [[workload('Deployment', options)]]).of(
    'Deployment default/web',
  )
  return {
    spec: (pods[0]?.object.spec ?? {}) as Record<string, unknown>,
    refused: createFailed.map(text => text.replace(REFUSED, '')).join('; '),
  }
}

const named = (kind: string, more: object): Record<string, unknown> => ({
  kind,
  metadata: { name: 'q', namespace: 'default' },
  ...more,
})

describe('priority', () => {
  const high = { kind: 'PriorityClass', metadata: { name: 'high' }, value: 1000 }
  const never = { ...high, metadata: { name: 'never' }, preemptionPolicy: 'Never' }
  const usual = { ...high, metadata: { name: 'usual' }, value: 5, globalDefault: true }

  it.each<[string, Objects, Record<string, unknown>, number, string]>([
    ['none', [], {}, 0, 'PreemptLowerPriority'],
    ['the class', [high], { priorityClassName: 'high' }, 1000, 'PreemptLowerPriority'],
    ['its policy', [never], { priorityClassName: 'never' }, 1000, 'Never'],
    ['the default class', [usual, high], {}, 5, 'PreemptLowerPriority'],
    [
      'the smallest of two default classes',
      [usual, { ...usual, metadata: { name: 'b' }, value: 3 }],
      {},
      3,
      'PreemptLowerPriority',
    ],
    [
      'a class of the system',
      [],
      { priorityClassName: 'system-node-critical' },
      2000001000,
      'PreemptLowerPriority',
    ],
    [
      'the number that the class has',
      [high],
      { priorityClassName: 'high', priority: 1000 },
      1000,
      'PreemptLowerPriority',
    ],
  ])('comes from %s', (_, objects, pod, priority, preemptionPolicy) => {
    expect(admit(objects, { pod }).spec).toMatchObject({ priority, preemptionPolicy })
  })

  it.each<[string, Record<string, unknown>, string]>([
    [
      'number',
      { priority: 7 },
      'the integer value of priority (7) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name',
    ],
    [
      'policy',
      { preemptionPolicy: 'Never' },
      'the string value of PreemptionPolicy (Never) must not be provided in pod spec; priority admission controller computed PreemptLowerPriority from the given PriorityClass name',
    ],
  ])('refuses a %s of its own', (_, pod, text) => {
    expect(admit([], { pod }).refused).toBe(EARLY + text)
  })
})

describe('runtime class', () => {
  const kata = named('RuntimeClass', {
    metadata: { name: 'kata' },
    overhead: { podFixed: { cpu: '0.25', memory: '64Mi' } },
    scheduling: {
      nodeSelector: { runtime: 'kata' },
      tolerations: [{ key: 'kata', operator: 'Exists' }],
    },
  })
  const runtimeClassName = 'kata'

  it('brings overhead, a selector and tolerations, of which none is redundant', () => {
    const tolerations = [
      { key: 'kata', operator: 'Equal', value: 'v', effect: 'NoSchedule' },
      { key: 'kata', operator: 'Exists' },
    ]
    const { spec } = admit([kata], { pod: { runtimeClassName, tolerations, nodeSelector: { disk: 'ssd' } } })
    expect(spec).toMatchObject({
      overhead: { cpu: '250m', memory: '64Mi' },
      nodeSelector: { disk: 'ssd', runtime: 'kata' },
    })
    expect((spec.tolerations as { key: string }[]).map(it => it.key)).toEqual([
      'kata',
      'node.kubernetes.io/not-ready',
      'node.kubernetes.io/unreachable',
    ])
  })

  it.each<[string, Objects, Record<string, unknown>, string]>([
    [
      'another selector',
      [kata],
      { runtimeClassName, nodeSelector: { runtime: 'runc' } },
      `${EARLY}conflict: runtimeClass.scheduling.nodeSelector[runtime] = kata; pod.spec.nodeSelector[runtime] = runc`,
    ],
    [
      'another overhead',
      [kata],
      { runtimeClassName, overhead: { cpu: '1' } },
      `${EARLY}pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead`,
    ],
    [
      'overhead without a class',
      [],
      { overhead: { cpu: '1' } },
      `${LATE}pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead`,
    ],
  ])('refuses %s', (_, objects, pod, text) => {
    expect(admit(objects, { pod }).refused).toBe(text)
  })
})

describe('limit ranges', () => {
  const range = (type: string, item: object): Record<string, unknown> =>
    named('LimitRange', { spec: { limits: [{ type, ...item }] } })
  const container = (requests: object, limits: object = {}, more: object = {}): object => ({
    name: 'c',
    image: 'i',
    resources: { requests, limits },
    ...more,
  })

  it.each<[string, object, WorkloadOptions, object]>([
    ['the limit to the maximum', { max: { cpu: '1' } }, {}, { limits: { cpu: '1' }, requests: { cpu: '1' } }],
    [
      'the request to the default limit',
      { default: { cpu: '500m' } },
      {},
      { limits: { cpu: '500m' }, requests: { cpu: '500m' } },
    ],
    [
      'the request to its own default',
      { default: { cpu: '500m' }, defaultRequest: { cpu: '0.1' } },
      {},
      { limits: { cpu: '500m' }, requests: { cpu: '100m' } },
    ],
    ['the request to the minimum', { min: { memory: '64Mi' } }, {}, { requests: { memory: '64Mi' } }],
    [
      'only what is missing',
      { default: { cpu: '2', memory: '1Gi' } },
      { requests: { cpu: '1' } },
      { limits: { cpu: '2', memory: '1Gi' }, requests: { cpu: '1', memory: '1Gi' } },
    ],
  ])('set %s', (_, item, options, resources) => {
    const { spec } = admit([range('Container', item)], options)
    expect((spec.containers as { resources: object }[])[0]!.resources).toEqual(resources)
  })

  it.each<[string, Record<string, unknown>, Record<string, unknown>, string]>([
    [
      'a limit above the maximum',
      range('Container', { max: { cpu: '1' } }),
      { containers: [container({}, { cpu: '4' })] },
      'maximum cpu usage per Container is 1, but limit is 4',
    ],
    [
      'a ratio that defaults make',
      range('Container', { max: { cpu: '1' }, maxLimitRequestRatio: { cpu: '4' } }),
      { containers: [container({ cpu: '100m' })] },
      'cpu max limit to request ratio per Container is 4, but provided ratio is 10.000000',
    ],
    [
      'several at once',
      range('Container', { min: { cpu: '100m', memory: '10Mi' } }),
      { containers: [container({ cpu: '10m', memory: '1Mi' })] },
      '[minimum cpu usage per Container is 100m, but request is 10m, minimum memory usage per Container is 10Mi, but request is 1Mi]',
    ],
    [
      'containers that are too large together',
      range('Pod', { max: { memory: '1Gi' } }),
      {
        containers: [container({}, { memory: '600Mi' }), container({}, { memory: '600Mi' }, { name: 'd' })],
      },
      'maximum memory usage per Pod is 1Gi, but limit is 1200Mi',
    ],
    [
      'sidecars beside the containers',
      range('Pod', { max: { cpu: '1' } }),
      {
        containers: [container({}, { cpu: '600m' })],
        initContainers: [container({}, { cpu: '600m' }, { name: 's', restartPolicy: 'Always' })],
      },
      'maximum cpu usage per Pod is 1, but limit is 1200m',
    ],
    [
      'requests that no limit shows',
      range('Pod', { max: { cpu: '2' } }),
      { containers: [container({}, { cpu: '1' }), container({ cpu: '2' }, {}, { name: 'd' })] },
      'maximum cpu usage per Pod is 2, but request is 3',
    ],
    [
      'pods without limits',
      range('Pod', { max: { cpu: '2' } }),
      { containers: [container({ cpu: '1' })] },
      'maximum cpu usage per Pod is 2.  No limit is specified',
    ],
    [
      'pods without requests',
      range('Pod', { min: { cpu: '1' } }),
      { containers: [container({})] },
      'minimum cpu usage per Pod is 1.  No request is specified',
    ],
  ])('refuse %s', (_, object, pod, text) => {
    expect(admit([object], { pod }).refused).toBe(LATE + text)
  })
})

describe('quotas', () => {
  const quota = (hard: object, spec: object = {}): Record<string, unknown> =>
    named('ResourceQuota', { spec: { hard, ...spec } })
  const scope = (scopeName: string, operator: string, values?: string[]): object => ({
    scopeSelector: { matchExpressions: [{ scopeName, operator, values }] },
  })
  const classes = [{ kind: 'PriorityClass', metadata: { name: 'high' }, value: 1000 }]
  const high = { priorityClassName: 'high' }
  const term = { topologyKey: 'zone', namespaces: ['other'] }
  const elsewhere = {
    affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } },
  }

  it.each<[string, object, WorkloadOptions, 'counts' | 'does not count']>([
    ['Terminating', { scopes: ['Terminating'] }, { pod: { activeDeadlineSeconds: 5 } }, 'counts'],
    ['Terminating', { scopes: ['Terminating'] }, {}, 'does not count'],
    ['NotTerminating', { scopes: ['NotTerminating'] }, {}, 'counts'],
    ['BestEffort', { scopes: ['BestEffort'] }, {}, 'counts'],
    ['BestEffort', { scopes: ['BestEffort'] }, { limits: { cpu: '1' } }, 'does not count'],
    ['NotBestEffort', { scopes: ['NotBestEffort'] }, { requests: { memory: '1Mi' } }, 'counts'],
    ['NotBestEffort', { scopes: ['NotBestEffort'] }, { requests: { memory: '0' } }, 'does not count'],
    ['PriorityClass Exists', scope('PriorityClass', 'Exists'), { pod: high }, 'counts'],
    ['PriorityClass Exists', scope('PriorityClass', 'Exists'), {}, 'does not count'],
    ['PriorityClass DoesNotExist', scope('PriorityClass', 'DoesNotExist'), {}, 'counts'],
    ['PriorityClass In', scope('PriorityClass', 'In', ['high', 'low']), { pod: high }, 'counts'],
    ['PriorityClass In', scope('PriorityClass', 'In', ['low']), { pod: high }, 'does not count'],
    ['PriorityClass NotIn', scope('PriorityClass', 'NotIn', ['low']), { pod: high }, 'counts'],
    ['PriorityClass NotIn', scope('PriorityClass', 'NotIn', ['low']), {}, 'counts'],
    ['CrossNamespacePodAffinity', scope('CrossNamespacePodAffinity', 'Exists'), { pod: elsewhere }, 'counts'],
    ['CrossNamespacePodAffinity', scope('CrossNamespacePodAffinity', 'Exists'), {}, 'does not count'],
    ['an unknown scope', { scopes: ['Weekend'] }, {}, 'does not count'],
  ])('of scope %s: %j, %j %s', (_, spec, options, counts) => {
    const { refused } = admit([...classes, quota({ pods: '0' }, spec)], options)
    const text = `${LATE}exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0`
    expect(refused).toBe(counts === 'counts' ? text : '')
  })

  it.each<[string, object, WorkloadOptions, string]>([
    [
      'every key that is exceeded, in order',
      { 'requests.memory': '1Gi', 'requests.cpu': '1', pods: '5' },
      { requests: { cpu: '2', memory: '2Gi' } },
      'exceeded quota: q, requested: requests.cpu=2,requests.memory=2Gi, used: requests.cpu=0,requests.memory=0, limited: requests.cpu=1,requests.memory=1Gi',
    ],
    [
      'init containers, when they ask for more',
      { 'requests.cpu': '1' },
      {
        requests: { cpu: '500m' },
        pod: { initContainers: [{ name: 'i', image: 'i', resources: { requests: { cpu: '2' } } }] },
      },
      'exceeded quota: q, requested: requests.cpu=2, used: requests.cpu=0, limited: requests.cpu=1',
    ],
    [
      'overhead, also on limits',
      { 'limits.cpu': '1', 'requests.cpu': '5' },
      { limits: { cpu: '1' }, pod: { runtimeClassName: 'kata' } },
      'exceeded quota: q, requested: limits.cpu=1250m, used: limits.cpu=0, limited: limits.cpu=1',
    ],
    [
      'extended resources',
      { 'requests.nvidia.com/gpu': '1' },
      { limits: { 'nvidia.com/gpu': '2' } },
      'exceeded quota: q, requested: requests.nvidia.com/gpu=2, used: requests.nvidia.com/gpu=0, limited: requests.nvidia.com/gpu=1',
    ],
    [
      'requests that are missing, container by container',
      { 'requests.cpu': '9', 'limits.memory': '9Gi' },
      {
        requests: { cpu: '1' },
        pod: { initContainers: [{ name: 'i', image: 'i' }] },
      },
      'failed quota: q: must specify limits.memory for: app,i; requests.cpu for: i',
    ],
  ])('name %s', (_, hard, options, text) => {
    const kata = {
      kind: 'RuntimeClass',
      metadata: { name: 'kata' },
      overhead: { podFixed: { cpu: '250m' } },
    }
    expect(admit([kata, quota(hard)], options).refused).toBe(LATE + text)
  })

  it('go on from what the inventory says is used', () => {
    const used = { ...quota({ pods: '3' }), status: { used: { pods: '2' } } }
    const settled = settle([...NODES, used], [[workload('Deployment', { spec: { replicas: 3 } })]])
    expect(settled.of('Deployment default/web').pods).toHaveLength(1)
  })

  it('do not count pods of the inventory again, nor admit them anew', () => {
    const used = { ...quota({ pods: '1' }), status: { used: { pods: '1' } } }
    const waiting = {
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: {
        priority: 9,
        priorityClassName: 'gone',
        schedulerName: 'default-scheduler',
        containers: [{ name: 'c', image: 'i' }],
      },
      status: { phase: 'Pending' },
    }
    const settled = settle([...NODES, used], [[waiting]])
    expect(settled.simulation.rejections).toEqual([])
    expect(settled.of('Pod default/p').scheduled).toBe(1)
  })
})
