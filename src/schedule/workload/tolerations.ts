/** How lists of tolerations are put together: the DaemonSet controller replaces, admission drops what is redundant. */

import { formatCanonical, type JsonRecord, readRecord, readString } from '../json-fields.ts'

/** `AddOrUpdateTolerationInPodSpec`: in the place of one with the same key, effect, operator and value, or at the end. */
export function addToleration(tolerations: readonly unknown[], added: JsonRecord): readonly unknown[] {
  const isSame = (it: unknown): boolean =>
    ['key', 'effect', 'operator', 'value'].every(
      field => readString(readRecord(it)[field]) === readString(added[field]),
    )
  return tolerations.some(isSame) ? tolerations.map(it => (isSame(it) ? added : it)) : [...tolerations, added]
}

/** `MergeTolerations`: both lists without those that another covers; of equal ones the first stays. */
export function mergeTolerations(first: readonly unknown[], second: readonly unknown[]): readonly unknown[] {
  const all = [...first, ...second].map(readRecord)
  const merged: JsonRecord[] = []
  all.forEach((it, index) => {
    if (merged.some(other => isCovered(it, other))) return
    if (all.slice(index + 1).some(other => !isEqual(it, other) && isCovered(it, other))) return
    merged.push(it)
  })
  return merged
}

function isEqual(left: JsonRecord, right: JsonRecord): boolean {
  return formatCanonical(left) === formatCanonical(right)
}

/** `isSuperset`: whether the other tolerates all that this one does. */
function isCovered(it: JsonRecord, by: JsonRecord): boolean {
  if (isEqual(it, by)) return true
  const [key, wideKey] = [readString(it.key), readString(by.key)]
  if (key !== wideKey && (wideKey !== '' || by.operator !== 'Exists')) return false
  const wideEffect = readString(by.effect)
  if (wideEffect !== '' && wideEffect !== readString(it.effect)) return false
  if (wideEffect === 'NoExecute' && typeof by.tolerationSeconds === 'number') {
    const seconds = it.tolerationSeconds
    if (typeof seconds !== 'number' || seconds > by.tolerationSeconds) return false
  }
  if (by.operator === 'Exists') return true
  if (by.operator !== undefined && by.operator !== '' && by.operator !== 'Equal') return false
  return it.operator !== 'Exists' && readString(it.value) === readString(by.value)
}
