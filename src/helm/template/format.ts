/** Go's fmt for the values of templates: `%v`, Sprintf, Sprint, Sprintln. */

import { quote, quoteRune } from '../../text/go-quote.ts'
import { GoError } from './errors.ts'
import { type Flags, NO_FLAGS, readDirective } from './format-directive.ts'
import {
  formatBinaryFloat,
  formatExponent,
  formatFixed,
  formatFloat,
  formatGeneral,
  formatHexFloat,
  formatSpecial,
} from './number.ts'
import { plainText, type Text } from './text.ts'
import { decodeUtf8, encodeUtf8 } from './utf8.ts'
import {
  type Int,
  isBytes,
  isString,
  isStruct,
  MAX_DEPTH,
  type Struct,
  sizeOf,
  sortedKeys,
  typeOf,
  type Value,
} from './value.ts'

/** A value as `%v` prints it; nil is `<nil>`. */
export function formatValue(value: Value): string {
  if (typeof value === 'string') return value
  sizeOf(value)
  return formatDeep(value, 'v', NO_FLAGS, 0)
}

/** Receives the result part by part: text of the format (`argument` is -1), or what an argument became. */
export type Emit = (part: string | Text, argument: number) => void

/** fmt.Sprintf. Arguments that are printed whole are handed on as they are, so that texts keep their segments. */
export function sprintf(format: string, args: readonly Value[], emit: Emit): void {
  let next = 0
  let reordered = false
  let at = 0
  while (at < format.length) {
    const percent = format.indexOf('%', at)
    if (percent < 0 || percent > at) emit(format.slice(at, percent < 0 ? format.length : percent), -1)
    if (percent < 0) break
    const directive = readDirective(format, percent + 1, args, next)
    at = directive.end
    next = directive.next
    if (directive.reordered) reordered = true
    if (directive.error) emit(directive.error, -1)
    if (directive.verb === '%') emit('%', -1)
    else if (directive.verb === '') emit('%!(NOVERB)', -1)
    else if (directive.badIndex) emit(`%!${directive.verb}(BADINDEX)`, -1)
    else if (next >= args.length) emit(`%!${directive.verb}(MISSING)`, -1)
    else {
      emit(formatArgument(args[next], directive.verb, directive.flags), next)
      next++
    }
  }
  if (!reordered && next < args.length) emit(formatExtra(args.slice(next)), -1)
}

const formatExtra = (args: readonly Value[]): string =>
  `%!(EXTRA ${args.map(it => (it === null || it === undefined ? '<nil>' : `${typeOf(it)}=${formatValue(it)}`)).join(', ')})`

function formatArgument(value: Value, verb: string, flags: Flags): string | Text {
  const plain = flags.width < 0 && flags.precision < 0 && !flags.sharp && !flags.plus
  if (plain && isString(value) && (verb === 's' || verb === 'v')) return value
  if (value === null || value === undefined) {
    if (verb === 'T' || verb === 'v') return pad('<nil>', { ...flags, zero: false })
    return badVerb(value, verb, flags)
  }
  if (verb === 'T') return formatString(typeOf(value), 's', flags)
  if (verb === 'w') return badVerb(value, verb, flags)
  sizeOf(value)
  return formatDeep(value, verb, verb === 'v' ? { ...flags, plus: false } : flags, 0)
}

function badVerb(value: Value, verb: string, flags: Flags): string {
  if (value === null || value === undefined) return `%!${verb}(<nil>)`
  const shown =
    typeof value === 'number'
      ? formatNumber(value, 'g', flags)
      : formatDeep(value, 'v', { ...flags, sharp: false }, 0)
  return `%!${verb}(${typeOf(value)}=${shown})`
}

/** Any value with a verb; verbs distribute over lists and maps. */
function formatDeep(value: Value, verb: string, flags: Flags, depth: number): string {
  if (depth > MAX_DEPTH) throw new GoError('value is nested too deeply')
  if (value === null || value === undefined) {
    if (depth > 0) return '<nil>'
    return verb === 'v' ? pad('<nil>', flags) : `%!${verb}(<nil>)`
  }
  switch (typeof value) {
    case 'string':
      return formatString(value, verb, flags)
    case 'boolean':
      return verb === 't' || verb === 'v' ? pad(String(value), flags) : badVerb(value, verb, flags)
    case 'number':
      return formatNumber(value, verb, flags)
  }
  switch (value.tag) {
    case 'text':
      return formatString(value.text, verb, flags)
    case 'int':
      return formatInt(value, verb, flags)
    case 'bytes':
      return formatBytes(value.bytes, verb, flags)
    case 'list': {
      if (flags.sharp && verb === 'v') return goSyntax(value, depth)
      return `[${value.items.map(it => formatDeep(it, verb, flags, depth + 1)).join(' ')}]`
    }
    case 'dict': {
      if (flags.sharp && verb === 'v') return goSyntax(value, depth)
      const entries = sortedKeys(value).map(
        key =>
          `${formatString(key, verb, flags)}:${formatDeep(value.entries.get(key), verb, flags, depth + 1)}`,
      )
      return `map[${entries.join(' ')}]`
    }
    case 'struct':
      return formatStruct(value, verb, flags, depth)
  }
}

function formatStruct(value: Struct, verb: string, flags: Flags, depth: number): string {
  if (value.print && 'svqxX'.includes(verb) && !flags.sharp) return formatString(value.print(), verb, flags)
  const fields = [...value.fields.values()].map(it => formatDeep(it, verb, flags, depth + 1))
  return `${value.type.startsWith('*') ? '&' : ''}{${fields.join(' ')}}`
}

/** `%#v`. */
function goSyntax(value: Value, depth: number): string {
  if (depth > MAX_DEPTH) throw new GoError('value is nested too deeply')
  if (value === null || value === undefined) return 'interface {}(nil)'
  if (typeof value !== 'object') return typeof value === 'string' ? quote(value) : formatValue(value)
  if (value.tag === 'text') return quote(value.text)
  if (value.tag === 'list')
    return `${value.type}{${value.items.map(it => goSyntax(it, depth + 1)).join(', ')}}`
  if (value.tag !== 'dict') return formatValue(value)
  const entries = sortedKeys(value).map(key => `${quote(key)}:${goSyntax(value.entries.get(key), depth + 1)}`)
  return `${value.type}{${entries.join(', ')}}`
}

function pad(text: string, flags: Flags): string {
  if (flags.width < 0) return text
  const missing = flags.width - [...text].length
  if (missing <= 0) return text
  if (flags.minus) return text + ' '.repeat(missing)
  return (flags.zero ? '0' : ' ').repeat(missing) + text
}

/** Pads a number: zeros go behind the sign. */
function padNumber(text: string, flags: Flags): string {
  if (!flags.zero || flags.width < 0 || flags.minus) return pad(text, { ...flags, zero: false })
  const signed = /^[+\- ]/.test(text)
  const digits = signed ? text.slice(1) : text
  return (signed ? text[0]! : '') + digits.padStart(flags.width - (signed ? 1 : 0), '0')
}

function formatString(text: string, verb: string, flags: Flags): string {
  switch (verb) {
    case 'v':
      if (flags.sharp) return pad(quote(text), flags)
      return pad(truncate(text, flags.precision), flags)
    case 's':
      return pad(truncate(text, flags.precision), flags)
    case 'q': {
      const cut = truncate(text, flags.precision)
      if (flags.sharp && !cut.includes('`') && !/[\x00-\x08\x0a-\x1f\x7f\ufeff]/.test(cut))
        return pad(`\`${cut}\``, flags)
      return pad(quote(cut, flags.plus ? 'ascii' : 'any'), flags)
    }
    case 'x':
    case 'X':
      return pad(formatHex(encodeUtf8(text), verb, flags), flags)
    default:
      return badVerb(text, verb, flags)
  }
}

const truncate = (text: string, precision: number): string =>
  precision < 0 || text.length <= precision ? text : [...text].slice(0, precision).join('')

function formatHex(value: Uint8Array, verb: string, flags: Flags): string {
  const length = flags.precision < 0 ? value.length : Math.min(flags.precision, value.length)
  const pairs = Array.from(value.subarray(0, length), it => it.toString(16).padStart(2, '0'))
  const prefix = flags.sharp && pairs.length > 0 ? '0x' : ''
  const text = prefix + pairs.join(flags.space ? ` ${prefix}` : '')
  return verb === 'X' ? text.toUpperCase() : text
}

function formatBytes(value: Uint8Array, verb: string, flags: Flags): string {
  if (verb !== 'v' && verb !== 'd') return formatString(decodeUtf8(value), verb, flags)
  if (flags.width < 0 && !flags.plus && !flags.space) return `[${value.join(' ')}]`
  return `[${Array.from(value, it => padNumber(String(it), flags)).join(' ')}]`
}

function formatInt(value: Int, verb: string, flags: Flags): string {
  const number = value.value
  switch (verb) {
    case 'v':
    case 'd':
      return integer(number, 10, '', flags)
    case 'b':
      return integer(number, 2, flags.sharp ? '0b' : '', flags)
    case 'o':
      return integer(number, 8, flags.sharp ? '0' : '', flags)
    case 'O':
      return integer(number, 8, '0o', flags)
    case 'x':
      return integer(number, 16, flags.sharp ? '0x' : '', flags)
    case 'X':
      return integer(number, 16, flags.sharp ? '0X' : '', flags).toUpperCase()
    case 'c':
      return pad(toRune(number), { ...flags, zero: false })
    case 'q':
      return pad(quoteRune(Number(BigInt.asIntN(32, number)), flags.plus ? 'ascii' : 'any'), {
        ...flags,
        zero: false,
      })
    case 'U':
      return pad(
        `U+${BigInt.asUintN(64, number).toString(16).toUpperCase().padStart(Math.max(4, flags.precision), '0')}`,
        {
          ...flags,
          zero: false,
        },
      )
    default:
      return badVerb(value, verb, flags)
  }
}

const toRune = (value: bigint): string =>
  value < 0n || value > 0x10ffffn || (value >= 0xd800n && value <= 0xdfffn)
    ? '\ufffd'
    : String.fromCodePoint(Number(value))

function integer(value: bigint, base: number, prefix: string, flags: Flags): string {
  const negative = value < 0n
  let digits = (negative ? -value : value).toString(base)
  if (flags.precision >= 0)
    digits = flags.precision === 0 && value === 0n ? '' : digits.padStart(flags.precision, '0')
  const sign = negative ? '-' : flags.plus ? '+' : flags.space ? ' ' : ''
  return padNumber(sign + prefix + digits, flags.precision >= 0 ? { ...flags, zero: false } : flags)
}

function formatNumber(value: number, verb: string, flags: Flags): string {
  const { precision } = flags
  const short = floatText(value, verb, precision)
  if (short === undefined) return badVerb(value, verb, flags)
  const isLong = flags.sharp && verb !== 'b' && verb !== 'v' && Number.isFinite(value)
  const text = isLong ? withPoint(short, verb, precision) : short
  const signed =
    text.startsWith('-') || text.startsWith('+')
      ? text
      : flags.plus
        ? `+${text}`
        : flags.space
          ? ` ${text}`
          : text
  const shown = !Number.isFinite(value) && !flags.plus && signed === '+Inf' && verb !== 'v' ? '+Inf' : signed
  return padNumber(shown, Number.isFinite(value) ? flags : { ...flags, zero: false })
}

/** The `#` flag: a decimal point, and zeros behind it as far as the precision goes. */
function withPoint(text: string, verb: string, precision: number): string {
  const [, sign = '', number = '', tail = ''] =
    /^([+-]?)(.*?)((?:[pP]|(?<!0[xX].*)[eE])[+-].*)?$/.exec(text) ?? []
  const hasPoint = number.includes('.')
  const digits = number.replace('.', '')
  const significant = digits.replace(/^0+/, '').length
  const wanted = 'gGx'.includes(verb) ? (precision < 0 ? 6 : precision) : 0
  const zeros = Math.max(0, wanted - significant - (!hasPoint && digits === '0' ? 1 : 0))
  return `${sign}${number}${hasPoint ? '' : '.'}${'0'.repeat(zeros)}${tail}`
}

function floatText(value: number, verb: string, precision: number): string | undefined {
  if (!Number.isFinite(value)) return 'veEfFgG'.includes(verb) ? formatSpecial(value) : undefined
  switch (verb) {
    case 'v':
    case 'g':
      return precision < 0 ? formatFloat(value) : formatGeneral(value, precision)
    case 'G':
      return (precision < 0 ? formatFloat(value) : formatGeneral(value, precision)).toUpperCase()
    case 'e':
      return formatExponent(value, precision < 0 ? 6 : precision)
    case 'E':
      return formatExponent(value, precision < 0 ? 6 : precision).toUpperCase()
    case 'b':
      return formatBinaryFloat(value)
    case 'x':
      return formatHexFloat(value, precision)
    case 'X':
      return formatHexFloat(value, precision).toUpperCase()
    case 'f':
    case 'F':
      return formatFixed(value, precision < 0 ? 6 : precision)
    default:
      return undefined
  }
}

/** fmt.Sprint: a space between operands when neither is a string. */
export function sprint(args: readonly Value[], emit: Emit): void {
  for (let i = 0; i < args.length; i++) {
    const value = args[i]
    if (i > 0 && !isString(value) && !isString(args[i - 1])) emit(' ', -1)
    emit(isString(value) ? value : formatValue(value), i)
  }
}

/** fmt.Sprintln. */
export function sprintln(args: readonly Value[], emit: Emit): void {
  for (let i = 0; i < args.length; i++) {
    const value = args[i]
    if (i > 0) emit(' ', -1)
    emit(isString(value) ? value : formatValue(value), i)
  }
  emit('\n', -1)
}

/** sprig's strval: strings and bytes as they are, what has a String method by it, the rest as `%v`. */
export function toText(value: Value): string | Text {
  if (isString(value)) return value
  if (isBytes(value)) return decodeUtf8(value.bytes)
  if (isStruct(value) && value.print) return value.print()
  return formatValue(value)
}
export const toPlainText = (value: Value): string => plainText(toText(value))
