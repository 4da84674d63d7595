/** A cluster with the objects that manifests bring besides workloads and claims: those take part as soon as they are applied. */

import { type Cluster, listServices, toBudget } from '../cluster.ts'
import { formatCanonical, type JsonRecord, readPath, readString } from '../json-fields.ts'
import { addNamespaces } from '../namespace-labels.ts'
import { addStorageObject, copyStorage, type Storage } from '../storage.ts'
import { measureUsed } from './quota-use.ts'

/** Kinds that matter as they stand, and whether their objects are in namespaces. */
const SCOPES: ReadonlyMap<string, 'cluster' | 'namespace'> = new Map([
  ['Namespace', 'cluster'],
  ['Service', 'namespace'],
  ['PodDisruptionBudget', 'namespace'],
  ['PriorityClass', 'cluster'],
  ['RuntimeClass', 'cluster'],
  ['LimitRange', 'namespace'],
  ['ResourceQuota', 'namespace'],
  ['StorageClass', 'cluster'],
  ['PersistentVolume', 'cluster'],
  ['CSIDriver', 'cluster'],
])

/** Whether the object, which makes no pods, matters to those that others make. */
export const takesPart = ({ kind }: JsonRecord): boolean =>
  kind === 'PersistentVolumeClaim' || SCOPES.has(readString(kind))

/**
 * The objects replace those of their names that are there already, all but what the server keeps: statuses, volumes that
 * may be bound, and classes, of which nothing that matters here can change. Applying them once more changes nothing.
 */
export function applyObjects(cluster: Cluster, objects: readonly JsonRecord[]): Cluster {
  const groups = new Map<string, JsonRecord[]>()
  for (const it of objects) {
    const kind = readString(it.kind)
    if (!SCOPES.has(kind)) continue
    const group = groups.get(kind)
    if (group === undefined) groups.set(kind, [it])
    else group.push(it)
  }
  if (groups.size === 0) return cluster
  const others = new Map(cluster.others)
  for (const [kind, group] of groups) others.set(kind, replaceObjects(cluster, kind, group))
  const of = (kind: string): readonly JsonRecord[] => others.get(kind) ?? []
  return {
    ...cluster,
    others,
    namespaces: addNamespaces(cluster.namespaces, groups.get('Namespace') ?? []),
    services: groups.has('Service') ? listServices(of('Service')) : cluster.services,
    budgets: groups.has('PodDisruptionBudget') ? of('PodDisruptionBudget').map(toBudget) : cluster.budgets,
    storage: applyStorage(cluster.storage, groups, of),
  }
}

function replaceObjects(
  cluster: Cluster,
  kind: string,
  applied: readonly JsonRecord[],
): readonly JsonRecord[] {
  const objects = new Map((cluster.others.get(kind) ?? []).map(it => [formatName(kind, it), it]))
  for (const it of applied) {
    const name = formatName(kind, it)
    const { status: _, ...rest } = it
    const status = findStatus(cluster, it, objects.get(name))
    objects.set(name, status === undefined ? rest : { ...rest, status })
  }
  return [...objects.values()]
}

/** What is used of a quota stays used; what a budget allows is worked out anew when the budget is another. */
function findStatus(cluster: Cluster, it: JsonRecord, before: JsonRecord | undefined): unknown {
  if (it.kind === 'ResourceQuota')
    return before === undefined ? { used: measureUsed(it, cluster) } : before.status
  const isSame =
    it.kind === 'PodDisruptionBudget' && formatCanonical(before?.spec) === formatCanonical(it.spec)
  return isSame ? before?.status : undefined
}

function formatName(kind: string, { metadata }: JsonRecord): string {
  const name = readString(readPath(metadata, 'name'))
  if (SCOPES.get(kind) === 'cluster') return name
  return `${readString(readPath(metadata, 'namespace')) || 'default'}/${name}`
}

function applyStorage(
  storage: Storage,
  groups: ReadonlyMap<string, readonly JsonRecord[]>,
  of: (kind: string) => readonly JsonRecord[],
): Storage {
  if (!['StorageClass', 'PersistentVolume', 'CSIDriver'].some(it => groups.has(it))) return storage
  const copy = {
    ...copyStorage(storage),
    trackingDrivers: new Set<string>(),
    demandedDrivers: new Set<string>(),
  }
  for (const it of of('CSIDriver')) addStorageObject(copy, 'CSIDriver', it)
  for (const kind of ['StorageClass', 'PersistentVolume'] as const) {
    const known = kind === 'StorageClass' ? storage.classes : storage.volumes
    for (const it of groups.get(kind) ?? [])
      if (!known.has(formatName(kind, it))) addStorageObject(copy, kind, { ...it, status: undefined })
  }
  return copy
}
