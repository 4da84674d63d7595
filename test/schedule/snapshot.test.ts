/** Snapshots of inventories: nothing survives that scheduling does not read, and every verdict stays the same. */

import { describe, expect, it } from 'vitest'
import { readJsonLines } from '../../src/dev/agreement/json-lines.ts'
import { buildCluster } from '../../src/schedule/cluster.ts'
import { listScores } from '../../src/schedule/engine/node-scores.ts'
import { createScheduler } from '../../src/schedule/engine/scheduler.ts'
import { buildInventorySnapshot, reduceObject } from '../../src/schedule/inventory-snapshot.ts'
import { type JsonRecord, readList, readRecord } from '../../src/schedule/json-fields.ts'

const MARK = 's3cr3t'

/** Every text of an object becomes its own path; `kind` and what names an entry of a list of conditions stay. */
function markTexts(value: unknown, path = ''): unknown {
  if (Array.isArray(value)) return value.map(it => markTexts(it, `${path}[]`))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, it]) => {
        const isKept = path === '' && key === 'kind'
        return [key, isKept ? it : markTexts(it, path === '' ? key : `${path}.${key}`)]
      }),
    )
  return typeof value === 'string' ? `${MARK}:${path}` : value
}

/** Paths of the texts that are still there once the object is in a snapshot. */
function listSurvivors(object: JsonRecord): string[] {
  const found = new Set<string>()
  const text = JSON.stringify(buildInventorySnapshot([markTexts(object)]))
  for (const [, path] of text.matchAll(/s3cr3t:([^"]*)"/g)) found.add(path!)
  return [...found].sort()
}

const metadata = {
  name: 'x',
  namespace: 'x',
  uid: 'x',
  resourceVersion: 'x',
  generateName: 'x',
  finalizers: ['x'],
  annotations: { 'kubectl.kubernetes.io/last-applied-configuration': 'x', token: 'x' },
  managedFields: [{ manager: 'x', fieldsV1: { f: 'x' } }],
}
const common = ['metadata.name', 'metadata.namespace']

const container = {
  name: 'x',
  image: 'x',
  command: ['x'],
  args: ['x'],
  workingDir: 'x',
  env: [{ name: 'x', value: 'x', valueFrom: { secretKeyRef: { name: 'x', key: 'x' } } }],
  envFrom: [{ secretRef: { name: 'x' }, prefix: 'x' }],
  livenessProbe: {
    httpGet: { path: 'x', httpHeaders: [{ name: 'x', value: 'x' }] },
    exec: { command: ['x'] },
  },
  lifecycle: { postStart: { exec: { command: ['x'] } } },
  volumeMounts: [{ name: 'x', mountPath: 'x', subPath: 'x' }],
  terminationMessagePath: 'x',
  securityContext: { seLinuxOptions: { level: 'x' } },
  ports: [{ name: 'x', protocol: 'x', hostIP: 'x' }],
  resources: { requests: { cpu: 'x' }, limits: { cpu: 'x' }, claims: [{ name: 'x', request: 'x' }] },
}

const podObject = {
  kind: 'Pod',
  metadata: {
    ...metadata,
    labels: { app: 'x' },
    ownerReferences: [{ kind: 'x', name: 'x', uid: 'x', controller: true }],
  },
  spec: {
    nodeName: 'x',
    serviceAccountName: 'x',
    hostname: 'x',
    hostAliases: [{ ip: 'x', hostnames: ['x'] }],
    imagePullSecrets: [{ name: 'x' }],
    dnsConfig: { searches: ['x'], options: [{ name: 'x', value: 'x' }] },
    securityContext: { sysctls: [{ name: 'x', value: 'x' }] },
    schedulingGates: [{ name: 'x', note: 'x' }],
    resourceClaims: [{ name: 'x', resourceClaimName: 'x' }],
    containers: [container],
    initContainers: [container],
    ephemeralContainers: [container],
    volumes: [
      { name: 'x', secret: { secretName: 'x', items: [{ key: 'x', path: 'x' }] } },
      { name: 'x', configMap: { name: 'x' } },
      { name: 'x', projected: { sources: [{ serviceAccountToken: { path: 'x', audience: 'x' } }] } },
      {
        name: 'x',
        csi: { driver: 'x', volumeAttributes: { password: 'x' }, nodePublishSecretRef: { name: 'x' } },
      },
      { name: 'x', flexVolume: { driver: 'x', options: { password: 'x' } } },
      { name: 'x', azureFile: { secretName: 'x', shareName: 'x' } },
      {
        name: 'x',
        rbd: { image: 'x', monitors: ['x'], pool: 'x', keyring: 'x', user: 'x', secretRef: { name: 'x' } },
      },
      { name: 'x', iscsi: { iqn: 'x', targetPortal: 'x', initiatorName: 'x', secretRef: { name: 'x' } } },
      { name: 'x', gcePersistentDisk: { pdName: 'x', fsType: 'x' } },
      { name: 'x', azureDisk: { diskURI: 'x', diskName: 'x', cachingMode: 'x' } },
      { name: 'x', awsElasticBlockStore: { volumeID: 'x', fsType: 'x' } },
      { name: 'x', image: { reference: 'x', pullPolicy: 'x' } },
      { name: 'x', persistentVolumeClaim: { claimName: 'x' } },
      {
        name: 'x',
        ephemeral: {
          volumeClaimTemplate: {
            metadata: { annotations: { a: 'x' } },
            spec: { storageClassName: 'x', dataSource: { name: 'x' } },
          },
        },
      },
    ],
  },
  status: {
    message: 'x',
    podIP: 'x',
    hostIP: 'x',
    startTime: 'x',
    conditions: [{ type: 'x', message: 'x' }],
    containerStatuses: [
      {
        name: 'x',
        image: 'x',
        containerID: 'x',
        state: { waiting: { message: 'x' } },
        resources: { requests: { cpu: 'x' } },
      },
    ],
  },
}

describe('a secret that stands everywhere', () => {
  it.each<[string, JsonRecord, string[]]>([
    [
      'Pod',
      podObject,
      [
        'metadata.labels.app',
        'metadata.ownerReferences[].kind',
        'metadata.ownerReferences[].name',
        ...['containers', 'initContainers'].flatMap(it => [
          `spec.${it}[].image`,
          `spec.${it}[].name`,
          `spec.${it}[].ports[].hostIP`,
          `spec.${it}[].ports[].protocol`,
          `spec.${it}[].resources.limits.cpu`,
          `spec.${it}[].resources.requests.cpu`,
        ]),
        'spec.nodeName',
        'spec.schedulingGates[].name',
        'spec.volumes[].awsElasticBlockStore.volumeID',
        'spec.volumes[].azureDisk.diskURI',
        'spec.volumes[].ephemeral.volumeClaimTemplate.spec.storageClassName',
        'spec.volumes[].gcePersistentDisk.pdName',
        'spec.volumes[].image.reference',
        'spec.volumes[].iscsi.iqn',
        'spec.volumes[].name',
        'spec.volumes[].persistentVolumeClaim.claimName',
        'spec.volumes[].rbd.image',
        'spec.volumes[].rbd.monitors[]',
        'spec.volumes[].rbd.pool',
        'status.containerStatuses[].name',
        'status.containerStatuses[].resources.requests.cpu',
        'status.startTime',
      ],
    ],
    [
      'Node',
      {
        kind: 'Node',
        metadata: { ...metadata, labels: { zone: 'x' } },
        spec: {
          providerID: 'x',
          podCIDRs: ['x'],
          configSource: { configMap: { name: 'x' } },
          taints: [{ key: 'x', value: 'x', effect: 'x', timeAdded: 'x' }],
        },
        status: {
          allocatable: { cpu: 'x' },
          capacity: { cpu: 'x' },
          addresses: [{ type: 'x', address: 'x' }],
          conditions: [{ type: 'x', message: 'x' }],
          nodeInfo: { machineID: 'x' },
          volumesAttached: [{ name: 'x', devicePath: 'x' }],
          images: [{ names: ['x'], note: 'x' }],
        },
      },
      [
        'metadata.labels.zone',
        'spec.taints[].effect',
        'spec.taints[].key',
        'spec.taints[].value',
        'status.allocatable.cpu',
        'status.images[].names[]',
      ],
    ],
    [
      'PersistentVolume',
      {
        kind: 'PersistentVolume',
        metadata,
        spec: {
          capacity: { storage: 'x' },
          mountOptions: ['x'],
          claimRef: { name: 'x', namespace: 'x', uid: 'x', resourceVersion: 'x' },
          csi: {
            driver: 'x',
            volumeHandle: 'x',
            volumeAttributes: { a: 'x' },
            nodeStageSecretRef: { name: 'x' },
          },
          azureDisk: { diskURI: 'x', cachingMode: 'x' },
          cephfs: { user: 'x', secretFile: 'x' },
        },
      },
      [
        'spec.azureDisk.diskURI',
        'spec.capacity.storage',
        'spec.claimRef.name',
        'spec.claimRef.namespace',
        'spec.claimRef.uid',
        'spec.csi.driver',
        'spec.csi.volumeHandle',
      ],
    ],
    [
      'StorageClass',
      {
        kind: 'StorageClass',
        metadata,
        provisioner: 'x',
        parameters: { adminSecret: 'x' },
        mountOptions: ['x'],
      },
      ['provisioner'],
    ],
    [
      'PersistentVolumeClaim',
      {
        kind: 'PersistentVolumeClaim',
        metadata,
        spec: { storageClassName: 'x', dataSourceRef: { name: 'x' } },
        status: { phase: 'x', conditions: [{ message: 'x' }] },
      },
      ['metadata.uid', 'spec.storageClassName', 'status.phase'],
    ],
    [
      'CSINode',
      { kind: 'CSINode', metadata, spec: { drivers: [{ name: 'x', nodeID: 'x', topologyKeys: ['x'] }] } },
      ['spec.drivers[].name'],
    ],
    [
      'Deployment',
      {
        kind: 'Deployment',
        metadata,
        spec: { selector: { matchLabels: { app: 'x' } }, template: { spec: { containers: [container] } } },
      },
      ['spec.selector.matchLabels.app'],
    ],
    [
      'Service',
      { kind: 'Service', metadata, spec: { selector: { app: 'x' }, externalName: 'x', loadBalancerIP: 'x' } },
      ['spec.selector.app'],
    ],
  ])('leaves of a %s what is read', (_, object, kept) => {
    expect(listSurvivors(object)).toEqual([...common, ...kept].sort())
  })

  it.each(['Secret', 'ConfigMap', 'ServiceAccount', 'Event', 'CustomThing'])(
    'leaves nothing of a %s',
    kind => {
      const object = { kind, metadata, data: { token: 'x' }, stringData: { token: 'x' }, message: 'x' }
      expect(listSurvivors(object)).toEqual([])
      expect(JSON.stringify(reduceObject(markTexts(object)))).not.toContain(`${MARK}:data`)
    },
  )

  it('leaves nothing of what has another shape than expected', () => {
    const odd = { kind: 'Pod', metadata: 'x', spec: { containers: 'x', volumes: { a: 'x' } }, status: ['x'] }
    expect(listSurvivors(odd)).toEqual([])
    expect(listSurvivors({ kind: 'Node', metadata, status: 'x', spec: { taints: 'x' } })).toEqual(common)
  })
})

const LISTS: Readonly<Record<string, string>> = {
  Nodes: 'Node',
  Pods: 'Pod',
  Namespaces: 'Namespace',
  Services: 'Service',
  PVCs: 'PersistentVolumeClaim',
  PVs: 'PersistentVolume',
  SCs: 'StorageClass',
  CSINodes: 'CSINode',
  CSIDrivers: 'CSIDriver',
  PDBs: 'PodDisruptionBudget',
  ReplicaSets: 'ReplicaSet',
  StatefulSets: 'StatefulSet',
}

/** What is said about each pending pod, in turn. */
function listVerdicts(objects: readonly unknown[], pending: readonly unknown[]): unknown[] {
  const cluster = buildCluster(objects, { minor: 36 })
  const scheduler = createScheduler(cluster)
  return pending.map(it => {
    const pod = cluster.podReader.read(it)
    const { message, rejections, scores, eviction } = scheduler.explain(pod)
    return {
      message,
      reasons: rejections.map(rejection => rejection?.reasons),
      scores: scores && [...listScores(scores, cluster)],
      victims: eviction?.victims.map(victim => victim.name),
      node: scheduler.schedule(pod)?.nodeName,
    }
  })
}

it.each(['hand', 'random-a'])(
  'verdicts of the recorded clusters %s are those of their snapshots',
  async name => {
    let compared = 0
    for await (const it of readJsonLines(`test/schedule/recorded/${name}.in.jsonl.gz`)) {
      const input = readRecord(it)
      const objects = Object.entries(LISTS).flatMap(([list, kind]) =>
        readList(input[list]).map(object => ({ ...readRecord(object), kind })),
      )
      const pending = readList(input.Pending)
      const snapshot = JSON.parse(JSON.stringify(buildInventorySnapshot(objects)))
      expect(listVerdicts([snapshot], pending)).toEqual(listVerdicts(objects, pending))
      compared += pending.length
    }
    expect(compared).toBeGreaterThan(50)
  },
)
