/** The volume controllers: claims are created, bound to volumes, and served by a provisioner that always delivers. */

import type { Scheduler } from '../engine/scheduler.ts'
import { toCsiDriver } from '../in-tree-volumes.ts'
import { type JsonRecord, readList, readPath, readRecord, readString } from '../json-fields.ts'
import { HOSTNAME_KEY, ZONE_KEY } from '../node.ts'
import type { SchedulerPod } from '../pod.ts'
import { isGreaterAmount } from '../resource-amount.ts'
import { isSelected } from '../selector.ts'
import {
  type Claim,
  copyStorage,
  DEFAULT_CLASS,
  isReservedFor,
  type Storage,
  toClaim,
  type Volume,
} from '../storage.ts'
import type { LivePod } from './world.ts'

/** Where a new volume can be reached from; `none` is a provisioner that never answers. */
export type Provisioning = 'zone' | 'node' | 'anywhere' | 'none'

export interface Claims {
  has(namespace: string, name: string): boolean
  applyDefaultClass(spec: JsonRecord): JsonRecord
  create(namespace: string, name: string, spec: JsonRecord): void
  /** Serves the claims of a placed pod; false when one stays unserved. */
  provision(pod: SchedulerPod): boolean
  createEphemeral(pod: LivePod): void
  releaseEphemeral(pod: LivePod): void
  /** The storage with all claims that were made, as if no pod had been placed yet. */
  buildUnused(): Storage
}

export function createClaims(
  scheduler: Scheduler,
  classes: readonly JsonRecord[],
  provisioning: Provisioning,
): Claims {
  const { storage } = scheduler
  const defaultClass = classes.find(it => readPath(it.metadata, 'annotations', DEFAULT_CLASS) === 'true')
  const applyDefaultClass = (spec: JsonRecord): JsonRecord =>
    spec.storageClassName !== undefined || defaultClass === undefined
      ? spec
      : { ...spec, storageClassName: readString(readPath(defaultClass.metadata, 'name')) }
  const made = new Map<string, Claim>()
  const add = (to: Storage, claim: Claim): void => {
    to.claims.set(`${claim.namespace}/${claim.name}`, claim)
    settleClaim(to, claim, provisioning)
  }
  const create = (namespace: string, name: string, spec: JsonRecord): void => {
    const claim = toClaim({ metadata: { namespace, name }, spec })
    made.set(`${namespace}/${name}`, claim)
    add(storage, claim)
  }
  for (const claim of [...storage.claims.values()]) settleClaim(storage, claim, provisioning)
  const listEphemeral = (live: LivePod): { name: string; spec: JsonRecord }[] =>
    readList(readPath(live.object.spec, 'volumes')).flatMap(it => {
      const volume = readRecord(it)
      if (volume.ephemeral === undefined) return []
      const spec = readRecord(readPath(volume.ephemeral, 'volumeClaimTemplate', 'spec'))
      return [{ name: `${live.pod.name}-${readString(volume.name)}`, spec }]
    })
  return {
    applyDefaultClass,
    create,
    has: (namespace, name) => storage.claims.has(`${namespace}/${name}`),
    provision(pod) {
      let served = true
      for (const it of pod.shape.volumes) {
        const claim = it.kind === 'disk' ? undefined : storage.claims.get(`${pod.namespace}/${it.claim}`)
        if (claim === undefined || claim.volumeName !== '') continue
        if (provisioning === 'none') served = false
        else bindNewVolume(storage, claim, listReach(scheduler, pod.nodeName, provisioning))
      }
      return served
    },
    createEphemeral(live) {
      for (const it of listEphemeral(live)) create(live.pod.namespace, it.name, applyDefaultClass(it.spec))
    },
    releaseEphemeral(live) {
      for (const it of listEphemeral(live)) {
        const name = `${live.pod.namespace}/${it.name}`
        storage.claims.delete(name)
        made.delete(name)
      }
    },
    buildUnused() {
      const unused = copyStorage(scheduler.cluster.storage)
      for (const it of [...unused.claims.values(), ...made.values()]) add(unused, it)
      return unused
    },
  }
}

/** The labels by which a new volume is tied to a place. */
function listReach(scheduler: Scheduler, nodeName: string, provisioning: Provisioning): Volume['nodeTerms'] {
  const key = provisioning === 'node' ? HOSTNAME_KEY : ZONE_KEY
  const node = scheduler.cluster.nodes[scheduler.table.indexOf.get(nodeName) ?? -1]
  const value = node?.labels.get(key)
  if (provisioning === 'anywhere' || value === undefined) return undefined
  return [{ requirements: [{ key, operator: 'In', values: [value] }], fields: [], listed: [], never: false }]
}

/** Claims that wait for no pod are bound at once: to the volume they name, one that fits, or a new one. */
function settleClaim(storage: Storage, claim: Claim, provisioning: Provisioning): void {
  if (claim.bindCompleted || claim.lost) return
  if (claim.volumeName !== '') {
    const volume = storage.volumes.get(claim.volumeName)
    if (volume !== undefined && (volume.claim === '' || isReservedFor(volume, claim)))
      bindVolume(storage, claim, volume)
    return
  }
  const storageClass = storage.classes.get(claim.className)
  if (storageClass?.bindingMode === 'WaitForFirstConsumer') return
  const volume = findStaticVolume(storage, claim)
  if (volume !== undefined) bindVolume(storage, claim, volume)
  else if (
    storageClass !== undefined &&
    storageClass.provisioner !== 'kubernetes.io/no-provisioner' &&
    provisioning !== 'none'
  ) {
    bindNewVolume(storage, claim, undefined)
  }
}

function findStaticVolume(storage: Storage, claim: Claim): Volume | undefined {
  let best: Volume | undefined
  for (const volume of storage.volumes.values()) {
    if (isReservedFor(volume, claim)) return volume
    if (volume.claim !== '' || !volume.available || volume.className !== claim.className) continue
    if (isGreaterAmount(claim.size, volume.capacity) || volume.volumeMode !== claim.volumeMode) continue
    if (claim.selector !== undefined && !isSelected(claim.selector, volume.labels)) continue
    if (!claim.accessModes.every(it => volume.accessModes.includes(it))) continue
    if (best === undefined || isGreaterAmount(best.capacity, volume.capacity)) best = volume
  }
  return best
}

function bindVolume(storage: Storage, claim: Claim, volume: Volume): void {
  const owner = `${claim.namespace}/${claim.name}`
  storage.volumes.set(volume.name, { ...volume, claim: owner, claimUid: claim.uid, available: false })
  storage.claims.set(owner, { ...claim, volumeName: volume.name, bindCompleted: true })
}

function bindNewVolume(storage: Storage, claim: Claim, nodeTerms: Volume['nodeTerms']): void {
  const name = `pvc-${claim.namespace}-${claim.name}`
  const driver = toCsiDriver(storage.classes.get(claim.className)?.provisioner ?? '')
  bindVolume(storage, claim, {
    name,
    labels: new Map(),
    className: claim.className,
    capacity: claim.size,
    accessModes: claim.accessModes,
    volumeMode: claim.volumeMode,
    attributesClass: claim.attributesClass,
    nodeTerms,
    migrated: undefined,
    claim: '',
    claimUid: '',
    available: true,
    deleting: false,
    disk: driver === '' ? undefined : { driver, handle: name },
    csi: driver !== '',
  })
}
