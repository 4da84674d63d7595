/** What the checks of one pod spec share: options by version, and facts that several of them need. */
import type { Check, Field } from './field.ts'
import { child, index } from './field.ts'
import { finalName } from './metadata.ts'
import { isObj, isSet, type Obj, objects, text, toFlag, toNumber } from './object.ts'

export interface PodRun {
  readonly check: Check
  readonly spec: Obj
  /** Metadata of the Pod or template. */
  readonly metadata: Obj
  /** A Pod itself, not the template of a workload. */
  readonly isPod: boolean
  /** Name of a Pod; `""` for templates, whose pods get names later. */
  readonly podName: string
  /** Volumes that are right, by name; mounts may name them. */
  readonly volumes: Map<string, Obj>
  readonly claimNames: ReadonlySet<string>
  readonly gracePeriod: number
  /** False when the pod runs in a user namespace of its own. */
  readonly hostUsers: boolean
  readonly restartPolicy: string
}

export function buildPodRun(check: Check, written: Obj, metadata: Obj, owner: 'pod' | 'template'): PodRun {
  const spec = check.minor < 35 ? withoutImageVolumes(written) : written
  const claims = objects(spec, 'resourceClaims')
  return {
    check,
    spec,
    metadata,
    isPod: owner === 'pod',
    podName: owner === 'pod' ? finalName(metadata) : '',
    volumes: new Map(),
    claimNames:
      claims.length === 0 ? NO_NAMES : new Set(claims.map(it => text(it, 'name')).filter(it => it !== '')),
    gracePeriod: toNumber(spec, 'terminationGracePeriodSeconds') ?? 30,
    hostUsers: toFlag(spec, 'hostUsers') ?? true,
    restartPolicy: text(spec, 'restartPolicy') || 'Always',
  }
}

/** Up to 1.34 the gate for image volumes is off: they vanish, and their mounts with them (`dropImageVolumes`). */
function withoutImageVolumes(spec: Obj): Obj {
  const volumes = objects(spec, 'volumes')
  const dropped = new Set(volumes.filter(it => isObj(it.image)).map(it => text(it, 'name')))
  if (dropped.size === 0) return spec
  const kept: Record<string, unknown> = { ...spec, volumes: volumes.filter(it => !isObj(it.image)) }
  for (const name of CONTAINER_LISTS)
    if (isSet(spec, name))
      kept[name] = objects(spec, name).map(it => ({
        ...it,
        volumeMounts: objects(it, 'volumeMounts').filter(mount => !dropped.has(text(mount, 'name'))),
      }))
  return kept
}

const CONTAINER_LISTS = ['initContainers', 'containers', 'ephemeralContainers']

const NO_NAMES: ReadonlySet<string> = new Set()

/** `podshelper.VisitContainersWithPath`: init containers come first. */
export function forEachContainer(
  spec: Obj,
  field: Field,
  visit: (container: Obj, field: Field) => void,
): void {
  for (const name of CONTAINER_LISTS) {
    const list = objects(spec, name)
    for (let at = 0; at < list.length; at++) visit(list[at]!, index(child(field, name), at))
  }
}
