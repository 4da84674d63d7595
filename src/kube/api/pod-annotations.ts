/** Annotations of pods that the server reads (`ValidatePodSpecificAnnotations`), and fields that must agree with them. */
import { toInt64 } from '../values/label-selector.ts'
import { checkTolerations } from './affinity.ts'
import { type Check, child, descend, type Field, forbidden, invalid, key } from './field.ts'
import { parseGoJson } from './go-json.ts'
import { isObj, lookup, type Obj, object, objects, text, toObject, toText } from './object.ts'
import { forEachContainer, type PodRun } from './pod-run.ts'
import { checkSeccompAnnotations } from './security-context.ts'

const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost'
const MIRROR = 'kubernetes.io/config.mirror'
export const APPARMOR_PREFIX = 'container.apparmor.security.beta.kubernetes.io/'
export const SECCOMP_POD = 'seccomp.security.alpha.kubernetes.io/pod'
export const SECCOMP_PREFIX = 'container.seccomp.security.alpha.kubernetes.io/'

export function checkPodAnnotations(run: PodRun, field: Field): void {
  const annotations = run.metadata.annotations
  if (!isObj(annotations)) return
  const { check, spec } = run
  const mirror = lookup(annotations, MIRROR)
  if (mirror !== undefined && text(spec, 'nodeName') === '')
    invalid(check, key(field, MIRROR), mirror, 'must set spec.nodeName if mirror pod annotation is set')
  const cost = lookup(annotations, DELETION_COST)
  if (cost !== undefined && !isInt32(cost))
    invalid(check, key(field, DELETION_COST), cost, 'must be a 32bit integer')
  checkTolerationsAnnotation(check, annotations, field)
  checkSeccompAnnotations(check, annotations, field)
  checkAppArmorAnnotations(run, annotations, field)
}

const TOLERATIONS = 'scheduler.alpha.kubernetes.io/tolerations'

/** `ValidateTolerationsInPodAnnotations`. */
function checkTolerationsAnnotation(check: Check, annotations: Obj, field: Field): void {
  const written = text(annotations, TOLERATIONS)
  if (written === '') return
  const parsed = parseGoJson(written)
  if (typeof parsed === 'string') invalid(check, field, TOLERATIONS, parsed)
  else checkTolerations(check, objects({ parsed: parsed.value }, 'parsed'), child(field, TOLERATIONS))
}

/** `GetDeletionCostFromPodAnnotations`: no plus sign, no leading zero. */
function isInt32(value: string): boolean {
  if (!/^(?:-|0$|[1-9])/.test(value)) return false
  const parsed = toInt64(value)
  return parsed !== undefined && BigInt.asIntN(32, parsed) === parsed
}

/** `ValidateAppArmorPodAnnotations`. */
function checkAppArmorAnnotations({ check, spec }: PodRun, annotations: Obj, field: Field): void {
  for (const name in annotations) {
    if (!name.startsWith(APPARMOR_PREFIX)) continue
    const container = name.slice(APPARMOR_PREFIX.length)
    let isKnown = false
    forEachContainer(spec, field, it => {
      if (text(it, 'name') === container) isKnown = true
    })
    if (!isKnown) invalid(check, key(field, name), container, 'container not found')
    const profile = text(annotations, name)
    if (!['', 'runtime/default', 'unconfined'].includes(profile) && !profile.startsWith('localhost/'))
      invalid(check, key(field, name), profile, `invalid AppArmor profile name: ${JSON.stringify(profile)}`)
  }
}

interface Agreement {
  readonly words: 'seccomp' | 'apparmor'
  readonly defaults: readonly string[]
}
const SECCOMP: Agreement = { words: 'seccomp', defaults: ['runtime/default', 'docker/default'] }
const APPARMOR: Agreement = { words: 'apparmor', defaults: ['runtime/default'] }

/** A profile in a field and the annotation for the same thing (`validateSeccompAnnotationsAndFieldsMatch`). */
function checkAgreement(
  check: Check,
  profile: Obj,
  annotation: string,
  { field, agreement }: { readonly field: Field; readonly agreement: Agreement },
): void {
  const { words, defaults } = agreement
  const local = annotation.startsWith('localhost/') ? annotation.slice('localhost/'.length) : undefined
  const refuseType = (): void =>
    forbidden(check, child(field, 'type'), `${words} type in annotation and field must match`)
  const type = text(profile, 'type')
  if (type === 'Unconfined') {
    if (annotation !== 'unconfined') refuseType()
  } else if (type === 'RuntimeDefault') {
    if (!defaults.includes(annotation)) refuseType()
  } else if (type === 'Localhost') {
    if (local === undefined) refuseType()
    else if (toText(profile, 'localhostProfile') !== local)
      forbidden(
        check,
        child(field, 'localhostProfile'),
        `${words} profile in annotation and field must match`,
      )
  }
}

/** `validateSeccompAnnotationsAndFields`, for Pods alone. */
export function checkSeccompAgreement({ check, spec, metadata }: PodRun, field: Field): void {
  const annotations = object(metadata, 'annotations')
  const profileOf = (owner: Obj): Obj | undefined =>
    toObject(object(owner, 'securityContext'), 'seccompProfile')
  const compare = (owner: Obj, place: Field, name: string): void => {
    const profile = profileOf(owner)
    const annotation = lookup(annotations, name)
    if (profile && annotation !== undefined)
      checkAgreement(check, profile, annotation, {
        field: descend(place, 'securityContext', 'seccompProfile'),
        agreement: SECCOMP,
      })
  }
  compare(spec, field, SECCOMP_POD)
  forEachContainer(spec, field, (container, place) =>
    compare(container, place, SECCOMP_PREFIX + text(container, 'name')),
  )
}

/** `validateAppArmorAnnotationsAndFieldsMatchOnCreate`: a container without profile has that of its pod. */
export function checkAppArmorAgreement({ check, spec, metadata }: PodRun, field: Field): void {
  if (text(object(spec, 'os'), 'name') === 'windows') return
  const annotations = object(metadata, 'annotations')
  const ofPod = toObject(object(spec, 'securityContext'), 'appArmorProfile')
  forEachContainer(spec, field, (container, place) => {
    const profile = toObject(object(container, 'securityContext'), 'appArmorProfile') ?? ofPod
    const annotation = lookup(annotations, APPARMOR_PREFIX + text(container, 'name'))
    if (profile && annotation !== undefined)
      checkAgreement(check, profile, annotation, {
        field: descend(place, 'securityContext', 'appArmorProfile'),
        agreement: APPARMOR,
      })
  })
}
