/** What may change in a Pod that exists (`ValidatePodUpdate`). Both come with their defaults. */
import { checkTolerations } from './affinity.ts'
import { type Check, child, descend, type Field, forbidden, index, invalid, key, ROOT } from './field.ts'
import { asStruct } from './go-struct.ts'
import {
  has,
  isObj,
  isSet,
  lookup,
  number,
  type Obj,
  object,
  objects,
  text,
  toNumber,
  toTextMap,
} from './object.ts'
import { isSame } from './semantic-equal.ts'

const SPEC = child(ROOT, 'spec')
const APP_ARMOR = 'container.apparmor.security.beta.kubernetes.io/'
const MIRROR = 'kubernetes.io/config.mirror'

/** `ValidatePodSpecificAnnotationUpdates`, without what is asked of new pods too. */
export function checkPodAnnotationUpdate(check: Check, pod: Obj, old: Obj): void {
  const field = descend(ROOT, 'metadata', 'annotations')
  const annotations = object(object(pod, 'metadata'), 'annotations')
  const before = object(object(old, 'metadata'), 'annotations')
  const refuse = (name: string, fault: string): void => {
    if (name.startsWith(APP_ARMOR))
      forbidden(check, key(field, name), `may not ${fault} AppArmor annotations`)
    if (name === MIRROR) forbidden(check, key(field, name), `may not ${fault} mirror pod annotation`)
  }
  for (const name of Object.keys(before))
    if (lookup(annotations, name) !== lookup(before, name)) refuse(name, 'remove or update')
  for (const name of Object.keys(annotations)) if (!has(before, name)) refuse(name, 'add')
}

/** The part of `ValidatePodUpdate` behind what is asked of new pods too. */
export function checkPodUpdate(check: Check, pod: Obj, old: Obj): void {
  const spec = object(pod, 'spec')
  const before = object(old, 'spec')
  for (const name of ['containers', 'initContainers'])
    if (objects(spec, name).length !== objects(before, name).length) {
      forbidden(check, child(SPEC, name), 'pod updates may not add or remove containers')
      return
    }
  if (!checkDeadlineUpdate(check, spec, before)) return
  checkTolerationsUpdate(check, spec, before)
  checkGatesUpdate(check, spec, before)
  if (isSame(spec, before)) return
  const isGated = objects(before, 'schedulingGates').length > 0
  if (isGated) checkGatedUpdate(check, spec, before)
  if (!isSame(withoutMutable(spec, before, isGated), before)) forbidden(check, SPEC, IMMUTABLE_SPEC)
}

/** The server prints the difference of the Go structs behind this. */
const IMMUTABLE_SPEC =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)'

/** False where the server stops. */
function checkDeadlineUpdate(check: Check, spec: Obj, before: Obj): boolean {
  const field = child(SPEC, 'activeDeadlineSeconds')
  const deadline = toNumber(spec, 'activeDeadlineSeconds')
  const known = toNumber(before, 'activeDeadlineSeconds')
  if (deadline === undefined) {
    if (known !== undefined)
      invalid(check, field, null, 'must not update from a positive integer to nil value')
    return true
  }
  if (deadline < 0 || deadline > 2147483647) {
    invalid(check, field, deadline, 'must be between 0 and 2147483647, inclusive')
    return false
  }
  if (known === undefined || known >= deadline) return true
  invalid(check, field, deadline, 'must be less than or equal to previous value')
  return false
}

/** `validateOnlyAddedTolerations`. */
function checkTolerationsUpdate(check: Check, spec: Obj, before: Obj): void {
  const field = child(SPEC, 'tolerations')
  const tolerations = objects(spec, 'tolerations')
  const isKept = (old: Obj): boolean =>
    tolerations.some(it => isSame({ ...old, tolerationSeconds: it.tolerationSeconds }, it))
  if (objects(before, 'tolerations').every(isKept)) checkTolerations(check, tolerations, field)
  else forbidden(check, field, 'existing toleration can not be modified except its tolerationSeconds')
}

/** `validateOnlyDeletedSchedulingGates`. */
function checkGatesUpdate(check: Check, spec: Obj, before: Obj): void {
  const known = new Set(objects(before, 'schedulingGates').map(it => text(it, 'name')))
  const added = new Map<string, number>()
  for (const [at, gate] of objects(spec, 'schedulingGates').entries())
    if (!known.has(text(gate, 'name'))) added.set(text(gate, 'name'), at)
  for (const [name, at] of added)
    forbidden(
      check,
      child(index(child(SPEC, 'schedulingGates'), at), 'name'),
      `only deletion is allowed, but found new scheduling gate '${name}'`,
    )
}

/** A Pod that waits at gates may still be told more about where it runs, never something else. */
function checkGatedUpdate(check: Check, spec: Obj, before: Obj): void {
  const selector = object(spec, 'nodeSelector')
  const known = object(before, 'nodeSelector')
  if (Object.keys(known).some(it => lookup(selector, it) !== lookup(known, it)))
    invalid(
      check,
      child(SPEC, 'nodeSelector'),
      toTextMap(spec, 'nodeSelector') ?? null,
      'only additions to spec.nodeSelector are allowed (no mutations or deletions)',
    )
  const field = descend(SPEC, 'affinity', 'nodeAffinity', REQUIRED, 'nodeSelectorTerms')
  checkTermsUpdate(check, spec, termsOf(before), field)
}

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution'

const requiredOf = (spec: Obj): Obj => object(object(object(spec, 'affinity'), 'nodeAffinity'), REQUIRED)

const termsOf = (spec: Obj): readonly Obj[] => objects(requiredOf(spec), 'nodeSelectorTerms')

/** `validateNodeAffinityMutation`. */
function checkTermsUpdate(check: Check, spec: Obj, before: readonly Obj[], field: Field): void {
  if (before.length === 0) return
  const terms = termsOf(spec)
  if (terms.length !== before.length) {
    const shown = asStruct('[]NodeSelectorTerm', requiredOf(spec).nodeSelectorTerms)
    invalid(check, field, shown, 'no additions/deletions to non-empty NodeSelectorTerms list are allowed')
    return
  }
  for (const [at, term] of terms.entries())
    if (!hasOnlyAdditions(term, before[at]!))
      invalid(
        check,
        index(field, at),
        asStruct('NodeSelectorTerm', term),
        'only additions are allowed (no mutations or deletions)',
      )
}

/** `validateNodeSelectorTermHasOnlyAdditions`. */
function hasOnlyAdditions(term: Obj, before: Obj): boolean {
  const lists = ['matchExpressions', 'matchFields']
  const isEmpty = (it: Obj): boolean => lists.every(name => objects(it, name).length === 0)
  if (isEmpty(before)) return isEmpty(term)
  return lists.every(name => {
    const known = objects(before, name)
    return isSame(objects(term, name).slice(0, known.length), known)
  })
}

/** The new spec with all that may change as it was. */
function withoutMutable(spec: Obj, before: Obj, isGated: boolean): Obj {
  const withImages = (name: string): readonly Obj[] =>
    objects(spec, name).map((it, at) => ({ ...it, image: objects(before, name)[at]!.image }))
  const kept: Record<string, unknown> = {
    ...spec,
    containers: withImages('containers'),
    initContainers: withImages('initContainers'),
  }
  for (const name of ['activeDeadlineSeconds', 'schedulingGates', 'tolerations']) kept[name] = before[name]
  const grace = 'terminationGracePeriodSeconds'
  if (number(before, grace) < 0 && number(spec, grace) === 1) kept[grace] = before[grace]
  if (!isGated) return kept
  kept.nodeSelector = before.nodeSelector
  kept.affinity = withNodeAffinity(spec.affinity, before.affinity)
  return kept
}

function withNodeAffinity(affinity: unknown, before: unknown): unknown {
  const known = isObj(before) ? before.nodeAffinity : undefined
  if (!isObj(affinity)) return isSet({ known }, 'known') ? { nodeAffinity: known } : affinity
  if (!isObj(before) && !isSet(affinity, 'podAffinity') && !isSet(affinity, 'podAntiAffinity')) return before
  return { ...affinity, nodeAffinity: known }
}
