/** Comparison as text/template does it (`eq`, `lt`, …), and reflect.DeepEqual. */
import { GoError } from './errors.ts'
import { formatValue, sprintf } from './format.ts'
import { plainText } from './text.ts'
import { compareBytes, isInt, isString, kindOf, MAX_DEPTH, sizeOf, typeOf, type Value } from './value.ts'

type BasicKind = 'bool' | 'int' | 'uint' | 'float' | 'string' | 'other' | 'invalid'

function basicKind(value: Value): BasicKind {
  if (value === undefined || value === null) return 'invalid'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'number') return 'float'
  if (isString(value)) return 'string'
  if (isInt(value)) return value.type.startsWith('uint') ? 'uint' : 'int'
  return 'other'
}

/** True when `first` equals one of the others. */
export function isEqualToAny(first: Value, others: readonly Value[]): boolean {
  if (others.length === 0) throw new GoError('missing argument for comparison')
  return others.some(it => isEqual(first, it))
}

function isEqual(a: Value, b: Value): boolean {
  const kindA = basicKind(a)
  const kindB = basicKind(b)
  if (kindA !== kindB) {
    if (isInt(a) && isInt(b)) return a.value === b.value
    if (kindA === 'invalid' || kindB === 'invalid') return false
    throw new GoError(`incompatible types for comparison: ${typeOf(a)} and ${typeOf(b)}`)
  }
  switch (kindA) {
    case 'invalid':
      return true
    case 'string':
      return plainText(a as string) === plainText(b as string)
    case 'other':
      return isEqualReference(a, b)
    default:
      return isInt(a) && isInt(b) ? a.value === b.value : a === b
  }
}

function isEqualReference(a: Value, b: Value): boolean {
  const sameKind = kindOf(a) === kindOf(b)
  if (!sameKind)
    throw new GoError(`non-comparable types ${shown(a)}: ${typeOf(a)}, ${typeOf(b)}: ${formatValue(b)}`)
  const nilA = isNil(a)
  const nilB = isNil(b)
  if (nilA || nilB) return nilA === nilB
  if (isSliceOrMap(b)) throw new GoError(`non-comparable type ${shown(b)}: ${typeOf(b)}`)
  return a === b
}

/** A value as Go prints it with `%s`. */
function shown(value: Value): string {
  let text = ''
  sprintf('%s', [value], part => {
    text += plainText(part)
  })
  return text
}

const isNil = (value: Value): boolean =>
  typeof value === 'object' && value !== null && (value.tag === 'list' || value.tag === 'dict') && value.isNil
const isSliceOrMap = (value: Value): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (value.tag === 'list' || value.tag === 'dict' || value.tag === 'bytes')

/** `lt` of Go templates. Throws a `GoError` where the kinds differ or have no order. */
export function isLess(a: Value, b: Value): boolean {
  const kindA = basicKind(a)
  const kindB = basicKind(b)
  for (const it of [kindA, kindB])
    if (it === 'other' || it === 'invalid') throw new GoError('invalid type for comparison')
  if (isInt(a) && isInt(b)) return a.value < b.value
  if (kindA !== kindB) throw new GoError(`incompatible types for comparison: ${typeOf(a)} and ${typeOf(b)}`)
  if (kindA === 'bool') throw new GoError('invalid type for comparison')
  if (kindA === 'string') return compareBytes(plainText(a as string), plainText(b as string)) < 0
  return (a as number) < (b as number)
}

/** reflect.DeepEqual: types count, so 5 and 5.0 differ. */
export function isDeepEqual(a: Value, b: Value, depth = 0): boolean {
  if (depth === 0) sizeOf(a)
  if (depth > MAX_DEPTH) throw new GoError('value is nested too deeply')
  if (a === b) return true
  if (isString(a) && isString(b)) return plainText(a) === plainText(b)
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return (a ?? null) === (b ?? null)
  if (typeOf(a) !== typeOf(b)) return false
  if (a.tag === 'int' && b.tag === 'int') return a.value === b.value
  if (a.tag === 'list' && b.tag === 'list')
    return (
      a.isNil === b.isNil &&
      a.items.length === b.items.length &&
      a.items.every((it, i) => isDeepEqual(it, b.items[i], depth + 1))
    )
  if (a.tag === 'dict' && b.tag === 'dict') {
    if (a.isNil !== b.isNil || a.entries.size !== b.entries.size) return false
    for (const [key, it] of a.entries)
      if (!b.entries.has(key) || !isDeepEqual(it, b.entries.get(key), depth + 1)) return false
    return true
  }
  if (a.tag === 'bytes' && b.tag === 'bytes')
    return a.bytes.length === b.bytes.length && a.bytes.every((it, i) => it === b.bytes[i])
  if (a.tag === 'struct' && b.tag === 'struct') return formatValue(a) === formatValue(b)
  return false
}
