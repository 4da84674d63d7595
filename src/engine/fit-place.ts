/** Where one edits the manifest of a workload whose pods find no node: a request, a selector, the replicas. */
import { findPodSpec } from '../kube/pods.ts'
import type { Resource } from '../kube/resource.ts'
import type { FitPlace, PlacedEdit, ResourceFit } from '../rule.ts'
import { readRecord } from '../schedule/json-fields.ts'
import type { WorkloadFit } from '../schedule/verdict/decide-fit.ts'
import type { Edit } from '../schedule/verdict/edits.ts'
import type { NodeProof } from '../schedule/verdict/impossibility.ts'
import type { ShortAtPeak } from '../schedule/verdict/peaks.ts'
import { toAutoscaler } from '../schedule/verdict/scenario.ts'
import type { At } from '../yaml/cursor.ts'
import type { Patch } from '../yaml/document.ts'
import type { Json, Path } from '../yaml/json.ts'
import { toPath } from './inventory.ts'

export function placeFit(fit: WorkloadFit, resource: Resource): ResourceFit {
  const edits = fit.edits.map(it => placeEdit(resource, it))
  const scaling = fit.proof?.kind === 'count' ? edits.find(it => it.within === 'object') : undefined
  const rollout = fit.rolloutBlock === undefined ? undefined : placeRollout(resource, 'maxUnavailable')
  const { at, part } = rollout ?? scaling ?? edits[0] ?? findCause(fit, resource)
  return { ...fit, edits, at, part }
}

/** At the peak of a rollout where the surge comes from. */
export function placeShortRollout({ fit }: ShortAtPeak, resource: Resource): ResourceFit {
  return { ...fit, edits: [], ...(placeRollout(resource, 'maxSurge') ?? findCause(fit, resource)) }
}

/** The upper bound of an autoscaler, with the largest one for which there is room as the edit. */
export function placeMaximum({ fit, mostReplicas }: ShortAtPeak, autoscaler: Resource): ResourceFit {
  const field = toAutoscaler(readRecord(autoscaler.root.value))?.field ?? ['spec']
  const place = stepDown(autoscaler.root, field)
  const edits = mostReplicas === undefined ? [] : [buildMaximumEdit(fit, mostReplicas, field.join('.'))]
  return { ...fit, edits: edits.map(it => placeEdit(autoscaler, it)), ...place }
}

const buildMaximumEdit = ({ desired }: WorkloadFit, most: number, path: string): Edit => ({
  within: 'object',
  path,
  from: String(desired),
  to: String(most),
  value: most,
})

/** The strategy as far as it is written, else the number of replicas that leaves no room. */
function placeRollout({ root }: Resource, bound: 'maxSurge' | 'maxUnavailable'): FitPlace | undefined {
  if (root.get('spec', 'strategy')) return stepDown(root, ['spec', 'strategy', 'rollingUpdate', bound])
  const replicas = root.get('spec', 'replicas')
  return replicas && { at: replicas, part: 'value' }
}

function placeEdit(resource: Resource, edit: Edit): PlacedEdit {
  const root = (edit.within === 'pod' ? findPodSpec(resource) : undefined) ?? resource.root
  const steps = toPath(edit.path)
  return { ...edit, ...stepDown(root, steps), patch: buildPatch(edit, root, steps) }
}

/** A list gets one more item. */
function buildPatch({ value, to }: Edit, root: At, steps: Path): readonly Patch[] {
  const path = [...root.path, ...steps]
  if (to === 'removed') return [{ op: 'remove', path }]
  if (value === undefined) return []
  if (typeof value !== 'object') return [{ op: 'set', path, value: value as Json }]
  const items = root.get(...steps)?.each() ?? []
  return items.length > 0
    ? [{ op: 'set', path: [...path, items.length], value: value as Json }]
    : [{ op: 'set', path, value: [value as Json] }]
}

/** The place of a path, or the key of its nearest ancestor that is written. */
function stepDown(root: At, path: Path): FitPlace {
  let at = root
  for (const step of path) {
    const next = at.get(step)
    if (!next) return { at, part: 'key' }
    at = next
  }
  return { at, part: at.isMap || at.isList ? 'key' : 'value' }
}

const stepInPod = (resource: Resource, path: Path): FitPlace =>
  stepDown(findPodSpec(resource) ?? resource.root, path)

/** Where the workload itself is to be edited when no single edit of its pods is known to help. */
function findCause(fit: WorkloadFit, resource: Resource): FitPlace {
  const { root } = resource
  const name = root.get('metadata', 'name') ?? root
  const replicas = root.get('spec', 'replicas')
  const whole: FitPlace = { at: replicas ?? name, part: 'value' }
  if (fit.verdict === 'schedules') {
    return fit.rolloutBlock === undefined ? { at: name, part: 'value' } : whole
  }
  if (fit.proof?.kind === 'no-node') return stepInPod(resource, listCause(resource, fit.proof.nodes))
  const [named] = fit.refusals.flatMap(it => REFUSED_FIELD.exec(it)?.[1] ?? [])
  return named === undefined ? whole : { ...stepInPod(resource, toPath(named)), part: 'key' }
}

/** The pod's field in a text of the API server: `spec.template.spec.containers[0].resources.requests: Invalid value`. */
const REFUSED_FIELD = /: \[?(?:spec\.(?:jobTemplate\.spec\.)?template\.)?spec\.([\w.[\]]{1,200}): /

/** The field that turns most nodes down. */
function listCause(resource: Resource, nodes: readonly NodeProof[]): Path {
  const counts = new Map<string, number>()
  for (const it of nodes) for (const reason of it.reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  const [most] = [...counts].sort((left, right) => right[1] - left[1])
  const reason = most?.[0] ?? ''
  if (reason.startsWith('Insufficient ')) return listRequest(resource, reason.slice('Insufficient '.length))
  if (reason.includes('taint')) return ['tolerations']
  if (reason.includes('node name')) return ['nodeName']
  if (reason.includes('volume')) return ['volumes']
  return findPodSpec(resource)?.get('nodeSelector') ? ['nodeSelector'] : ['affinity', 'nodeAffinity']
}

/** The first container that asks for the resource; a limit is a request where none is written. */
function listRequest(resource: Resource, name: string): Path {
  for (const list of ['containers', 'initContainers'] as const) {
    const containers = findPodSpec(resource)?.get(list)?.each() ?? []
    for (const part of ['requests', 'limits'] as const) {
      const index = containers.findIndex(it => it.get('resources', part, name))
      if (index >= 0) return [list, index, 'resources', part, name]
    }
  }
  return ['containers']
}
