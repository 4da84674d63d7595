/** Which manifests are placed together: plain ones, and each chart in one of its renderings. */
import { isHelmHook } from '../kube/hooks.ts'
import { formatResource, type Resource } from '../kube/resource.ts'
import { type JsonRecord, readPath, readRecord } from '../schedule/json-fields.ts'
import type { FitReport } from '../schedule/verdict/decide-fit.ts'
import { toWorkload } from '../schedule/workload/workload.ts'
import type { Inventory } from './inventory.ts'
import { isBroken } from './project.ts'
import { resourcesOf, type Snapshot, type Unit } from './snapshot.ts'

export interface FitSet {
  readonly objects: readonly JsonRecord[]
  /** Workloads by `Deployment shop/web`. */
  readonly resources: ReadonlyMap<string, Resource>
}

/** Tests and other hooks are not there to stay. `unit`: a rendering that stands for its chart, instead of the first. */
export function listSet(snapshot: Snapshot, inventory: Inventory, unit?: Unit): FitSet {
  const objects: JsonRecord[] = []
  const resources = new Map<string, Resource>()
  for (const it of listUnits(snapshot, unit)) {
    const namespace = findNamespace(snapshot, it)
    for (const { document, role } of it.entries) {
      if (role !== 'manifest' || inventory.files.has(document.source.id) || isBroken(document)) continue
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
function listUnits({ units }: Snapshot, instead?: Unit): Unit[] {
  const charts = new Set<string>()
  return units.flatMap(unit => {
    const { name, chart } = unit
    if (!chart) return name === '' ? [unit] : []
    if (charts.has(chart.folder)) return []
    charts.add(chart.folder)
    return chart.folder === instead?.chart?.folder ? [instead] : [unit]
  })
}

/** Whether the unit is a chart with other values than its own. */
export const isOtherRendering = ({ units }: Snapshot, { chart }: Unit): boolean =>
  chart !== undefined && units.find(it => it.chart?.folder === chart.folder)?.chart !== chart

/** What was left out of the manifests, and why. */
export function listNotes(snapshot: Snapshot, inventory: Inventory): string[] {
  const { units, chartProblems } = snapshot
  const entries = units.flatMap(it => it.entries).filter(it => !inventory.files.has(it.document.source.id))
  const broken = new Set(entries.filter(it => isBroken(it.document)).map(it => it.document.source.id))
  const charts = new Set(chartProblems.map(it => it.folder))
  const bases = entries.filter(it => it.role === 'base').length
  return [
    ...[...broken].map(it => `${it} could not be read and is left out`),
    ...[...charts].map(it => `the chart in ${it || '.'} has problems; what it does not render is left out`),
    ...(bases > 0 ? [`manifests that a kustomization completes are left out: ${bases}`] : []),
    ...listRenderings(snapshot),
  ]
}

/** Values sets that are rendered and do not count here. */
function listRenderings(snapshot: Snapshot): string[] {
  const others = new Map<string, string[]>()
  for (const unit of snapshot.units) {
    if (!unit.chart || !isOtherRendering(snapshot, unit)) continue
    const { folder, values } = unit.chart
    others.set(folder, [...(others.get(folder) ?? []), values])
  }
  return [...others].map(([folder, sets]) => {
    const some = sets.length === 1 ? sets[0] : `${sets.length} other sets`
    return `the chart in ${folder || '.'} is placed with its own values, not with ${some}`
  })
}

/** Workloads whose pods count as nothing, which is rarely what they need. */
export function listFree({ settled, workloadOf }: FitReport): string[] {
  const free = new Set<string>()
  for (const { namespace, name, shape } of settled?.pods ?? []) {
    const workload = workloadOf.get(`${namespace}/${name}`)
    if (workload !== undefined && shape.requests.cpu === 0 && shape.requests.memory === 0) free.add(workload)
  }
  const [first] = free
  if (first === undefined) return []
  const who = free.size === 1 ? `${first} requests` : `${free.size} workloads, ${first} among them, request`
  return [`${who} neither cpu nor memory, and such pods fit on any node`]
}

/** Objects that are no workloads and that the API server would refuse outright. */
export const listRejected = (
  { rejections, workloads }: FitReport,
  resources: ReadonlyMap<string, Resource>,
): string[] =>
  rejections
    .filter(it => !workloads.some(({ workload }) => workload === it.object))
    .map(({ object, message }) => {
      const resource = resources.get(object)
      return `${resource ? formatResource(resource) : object} is refused: ${message}`
    })
