/** Graphs of texts, and short words for what they answer. */
import { buildGraph, type GraphInput } from '../../src/graph/build.ts'
import type { Graph } from '../../src/graph/graph.ts'
import { listResources, type Resource } from '../../src/kube/resource.ts'
import { loadFullParser, parseSource } from '../../src/yaml/parse.ts'

const full = await loadFullParser()

const CLUSTER_SCOPED = new Set(['Namespace', 'ClusterRole', 'ClusterIssuer', 'StorageClass', 'PriorityClass'])

/** All resources of files, in order. */
export const resourcesOf = (files: Readonly<Record<string, string>>): Resource[] =>
  Object.entries(files).flatMap(([id, text]) => parseSource({ id, text }, full)!.flatMap(listResources))

export function graphOf(text: string | readonly Resource[], settings: Partial<GraphInput> = {}): Graph {
  return buildGraph({
    resources: typeof text === 'string' ? resourcesOf({ 'all.yaml': text }) : text,
    backdrop: [],
    namespace: undefined,
    external: [],
    closed: false,
    incomplete: [],
    isNamespaced: it => !CLUSTER_SCOPED.has(it.kind),
    ...settings,
  })
}

/** `shop/ConfigMap/web` or, without a namespace, `ConfigMap/web`, as documents with nothing else in them. */
export const objects = (...names: readonly string[]): string =>
  names
    .map(it => {
      const [name, kind, namespace] = it.split('/').reverse()
      const metadata = `{ name: ${name}${namespace ? `, namespace: ${namespace}` : ''} }`
      return `apiVersion: ${API_VERSIONS[kind!] ?? 'v1'}\nkind: ${kind}\nmetadata: ${metadata}\n`
    })
    .join('---\n')

const API_VERSIONS: Readonly<Record<string, string>> = {
  Deployment: 'apps/v1',
  Cluster: 'postgresql.cnpg.io/v1',
  ServiceMonitor: 'monitoring.coreos.com/v1',
  StorageClass: 'storage.k8s.io/v1',
  ClusterRole: 'rbac.authorization.k8s.io/v1',
}

/** The verdict on `namespace/Kind/name`, with a suggestion behind a question mark. */
export function lookUp(graph: Graph, reference: string): string {
  const [name, kind, namespace] = reference.split('/').reverse() as [string, string, string | undefined]
  const group = (API_VERSIONS[kind] ?? 'v1').split('/').slice(0, -1).join('/')
  const scope = CLUSTER_SCOPED.has(kind) ? '' : namespace
  const { verdict, suggestion } = graph.find({ group, kind, namespace: scope, name })
  return suggestion ? `${verdict} ?${suggestion}` : verdict
}
