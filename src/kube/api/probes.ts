/** Probes, lifecycle hooks and the handlers of both. */
import { checkHttpHeaderName, checkPortName, checkPortNumber } from '../values/names.ts'
import { type Check, child, type Field, forbidden, hidden, invalid, invalids, required } from './field.ts'
import { checkEnum, checkNotNegative } from './field-checks.ts'
import { count, intOrString, isObj, number, type Obj, objects, text, toNumber } from './object.ts'
import type { PodRun } from './pod-run.ts'

/** `ValidatePortNumOrName`. */
export function checkPortNumberOrName(check: Check, port: number | string, field: Field): void {
  invalids(check, field, port, typeof port === 'number' ? checkPortNumber(port) : checkPortName(port))
}

const PROBE_NUMBERS = [
  'initialDelaySeconds',
  'timeoutSeconds',
  'periodSeconds',
  'successThreshold',
  'failureThreshold',
]

/** `validateProbe`. */
function checkProbe(run: PodRun, probe: Obj, field: Field): void {
  const { check } = run
  checkHandler(run, probe, field, PROBE_HANDLERS)
  for (const name of PROBE_NUMBERS) checkNotNegative(check, probe, field, name)
  const grace = toNumber(probe, 'terminationGracePeriodSeconds')
  if (grace !== undefined && grace <= 0)
    invalid(check, child(field, 'terminationGracePeriodSeconds'), grace, 'must be greater than 0')
}

/** `validateLivenessProbe`, `validateStartupProbe`. */
export function checkLiveness(run: PodRun, probe: Obj, field: Field): void {
  checkProbe(run, probe, field)
  const successes = number(probe, 'successThreshold') || 1
  if (successes !== 1) invalid(run.check, child(field, 'successThreshold'), successes, 'must be 1')
}

/** `validateReadinessProbe`. */
export function checkReadiness(run: PodRun, probe: Obj, field: Field): void {
  checkProbe(run, probe, field)
  const grace = toNumber(probe, 'terminationGracePeriodSeconds')
  if (grace !== undefined)
    invalid(
      run.check,
      child(field, 'terminationGracePeriodSeconds'),
      grace,
      'must not be set for readinessProbes',
    )
}

/** `validateLifecycle`. */
export function checkLifecycle(run: PodRun, lifecycle: Obj, field: Field): void {
  if (isObj(lifecycle.postStart))
    checkHandler(run, lifecycle.postStart, child(field, 'postStart'), HOOK_HANDLERS)
  if (isObj(lifecycle.preStop)) checkHandler(run, lifecycle.preStop, child(field, 'preStop'), HOOK_HANDLERS)
}

const PROBE_HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'grpc']
const HOOK_HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'sleep']

/** `validateHandler`: exactly one of the kinds. */
function checkHandler(run: PodRun, handler: Obj, field: Field, kinds: readonly string[]): void {
  const { check } = run
  let found = false
  for (const kind of kinds) {
    const action = handler[kind]
    if (!isObj(action)) continue
    const place = child(field, kind)
    if (found) forbidden(check, place, 'may not specify more than 1 handler type')
    else checkAction(run, kind, action, place)
    found = true
  }
  if (!found) required(check, field, 'must specify a handler type')
}

function checkAction(run: PodRun, kind: string, action: Obj, field: Field): void {
  const { check } = run
  switch (kind) {
    case 'exec':
      if (count(action, 'command') === 0) required(check, child(field, 'command'))
      return
    case 'httpGet': {
      checkHttpGet(check, action, field)
      return
    }
    case 'sleep': {
      checkSleep(run, action, field)
      return
    }
    case 'grpc': {
      invalids(check, child(field, 'port'), number(action, 'port'), checkPortNumber(number(action, 'port')))
      return
    }
    default:
      checkPortNumberOrName(check, intOrString(action, 'port'), child(field, 'port'))
  }
}

function checkHttpGet(check: Check, action: Obj, field: Field): void {
  checkPortNumberOrName(check, intOrString(action, 'port'), child(field, 'port'))
  checkEnum(check, action, { field, name: 'scheme' }, ['HTTP', 'HTTPS'])
  const headers = objects(action, 'httpHeaders')
  for (let at = 0; at < headers.length; at++) {
    const name = text(headers[at]!, 'name')
    invalids(check, hidden(child(field, 'httpHeaders'), at), name, checkHttpHeaderName(name))
  }
}

/** `validateSleepAction`. */
function checkSleep({ check, gracePeriod }: PodRun, action: Obj, field: Field): void {
  const seconds = number(action, 'seconds')
  if (seconds > 0 && seconds <= gracePeriod) return
  if (check.minor >= 33) {
    if (seconds === 0 && gracePeriod >= 0) return
    invalid(
      check,
      field,
      seconds,
      `must be non-negative and less than terminationGracePeriodSeconds (${gracePeriod})`,
    )
  } else
    invalid(
      check,
      field,
      seconds,
      `must be greater than 0 and less than terminationGracePeriodSeconds (${gracePeriod}). Enable AllowPodLifecycleSleepActionZeroValue feature gate for zero sleep.`,
    )
}
