/** Stateful sets: their claim templates count as volumes of the pods (`ValidateStatefulSet`). */
import { checkDns1123Label } from '../values/names.ts'
import { checkClaimSpec } from './claim-spec.ts'
import {
  type Cause,
  type Check,
  child,
  descend,
  type Field,
  forbidden,
  hidden,
  index,
  invalid,
  invalids,
  notSupported,
  ROOT,
  renamed,
  required,
} from './field.ts'
import { checkLabels, checkNotNegative, NOT_NEGATIVE } from './field-checks.ts'
import { asStruct } from './go-struct.ts'
import { checkAnnotations, checkObjectMetadata, type MetadataRules } from './metadata.ts'
import { isObj, number, type Obj, object, objects, text, toNumber } from './object.ts'
import { checkTemplate } from './pod.ts'
import { checkPodAnnotations } from './pod-annotations.ts'
import { buildPodRun } from './pod-run.ts'
import { warnPod } from './pod-warnings.ts'
import { isSame } from './semantic-equal.ts'
import { warnAboutClaimSpec } from './volume-warnings.ts'
import {
  checkForever,
  checkSelector,
  refuseMismatch,
  selectsTemplate,
  shownSelector,
} from './workload-rules.ts'
import { isNew } from './workloads.ts'

const METADATA: MetadataRules = {
  namespaced: true,
  checkName: checkDns1123Label,
  finalizers: 'core',
  generation: 'reset',
}
const SPEC = child(ROOT, 'spec')
const TEMPLATE = child(SPEC, 'template')

export function checkStatefulSet(check: Check, of: Obj, old: Obj | undefined): void {
  checkObjectMetadata(check, of, old, METADATA)
  const spec = object(of, 'spec')
  checkPolicies(check, spec)
  if (!old && check.minor >= 34)
    for (const [at, claim] of objects(spec, 'volumeClaimTemplates').entries())
      checkClaimSpec(
        check,
        object(claim, 'spec'),
        child(index(child(SPEC, 'volumeClaimTemplates'), at), 'spec'),
        'template',
      )
  checkNotNegative(check, spec, SPEC, 'replicas')
  checkNotNegative(check, spec, SPEC, 'minReadySeconds')
  const start = number(object(spec, 'ordinals'), 'start')
  if (start < 0) invalid(check, child(child(SPEC, 'ordinals'), 'start'), start, NOT_NEGATIVE)
  const service = text(spec, 'serviceName')
  if (!old && service !== '' && check.minor >= 33)
    invalids(check, child(SPEC, 'serviceName'), service, checkDns1123Label(service))
  checkTemplateAndSelector(check, spec)
  if (old) checkUpdate(check, spec, object(old, 'spec'))
}

function checkPolicies(check: Check, spec: Obj): void {
  const management = text(spec, 'podManagementPolicy') || 'OrderedReady'
  if (management !== 'OrderedReady' && management !== 'Parallel')
    invalid(check, child(SPEC, 'podManagementPolicy'), management, "must be 'OrderedReady' or 'Parallel'")
  checkUpdateStrategy(check, object(spec, 'updateStrategy'), child(SPEC, 'updateStrategy'))
  const retention = object(spec, 'persistentVolumeClaimRetentionPolicy')
  for (const name of ['whenDeleted', 'whenScaled']) {
    const policy = text(retention, name) || 'Retain'
    if (policy !== 'Retain' && policy !== 'Delete')
      notSupported(check, descend(SPEC, 'persistentVolumeClaimRetentionPolicy', name), policy, [
        'Retain',
        'Delete',
      ])
  }
}

function checkUpdateStrategy(check: Check, strategy: Obj, field: Field): void {
  const type = text(strategy, 'type') || 'RollingUpdate'
  const rolling = strategy.rollingUpdate
  const place = child(field, 'rollingUpdate')
  // The gate for maxUnavailable is off, so that the field is dropped unseen.
  const kept = isObj(rolling) ? { partition: rolling.partition } : undefined
  if (type === 'OnDelete') {
    if (kept)
      invalid(
        check,
        place,
        asStruct('RollingUpdateStatefulSet', kept),
        "only allowed for updateStrategy 'RollingUpdate'",
      )
  } else if (type === 'RollingUpdate') {
    const partition = toNumber(object(strategy, 'rollingUpdate'), 'partition')
    if (partition !== undefined && partition < 0)
      invalid(check, child(place, 'partition'), partition, NOT_NEGATIVE)
  } else
    invalid(
      check,
      field,
      asStruct('StatefulSetUpdateStrategy', { type, rollingUpdate: kept }),
      "must be 'RollingUpdate' or 'OnDelete'",
    )
}

function checkTemplateAndSelector(check: Check, spec: Obj): void {
  const field = child(SPEC, 'selector')
  const template = object(spec, 'template')
  if (!isObj(spec.selector)) required(check, field)
  const state = checkSelector(check, spec, SPEC)
  if (state === 'everything')
    invalid(check, field, shownSelector(spec), 'empty selector is invalid for statefulset')
  if (state === 'broken') invalid(check, field, shownSelector(spec), '')
  else {
    if (state !== 'everything' && !selectsTemplate(spec, template)) refuseMismatch(check, template, TEMPLATE)
    checkTemplateWithClaims(check, spec, template)
  }
  checkForever(check, template, TEMPLATE, 'StatefulSet')
}

/** `ValidatePodTemplateSpecForStatefulSet`, which since 1.35 looks at all of the template. */
function checkTemplateWithClaims(check: Check, spec: Obj, template: Obj): void {
  const claims = new Map(objects(spec, 'volumeClaimTemplates').map(it => [nameOf(it), it]))
  const podSpec = object(template, 'spec')
  const own = objects(podSpec, 'volumes')
  const kept = own.filter(it => !claims.has(text(it, 'name')))
  const added = [...claims.keys()].map(name => ({ name, persistentVolumeClaim: { claimName: name } }))
  const merged: Obj = {
    ...podSpec,
    hostname: undefined,
    subdomain: undefined,
    volumes: [...added, ...kept],
  }
  const metadata = object(template, 'metadata')
  const run = buildPodRun(check, merged, metadata, 'template')
  const place = hidden(TEMPLATE, 'metadata')
  const before = check.causes.length
  checkTemplate(run, place, TEMPLATE)
  if (isObj(metadata.labels)) checkLabels(check, metadata.labels, child(place, 'labels'))
  if (isObj(metadata.annotations)) {
    checkAnnotations(check, metadata.annotations, child(place, 'annotations'))
    checkPodAnnotations(run, child(place, 'annotations'))
  }
  if (added.length > 0)
    for (let at = before; at < check.causes.length; at++)
      check.causes[at] = relocate(check.causes[at]!, added.length, kept, own)
}

const nameOf = (claim: Obj): string => text(object(claim, 'metadata'), 'name')

/** The server counts the claims among the volumes; in the document they stand elsewhere. */
function relocate(cause: Cause, claims: number, kept: readonly Obj[], own: readonly Obj[]): Cause {
  const { path } = cause
  if (path[3] !== 'volumes' || typeof path[4] !== 'number') return cause
  if (path[4] < claims)
    return { ...cause, path: ['spec', 'volumeClaimTemplates', path[4], 'metadata', 'name'] }
  return { ...cause, path: [...path.slice(0, 4), own.indexOf(kept[path[4] - claims]!), ...path.slice(5)] }
}

const MUTABLE: ReadonlySet<string> = new Set([
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
])

function checkUpdate(check: Check, spec: Obj, old: Obj): void {
  const names = new Set([...Object.keys(spec), ...Object.keys(old)])
  for (const name of names)
    if (!MUTABLE.has(name) && !isSame(spec[name], old[name])) {
      forbidden(
        check,
        SPEC,
        "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
      )
      return
    }
}

export function warnAboutStatefulSet(check: Check, of: Obj, old: Obj | undefined): void {
  const spec = object(of, 'spec')
  if (isNew(spec, old?.spec)) warnPod(check, object(spec, 'template'), TEMPLATE, 'template')
  for (const [at, claim] of objects(spec, 'volumeClaimTemplates').entries()) {
    const place = index(child(SPEC, 'volumeClaimTemplates'), at)
    warnAboutClaimSpec(
      check,
      object(claim, 'spec'),
      old ? renamed(place, 'Spec', 'spec') : hidden(place, 'spec'),
    )
  }
  if (number(spec, 'revisionHistoryLimit') < 0)
    check.warnings.push(
      'spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended',
    )
}
