/** What rules are woken for: functions from a resource to the cursors a rule looks at. */
import type { At } from '../yaml/cursor.ts'
import { type ContainerRole, findPodSpec, listContainers, podKinds } from './pods.ts'
import type { Resource } from './resource.ts'

/** Lists the cursors of a resource that a rule checks, one call of `check` each. The engine computes each once a resource. */
export interface Selector {
  (resource: Resource): Iterable<At>
  /** The only kinds for which the selector can yield anything; undefined means all. */
  readonly kinds?: readonly string[]
}

/** Every resource. */
export const resources: Selector = resource => [resource.root]

/** Resources of these kinds, whatever their group. */
export const kind = (...kinds: readonly string[]): Selector =>
  Object.assign((resource: Resource) => (kinds.includes(resource.kind) ? [resource.root] : []), { kinds })

/** Pod specs of pods and of all workload kinds. */
export const podSpecs: Selector = Object.assign(
  (resource: Resource) => {
    const spec = findPodSpec(resource)
    return spec?.isMap ? [spec] : []
  },
  { kinds: podKinds },
)

/** Containers of any of these roles. */
const containersOf = (...roles: readonly ContainerRole[]): Selector =>
  Object.assign(
    (resource: Resource) => {
      const spec = findPodSpec(resource)
      return spec
        ? listContainers(spec)
            .filter(it => roles.includes(it.role))
            .map(it => it.at)
        : []
    },
    { kinds: podKinds },
  )

/** Every container: main, init, sidecar, ephemeral. */
export const containers: Selector = containersOf('main', 'init', 'sidecar', 'ephemeral')

/** Containers that run as long as the pod does: main containers and sidecars. */
export const runningContainers: Selector = containersOf('main', 'sidecar')
