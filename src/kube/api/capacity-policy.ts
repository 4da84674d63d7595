/** How shares of a device's capacity may be asked for: `validateRequestPolicy` of `pkg/apis/resource/validation`. */
import {
  addQuantities,
  compareQuantities,
  formatQuantity,
  type Quantity,
  quantityValue,
  toQuantity,
  ZERO_QUANTITY,
} from '../values/quantity.ts'
import { checkSet } from './device-names.ts'
import { type Check, child, type Field, forbidden, index, invalid, required } from './field.ts'
import { type Obj, texts, toObject } from './object.ts'

const OPTIONS_LIMIT = 10

/** `validateRequestPolicy`. */
export function checkRequestPolicy(check: Check, capacity: Quantity, policy: Obj, field: Field): void {
  const values = texts(policy, 'validValues')
  const range = toObject(policy, 'validRange')
  if (values.length > 0 && range) {
    forbidden(
      check,
      field,
      'exactly one policy can be specified, cannot specify "validValues" and "validRange" at the same time',
    )
    return
  }
  const kind = values.length > 0 ? 'validValues' : 'validRange'
  if (values.length === 0 && !range) return
  const preset = toQuantity(policy.default)
  const place = child(field, kind)
  if (!preset) required(check, child(field, 'default'), `required when ${kind} is defined`)
  else if (range) checkRange(check, { capacity, preset }, range, place)
  else checkValues(check, { capacity, preset }, values, place)
}

/** The capacity and the share that is taken by default. */
interface Shares {
  readonly capacity: Quantity
  readonly preset: Quantity
}

const isLess = (left: Quantity, right: Quantity): boolean => compareQuantities(left, right) < 0

/** `validateRequestPolicyValidValues`. */
function checkValues(check: Check, shares: Shares, values: readonly string[], field: Field): void {
  const { capacity, preset } = shares
  const options = values.map(it => toQuantity(it) ?? ZERO_QUANTITY)
  for (let at = 1; at < options.length; at++)
    if (isLess(options[at]!, options[at - 1]!))
      invalid(
        check,
        index(field, at),
        formatQuantity(options[at]!),
        'values must be sorted in ascending order',
      )
  checkSet(
    check,
    options,
    { field, limit: OPTIONS_LIMIT, toKey: it => String(quantityValue(it)) },
    (it, place) => {
      if (isLess(capacity, it))
        invalid(
          check,
          place,
          formatQuantity(it),
          `option is larger than capacity value: ${formatQuantity(capacity)}`,
        )
    },
  )
  if (!options.some(it => compareQuantities(it, preset) === 0))
    invalid(check, field, formatQuantity(preset), 'default value is not valid according to the requestPolicy')
}

/** `validateRequestPolicyRange`. */
function checkRange(check: Check, shares: Shares, range: Obj, field: Field): void {
  const min = toQuantity(range.min)
  if (!min) {
    required(check, child(field, 'min'), 'required when validRange is defined')
    return
  }
  const { capacity, preset } = shares
  const max = toQuantity(range.max)
  const refuse = (name: string, value: Quantity, why: string): void =>
    invalid(check, child(field, name), formatQuantity(value), why)
  if (isLess(capacity, min))
    refuse('min', min, `min is larger than capacity value: ${formatQuantity(capacity)}`)
  if (isLess(preset, min)) refuse('min', preset, `default is less than min: ${formatQuantity(min)}`)
  if (max) {
    if (isLess(max, min)) refuse('max', min, `min is larger than max: ${formatQuantity(max)}`)
    if (isLess(capacity, max))
      refuse('max', max, `max is larger than capacity value: ${formatQuantity(capacity)}`)
    if (isLess(max, preset)) refuse('max', preset, `default is more than max: ${formatQuantity(max)}`)
  }
  const step = toQuantity(range.step)
  if (!step) return
  const added = addQuantities(min, step)
  if (isLess(capacity, added))
    refuse(
      'step',
      step,
      `one step ${formatQuantity(added)} is larger than capacity value: ${formatQuantity(capacity)}`,
    )
  const whole = quantityValue(step)
  for (const value of max ? [preset, max] : [preset])
    if (whole !== 0n && (quantityValue(value) - quantityValue(min)) % whole !== 0n)
      refuse(
        'step',
        value,
        `value is not a multiple of a given step (${formatQuantity(step)}) from (${formatQuantity(min)})`,
      )
}
