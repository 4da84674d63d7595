/** Where pods come from: the pod template of every workload kind, its containers and volumes. */
import { memo } from '../text/memo.ts'
import type { At } from '../yaml/cursor.ts'
import type { Path } from '../yaml/json.ts'
import type { Resource } from './resource.ts'

/** Path of the pod template (`metadata` and `spec`) by `group/Kind`; a Pod is its own template. */
const TEMPLATE_PATHS: ReadonlyMap<string, Path> = new Map([
  ['/Pod', []],
  ['/PodTemplate', ['template']],
  ['/ReplicationController', ['spec', 'template']],
  ['apps/Deployment', ['spec', 'template']],
  ['apps/ReplicaSet', ['spec', 'template']],
  ['apps/StatefulSet', ['spec', 'template']],
  ['apps/DaemonSet', ['spec', 'template']],
  ['extensions/Deployment', ['spec', 'template']],
  ['extensions/ReplicaSet', ['spec', 'template']],
  ['extensions/DaemonSet', ['spec', 'template']],
  ['batch/Job', ['spec', 'template']],
  ['batch/CronJob', ['spec', 'jobTemplate', 'spec', 'template']],
  ['argoproj.io/Rollout', ['spec', 'template']],
  ['apps.openshift.io/DeploymentConfig', ['spec', 'template']],
  ['/DeploymentConfig', ['spec', 'template']],
])

/** The kinds that have a pod template: what a rule about pods is woken for. */
export const podKinds: readonly string[] = [
  ...new Set([...TEMPLATE_PATHS.keys()].map(it => it.slice(it.indexOf('/') + 1))),
]

/** The pod template, or undefined when the kind has none or the manifest leaves it out. */
export const findPodTemplate = memo((resource: Resource): At | undefined => {
  const path = TEMPLATE_PATHS.get(`${resource.group}/${resource.kind}`)
  return path && resource.root.get(...path)
})

/** One cursor a resource, so that what is computed of it is computed once. */
export const findPodSpec = memo((resource: Resource): At | undefined =>
  findPodTemplate(resource)?.get('spec'),
)

/**
 * `main`: `containers`. `init`: runs to its end before the main ones. `sidecar`: an init container with
 * `restartPolicy: Always`, which runs along (KEP-753). `ephemeral`: added to a running pod.
 */
export type ContainerRole = 'main' | 'init' | 'sidecar' | 'ephemeral'

export interface Container {
  readonly at: At
  readonly role: ContainerRole
  /** `""` when it has none. */
  readonly name: string
}

/** All containers of a pod spec: init containers first, in start order. */
export const listContainers = memo((podSpec: At): readonly Container[] => {
  const found: Container[] = []
  for (const field of ['initContainers', 'containers', 'ephemeralContainers'] as const)
    for (const at of podSpec.get(field)?.each() ?? [])
      if (at.isMap) found.push({ at, role: roleOf(field, at), name: at.text('name') ?? '' })
  return found
})

function roleOf(field: 'initContainers' | 'containers' | 'ephemeralContainers', at: At): ContainerRole {
  if (field === 'containers') return 'main'
  if (field === 'ephemeralContainers') return 'ephemeral'
  return at.text('restartPolicy') === 'Always' ? 'sidecar' : 'init'
}
