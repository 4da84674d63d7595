/** The checks that come again and again: a field is there, is one of a few values, is a name, is not negative. */
import { checkLabelValue, checkQualifiedName, type Faults, type LengthUnit } from '../values/names.ts'
import {
  type Check,
  child,
  type Field,
  forbidden,
  index,
  invalid,
  invalids,
  key,
  notSupported,
  required,
} from './field.ts'
import { isObj, type Obj, objects, text, texts, toNumber, toText } from './object.ts'

export const NOT_NEGATIVE = 'must be greater than or equal to 0'
export const IMMUTABLE = 'field is immutable'

/** Limits of labels are worded in bytes since 1.35, in characters before. */
export const lengthUnit = (check: Check): LengthUnit => (check.minor >= 35 ? 'bytes' : 'characters')

/** The text of a field, reported when empty. */
export function requireText(check: Check, of: Obj, field: Field, name: string, detail = ''): string {
  const value = text(of, name)
  if (value === '') required(check, child(field, name), detail)
  return value
}

/** Reports a set text that is none of the supported ones; `""` counts as absent, since defaulting comes first. */
export function checkEnum(
  check: Check,
  of: Obj,
  place: { readonly field: Field; readonly name: string },
  supported: readonly string[],
): void {
  const value = text(of, place.name)
  if (value !== '' && !supported.includes(value))
    notSupported(check, child(place.field, place.name), value, supported)
}

/** As `checkEnum` for a pointer without default: the empty text is reported too. */
export function checkOptionalEnum(
  check: Check,
  of: Obj,
  place: { readonly field: Field; readonly name: string },
  supported: readonly string[],
): void {
  const value = toText(of, place.name)
  if (value !== undefined && !supported.includes(value))
    notSupported(check, child(place.field, place.name), value, supported)
}

/** Reports the faults that a check of names finds in a text that is set and not empty. */
export function checkName(
  check: Check,
  of: Obj,
  place: { readonly field: Field; readonly name: string },
  faults: (value: string) => Faults,
): void {
  const value = text(of, place.name)
  if (value === '') return
  const found = faults(value)
  if (found.length > 0) invalids(check, child(place.field, place.name), value, found)
}

/** `ValidateNonnegativeField` of a field that may be absent. */
export function checkNotNegative(check: Check, of: Obj, field: Field, name: string): void {
  const value = toNumber(of, name)
  if (value !== undefined && value < 0) invalid(check, child(field, name), value, NOT_NEGATIVE)
}

/** `metav1validation.ValidateLabelName`. */
export function checkLabelName(check: Check, name: string, field: Field): void {
  const faults = checkQualifiedName(name, lengthUnit(check))
  if (faults.length > 0) invalids(check, field, name, faults)
}

/** `metav1validation.ValidateLabels`: the server names the map and not the key. */
export function checkLabels(check: Check, labels: Obj, field: Field): void {
  const unit = lengthUnit(check)
  for (const name in labels) {
    const inKey = checkQualifiedName(name, unit)
    if (inKey.length > 0) invalids(check, labelField(field, name), name, inKey)
    const value = labels[name]
    if (typeof value !== 'string') continue
    const inValue = checkLabelValue(value, unit)
    if (inValue.length > 0) invalids(check, labelField(field, name), value, inValue)
  }
}

const labelField = (field: Field, name: string): Field => ({
  parent: field,
  shown: undefined,
  bracketed: false,
  step: name,
})

/** `metav1validation.ValidateLabelSelector`. */
export function checkLabelSelector(check: Check, selector: unknown, field: Field): void {
  if (!isObj(selector)) return
  const labels = selector.matchLabels
  if (isObj(labels)) checkLabels(check, labels, child(field, 'matchLabels'))
  const expressions = objects(selector, 'matchExpressions')
  for (let at = 0; at < expressions.length; at++)
    checkSelectorExpression(check, expressions[at]!, index(child(field, 'matchExpressions'), at))
}

function checkSelectorExpression(check: Check, it: Obj, field: Field): void {
  const operator = text(it, 'operator')
  const listed = texts(it, 'values')
  if (operator === 'In' || operator === 'NotIn') {
    if (listed.length === 0)
      required(check, child(field, 'values'), "must be specified when `operator` is 'In' or 'NotIn'")
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (listed.length > 0)
      forbidden(
        check,
        child(field, 'values'),
        "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
      )
  } else invalid(check, child(field, 'operator'), operator, 'not a valid selector operator')
  checkLabelName(check, text(it, 'key'), child(field, 'key'))
  for (let at = 0; at < listed.length; at++) {
    const faults = checkLabelValue(listed[at]!, lengthUnit(check))
    if (faults.length > 0) invalids(check, index(child(field, 'values'), at), listed[at], faults)
  }
}

/** Whether a selector is well-formed, in the sense of `LabelSelectorAsSelector`. */
export function isEmptySelector(selector: Obj): boolean {
  const labels = selector.matchLabels
  const hasLabels = isObj(labels) && Object.keys(labels).length > 0
  return !hasLabels && objects(selector, 'matchExpressions').length === 0
}

/** Items of a list that repeat an earlier one are reported with `report`. */
export function forEachRepeated(
  values: readonly string[],
  report: (at: number, value: string) => void,
): void {
  const seen = new Set<string>()
  for (let at = 0; at < values.length; at++) {
    if (seen.has(values[at]!)) report(at, values[at]!)
    else seen.add(values[at]!)
  }
}

/** The field for a user's key of a map. */
export const entry = (field: Field, map: string, name: string): Field => key(child(field, map), name)
