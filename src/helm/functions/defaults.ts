/** sprig's functions that choose between values; what is chosen keeps its origin. */
import { type FunctionTable, fn, fnRest } from '../template/call.ts'
import { GoError } from '../template/errors.ts'
import { deepCopy, isStruct, isTrue, sizeOf, type Value } from '../template/value.ts'

/** sprig's empty: zero, empty and nil; never structs. */
export const isEmpty = (value: Value): boolean => !isTrue(value) && !isStruct(value)

const copy = fn(['any'], (call, value) => {
  if (value === null) throw new GoError('reflect: call of reflect.Value.Type on zero Value')
  call.origin = call.origins[0]
  call.charge(sizeOf(value) * 100)
  return deepCopy(value)
})

export const defaultFunctions: FunctionTable = {
  default: fnRest(['any'], 'any', (call, given, fallback) => {
    const chosen = given.length === 0 || isEmpty(given[0]) ? 0 : 1
    call.origin = call.origins[chosen]
    return chosen === 0 ? fallback : given[0]
  }),
  empty: fn(['any'], (_, value) => isEmpty(value)),
  coalesce: fnRest([], 'any', (call, values) => {
    const chosen = values.findIndex(it => !isEmpty(it))
    if (chosen >= 0) call.origin = call.origins[chosen]
    return chosen < 0 ? null : values[chosen]
  }),
  all: fnRest([], 'any', (_, values) => values.every(it => !isEmpty(it))),
  any: fnRest([], 'any', (_, values) => values.some(it => !isEmpty(it))),
  ternary: fn(['any', 'any', 'bool'], (call, yes, no, condition) => {
    call.origin = call.origins[condition ? 0 : 1]
    return condition ? yes : no
  }),
  deepCopy: copy,
  mustDeepCopy: copy,
}
