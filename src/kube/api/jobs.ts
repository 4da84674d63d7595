/** Jobs (`pkg/apis/batch/validation`). */
import { matchesSelector, toLabelSelector } from '../values/label-selector.ts'
import { checkDns1123Label, checkDns1123Subdomain, checkHttpPath, countBytes } from '../values/names.ts'
import {
  type Check,
  child,
  descend,
  type Field,
  invalid,
  invalids,
  key,
  notSupported,
  ROOT,
  required,
  tooLong,
} from './field.ts'
import { checkLabelSelector, checkNotNegative, checkOptionalEnum } from './field-checks.ts'
import { checkJobPolicies } from './job-policies.ts'
import { checkJobUpdate } from './job-update.ts'
import { checkObjectMetadata, finalName } from './metadata.ts'
import { has, isObj, isTrue, lookup, type Obj, object, text, toNumber, toText } from './object.ts'
import { checkPodTemplate } from './pod.ts'
import { warnPod } from './pod-warnings.ts'
import { withTemplateLabels } from './template-labels.ts'
import { refuseMismatch, selectsTemplate, shownSelector } from './workload-rules.ts'
import { isNew, SUBDOMAIN_METADATA, warnAboutPodNames } from './workloads.ts'

const SPEC = child(ROOT, 'spec')
/** What stands for the UID that the server makes up, in messages as `<uid>`. */
const NEW_UID = '00000000-0000-0000-0000-000000000000'
const PREFIX = 'batch.kubernetes.io/'
const PREFIXED = [`${PREFIX}controller-uid`, `${PREFIX}job-name`]

/** `ValidateJob`, and for updates `ValidateJobUpdate` behind it. */
export function checkJob(check: Check, of: Obj, old: Obj | undefined): void {
  const before = check.causes.length
  checkGenerated(check, old ? of : withGeneratedSelector(of), old)
  for (let at = before; at < check.causes.length; at++) {
    const cause = check.causes[at]!
    check.causes[at] = { ...cause, message: cause.message.replaceAll(NEW_UID, '<uid>') }
  }
}

function checkGenerated(check: Check, job: Obj, old: Obj | undefined): void {
  checkObjectMetadata(check, job, undefined, SUBDOMAIN_METADATA)
  checkGeneratedLabels(check, job, old)
  const spec = withCounts(object(job, 'spec'))
  checkSpecAndSelector(check, spec)
  checkIndexedName(check, job, spec)
  if (!old) return
  checkObjectMetadata(check, job, old, SUBDOMAIN_METADATA)
  checkSpecAndSelector(check, spec)
  checkJobUpdate(check, spec, object(old, 'spec'))
}

/** `generateSelector`: what the server adds to a new Job unless `manualSelector` is set. */
export function withGeneratedSelector(job: Obj): Obj {
  const spec = object(job, 'spec')
  if (isTrue(spec, 'manualSelector')) return withTemplateLabels(job, object(spec, 'template'))
  const name = finalName(object(job, 'metadata'))
  const template = object(spec, 'template')
  const metadata = object(template, 'metadata')
  const labels = {
    'job-name': name,
    [`${PREFIX}job-name`]: name,
    'controller-uid': NEW_UID,
    [`${PREFIX}controller-uid`]: NEW_UID,
    ...object(metadata, 'labels'),
  }
  const selector = object(spec, 'selector')
  const matchLabels = { [`${PREFIX}controller-uid`]: NEW_UID, ...object(selector, 'matchLabels') }
  // A job without labels has those of its template, which are then the same map.
  const jobMetadata = object(job, 'metadata')
  const shares = isObj(metadata.labels) && Object.keys(object(jobMetadata, 'labels')).length === 0
  return {
    ...job,
    metadata: shares ? { ...jobMetadata, labels } : jobMetadata,
    spec: {
      ...spec,
      selector: { ...selector, matchLabels },
      template: { ...template, metadata: { ...metadata, labels } },
    },
  }
}

/** `validateGeneratedSelector`. */
function checkGeneratedLabels(check: Check, job: Obj, old: Obj | undefined): void {
  const spec = object(job, 'spec')
  if (isTrue(spec, 'manualSelector') || !isObj(spec.selector)) return
  const name = finalName(object(job, 'metadata'))
  const labels = object(object(object(spec, 'template'), 'metadata'), 'labels')
  const before = old && object(object(object(object(old, 'spec'), 'template'), 'metadata'), 'labels')
  // Jobs from before the labels had prefixes are left alone.
  const isPrefixed = !before || PREFIXED.every(it => has(before, it))
  const expected = new Map([
    ['controller-uid', NEW_UID],
    ['job-name', name],
  ])
  if (isPrefixed) {
    expected.set(`${PREFIX}controller-uid`, NEW_UID)
    expected.set(`${PREFIX}job-name`, name)
  }
  for (const [label, value] of expected) {
    if (lookup(labels, label) === value) continue
    const place = key(descend(SPEC, 'template', 'metadata', 'labels'), label)
    if (has(labels, label)) invalid(check, place, labels, `must be '${value}'`)
    else required(check, place, `must be '${value}'`)
  }
  const selector = toLabelSelector(spec.selector)
  if (selector && isWellFormed(spec) && !matchesSelector(selector, expected))
    invalid(check, child(SPEC, 'selector'), shownSelector(spec), '`selector` not auto-generated')
}

/** `LabelSelectorAsSelector` also wants valid keys and values. */
function isWellFormed(spec: Obj): boolean {
  const probe: Check = { minor: 36, causes: [], warnings: [], cluster: {} }
  checkLabelSelector(probe, spec.selector, SPEC)
  return probe.causes.length === 0
}

/** `ValidateJobSpec`. */
function checkSpecAndSelector(check: Check, spec: Obj): void {
  checkJobSpec(check, spec, SPEC)
  if (!isObj(spec.selector)) required(check, child(SPEC, 'selector'))
  else checkLabelSelector(check, spec.selector, child(SPEC, 'selector'))
  if (isWellFormed(spec) && !selectsTemplate(spec, object(spec, 'template')))
    refuseMismatch(check, object(spec, 'template'), child(SPEC, 'template'))
}

/** Pods of indexed jobs are named after the job, the last of them has the longest name. */
function checkIndexedName(check: Check, job: Obj, spec: Obj): void {
  const completions = toNumber(spec, 'completions')
  if (text(spec, 'completionMode') !== 'Indexed' || completions === undefined || completions <= 0) return
  const name = finalName(object(job, 'metadata'))
  const longest = `${name}-${completions - 1}`
  if (checkDns1123Label(longest).length > 0)
    invalid(
      check,
      descend(ROOT, 'metadata', 'name'),
      name,
      `will not able to create pod with invalid DNS label: ${longest}`,
    )
}

/** Both counts of a Job are 1 when neither is set; those in templates of cron jobs have no defaults yet. */
function withCounts(spec: Obj): Obj {
  const isUnset = toNumber(spec, 'completions') === undefined && toNumber(spec, 'parallelism') === undefined
  return isUnset ? { ...spec, completions: 1, parallelism: 1 } : spec
}

const NUMBERS = [
  'parallelism',
  'completions',
  'activeDeadlineSeconds',
  'backoffLimit',
  'ttlSecondsAfterFinished',
  'backoffLimitPerIndex',
  'maxFailedIndexes',
]

/** `validateJobSpec`. */
export function checkJobSpec(check: Check, spec: Obj, field: Field): void {
  for (const name of NUMBERS) checkNotNegative(check, spec, field, name)
  const failedIndexes = toNumber(spec, 'maxFailedIndexes')
  const limitPerIndex = toNumber(spec, 'backoffLimitPerIndex')
  if (failedIndexes !== undefined && limitPerIndex === undefined)
    required(check, child(field, 'backoffLimitPerIndex'), 'when maxFailedIndexes is specified')
  if (check.minor >= 32) checkManagedBy(check, spec, child(field, 'managedBy'))
  const mode = toText(spec, 'completionMode') ?? 'NonIndexed'
  checkOptionalEnum(check, spec, { field, name: 'completionMode' }, ['NonIndexed', 'Indexed'])
  if (mode === 'Indexed') checkIndexed(check, spec, field)
  if (mode === 'NonIndexed')
    for (const name of ['backoffLimitPerIndex', 'maxFailedIndexes']) {
      const value = toNumber(spec, name)
      if (value !== undefined) invalid(check, child(field, name), value, 'requires indexed completion mode')
    }
  checkJobPolicies(check, spec, field)
  checkPodTemplate(check, object(spec, 'template'), child(field, 'template'))
  checkRestartPolicy(check, spec, descend(field, 'template', 'spec', 'restartPolicy'))
}

/** `IsDomainPrefixedPath`, at most 63 bytes. */
function checkManagedBy(check: Check, spec: Obj, field: Field): void {
  const name = toText(spec, 'managedBy')
  if (name === undefined) return
  checkDomainPrefixedPath(check, name, field)
  if (countBytes(name) > 63) tooLong(check, field, 63)
}

export function checkDomainPrefixedPath(check: Check, path: string, field: Field): void {
  if (path === '') {
    required(check, field)
    return
  }
  const slash = path.indexOf('/')
  const host = path.slice(0, Math.max(slash, 0))
  const rest = path.slice(slash + 1)
  if (host === '' || rest === '') {
    invalid(check, field, path, 'must be a domain-prefixed path (such as "acme.io/foo")')
    return
  }
  invalids(check, field, host, checkDns1123Subdomain(host))
  invalids(check, field, rest, checkHttpPath(rest))
}

function checkIndexed(check: Check, spec: Obj, field: Field): void {
  const completions = toNumber(spec, 'completions')
  const parallelism = toNumber(spec, 'parallelism') ?? 1
  const failed = toNumber(spec, 'maxFailedIndexes')
  const failedField = child(field, 'maxFailedIndexes')
  if (completions === undefined)
    required(check, child(field, 'completions'), 'when completion mode is Indexed')
  if (parallelism > 100000)
    invalid(
      check,
      child(field, 'parallelism'),
      parallelism,
      'must be less than or equal to 100000 when completion mode is Indexed',
    )
  if (completions !== undefined && failed !== undefined && failed > completions)
    invalid(check, failedField, failed, 'must be less than or equal to completions')
  if (failed !== undefined && failed > 100000)
    invalid(check, failedField, failed, 'must be less than or equal to 100000')
  if (completions === undefined || completions <= 100000) return
  if (toNumber(spec, 'backoffLimitPerIndex') === undefined) return
  const limit =
    'must be less than or equal to 10000 when completions are above 100000 and used with backoff limit per index'
  if (failed === undefined) required(check, failedField, 'must be specified when completions is above 100000')
  if (parallelism > 10000) invalid(check, child(field, 'parallelism'), parallelism, limit)
  if (failed !== undefined && failed > 10000) invalid(check, failedField, failed, limit)
}

function checkRestartPolicy(check: Check, spec: Obj, field: Field): void {
  const policy = text(object(object(spec, 'template'), 'spec'), 'restartPolicy') || 'Always'
  if (policy === 'Always') required(check, field, 'valid values: "OnFailure", "Never"')
  else if (policy !== 'OnFailure' && policy !== 'Never')
    notSupported(check, field, policy, ['OnFailure', 'Never'])
  else if (isObj(spec.podFailurePolicy) && policy !== 'Never')
    invalid(check, field, policy, 'only "Never" is supported when podFailurePolicy is specified')
}

export function warnAboutJob(check: Check, of: Obj, old: Obj | undefined): void {
  if (!old) warnAboutPodNames(check, of)
  if (isNew(of.spec, old?.spec)) warnAboutJobSpec(check, withCounts(object(of, 'spec')), SPEC)
}

/** `WarningsForJobSpec`. */
export function warnAboutJobSpec(check: Check, spec: Obj, field: Field): void {
  const isHuge =
    text(spec, 'completionMode') === 'Indexed' &&
    (toNumber(spec, 'completions') ?? 0) > 100000 &&
    (toNumber(spec, 'parallelism') ?? 1) > 10000
  if (isHuge)
    check.warnings.push(
      `${field === SPEC ? 'spec' : 'spec.jobTemplate.spec'}: In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail`,
    )
  warnPod(check, object(spec, 'template'), child(field, 'template'), 'template')
}
