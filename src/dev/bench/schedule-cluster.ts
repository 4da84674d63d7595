/** Clusters of any size for the benchmarks of scheduling, the same on every machine. */

export const NODES = 5000

function nameNode(i: number): string {
  return `n${String(i).padStart(4, '0')}`
}

export function buildNode(i: number): { readonly status: object } {
  const labels = { 'kubernetes.io/hostname': nameNode(i), 'topology.kubernetes.io/zone': `z${i % 3}` }
  const node = {
    kind: 'Node',
    metadata: { name: nameNode(i), labels },
    status: {
      allocatable: {
        cpu: ['8', '16', '32'][i % 3],
        memory: ['32Gi', '64Gi', '128Gi'][(i >> 2) % 3],
        pods: '110',
      },
    },
  }
  return node
}

export function buildConstraints(app: string): object {
  const labelSelector = { matchLabels: { app } }
  const spread = {
    maxSkew: 1,
    topologyKey: 'topology.kubernetes.io/zone',
    whenUnsatisfiable: 'DoNotSchedule',
    labelSelector,
  }
  const apart = { topologyKey: 'kubernetes.io/hostname', labelSelector }
  return {
    topologySpreadConstraints: [spread],
    affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [apart] } },
  }
}

/** Text of an inventory: nodes with their images first, then as many running pods as it takes to reach the size. */
export function buildInventory(bytes: number): string {
  const items: string[] = []
  let length = 0
  for (let i = 0; length < bytes; i++) {
    const item = JSON.stringify(i < NODES ? buildFullNode(i) : buildRunningPod(i))
    items.push(item)
    length += item.length
  }
  return `{"kind":"List","apiVersion":"v1","items":[${items.join(',')}]}`
}

function buildFullNode(i: number): object {
  const node = buildNode(i)
  const images = Array.from({ length: 40 }, (_, k) => {
    const name = `registry.example/team/app-${(i * 7 + k) % 900}`
    return { names: [`${name}@sha256:${'0'.repeat(64)}`, `${name}:1.${k}`], sizeBytes: 50_000_000 + k }
  })
  return { ...node, status: { ...node.status, images } }
}

function buildRunningPod(i: number): object {
  const app = `app-${i % 400}`
  const requests = { cpu: '100m', memory: '128Mi' }
  const env = Array.from({ length: 15 }, (_, k) => ({ name: `VARIABLE_${k}`, value: 'value' }))
  const condition = { type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${app}-${i}`,
      namespace: 'prod',
      labels: { app },
      annotations: { checksum: 'c'.repeat(64) },
    },
    spec: {
      nodeName: nameNode(i % NODES),
      containers: [{ name: 'c', image: `registry.example/${app}:1`, resources: { requests }, env }],
    },
    status: {
      phase: 'Running',
      startTime: '2026-01-01T00:00:00Z',
      conditions: [condition, condition, condition],
    },
  }
}
