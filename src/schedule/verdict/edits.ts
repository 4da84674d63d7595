/** The smallest edits of a workload after which all of its pods find a node; each one was tried. */

import type { Scheduler } from '../engine/scheduler.ts'
import { type JsonRecord, readList, readPath, readRecord, readString } from '../json-fields.ts'
import { formatCounted } from '../resource-amount.ts'
import { getReplicas, type Workload } from '../workload/workload.ts'
import { listShortages } from './nearest-miss.ts'

export interface Edit {
  /** What the path starts at: the pod spec (`containers[0].resources.requests.cpu`), or the object (`spec.replicas`). */
  readonly within: 'pod' | 'object'
  readonly path: string
  /** Empty when something is added. */
  readonly from: string
  /** `removed` when something is taken away. */
  readonly to: string
  /** What is to be written; undefined when something is taken away, or when it takes more thought. */
  readonly value: unknown
}

export interface EditRequest {
  /** The cluster with every other pod in its place. */
  readonly scheduler: Scheduler
  readonly workload: Workload
  readonly scheduled: number
  /** A pod that waits, as the API server keeps it; undefined when pods are not even created. */
  readonly waiting: JsonRecord | undefined
  /** Whether everything that has a place keeps it, and all pods of the workload find one, once it is changed so. */
  readonly works: (changed: JsonRecord) => boolean
}

export function listEdits(request: EditRequest): readonly Edit[] {
  const { scheduler, workload, works } = request
  if (request.waiting === undefined) return listReplicaEdits(request)
  const spec = readRecord(workload.template.spec)
  const change = (spec: JsonRecord): boolean => works(replacePodSpec(workload.object, spec))
  // One edit opens only nodes on which what it is about is what stands in the way.
  const { rejections } = scheduler.explain(scheduler.cluster.podReader.read(request.waiting))
  const plugins = new Set(rejections.map(it => it?.plugin))
  const isAbout = (...names: readonly string[]): boolean =>
    rejections.length === 0 || names.some(it => plugins.has(it))
  // Requests take most trials, and so come last.
  const others = [
    ...(isAbout('NodeAffinity') ? listRemovals(spec, 'nodeSelector', change) : []),
    ...(isAbout('TaintToleration') ? listTolerationEdits(scheduler, spec, change) : []),
    ...(isAbout('PodTopologySpread') ? listSpreadEdits(spec, change) : []),
    ...(isAbout('NodeAffinity', 'InterPodAffinity') ? listAffinityEdits(spec, change) : []),
    ...listReplicaEdits(request),
  ]
  return isAbout('NodeResourcesFit') ? [...listRequestEdits(request, change), ...others] : others
}

type Works = (spec: JsonRecord) => boolean

/** The object with another pod spec, which is copied as far as it is on the way. */
function replacePodSpec(object: JsonRecord, spec: JsonRecord): JsonRecord {
  const keys =
    object.kind === 'Pod'
      ? ['spec']
      : object.kind === 'CronJob'
        ? ['spec', 'jobTemplate', 'spec', 'template', 'spec']
        : ['spec', 'template', 'spec']
  return replaceAt(object, keys, spec)
}

function replaceAt(value: unknown, [key, ...rest]: readonly string[], leaf: unknown): JsonRecord {
  const record = readRecord(value)
  return { ...record, [key!]: rest.length === 0 ? leaf : replaceAt(record[key!], rest, leaf) }
}

/** Fewer replicas are no remedy for a set that has none. */
function listReplicaEdits({ workload, scheduled, works }: EditRequest): Edit[] {
  const { kind, object } = workload
  const isScaled = kind === 'Deployment' || kind === 'StatefulSet' || kind === 'ReplicaSet'
  if (!isScaled || scheduled === 0) return []
  if (!works(replaceAt(object, ['spec', 'replicas'], scheduled))) return []
  const from = String(getReplicas(workload))
  return [{ within: 'object', path: 'spec.replicas', from, to: String(scheduled), value: scheduled }]
}

/** Less than this share of what a container asks for is no advice. */
const LEAST_SHARE = 0.1

/** The largest request of the biggest container with which all pods fit, resource by resource. */
function listRequestEdits({ scheduler, waiting, workload }: EditRequest, change: Works): Edit[] {
  if (waiting === undefined) return []
  const asking = readList(readPath(waiting.spec, 'containers')).map(readRecord)
  const spec = readRecord(workload.template.spec)
  const written = readList(spec.containers).map(readRecord)
  return (['cpu', 'memory'] as const).flatMap(resource => {
    const { asked, index } = findLargest(asking, resource, scheduler)
    if (asked === 0 || written[index] === undefined) return []
    const requestOf = (amount: number): JsonRecord => {
      const text = resource === 'cpu' ? `${amount}m` : String(amount)
      const containers = written.map((it, at) =>
        at === index ? replaceAt(it, ['resources', 'requests', resource], text) : it,
      )
      return { ...spec, containers }
    }
    const fits = (amount: number): boolean => change(requestOf(amount))
    const amount = findLargestFitting(
      { asked, resource, exact: asked - findLeast(scheduler, waiting, resource) },
      fits,
    )
    if (amount === undefined) return []
    const now = readPath(written[index], 'resources', 'requests', resource)
    const from = readString(now) || (typeof now === 'number' ? String(now) : '')
    const path = `containers[${index}].resources.requests.${resource}`
    const to = formatExact(resource, amount)
    return [{ within: 'pod', path, from, to, value: to }]
  })
}

/** As it is to be written: whole bytes where no larger unit is exact. */
function formatExact(resource: 'cpu' | 'memory', amount: number): string {
  const unit = resource === 'memory' ? ['Gi', 'Mi', 'Ki'].find(it => amount % UNITS[it]! === 0) : undefined
  return unit === undefined
    ? resource === 'cpu'
      ? formatCounted('cpu', amount)
      : String(amount)
    : `${amount / UNITS[unit]!}${unit}`
}

const UNITS: Readonly<Record<string, number>> = { Gi: 2 ** 30, Mi: 2 ** 20, Ki: 2 ** 10 }

/** What the waiting pod lacks on the node that is short of this resource alone, and least so. */
function findLeast(scheduler: Scheduler, waiting: JsonRecord, resource: 'cpu' | 'memory'): number {
  const pod = scheduler.cluster.podReader.read(waiting)
  let least = Number.POSITIVE_INFINITY
  scheduler.cluster.nodes.forEach((_, node) => {
    const shortages = listShortages(scheduler, pod, node)
    if (shortages.length === 1 && shortages[0]!.resource === resource)
      least = Math.min(least, shortages[0]!.missing)
  })
  return least
}

/** Steps in which people write requests: hundredths of a cpu, and MiB. */
const STEPS = { cpu: 10, memory: 2 ** 20 } as const
const HALVINGS = 8

/** What one pod lacks may be enough for all; if not, the range is halved, for what is smaller fits rather. */
function findLargestFitting(
  it: { readonly asked: number; readonly resource: 'cpu' | 'memory'; readonly exact: number },
  fits: (amount: number) => boolean,
): number | undefined {
  const least = Math.ceil(it.asked * LEAST_SHARE)
  if (it.exact >= least && it.exact > 0 && fits(it.exact)) return it.exact
  const step = STEPS[it.resource]
  const toStep = (amount: number): number => Math.floor(amount / step) * step
  let low = toStep(least)
  let high = it.asked
  if (low <= 0 || !fits(low)) return undefined
  for (let i = 0; i < HALVINGS && high - low > step; i++) {
    const middle = toStep((low + high) / 2)
    if (middle <= low) break
    if (fits(middle)) low = middle
    else high = middle
  }
  return low
}

function findLargest(
  containers: readonly JsonRecord[],
  resource: 'cpu' | 'memory',
  { cluster }: Scheduler,
): { readonly index: number; readonly asked: number } {
  let index = -1
  let asked = 0
  containers.forEach((it, at) => {
    const own = cluster.podReader.read({ spec: { containers: [it] } }).shape.requests[resource]
    if (own > asked) {
      asked = own
      index = at
    }
  })
  return { index, asked }
}

function listRemovals(spec: JsonRecord, field: string, change: Works): Edit[] {
  const edits: Edit[] = []
  for (const [key, value] of Object.entries(readRecord(spec[field]))) {
    const { [key]: _, ...rest } = readRecord(spec[field])
    if (change({ ...spec, [field]: rest }))
      edits.push({
        within: 'pod',
        path: `${field}["${key}"]`,
        from: String(value),
        to: 'removed',
        value: undefined,
      })
  }
  return edits
}

function listTolerationEdits(scheduler: Scheduler, spec: JsonRecord, change: Works): Edit[] {
  const edits: Edit[] = []
  const seen = new Set<string>()
  for (const node of scheduler.cluster.nodes) {
    for (const taint of node.taints) {
      const text = `${taint.key}${taint.value === '' ? '' : `=${taint.value}`}:${taint.effect}`
      if (seen.has(text) || taint.effect === 'PreferNoSchedule') continue
      seen.add(text)
      const toleration = { key: taint.key, operator: 'Equal', value: taint.value, effect: taint.effect }
      const tolerations = [...readList(spec.tolerations), toleration]
      if (change({ ...spec, tolerations }))
        edits.push({ within: 'pod', path: 'tolerations', from: '', to: text, value: toleration })
    }
  }
  return edits
}

function listSpreadEdits(spec: JsonRecord, change: Works): Edit[] {
  const constraints = readList(spec.topologySpreadConstraints).map(readRecord)
  return constraints.flatMap((it, index): Edit[] => {
    if (it.whenUnsatisfiable === 'ScheduleAnyway') return []
    const replace = (changed: JsonRecord): JsonRecord => ({
      ...spec,
      topologySpreadConstraints: constraints.map((other, at) => (at === index ? changed : other)),
    })
    const path = `topologySpreadConstraints[${index}]`
    // A tainted, empty zone counts as a domain unless taints are honoured: the commonest trap.
    if (it.nodeTaintsPolicy !== 'Honor' && change(replace({ ...it, nodeTaintsPolicy: 'Honor' }))) {
      return [
        { within: 'pod', path: `${path}.nodeTaintsPolicy`, from: 'Ignore', to: 'Honor', value: 'Honor' },
      ]
    }
    return change(replace({ ...it, whenUnsatisfiable: 'ScheduleAnyway' }))
      ? [
          {
            within: 'pod',
            path: `${path}.whenUnsatisfiable`,
            from: 'DoNotSchedule',
            to: 'ScheduleAnyway',
            value: 'ScheduleAnyway',
          },
        ]
      : []
  })
}

function listAffinityEdits(spec: JsonRecord, change: Works): Edit[] {
  const field = 'requiredDuringSchedulingIgnoredDuringExecution'
  return ['nodeAffinity', 'podAffinity', 'podAntiAffinity'].flatMap((kind): Edit[] => {
    const affinity = readRecord(readPath(spec.affinity, kind))
    if (affinity[field] === undefined) return []
    const { [field]: _, ...rest } = affinity
    const changed = { ...spec, affinity: { ...readRecord(spec.affinity), [kind]: rest } }
    const path = `affinity.${kind}.${field}`
    return change(changed)
      ? [{ within: 'pod', path, from: 'required', to: 'preferred', value: undefined }]
      : []
  })
}
