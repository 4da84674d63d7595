/** What workloads share: selectors against template labels, percentages, restart policies. */
import { toPercent } from '../values/int-or-string.ts'
import { matchesSelector, toLabelSelector, toLabels } from '../values/label-selector.ts'
import { checkPercent } from '../values/names.ts'
import {
  type Check,
  child,
  descend,
  type Field,
  forbidden,
  invalid,
  invalids,
  notSupported,
} from './field.ts'
import { checkLabelSelector, isEmptySelector, NOT_NEGATIVE } from './field-checks.ts'
import { asStruct } from './go-struct.ts'
import { intOrString, isObj, isSet, type Obj, object, text, toTextMap } from './object.ts'

/** What a selector turned out to be: `nothing` when absent, `broken` when some part is refused. */
export type SelectorState = 'nothing' | 'everything' | 'some' | 'broken'

/** Checks a workload's selector and says what came out. */
export function checkSelector(check: Check, spec: Obj, field: Field): SelectorState {
  const selector = spec.selector
  if (!isObj(selector)) return 'nothing'
  const before = check.causes.length
  checkLabelSelector(check, selector, child(field, 'selector'))
  if (check.causes.length > before) return 'broken'
  return isEmptySelector(selector) ? 'everything' : 'some'
}

/** The selector as Go prints it in messages; null when absent. */
export function shownSelector(spec: Obj): unknown {
  if (!isObj(spec.selector)) return null
  const selector = object(spec, 'selector')
  return asStruct('LabelSelector', { ...selector, matchLabels: toTextMap(selector, 'matchLabels') })
}

/** Whether the selector selects pods made from the template. */
export function selectsTemplate(spec: Obj, template: Obj): boolean {
  const selector = toLabelSelector(spec.selector)
  return selector !== undefined && matchesSelector(selector, toLabels(object(template, 'metadata').labels))
}

/** `` `selector` does not match template `labels` ``; the one message whose path has `metadata`. */
export function refuseMismatch(check: Check, template: Obj, field: Field): void {
  const labels = toTextMap(object(template, 'metadata'), 'labels')
  invalid(
    check,
    descend(field, 'metadata', 'labels'),
    labels ?? null,
    '`selector` does not match template `labels`',
  )
}

/** Templates of workloads that run for ever; `kind` stands in the message. */
export function checkForever(check: Check, template: Obj, field: Field, kind: string): void {
  const spec = object(template, 'spec')
  const policy = text(spec, 'restartPolicy') || 'Always'
  if (policy !== 'Always') notSupported(check, descend(field, 'spec', 'restartPolicy'), policy, ['Always'])
  if (isSet(spec, 'activeDeadlineSeconds'))
    forbidden(
      check,
      descend(field, 'spec', 'activeDeadlineSeconds'),
      `activeDeadlineSeconds in ${kind} is not Supported`,
    )
}

/** `ValidatePositiveIntOrPercent`. */
export function checkCountOrPercent(check: Check, value: number | string, field: Field): void {
  if (typeof value === 'string') invalids(check, field, value, checkPercent(value))
  else if (value < 0) invalid(check, field, value, NOT_NEGATIVE)
}

/** `IsNotMoreThan100Percent`. */
export function checkAtMostAll(check: Check, value: number | string, field: Field): void {
  if ((toPercent(value) ?? 0) > 100) invalid(check, field, value, 'must not be greater than 100%')
}

/** `getIntOrPercentValue`: what is neither counts as 0, or as the number a text begins with in Go's reading. */
export function countOrPercent(value: number | string): number {
  if (typeof value === 'number') return value
  const percent = toPercent(value)
  if (percent !== undefined) return percent
  return /^[+-]?[0-9]+$/.test(value) ? Number(value) : 0
}

/** A count or percentage that has a default. */
export const countOr = (of: Obj, name: string, fallback: number | string): number | string =>
  isSet(of, name) ? intOrString(of, name) : fallback
