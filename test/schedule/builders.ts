/** Short ways to write nodes, pods and workloads in tests. */

import { buildCluster, type Cluster } from '../../src/schedule/cluster.ts'
import type { SchedulerPod } from '../../src/schedule/pod.ts'

export interface NodeOptions {
  readonly labels?: Record<string, string>
  readonly taints?: readonly object[]
  readonly unschedulable?: boolean
  readonly allocatable?: Record<string, string>
}

export function node(name: string, options: NodeOptions = {}): Record<string, unknown> {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, ...options.labels } },
    spec: { taints: options.taints, unschedulable: options.unschedulable },
    status: { allocatable: { cpu: '4', memory: '8Gi', pods: '110', ...options.allocatable } },
  }
}

export function zone(name: string): Record<string, string> {
  return { 'topology.kubernetes.io/zone': name }
}

export interface PodOptions {
  readonly requests?: Record<string, string>
  readonly labels?: Record<string, string>
  readonly on?: string
  readonly spec?: Record<string, unknown>
  readonly status?: Record<string, unknown>
}

export function pod(name: string, options: PodOptions = {}): Record<string, unknown> {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels: options.labels },
    spec: {
      nodeName: options.on,
      containers: [{ name: 'app', image: 'app:1', resources: { requests: options.requests } }],
      ...options.spec,
    },
    status: options.status ?? {},
  }
}

export function deployment(
  name: string,
  replicas: number,
  options: PodOptions & { strategy?: object } = {},
): Record<string, unknown> {
  const labels = { app: name, ...options.labels }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'default' },
    spec: {
      replicas,
      strategy: options.strategy,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels },
        spec: {
          containers: [{ name: 'app', image: 'app:1', resources: { requests: options.requests } }],
          ...options.spec,
        },
      },
    },
  }
}

export function apart(app: string): Record<string, unknown> {
  const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app } } }
  return { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } }
}

export function cluster(...objects: readonly unknown[]): Cluster {
  return buildCluster(objects, { minor: 36 })
}

export function read(of: Cluster, value: unknown): SchedulerPod {
  return of.podReader.read(value)
}
