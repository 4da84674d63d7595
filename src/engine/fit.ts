/** Manifests of a snapshot against an inventory: the verdict, at the lines to edit. */
import { isHelmHook } from '../kube/hooks.ts'
import { findPodSpec } from '../kube/pods.ts'
import { formatResource, type Resource } from '../kube/resource.ts'
import { type JsonRecord, readPath, readRecord } from '../schedule/json-fields.ts'
import { decideFit, type FitReport, type Verdict, type WorkloadFit } from '../schedule/verdict/decide-fit.ts'
import {
  type Headroom,
  type LossReport,
  listNodeLosses,
  measureHeadroom,
} from '../schedule/verdict/headroom.ts'
import type { NodeProof } from '../schedule/verdict/impossibility.ts'
import type { Edit } from '../schedule/verdict/nearest-miss.ts'
import { toWorkload } from '../schedule/workload/workload.ts'
import type { Location } from '../text/source.ts'
import type { Part } from '../yaml/document.ts'
import type { Path } from '../yaml/json.ts'
import { type Inventory, toPath } from './inventory.ts'
import { isBroken } from './project.ts'
import { resourcesOf, type Snapshot, type Unit } from './snapshot.ts'

export interface PlacedEdit extends Edit {
  readonly location: Location
}

export interface PlacedFit extends Omit<WorkloadFit, 'edits'> {
  readonly verdict: Verdict
  /** Where one edits the manifest: a request, a selector, the replicas; else the workload's name. */
  readonly location: Location
  readonly edits: readonly PlacedEdit[]
}

export interface Fit {
  readonly report: FitReport
  readonly workloads: readonly PlacedFit[]
  readonly inventory: Inventory
  /** Undefined when nothing was tried. */
  readonly headroom: Headroom | undefined
  /** The loss of each of the nodes with the most pods; nothing unless everything fits. */
  readonly losses: readonly LossReport[]
  /** What was left out of the manifests, and why. */
  readonly notes: readonly string[]
}

/** Undefined when there is no workload among the manifests. */
export function buildFit(snapshot: Snapshot, inventory: Inventory): Fit | undefined {
  const { resources, objects } = listManifests(snapshot, inventory)
  if (resources.size === 0) return undefined
  const report = decideFit(inventory.cluster, objects)
  const { settled } = report
  return {
    report,
    inventory,
    workloads: report.workloads.map(it => placeFit(it, report, resources.get(it.workload)!)),
    headroom: settled && measureHeadroom(settled),
    losses:
      settled && report.verdict === 'schedules'
        ? listNodeLosses(settled, countTried(settled.nodes.length))
        : [],
    notes: [...listNotes(snapshot, inventory), ...listRejected(report, resources)],
  }
}

/** Of a large cluster each loss costs as much as placing all of its pods. */
const countTried = (nodes: number): number => (nodes > 500 ? 3 : 20)

interface Manifests {
  readonly objects: readonly JsonRecord[]
  /** Workloads by `Deployment shop/web`. */
  readonly resources: ReadonlyMap<string, Resource>
}

/** Plain manifests, and each chart as its default values make it; tests and other hooks are not there to stay. */
function listManifests(snapshot: Snapshot, inventory: Inventory): Manifests {
  const files = new Set(inventory.documents.map(it => it.source.id))
  const objects: JsonRecord[] = []
  const resources = new Map<string, Resource>()
  for (const unit of listUnits(snapshot)) {
    const namespace = findNamespace(snapshot, unit)
    for (const { document, role } of unit.entries) {
      if (role !== 'manifest' || files.has(document.source.id) || isBroken(document)) continue
      for (const resource of resourcesOf(document)) {
        if (isHelmHook(resource)) continue
        const object = toObject(resource, namespace)
        objects.push(object)
        const workload = toWorkload(object)
        if (workload) resources.set(workload.key, resource)
      }
    }
  }
  return { objects, resources }
}

function toObject(resource: Resource, namespace: string | undefined): JsonRecord {
  const object = readRecord(resource.root.value)
  if (namespace === undefined || readPath(object.metadata, 'namespace')) return object
  return { ...object, metadata: { ...readRecord(object.metadata), namespace } }
}

const findNamespace = ({ config }: Snapshot, { chart }: Unit): string | undefined =>
  (chart && config.charts?.get(chart.folder)?.namespace) ?? config.namespace

/** A chart's first rendering is that of its default values. */
function listUnits({ units }: Snapshot): Unit[] {
  const charts = new Set<string>()
  return units.filter(({ name, chart }) => {
    if (!chart) return name === ''
    if (charts.has(chart.folder)) return false
    charts.add(chart.folder)
    return true
  })
}

function listNotes({ units, chartProblems }: Snapshot, inventory: Inventory): string[] {
  const files = new Set(inventory.documents.map(it => it.source.id))
  const entries = units.flatMap(it => it.entries).filter(it => !files.has(it.document.source.id))
  const broken = new Set(entries.filter(it => isBroken(it.document)).map(it => it.document.source.id))
  const charts = new Set(chartProblems.map(it => it.folder))
  const bases = entries.filter(it => it.role === 'base').length
  return [
    ...[...broken].map(it => `${it} could not be read and is left out`),
    ...[...charts].map(it => `the chart in ${it || '.'} has problems; what it does not render is left out`),
    ...(bases > 0 ? [`manifests that a kustomization completes are left out: ${bases}`] : []),
  ]
}

/** Objects that the API server would refuse outright have no pods to speak of. */
const listRejected = ({ rejections }: FitReport, resources: ReadonlyMap<string, Resource>): string[] =>
  rejections.map(({ object, message }) => {
    const resource = resources.get(object)
    return `${resource ? formatResource(resource) : object} is refused: ${message}`
  })

function placeFit(fit: WorkloadFit, report: FitReport, resource: Resource): PlacedFit {
  const edits = fit.edits.map(it => ({ ...it, location: locateInPod(resource, toPath(it.path)) }))
  return {
    ...fit,
    verdict: judge(fit, report),
    edits,
    location: edits[0]?.location ?? locateCause(fit, report, resource),
  }
}

function judge({ workload, scheduled, desired }: WorkloadFit, { verdict, proof }: FitReport): Verdict {
  if (scheduled >= desired) return 'schedules'
  if (verdict !== 'impossible') return verdict
  return proof?.workload.split(', ').includes(workload) ? 'impossible' : 'undecided'
}

/** Where the workload itself is to be edited when no single edit of its pods is known to help. */
function locateCause(fit: WorkloadFit, { proof }: FitReport, resource: Resource): Location {
  const { root } = resource
  const name = root.get('metadata', 'name')?.locate() ?? root.locate()
  const replicas = root.get('spec', 'replicas')?.locate() ?? name
  if (fit.scheduled >= fit.desired)
    return fit.rolloutBlock === undefined ? name : (root.get('spec', 'strategy')?.locate('key') ?? replicas)
  if (proof?.kind === 'no-node' && proof.workload === fit.workload)
    return locateInPod(resource, findCause(resource, proof.nodes))
  const [named] = fit.refusals.flatMap(it => REFUSED_FIELD.exec(it)?.[1] ?? [])
  return named === undefined ? replicas : locateInPod(resource, toPath(named), 'key')
}

/** The pod's field in a text of the API server: `spec.containers[0].resources.requests: Invalid value`. */
const REFUSED_FIELD = /: \[?spec\.([\w.[\]]{1,200}): /

/** The field that turns most nodes down: the selector where one speaks of it, else the requests. */
function findCause(resource: Resource, nodes: readonly NodeProof[]): Path {
  const selected = nodes.filter(it => it.reasons.some(reason => reason.includes('affinity/selector')))
  if (selected.length * 2 < nodes.length) return ['containers', 0, 'resources', 'requests']
  return findPodSpec(resource)?.get('nodeSelector') ? ['nodeSelector'] : ['affinity', 'nodeAffinity']
}

/** A path of the pod spec, or its nearest ancestor that is written. */
function locateInPod(resource: Resource, path: Path, part?: Part): Location {
  const spec = findPodSpec(resource)
  if (!spec) return resource.root.locate('key')
  return resource.document.locate([...spec.path, ...path], part)
}
