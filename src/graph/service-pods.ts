/** The pods behind a Service. */
import type { Resource } from '../kube/resource.ts'
import type { Graph, PodSelection } from './graph.ts'
import { readLabelMap } from './pod-selector.ts'

/** Undefined for Services that select no pods: those of type ExternalName, and those without selector. */
export function selectServicePods(graph: Graph, service: Resource): PodSelection | undefined {
  const spec = service.root.get('spec')
  const selector = spec?.get('selector')
  if (!selector?.isMap || spec?.text('type') === 'ExternalName') return undefined
  const requirements = readLabelMap(selector)
  if (requirements.length === 0) return undefined
  return graph.selectPods(requirements, graph.namespaceOf(service), service)
}
