/** Which manifests are placed together: plain ones, and each chart in one of its renderings. */
import { isHelmHook, isLastingHook } from '../kube/hooks.ts'
import { formatResource, type Resource } from '../kube/resource.ts'
import { type JsonRecord, readPath, readRecord, readString } from '../schedule/json-fields.ts'
import type { FitReport } from '../schedule/verdict/decide-fit.ts'
import { toAutoscaler } from '../schedule/verdict/scenario.ts'
import { toWorkload } from '../schedule/workload/workload.ts'
import { memo } from '../text/memo.ts'
import { type FitObject, tellApart } from './fit-objects.ts'
import type { Inventory } from './inventory.ts'
import { isBroken } from './project.ts'
import { defaultRelease } from './render-charts.ts'
import { resourcesOf, type Snapshot, type Unit } from './snapshot.ts'

export interface FitSet {
  readonly objects: readonly JsonRecord[]
  /** Workloads by `Deployment shop/web`. */
  readonly resources: ReadonlyMap<string, Resource>
  /** Autoscalers by the workload that they scale. */
  readonly autoscalers: ReadonlyMap<string, Resource>
  /** What stands more than once. */
  readonly twins: readonly string[]
}

/** Pods of hooks are not there to stay; what hooks make for others may be. `unit`: a rendering that stands for its chart, instead of the first. */
export function listSet(snapshot: Snapshot, inventory: Inventory, unit?: Unit): FitSet {
  const given: FitObject[] = []
  for (const it of listUnits(snapshot, unit)) {
    const namespace = findNamespace(snapshot, it)
    for (const { document, role } of it.entries) {
      if (role !== 'manifest' || inventory.files.has(document.source.id) || isBroken(document)) continue
      for (const resource of resourcesOf(document)) {
        const object = toObject(resource, namespace)
        if (!isHelmHook(resource) || (isLastingHook(resource) && toWorkload(object) === undefined))
          given.push({ object, resource })
      }
    }
  }
  const { all, notes } = tellApart(given)
  const objects: JsonRecord[] = []
  const resources = new Map<string, Resource>()
  const autoscalers = new Map<string, Resource>()
  for (const { object, resource } of all) {
    objects.push(object)
    const workload = toWorkload(object)
    if (workload) resources.set(workload.key, resource)
    const autoscaler = toAutoscaler(object)
    if (autoscaler) autoscalers.set(autoscaler.target, resource)
  }
  return { objects, resources, autoscalers, twins: notes }
}

function toObject(resource: Resource, namespace: string | undefined): JsonRecord {
  const object = readRecord(resource.root.value)
  if (namespace === undefined || readPath(object.metadata, 'namespace')) return object
  return { ...object, metadata: { ...readRecord(object.metadata), namespace } }
}

const findNamespace = ({ config }: Snapshot, { chart }: Unit): string | undefined =>
  (chart && config.charts?.get(chart.folder)?.namespace) ?? config.namespace

/** Plain manifests, and of each chart the rendering that counts. */
function listUnits(snapshot: Snapshot, instead: Unit | undefined): Unit[] {
  const counting = listCounting(snapshot)
  return snapshot.units.flatMap(unit => {
    if (!unit.chart) return unit.name === '' ? [unit] : []
    if (!counting.has(unit)) return []
    return unit.chart.folder === instead?.chart?.folder ? [instead] : [unit]
  })
}

/** Whether the unit is a rendering of a chart that counts only where it is asked for itself. */
export const isOtherRendering = (snapshot: Snapshot, unit: Unit): boolean =>
  unit.chart !== undefined && !listCounting(snapshot).has(unit)

/** The values of the command line, else the first that the settings name for a chart, else its own; never tests' (`ci/`). */
const listCounting = memo(({ units, config }: Snapshot): ReadonlySet<Unit> => {
  const byChart = new Map<string, Unit[]>()
  for (const unit of units)
    if (unit.chart) byChart.set(unit.chart.folder, [...(byChart.get(unit.chart.folder) ?? []), unit])
  const counting = [...byChart].map(([folder, renderings]) => {
    const configured = config.charts?.get(folder)?.values ?? []
    const valuesOf = (it: Unit): string => it.chart!.values
    const tests = folder === '' ? 'ci/' : `${folder}/ci/`
    const given = renderings
      .slice(1)
      .find(it => !configured.includes(valuesOf(it)) && !valuesOf(it).startsWith(tests))
    return given ?? renderings.find(it => valuesOf(it) === configured[0]) ?? renderings[0]!
  })
  return new Set(counting)
})

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
    ...listReleases(snapshot, inventory),
  ]
}

const NAME = 'app.kubernetes.io/name'
const INSTANCE = 'app.kubernetes.io/instance'

/** Charts without a release of their own that seem to run as some release already: their pods would count twice. */
function listReleases(snapshot: Snapshot, { cluster }: Inventory): string[] {
  const running = new Map<string, Set<string>>()
  for (const { shape, namespace } of cluster.pods) {
    const [name, instance] = [shape.labels.get(NAME), shape.labels.get(INSTANCE)]
    if (name === undefined || instance === undefined) continue
    const releases = running.get(name) ?? new Set()
    running.set(name, releases.add(`"${instance}" in namespace "${namespace}"`))
  }
  return [...listCounting(snapshot)].flatMap(({ chart, entries }) => {
    const folder = chart!.folder
    if (running.size === 0 || snapshot.config.charts?.get(folder)?.release !== undefined) return []
    const names = new Set<string>()
    for (const resource of entries.flatMap(it => resourcesOf(it.document))) {
      const labels = toWorkload(readRecord(resource.root.value))?.template
      const name = readString(readPath(labels, 'metadata', 'labels', NAME))
      if (readPath(labels, 'metadata', 'labels', INSTANCE) === defaultRelease) names.add(name)
    }
    const releases = [...new Set([...names].flatMap(it => [...(running.get(it) ?? [])]))]
    if (releases.length === 0) return []
    return [
      `the chart in ${folder || '.'} seems to run as ${releases.slice(0, 3).join(', ')} already; \`release\` and \`namespace\` below \`charts\` in plimsoll.yaml say which, or else its pods count twice`,
    ]
  })
}

/** Values sets that are rendered and do not count here. */
function listRenderings(snapshot: Snapshot): string[] {
  const counting = new Map([...listCounting(snapshot)].map(it => [it.chart!.folder, it.chart!.values]))
  return [...counting].flatMap(([folder, values]) => {
    const others = snapshot.units.filter(it => it.chart?.folder === folder && it.chart.values !== values)
    if (others.length === 0) return []
    const some = others.length === 1 ? others[0]!.chart!.values : `${others.length} other sets`
    return [`the chart in ${folder || '.'} is placed with ${values}, not with ${some}`]
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
