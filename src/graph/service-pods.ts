/** The pods behind a Service. */
import { isHelmHook } from '../kube/hooks.ts'
import type { Resource } from '../kube/resource.ts'
import type { PodSelection } from './graph.ts'
import { readLabelMap } from './pod-selector.ts'
import type { PodTemplate } from './pod-templates.ts'
import type { Pods } from './selection.ts'

/** Undefined for Services that select no pods: those of type ExternalName, and those without selector. */
export function selectServicePods(
  pods: Pods,
  service: Resource,
  namespace: string | undefined,
): PodSelection | undefined {
  const spec = service.root.get('spec')
  const selector = spec?.get('selector')
  if (!selector?.isMap || spec?.text('type') === 'ExternalName') return undefined
  const requirements = readLabelMap(selector)
  return requirements.length === 0 ? undefined : pods.select(requirements, namespace, service)
}

/** True for pods that serve; those of Jobs and of Helm hooks run to their end, whatever selects them. */
export const isServing = ({ resource }: PodTemplate): boolean =>
  resource.kind !== 'Job' && resource.kind !== 'CronJob' && !isHelmHook(resource)
