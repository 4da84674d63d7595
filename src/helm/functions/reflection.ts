/** sprig's questions about types. */
import { type FunctionTable, fn } from '../template/call.ts'
import { isDeepEqual } from '../template/compare.ts'
import { kindOf, typeOf } from '../template/value.ts'

export const reflectionFunctions: FunctionTable = {
  typeOf: fn(['any'], (_, value) => typeOf(value)),
  typeIs: fn(['string', 'any'], (_, target, value) => target === typeOf(value)),
  typeIsLike: fn(['string', 'any'], (_, target, value) => [target, `*${target}`].includes(typeOf(value))),
  kindOf: fn(['any'], (_, value) => kindOf(value)),
  kindIs: fn(['string', 'any'], (_, target, value) => target === kindOf(value)),
  deepEqual: fn(['any', 'any'], (_, a, b) => isDeepEqual(a, b)),
}
