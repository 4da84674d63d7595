/** Events of both API groups (`pkg/apis/core/validation/events.go`). */
import { checkDns1123Subdomain, checkQualifiedName, countBytes } from '../values/names.ts'
import { type Check, child, invalid, invalids, ROOT, renamed, required } from './field.ts'
import { IMMUTABLE, lengthUnit } from './field-checks.ts'
import { asStruct } from './go-struct.ts'
import { checkObjectMetadata, checkStoredMetadata, NAMESPACED } from './metadata.ts'
import { isObj, number, type Obj, object, text } from './object.ts'
import { isSame } from './semantic-equal.ts'

/** `ValidateEventCreate`: those of the core group are checked the old way alone. */
export function checkEvent(check: Check, of: Obj, old: Obj | undefined): void {
  const isCore = text(of, 'apiVersion') === 'v1'
  const event = toEvent(of, isCore)
  checkLegacy(check, event)
  if (isCore) {
    checkStoredMetadata(check, of)
    return
  }
  checkObjectMetadata(check, of, old, NAMESPACED)
  const series = of.series
  if (isObj(series) && !(old && isSame(series, old.series))) {
    if (number(series, 'count') < 2)
      invalid(check, child(child(ROOT, 'series'), 'count'), '', 'should be at least 2')
    if (text(series, 'lastObservedTime') === '')
      required(check, child(child(ROOT, 'series'), 'lastObservedTime'))
  }
  if (old) {
    checkEventUpdate(check, of, old)
    return
  }
  if (event.time === '') required(check, child(ROOT, 'eventTime'))
  const type = text(of, 'type')
  if (type !== 'Normal' && type !== 'Warning')
    invalid(check, child(ROOT, 'type'), '', `has invalid value: ${type}`)
  for (const [name, shown] of DEPRECATED) {
    const value = of[name]
    const isUsed = isObj(value)
      ? text(value, 'component') !== '' || text(value, 'host') !== ''
      : value !== undefined && value !== null && value !== 0 && value !== ''
    if (isUsed) invalid(check, renamed(ROOT, shown, name), '', 'needs to be unset')
  }
}

const DEPRECATED = [
  ['deprecatedFirstTimestamp', 'firstTimestamp'],
  ['deprecatedLastTimestamp', 'lastTimestamp'],
  ['deprecatedCount', 'count'],
  ['deprecatedSource', 'source'],
] as const

/** The fields that both versions have, under the names of the internal type. */
interface Event {
  readonly namespace: string
  readonly involved: string
  readonly time: string
  readonly controller: readonly [name: string, value: string]
  readonly instance: string
  readonly action: string
  readonly reason: string
  readonly message: readonly [name: string, value: string]
}

function toEvent(of: Obj, isCore: boolean): Event {
  const controller = isCore ? 'reportingComponent' : 'reportingController'
  const message = isCore ? 'message' : 'note'
  return {
    // Objects without a namespace go to the default one.
    namespace: text(object(of, 'metadata'), 'namespace') || 'default',
    involved: text(object(of, isCore ? 'involvedObject' : 'regarding'), 'namespace'),
    time: text(of, 'eventTime'),
    controller: [controller, text(of, controller)],
    instance: text(of, 'reportingInstance'),
    action: text(of, 'action'),
    reason: text(of, 'reason'),
    message: [message, text(of, message)],
  }
}

/** `legacyValidateEvent`. */
function checkLegacy(check: Check, event: Event): void {
  const { namespace, involved } = event
  const mismatch = (): void =>
    invalid(
      check,
      child(renamed(ROOT, 'involvedObject', 'regarding'), 'namespace'),
      involved,
      'does not match event.namespace',
    )
  if (event.time === '') {
    if (involved === '' ? namespace !== 'default' : involved !== namespace) mismatch()
  } else {
    if (involved === '' && namespace !== 'default' && namespace !== 'kube-system') mismatch()
    checkReporter(check, event)
  }
  invalids(check, renamed(ROOT, 'namespace', 'metadata'), namespace, checkDns1123Subdomain(namespace))
}

function checkReporter(check: Check, event: Event): void {
  const [name, controller] = event.controller
  const place = child(ROOT, name)
  if (controller === '') required(check, place)
  invalids(check, place, controller, checkQualifiedName(controller, lengthUnit(check)))
  const limit = (field: string, value: string, most: number): void => {
    if (countBytes(value) > most)
      invalid(check, child(ROOT, field), '', `can have at most ${most} characters`)
  }
  const need = (field: string, value: string): void => {
    if (value === '') required(check, child(ROOT, field))
    limit(field, value, 128)
  }
  need('reportingInstance', event.instance)
  need('action', event.action)
  need('reason', event.reason)
  if (countBytes(event.message[1]) > 1024)
    invalid(check, renamed(ROOT, 'message', event.message[0]), '', 'can have at most 1024 characters')
}

/** `ValidateEventUpdate`: of an event only its series goes on. */
function checkEventUpdate(check: Check, of: Obj, old: Obj): void {
  for (const [name, shown] of FIXED)
    if (!isSame(withoutEmpty(of[name]), withoutEmpty(old[name])))
      invalid(check, renamed(ROOT, shown, name), toShown(name, of[name]), IMMUTABLE)
}

function toShown(name: string, value: unknown): unknown {
  if (name === 'regarding' || (name === 'related' && isObj(value))) return asStruct('ObjectReference', value)
  if (name === 'deprecatedSource') return asStruct('EventSource', value)
  return value ?? (name === 'eventTime' || name === 'related' ? null : '')
}

/** References and sources are structs, of which an empty one equals none. */
function withoutEmpty(value: unknown): unknown {
  if (!isObj(value)) return value ?? ''
  const entries = Object.entries(value).filter(([, it]) => it !== '' && it !== null)
  return entries.length > 0 ? Object.fromEntries(entries) : ''
}

const FIXED = [
  ['regarding', 'involvedObject'],
  ['reason', 'reason'],
  ['note', 'message'],
  ['deprecatedSource', 'source'],
  ['deprecatedFirstTimestamp', 'firstTimestamp'],
  ['deprecatedLastTimestamp', 'lastTimestamp'],
  ['deprecatedCount', 'count'],
  ['type', 'type'],
  ['eventTime', 'eventTime'],
  ['action', 'action'],
  ['related', 'related'],
  ['reportingController', 'reportingController'],
  ['reportingInstance', 'reportingInstance'],
] as const
