/** Updates: what is stored has defaults and what the server adds, and some of it may not change. */
import { describe, expect, test } from 'vitest'
import { isObj, type Obj } from '../../../src/kube/api/object.ts'
import { mergeChanges } from '../../../src/kube/api/update.ts'
import { checkObject } from '../../../src/kube/api/verdict.ts'

type Change = readonly [name: string, before: object, after: object, causes: readonly string[]]

/** `spec.x: Forbidden: …` of an update, the first line of each cause. */
const causes = (old: Obj, now: Obj, minor = 36): readonly string[] =>
  checkObject(now, { minor, old, cluster: { serviceFamilies: ['IPv4'] } })!.causes.map(
    it => `${it.field}: ${it.message.split('\n')[0]}`,
  )

const build = (apiVersion: string, kind: string) => (spec: object) => ({
  apiVersion,
  kind,
  metadata: { name: 'a' },
  spec,
})
const container = { name: 'c', image: 'nginx' }

function table(make: (spec: object) => Obj, changes: readonly Change[]): void {
  test.each(changes)('%s', (_name, before, after, expected) =>
    expect(causes(make(before), make(after))).toEqual(expected),
  )
}

const POD_SPEC =
  'spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)'

describe('pods', () => {
  const plain = { containers: [container], automountServiceAccountToken: false }
  const gated = { ...plain, schedulingGates: [{ name: 'a' }], nodeSelector: { disk: 'ssd' } }
  const toleration = { key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 }
  table(build('v1', 'Pod'), [
    ['nothing changes', plain, plain, []],
    ['defaults are written out', plain, { ...plain, restartPolicy: 'Always', dnsPolicy: 'ClusterFirst' }, []],
    [
      'another image with the same pull policy',
      plain,
      { ...plain, containers: [{ name: 'c', image: 'x' }] },
      [],
    ],
    [
      'a tag changes the pull policy',
      plain,
      { ...plain, containers: [{ name: 'c', image: 'x:1' }] },
      [POD_SPEC],
    ],
    ['a command', plain, { ...plain, containers: [{ ...container, command: ['x'] }] }, [POD_SPEC]],
    ['the same quantity', withCpu(plain, '1000m'), withCpu(plain, '1'), []],
    [
      'one more container',
      plain,
      { ...plain, containers: [container, { name: 'd', image: 'x' }] },
      ['spec.containers: Forbidden: pod updates may not add or remove containers'],
    ],
    [
      'a container loses its token',
      { containers: [container] },
      { containers: [{ ...container, image: 'x' }] },
      [POD_SPEC],
    ],
    ['a first deadline', plain, { ...plain, activeDeadlineSeconds: 5 }, []],
    [
      'a later deadline',
      { ...plain, activeDeadlineSeconds: 5 },
      { ...plain, activeDeadlineSeconds: 6 },
      ['spec.activeDeadlineSeconds: Invalid value: 6: must be less than or equal to previous value'],
    ],
    [
      'no deadline any more',
      { ...plain, activeDeadlineSeconds: 5 },
      plain,
      [
        'spec.activeDeadlineSeconds: Invalid value: null: must not update from a positive integer to nil value',
      ],
    ],
    ['one more toleration', plain, { ...plain, tolerations: [toleration] }, []],
    [
      'other seconds',
      { ...plain, tolerations: [toleration] },
      { ...plain, tolerations: [{ ...toleration, tolerationSeconds: 1 }] },
      [],
    ],
    [
      'a toleration less',
      { ...plain, tolerations: [toleration] },
      { ...plain, tolerations: [] },
      ['spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds'],
    ],
    ['a gate is opened', gated, { ...gated, schedulingGates: [] }, []],
    [
      'a gate is added',
      gated,
      { ...gated, schedulingGates: [{ name: 'b' }] },
      [
        "spec.schedulingGates[0].name: Forbidden: only deletion is allowed, but found new scheduling gate 'b'",
      ],
    ],
    ['a gated pod is told more', gated, { ...gated, nodeSelector: { disk: 'ssd', zone: 'a' } }, []],
    [
      'a gated pod is told something else',
      gated,
      { ...gated, nodeSelector: { disk: 'hdd' } },
      [
        'spec.nodeSelector: Invalid value: {"disk":"hdd"}: only additions to spec.nodeSelector are allowed (no mutations or deletions)',
      ],
    ],
    ['a pod without gates is told more', plain, { ...plain, nodeSelector: { zone: 'a' } }, [POD_SPEC]],
    [
      'a negative grace period becomes 1',
      { ...plain, terminationGracePeriodSeconds: -1 },
      { ...plain, terminationGracePeriodSeconds: 1 },
      [],
    ],
  ])
})

function withCpu(spec: object, cpu: string): object {
  return { ...spec, containers: [{ ...container, resources: { limits: { cpu } } }] }
}

describe('services', () => {
  const plain = { selector: { app: 'a' }, ports: [{ port: 80 }] }
  const balancer = { ...plain, type: 'LoadBalancer', loadBalancerClass: 'example.com/a' }
  table(build('v1', 'Service'), [
    ['node ports are released', { ...plain, type: 'NodePort' }, plain, []],
    ['a class goes with the balancer', balancer, { ...balancer, type: 'NodePort' }, []],
    [
      'a health check goes with the policy',
      { ...balancer, externalTrafficPolicy: 'Local', healthCheckNodePort: 31888 },
      { ...balancer, externalTrafficPolicy: 'Cluster', healthCheckNodePort: 31888 },
      [],
    ],
    [
      'an address goes with the type',
      plain,
      { type: 'ExternalName', externalName: 'a.b', ports: plain.ports },
      [],
    ],
    ['an address is kept where none is written', plain, { ...plain, clusterIP: '' }, []],
    [
      'an address is not given up',
      plain,
      { ...plain, clusterIP: 'None' },
      ['spec.clusterIPs[0]: Invalid value: ["None"]: may not change once set'],
    ],
    [
      'a node port where there are none',
      { ...plain, type: 'NodePort' },
      { ...plain, ports: [{ port: 80, nodePort: 30555 }] },
      ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
    ],
  ])
})

describe('jobs', () => {
  const plain = { template: { spec: { restartPolicy: 'Never', containers: [container] } } }
  const suspended = { ...plain, suspend: true }
  const indexed = { ...plain, completionMode: 'Indexed', completions: 4, parallelism: 4 }
  const inTemplate = (more: object, spec: object = {}) => ({
    ...plain,
    ...spec,
    template: { spec: { ...plain.template.spec, ...more } },
  })
  table(build('batch/v1', 'Job'), [
    ['defaults are written out', plain, { ...plain, completions: 1, backoffLimit: 6 }, []],
    ['a selector of its own comes too late to be generated', plain, { ...plain, manualSelector: true }, []],
    ['it grows', indexed, { ...indexed, completions: 5, parallelism: 5 }, []],
    [
      'it grows alone',
      indexed,
      { ...indexed, completions: 5 },
      ['spec.completions: Invalid value: 5: can only be modified in tandem with spec.parallelism'],
    ],
    [
      'a suspended job is told where to run',
      suspended,
      inTemplate({ nodeSelector: { a: 'b' } }, suspended),
      [],
    ],
    ['a suspended job gets resources', suspended, withResources(suspended), []],
  ])

  test('a running job keeps its template, which is shown as Go holds it', () => {
    const make = build('batch/v1', 'Job')
    const [cause] = causes(make(plain), make(inTemplate({ nodeSelector: { a: 'b' } })))
    expect(cause).toMatch(
      /^spec.template: Invalid value: {"labels":{"batch.kubernetes.io\/controller-uid":"<uid>"/,
    )
    expect(cause).toContain('"NodeSelector":{"a":"b"},"ServiceAccountName":""')
    expect(cause).toMatch(/"SchedulingGroup":null}}: field is immutable$/)
  })

  test('resources of suspended jobs may change since 1.36', () => {
    const make = build('batch/v1', 'Job')
    expect(causes(make(suspended), make(withResources(suspended)), 35)).toHaveLength(1)
  })

  function withResources(spec: object): object {
    return inTemplate({ containers: [{ ...container, resources: { limits: { cpu: 1 } } }] }, spec)
  }
})

describe('claims', () => {
  const plain = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '8Gi' } } }
  const IMMUTABLE =
    'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims'
  table(build('v1', 'PersistentVolumeClaim'), [
    ['a default is written out', plain, { ...plain, volumeMode: 'Filesystem' }, []],
    ['a first class', plain, { ...plain, storageClassName: 'fast' }, []],
    ['the same size', plain, { ...plain, resources: { requests: { storage: '8192Mi' } } }, []],
    ['another class', { ...plain, storageClassName: 'a' }, { ...plain, storageClassName: 'b' }, [IMMUTABLE]],
    ['another volume once', plain, { ...plain, volumeName: 'v' }, []],
    ['another volume twice', { ...plain, volumeName: 'v' }, { ...plain, volumeName: 'w' }, [IMMUTABLE]],
  ])

  test('the class moves from the annotation to the field', () => {
    const make = build('v1', 'PersistentVolumeClaim')
    const annotations = { 'volume.beta.kubernetes.io/storage-class': 'fast' }
    const old = { ...make(plain), metadata: { name: 'a', annotations } }
    expect(causes(old, make({ ...plain, storageClassName: 'fast' }))).toEqual([])
    expect(causes(old, make({ ...plain, storageClassName: 'slow' }))).toContain(IMMUTABLE)
  })
})

describe('stored defaults', () => {
  const selector = { matchLabels: { app: 'a' } }
  const template = { metadata: { labels: { app: 'a' } }, spec: { containers: [container] } }
  const set = { selector, template, serviceName: 's' }
  table(build('apps/v1', 'StatefulSet'), [
    ['a default is written out', set, { ...set, podManagementPolicy: 'OrderedReady' }, []],
    [
      'the stored strategy stays',
      set,
      { ...set, updateStrategy: { type: 'OnDelete' } },
      [
        'spec.updateStrategy.rollingUpdate: Invalid value: {"Partition":0,"MaxUnavailable":null}: only allowed for updateStrategy \'RollingUpdate\'',
      ],
    ],
  ])
  table(build('apps/v1', 'Deployment'), [
    [
      'a strategy that is replaced whole',
      { selector, template },
      { selector, template, strategy: { type: 'Recreate', rollingUpdate: null } },
      [],
    ],
    [
      'a strategy beside what is stored',
      { selector, template },
      { selector, template, strategy: { type: 'Recreate' } },
      ["spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'"],
    ],
  ])
})

describe('what new objects are checked for is checked again', () => {
  const make = (kind: string, more: object, apiVersion = 'v1') => ({
    apiVersion,
    kind,
    metadata: { name: 'a' },
    ...more,
  })
  const withMetadata = (metadata: object): Obj => make('ConfigMap', { metadata: { name: 'a', ...metadata } })
  test.each<readonly [name: string, old: Obj, now: Obj, causes: readonly string[]]>([
    [
      'finalizers',
      withMetadata({}),
      withMetadata({ finalizers: ['a b/c'] }),
      ['metadata.finalizers: Invalid value'],
    ],
    [
      'a deletion that nobody asked for',
      withMetadata({}),
      withMetadata({ deletionGracePeriodSeconds: 5 }),
      ['metadata.deletionGracePeriodSeconds: Invalid value'],
    ],
    [
      'a deletion that was written before',
      withMetadata({ deletionGracePeriodSeconds: 5 }),
      withMetadata({ deletionGracePeriodSeconds: 5 }),
      [],
    ],
    [
      'a storage class',
      make('StorageClass', { provisioner: 'a.b/c' }, 'storage.k8s.io/v1'),
      make(
        'StorageClass',
        { provisioner: 'a.b/c', allowedTopologies: [{ matchLabelExpressions: [{ key: 'a' }] }] },
        'storage.k8s.io/v1',
      ),
      ['allowedTopologies[0].matchLabelExpressions[0].values: Required value'],
    ],
    [
      'a status is kept',
      make('Node', {}),
      make('Node', { status: { capacity: { 'example.com/x': '500m' } } }),
      [],
    ],
    [
      'one field of a range stands for both',
      make('Node', { spec: { podCIDR: '10.0.0.0/24' } }),
      make('Node', { spec: {} }),
      [],
    ],
  ])('%s', (_name, old, now, expected) =>
    expect([...new Set(causes(old, now).map(it => it.split(': ').slice(0, 2).join(': ')))]).toEqual(expected),
  )
})

describe('warnings', () => {
  const workload = (more: object): Obj => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'a' },
    spec: {
      selector: { matchLabels: { app: 'a' } },
      template: {
        metadata: { labels: { app: 'a' } },
        spec: { containers: [container], volumes: [{ name: 'v', gitRepo: { repository: 'r' } }] },
      },
      ...more,
    },
  })
  const warnings = (old: Obj, now: Obj) => checkObject(now, { minor: 36, old })!.warnings.length

  test('come again when the spec changes, not before', () => {
    expect(warnings(workload({}), workload({}))).toBe(0)
    expect(warnings(workload({}), workload({ replicas: 2 }))).toBe(1)
  })
})

describe('what differs between two that were applied changes what is stored', () => {
  test.each<readonly [name: string, stored: Obj, before: Obj, after: Obj, merged: object]>([
    ['what was never applied stays', { a: 1, b: 2 }, { a: 1 }, { a: 3 }, { a: 3, b: 2 }],
    ['what is no longer applied goes', { a: 1, b: 2 }, { a: 1 }, {}, { b: 2 }],
    ['null removes', { a: 1, b: 2 }, {}, { b: null }, { a: 1 }],
    ['maps are merged', { a: { b: 1, c: 2 } }, { a: { b: 1 } }, { a: { b: 3 } }, { a: { b: 3, c: 2 } }],
    ['lists are replaced', { a: [{ b: 1, c: 2 }] }, { a: [{ b: 1 }] }, { a: [{ b: 3 }] }, { a: [{ b: 3 }] }],
    [
      'a list that is the same stays',
      { a: [{ b: 1, c: 2 }] },
      { a: [{ b: 1 }] },
      { a: [{ b: 1 }] },
      { a: [{ b: 1, c: 2 }] },
    ],
    ['a map replaces a text', { a: 'x' }, { a: 'x' }, { a: { b: 1 } }, { a: { b: 1 } }],
  ])('%s', (_name, stored, before, after, merged) =>
    expect(mergeChanges(stored, before, after)).toEqual(merged),
  )

  test('inherited names are keys', () => {
    const merged = mergeChanges(JSON.parse('{"__proto__": 1}'), {}, JSON.parse('{"__proto__": 2}'))
    expect(JSON.stringify(merged)).toBe('{"__proto__":2}')
    expect(isObj(merged)).toBe(true)
  })
})
