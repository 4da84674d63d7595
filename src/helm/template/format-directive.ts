/** Reads `%-8.3f` and the like: flags, width, precision, argument index and verb of one directive. */
import { isInt, type Value } from './value.ts'

export interface Flags {
  readonly minus: boolean
  readonly plus: boolean
  readonly sharp: boolean
  readonly space: boolean
  readonly zero: boolean
  readonly width: number
  readonly precision: number
}
export const NO_FLAGS: Flags = {
  minus: false,
  plus: false,
  sharp: false,
  space: false,
  zero: false,
  width: -1,
  precision: -1,
}

interface Directive {
  readonly verb: string
  readonly flags: Flags
  readonly end: number
  readonly next: number
  readonly reordered: boolean
  readonly badIndex: boolean
  readonly error: string | undefined
}

/** Widths and precisions beyond this are ignored by Go, with a note in the output. */
const MAX_NUMBER = 1_000_000
const FLAG_NAMES: ReadonlyMap<string, 'minus' | 'plus' | 'sharp' | 'space' | 'zero'> = new Map([
  ['-', 'minus'],
  ['+', 'plus'],
  ['#', 'sharp'],
  [' ', 'space'],
  ['0', 'zero'],
])

/** Flags, width, precision, argument index and verb behind a `%`. */
export function readDirective(
  format: string,
  start: number,
  args: readonly Value[],
  first: number,
): Directive {
  const flags = { ...NO_FLAGS } as { -readonly [K in keyof Flags]: Flags[K] }
  const state = { at: start, next: first, reordered: false, badIndex: false }
  let error: string | undefined
  for (let name = FLAG_NAMES.get(format[state.at]!); name; name = FLAG_NAMES.get(format[++state.at]!))
    flags[name] = true
  readIndex(format, args, state)
  if (format[state.at] === '*') {
    state.at++
    const width = starValue(args[state.next++])
    if (width === undefined) error = '%!(BADWIDTH)'
    else {
      flags.width = Math.abs(width)
      if (width < 0) flags.minus = true
    }
  } else flags.width = readNumber(format, state)
  if (format[state.at] === '.') {
    state.at++
    readIndex(format, args, state)
    if (format[state.at] === '*') {
      state.at++
      const precision = starValue(args[state.next++])
      if (precision === undefined) error = '%!(BADPREC)'
      else flags.precision = precision < 0 ? -1 : precision
    } else flags.precision = Math.max(0, readNumber(format, state))
  }
  readIndex(format, args, state)
  if (flags.minus) flags.zero = false
  const rune = format.codePointAt(state.at)
  const verb = rune === undefined ? '' : String.fromCodePoint(rune)
  return {
    verb,
    flags,
    end: state.at + verb.length,
    next: state.next,
    reordered: state.reordered,
    badIndex: state.badIndex,
    error,
  }
}

interface Reading {
  at: number
  next: number
  reordered: boolean
  badIndex: boolean
}

/** `[n]` chooses the argument. */
function readIndex(format: string, args: readonly Value[], state: Reading): void {
  if (format[state.at] !== '[') return
  state.reordered = true
  const close = format.indexOf(']', state.at)
  const index = close < 0 ? Number.NaN : Number(format.slice(state.at + 1, close))
  state.at = close < 0 ? state.at + 1 : close + 1
  if (Number.isInteger(index) && index >= 1 && index <= args.length) state.next = index - 1
  else state.badIndex = true
}

function readNumber(format: string, state: Reading): number {
  const start = state.at
  while (format[state.at]! >= '0' && format[state.at]! <= '9') state.at++
  if (state.at === start) return -1
  const value = Number(format.slice(start, state.at))
  return value > MAX_NUMBER ? -1 : value
}

function starValue(value: Value): number | undefined {
  if (!isInt(value)) return undefined
  const number = Number(value.value)
  return Math.abs(number) > MAX_NUMBER ? undefined : number
}
