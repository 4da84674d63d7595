/** The node that comes closest to taking a pod, and the smallest edits that would let some node take it. */

import { matchesRequirement } from '../../kube/values/label-selector.ts'
import type { Scheduler } from '../engine/scheduler.ts'
import { type JsonRecord, readList, readPath, readRecord, readString } from '../json-fields.ts'
import type { SchedulerPod } from '../pod.ts'
import { formatCounted } from '../resource-amount.ts'
import { findUntolerated } from '../taints.ts'
import type { NodeRejection } from '../unschedulable-message.ts'

export interface NearestMiss {
  readonly node: string
  /** What stands in the way there: `short by 350m cpu`. */
  readonly detail: string
}

export interface Edit {
  /** Path inside the pod spec: `containers[0].resources.requests.cpu`. */
  readonly path: string
  readonly from: string
  readonly to: string
}

/** How far a node is from taking the pod; the less the nearer. */
interface Candidate extends NearestMiss {
  readonly distance: number
}

/** Distances of misses that are no matter of amounts. */
const DISTANCE: Readonly<Record<string, number>> = {
  NodePorts: 2,
  PodTopologySpread: 3,
  InterPodAffinity: 3,
  TaintToleration: 4,
  NodeAffinity: 5,
  NodeVolumeLimits: 6,
  VolumeBinding: 7,
  VolumeZone: 7,
  VolumeRestrictions: 7,
  NodeUnschedulable: 8,
  NodeName: 9,
}

export function findNearestMiss(scheduler: Scheduler, pod: SchedulerPod): NearestMiss | undefined {
  const { rejections } = scheduler.explain(pod)
  let best: Candidate | undefined
  rejections.forEach((it, node) => {
    if (it === undefined) return
    const candidate = describeMiss(scheduler, pod, { rejection: it, node })
    if (best === undefined || candidate.distance < best.distance) best = candidate
  })
  return best === undefined ? undefined : { node: best.node, detail: best.detail }
}

function describeMiss(
  scheduler: Scheduler,
  pod: SchedulerPod,
  it: { rejection: NodeRejection; node: number },
): Candidate {
  const node = scheduler.cluster.nodes[it.node]!
  const { plugin, reasons } = it.rejection
  if (plugin === 'NodeResourcesFit') {
    const shortages = listShortages(scheduler, pod, it.node)
    const detail = shortages.map(short => `short by ${short.text}`).join(', ') || reasons.join(', ')
    const distance = Math.max(0, ...shortages.map(short => Math.min(1, short.share)))
    return { node: node.name, detail, distance: shortages.length === 0 ? 1 : distance }
  }
  const distance = DISTANCE[plugin] ?? 10
  if (plugin === 'TaintToleration') {
    const taint = findUntolerated(node.taints, pod.shape.tolerations)
    const text =
      taint === undefined ? '' : `${taint.key}${taint.value === '' ? '' : `=${taint.value}`}:${taint.effect}`
    return { node: node.name, detail: `taint ${text} is not tolerated`, distance }
  }
  if (plugin === 'NodeAffinity') {
    const missing = pod.shape.nodeSelector.find(requirement => !matchesRequirement(requirement, node.labels))
    const has = missing === undefined ? undefined : node.labels.get(missing.key)
    const detail =
      missing === undefined
        ? 'no term of the required node affinity matches'
        : `nodeSelector wants ${missing.key}=${missing.values[0]}, the node has ${has === undefined ? 'no such label' : `"${has}"`}`
    return { node: node.name, detail, distance }
  }
  return { node: node.name, detail: reasons.join(', '), distance }
}

interface Shortage {
  readonly resource: string
  readonly missing: number
  readonly text: string
  /** Share of the request that is missing. */
  readonly share: number
}

/** What the node lacks of each resource that the pod asks for. */
function listShortages(scheduler: Scheduler, pod: SchedulerPod, node: number): readonly Shortage[] {
  const { table } = scheduler
  const { requests } = pod.shape
  const shortages: Shortage[] = []
  const check = (resource: string, wanted: number, free: number): void => {
    if (wanted <= 0 || wanted <= free) return
    const missing = wanted - Math.max(0, free)
    shortages.push({
      resource,
      missing,
      text: `${formatCounted(resource, missing)} ${resource}`,
      share: missing / wanted,
    })
  }
  check('cpu', requests.cpu, table.cpu[node]! - table.usedCpu[node]!)
  check('memory', requests.memory, table.memory[node]! - table.usedMemory[node]!)
  check('ephemeral-storage', requests.ephemeral, table.ephemeral[node]! - table.usedEphemeral[node]!)
  for (const [resource, wanted] of requests.scalars) {
    const column = table.scalars.get(resource)
    check(resource, wanted, column === undefined ? 0 : column.allocatable[node]! - column.used[node]!)
  }
  if (table.podCount[node]! + 1 > table.allowedPods[node]!) {
    shortages.push({ resource: 'pods', missing: 1, text: '1 pod slot', share: 1 })
  }
  return shortages
}

/** Single changes of the pod spec after which some node takes the pod; each was tried. */
export function listEdits(scheduler: Scheduler, object: JsonRecord): readonly Edit[] {
  const { podReader } = scheduler.cluster
  const spec = readRecord(object.spec)
  const works = (changed: JsonRecord): boolean => {
    const pod = podReader.read({ ...object, spec: changed })
    return scheduler.listFeasible({ ...pod, nodeName: '' }).length > 0
  }
  return [
    ...listRequestEdits(scheduler, object, works),
    ...listRemovals(spec, 'nodeSelector', works),
    ...listTolerationEdits(scheduler, spec, works),
    ...listSpreadEdits(spec, works),
    ...listAffinityEdits(spec, works),
  ]
}

type Works = (spec: JsonRecord) => boolean

/** The largest request of the biggest container that still fits somewhere, resource by resource. */
function listRequestEdits(scheduler: Scheduler, object: JsonRecord, works: Works): Edit[] {
  const spec = readRecord(object.spec)
  const containers = readList(spec.containers).map(readRecord)
  const pod = scheduler.cluster.podReader.read(object)
  const edits: Edit[] = []
  for (const resource of ['cpu', 'memory'] as const) {
    let least = Number.POSITIVE_INFINITY
    scheduler.cluster.nodes.forEach((_, node) => {
      const shortages = listShortages(scheduler, pod, node)
      if (shortages.length === 1 && shortages[0]!.resource === resource)
        least = Math.min(least, shortages[0]!.missing)
    })
    if (!Number.isFinite(least)) continue
    const index = findLargest(containers, resource, scheduler)
    const asked = countRequest(containers[index], resource, scheduler)
    if (index < 0 || asked <= least) continue
    const to = resource === 'cpu' ? `${asked - least}m` : String(asked - least)
    const resources = readRecord(containers[index]!.resources)
    const changed = containers.map((it, at) =>
      at === index
        ? {
            ...it,
            resources: { ...resources, requests: { ...readRecord(resources.requests), [resource]: to } },
          }
        : it,
    )
    if (!works({ ...spec, containers: changed })) continue
    const from = readString(readPath(resources.requests, resource)) || formatCounted(resource, asked)
    edits.push({
      path: `containers[${index}].resources.requests.${resource}`,
      from,
      to: formatCounted(resource, asked - least),
    })
  }
  return edits
}

function countRequest(
  container: JsonRecord | undefined,
  resource: 'cpu' | 'memory',
  scheduler: Scheduler,
): number {
  if (container === undefined) return 0
  return scheduler.cluster.podReader.read({ spec: { containers: [container] } }).shape.requests[resource]
}

function findLargest(
  containers: readonly JsonRecord[],
  resource: 'cpu' | 'memory',
  scheduler: Scheduler,
): number {
  let best = -1
  let most = 0
  containers.forEach((it, index) => {
    const asked = countRequest(it, resource, scheduler)
    if (asked > most) {
      most = asked
      best = index
    }
  })
  return best
}

function listRemovals(spec: JsonRecord, field: string, works: Works): Edit[] {
  const edits: Edit[] = []
  for (const [key, value] of Object.entries(readRecord(spec[field]))) {
    const { [key]: _, ...rest } = readRecord(spec[field])
    if (works({ ...spec, [field]: rest }))
      edits.push({ path: `${field}["${key}"]`, from: String(value), to: 'removed' })
  }
  return edits
}

function listTolerationEdits(scheduler: Scheduler, spec: JsonRecord, works: Works): Edit[] {
  const edits: Edit[] = []
  const seen = new Set<string>()
  for (const node of scheduler.cluster.nodes) {
    for (const taint of node.taints) {
      const text = `${taint.key}=${taint.value}:${taint.effect}`
      if (seen.has(text) || taint.effect === 'PreferNoSchedule') continue
      seen.add(text)
      const toleration = { key: taint.key, operator: 'Equal', value: taint.value, effect: taint.effect }
      const tolerations = [...readList(spec.tolerations), toleration]
      if (works({ ...spec, tolerations })) edits.push({ path: 'tolerations', from: '', to: text })
    }
  }
  return edits
}

function listSpreadEdits(spec: JsonRecord, works: Works): Edit[] {
  const constraints = readList(spec.topologySpreadConstraints).map(readRecord)
  return constraints.flatMap((it, index) => {
    if (it.whenUnsatisfiable === 'ScheduleAnyway') return []
    const replace = (changed: JsonRecord): JsonRecord => ({
      ...spec,
      topologySpreadConstraints: constraints.map((other, at) => (at === index ? changed : other)),
    })
    const path = `topologySpreadConstraints[${index}]`
    // A tainted, empty zone counts as a domain unless taints are honoured: the commonest trap.
    if (it.nodeTaintsPolicy !== 'Honor' && works(replace({ ...it, nodeTaintsPolicy: 'Honor' }))) {
      return [{ path: `${path}.nodeTaintsPolicy`, from: 'Ignore', to: 'Honor' }]
    }
    return works(replace({ ...it, whenUnsatisfiable: 'ScheduleAnyway' }))
      ? [{ path: `${path}.whenUnsatisfiable`, from: 'DoNotSchedule', to: 'ScheduleAnyway' }]
      : []
  })
}

function listAffinityEdits(spec: JsonRecord, works: Works): Edit[] {
  const field = 'requiredDuringSchedulingIgnoredDuringExecution'
  return ['nodeAffinity', 'podAffinity', 'podAntiAffinity'].flatMap(kind => {
    const affinity = readRecord(readPath(spec.affinity, kind))
    if (affinity[field] === undefined) return []
    const { [field]: _, ...rest } = affinity
    const changed = { ...spec, affinity: { ...readRecord(spec.affinity), [kind]: rest } }
    return works(changed) ? [{ path: `affinity.${kind}.${field}`, from: 'required', to: 'preferred' }] : []
  })
}
