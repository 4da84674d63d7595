/** Taints and tolerations. */

import { readList, readRecord, readString } from './json-fields.ts'

export interface Taint {
  readonly key: string
  readonly value: string
  readonly effect: string
}

export interface Toleration {
  readonly key: string
  readonly operator: string
  readonly value: string
  readonly effect: string
}

export function listTaints(value: unknown): readonly Taint[] {
  return readList(value).map(it => {
    const taint = readRecord(it)
    return { key: readString(taint.key), value: readString(taint.value), effect: readString(taint.effect) }
  })
}

/** Of a pod spec. */
export function listTolerations(value: unknown): readonly Toleration[] {
  return readList(value).map(it => {
    const toleration = readRecord(it)
    return {
      key: readString(toleration.key),
      operator: readString(toleration.operator),
      value: readString(toleration.value),
      effect: readString(toleration.effect),
    }
  })
}

/**
 * `Toleration.ToleratesTaint`. The comparison operators Lt and Gt are behind a gate that is off in every supported
 * version, so they tolerate nothing.
 */
export function isTolerated(taint: Taint, tolerations: readonly Toleration[]): boolean {
  for (const it of tolerations) {
    if (it.effect !== '' && it.effect !== taint.effect) continue
    if (it.key !== '' && it.key !== taint.key) continue
    if (it.operator === 'Exists') return true
    if ((it.operator === '' || it.operator === 'Equal') && it.value === taint.value) return true
  }
  return false
}

/** The first taint that keeps the pod off the node, if any. */
export function findUntolerated(
  taints: readonly Taint[],
  tolerations: readonly Toleration[],
): Taint | undefined {
  return taints.find(
    it => (it.effect === 'NoSchedule' || it.effect === 'NoExecute') && !isTolerated(it, tolerations),
  )
}

/** How many PreferNoSchedule taints the pod does not tolerate. */
export function countUnpreferred(taints: readonly Taint[], tolerations: readonly Toleration[]): number {
  const relevant = tolerations.filter(it => it.effect === '' || it.effect === 'PreferNoSchedule')
  return taints.filter(it => it.effect === 'PreferNoSchedule' && !isTolerated(it, relevant)).length
}

/** The taint that `kubectl cordon` stands for. */
export const UNSCHEDULABLE_TAINT: Taint = {
  key: 'node.kubernetes.io/unschedulable',
  value: '',
  effect: 'NoSchedule',
}
