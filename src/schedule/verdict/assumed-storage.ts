/** Storage that manifests refer to and the inventory does not show: taken to exist, and to follow the pod. */

import type { Cluster } from '../cluster.ts'
import { type JsonRecord, readList, readPath, readRecord, readString } from '../json-fields.ts'
import {
  copyStorage,
  DEFAULT_CLASS,
  readClaimSpec,
  type Storage,
  type StorageClass,
  toClaim,
} from '../storage.ts'
import { compareText } from '../unschedulable-message.ts'
import { listClaimTemplates, toWorkload } from '../workload/workload.ts'

export interface AssumedStorage {
  readonly cluster: Cluster
  /** What was taken for granted, for the report. */
  readonly assumed: readonly string[]
}

/**
 * The cluster with a delayed class for every class that is missing, and a claim for every claim. `cluster`: with the
 * classes and volumes of the manifests.
 */
export function assumeStorage(cluster: Cluster, manifests: readonly JsonRecord[]): AssumedStorage {
  const storage = copyStorage(cluster.storage)
  const assumed = new Set<string>()
  const assumeClass = (name: string, label: string): void => {
    if (storage.classes.has(name)) return
    if (name !== '' && isWrittenByHand(storage, name)) {
      assumed.add(`${label} is not in the inventory; taken to have no volumes but those that are shown`)
      return
    }
    storage.classes.set(name, buildAssumedClass(name))
    assumed.add(`${label} is not in the inventory; taken to provision where the pod goes`)
  }
  const hasDefault = (cluster.others.get('StorageClass') ?? []).some(
    it => readPath(it.metadata, 'annotations', DEFAULT_CLASS) === 'true',
  )
  for (const spec of manifests.flatMap(listClaimSpecs)) {
    const name = spec.storageClassName
    if (typeof name === 'string' && name !== '') assumeClass(name, `storage class "${name}"`)
    else if (name === undefined && !hasDefault) assumeClass('', 'a default storage class')
  }
  const declared = new Set(manifests.filter(it => it.kind === 'PersistentVolumeClaim').map(formatName))
  for (const claim of manifests.flatMap(listClaimNames)) {
    if (declared.has(claim) || storage.claims.has(claim)) continue
    const [namespace, name] = claim.split('/')
    const spec = { storageClassName: ASSUMED_CLASS, accessModes: ['ReadWriteOnce'] }
    storage.classes.set(ASSUMED_CLASS, buildAssumedClass(ASSUMED_CLASS))
    storage.claims.set(claim, toClaim({ metadata: { namespace, name }, spec }))
    assumed.add(`claim "${claim}" is not in the inventory; taken to be provisioned where its pod goes`)
  }
  return { cluster: { ...cluster, storage }, assumed: [...assumed].sort(compareText) }
}

/** Whether a volume of the class was made by people and not for a claim: with no object, a class has no others. */
function isWrittenByHand({ volumes }: Storage, className: string): boolean {
  for (const it of volumes.values())
    if (it.className === className && it.claimUid === '' && (it.available || it.claim !== '')) return true
  return false
}

/** No object can have this name, so it shadows none. */
const ASSUMED_CLASS = '(assumed)'

function buildAssumedClass(name: string): StorageClass {
  return { name, provisioner: ASSUMED_CLASS, bindingMode: 'WaitForFirstConsumer', topologies: [] }
}

function formatName(object: JsonRecord): string {
  const namespace = readString(readPath(object.metadata, 'namespace')) || 'default'
  return `${namespace}/${readString(readPath(object.metadata, 'name'))}`
}

/** Specs of the claims that a manifest makes: its own, its claim templates', and those of ephemeral volumes. */
function listClaimSpecs(object: JsonRecord): JsonRecord[] {
  if (object.kind === 'PersistentVolumeClaim') return [readClaimSpec(object)]
  const workload = toWorkload(object)
  if (workload === undefined) return []
  const ephemeral = readList(readPath(workload.template, 'spec', 'volumes')).flatMap(it => {
    const template = readPath(it, 'ephemeral', 'volumeClaimTemplate')
    return template === undefined ? [] : [readRecord(readRecord(template).spec)]
  })
  return [...listClaimTemplates(workload).map(it => it.spec), ...ephemeral]
}

/** Claims that a manifest's pods name, as `namespace/name`; those of claim templates are made, not named. */
function listClaimNames(object: JsonRecord): string[] {
  const workload = toWorkload(object)
  if (workload === undefined) return []
  const templates = new Set(listClaimTemplates(workload).map(it => it.name))
  return readList(readPath(workload.template, 'spec', 'volumes')).flatMap(it => {
    const claim = readString(readPath(it, 'persistentVolumeClaim', 'claimName'))
    const made = templates.has(readString(readRecord(it).name))
    return claim === '' || made ? [] : [`${workload.namespace}/${claim}`]
  })
}
