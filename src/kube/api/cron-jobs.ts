/** Cron jobs (`pkg/apis/batch/validation`). */
import { parseSchedule } from '../values/cron.ts'
import { countBytes } from '../values/names.ts'
import { type Check, child, descend, type Field, invalid, notSupported, ROOT, required } from './field.ts'
import { checkEnum, checkNotNegative } from './field-checks.ts'
import { checkJobSpec, warnAboutJobSpec } from './jobs.ts'
import { checkObjectMetadata, finalName } from './metadata.ts'
import { isObj, isTrue, type Obj, object, text, toText } from './object.ts'
import { isSame } from './semantic-equal.ts'
import { shownSelector } from './workload-rules.ts'
import { isNew, SUBDOMAIN_METADATA, warnAboutPodNames } from './workloads.ts'

const SPEC = child(ROOT, 'spec')

/** `ValidateCronJobCreate`, `ValidateCronJobUpdate`. */
export function checkCronJob(check: Check, of: Obj, old: Obj | undefined): void {
  checkObjectMetadata(check, of, old, SUBDOMAIN_METADATA)
  const spec = object(of, 'spec')
  const before = old && object(old, 'spec')
  const schedule = text(spec, 'schedule')
  if (schedule === '') required(check, child(SPEC, 'schedule'))
  else checkSchedule(check, schedule, { spec, before })
  checkNotNegative(check, spec, SPEC, 'startingDeadlineSeconds')
  if (!before || !isSame(spec.timeZone, before.timeZone)) checkTimeZone(check, spec)
  checkEnum(check, spec, { field: SPEC, name: 'concurrencyPolicy' }, ['Allow', 'Forbid', 'Replace'])
  checkJobTemplate(check, object(spec, 'jobTemplate'), child(SPEC, 'jobTemplate'))
  checkNotNegative(check, spec, SPEC, 'successfulJobsHistoryLimit')
  checkNotNegative(check, spec, SPEC, 'failedJobsHistoryLimit')
  const name = finalName(object(of, 'metadata'))
  if (!old && countBytes(name) > 52)
    invalid(check, descend(ROOT, 'metadata', 'name'), name, 'must be no more than 52 characters')
}

/** `validateScheduleFormat`. */
function checkSchedule(
  check: Check,
  schedule: string,
  { spec, before }: { readonly spec: Obj; readonly before: Obj | undefined },
): void {
  const field = child(SPEC, 'schedule')
  const parsed = parseZoned(schedule)
  if (parsed !== undefined) invalid(check, field, schedule, parsed)
  if (!schedule.includes('TZ')) return
  const hadZone = before !== undefined && text(before, 'schedule').includes('TZ')
  if (!hadZone)
    invalid(check, field, schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead')
  else if (toText(spec, 'timeZone') !== undefined)
    invalid(check, field, schedule, 'cannot use both timeZone field and TZ or CRON_TZ in schedule')
}

/** What is wrong with a schedule that may begin with a time zone. */
function parseZoned(schedule: string): string | undefined {
  const zone = /^(?:CRON_)?TZ=([^ ]*)( [\s\S]*)?$/.exec(schedule)
  if (zone && zone[2] === undefined)
    // The parser panics; the server recovers and says so.
    return 'invalid schedule format'
  if (zone && !isTimeZone(zone[1]!)) return `provided bad location ${zone[1]}: unknown time zone ${zone[1]}`
  const parsed = parseSchedule(zone ? zone[2]!.trim() : schedule)
  return typeof parsed === 'string' ? parsed : undefined
}

/** `validateTimeZone`. */
function checkTimeZone(check: Check, spec: Obj): void {
  const zone = toText(spec, 'timeZone')
  if (zone === undefined) return
  const field = child(SPEC, 'timeZone')
  if (zone === '') {
    invalid(check, field, zone, 'timeZone must be nil or non-empty string')
    return
  }
  for (const part of zone.split('/'))
    if (part === '.' || part === '..' || !/^(?!-)[A-Za-z.\-_0-9+]{1,14}$/.test(part)) {
      invalid(check, field, zone, `unknown time zone ${zone}`)
      return
    }
  if (zone.toLowerCase() === 'local')
    invalid(
      check,
      field,
      zone,
      'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones',
    )
  if (zone !== 'Local' && !isTimeZone(zone)) invalid(check, field, zone, `unknown time zone ${zone}`)
}

/** Zones that have been looked up; there are no more than a few hundred names. */
const knownZones = new Set(['UTC', '', 'Local'])

/** `time.LoadLocation` succeeds. Names are those of files, so that their case matters. */
function isTimeZone(zone: string): boolean {
  if (knownZones.has(zone)) return true
  if (!/^[A-Z]/.test(zone) || /(?:^|\/)[a-z]/.test(zone.replace(/^posix\/|^right\//, ''))) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
  } catch {
    return false
  }
  knownZones.add(zone)
  return true
}

/** `ValidateJobTemplateSpec`: metadata of the template is not looked at. */
function checkJobTemplate(check: Check, template: Obj, field: Field): void {
  const spec = object(template, 'spec')
  checkJobSpec(check, spec, child(field, 'spec'))
  if (isObj(spec.selector))
    invalid(
      check,
      descend(field, 'spec', 'selector'),
      shownSelector(spec),
      '`selector` will be auto-generated',
    )
  if (isTrue(spec, 'manualSelector'))
    notSupported(check, descend(field, 'spec', 'manualSelector'), true, ['nil', 'false'])
}

export function warnAboutCronJob(check: Check, of: Obj, old: Obj | undefined): void {
  if (!old) warnAboutPodNames(check, of)
  const spec = object(of, 'spec')
  if (isNew(of.spec, old?.spec))
    warnAboutJobSpec(check, object(object(spec, 'jobTemplate'), 'spec'), descend(SPEC, 'jobTemplate', 'spec'))
  if (old && text(spec, 'schedule').includes('TZ'))
    check.warnings.push(
      'cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details',
    )
}
