/** Pods and pod templates (`ValidatePodCreate`, `ValidatePodTemplateSpec`). */
import { checkDns1123Label, checkDns1123Subdomain } from '../values/names.ts'
import { checkImageText } from './containers.ts'
import { type Check, child, type Field, forbidden, index, ROOT } from './field.ts'
import { checkLabels } from './field-checks.ts'
import {
  checkAnnotations,
  checkMetadata,
  checkMetadataUpdate,
  finalName,
  type MetadataRules,
} from './metadata.ts'
import { isObj, type Obj, object, objects, text } from './object.ts'
import { checkAppArmorAgreement, checkPodAnnotations, checkSeccompAgreement } from './pod-annotations.ts'
import { buildPodRun, type PodRun } from './pod-run.ts'
import { checkPodSpec } from './pod-spec.ts'
import { checkPodAnnotationUpdate, checkPodUpdate } from './pod-update.ts'
import { warnAboutAppArmor, warnPod } from './pod-warnings.ts'

const POD_METADATA: MetadataRules = {
  namespaced: true,
  checkName: checkDns1123Subdomain,
  finalizers: 'core',
  generation: 'reset',
}

/** `ValidatePodCreate`, `ValidatePodUpdate`. */
export function checkPod(check: Check, pod: Obj, old: Obj | undefined): void {
  if (old) {
    checkMetadataUpdate(check, pod, old, POD_METADATA)
    checkPodContent(check, pod)
    checkPodAnnotationUpdate(check, pod, old)
    checkPodUpdate(check, pod, old)
    return
  }
  if (isObj(object(pod, 'metadata').annotations)) warnAboutAppArmor(check, pod)
  const run = checkPodContent(check, pod)
  const { spec } = run
  const field = child(ROOT, 'spec')
  if (objects(spec, 'ephemeralContainers').length > 0)
    forbidden(check, child(field, 'ephemeralContainers'), 'cannot be set on create')
  if (text(spec, 'nodeName') !== '' && objects(spec, 'schedulingGates').length > 0)
    forbidden(check, child(field, 'nodeName'), 'cannot be set until all schedulingGates have been cleared')
  if (isObj(run.metadata.annotations)) {
    checkSeccompAgreement(run, field)
    checkAppArmorAgreement(run, field)
  }
}

/** `validatePodMetadataAndSpec`. The ServiceAccount plugin has filled in the account's name. */
function checkPodContent(check: Check, pod: Obj): PodRun {
  const metadata = object(pod, 'metadata')
  const run = buildPodRun(check, object(pod, 'spec'), metadata, 'pod')
  const metadataField = child(ROOT, 'metadata')
  checkMetadata(check, metadata, metadataField, POD_METADATA)
  checkPodAnnotations(run, child(metadataField, 'annotations'))
  const field = child(ROOT, 'spec')
  checkPodSpec(run, field)
  for (const name of ['containers', 'initContainers'])
    for (const [at, container] of objects(run.spec, name).entries())
      checkImageText(check, container, index(child(field, name), at))
  return run
}

/** Updates of pods, which come from machines, are not warned about. */
export function warnAboutPod(check: Check, pod: Obj, old: Obj | undefined): void {
  if (old) return
  const name = finalName(object(pod, 'metadata'))
  const faults = name === '' ? [] : checkDns1123Label(name)
  if (faults.length > 0) check.warnings.push(formatNameWarning("in the Pod's hostname", faults))
  warnPod(check, pod, ROOT, 'pod')
}

export const formatNameWarning = (use: string, faults: readonly string[]): string =>
  `metadata.name: this is used ${use}, which can result in surprising behavior; a DNS label is recommended: [${faults.join(' ')}]`

/** `ValidatePodTemplateSpec`: the server's paths lack `metadata`. */
export function checkPodTemplate(check: Check, template: Obj, field: Field): void {
  const metadata = object(template, 'metadata')
  const place: Field = { parent: field, shown: undefined, bracketed: false, step: 'metadata' }
  const run = buildPodRun(check, object(template, 'spec'), metadata, 'template')
  checkTemplate(run, place, field)
}

/** The same for a template to whose volumes others are added, as stateful sets do. */
export function checkTemplate(run: PodRun, place: Field, field: Field): void {
  const { check, metadata } = run
  if (isObj(metadata.labels)) checkLabels(check, metadata.labels, child(place, 'labels'))
  if (isObj(metadata.annotations)) {
    checkAnnotations(check, metadata.annotations, child(place, 'annotations'))
    checkPodAnnotations(run, child(place, 'annotations'))
  }
  const spec = child(field, 'spec')
  checkPodSpec(run, spec)
  checkSeccompAgreement(run, spec)
  if (objects(run.spec, 'ephemeralContainers').length > 0)
    forbidden(check, child(spec, 'ephemeralContainers'), 'ephemeral containers not allowed in pod template')
}
