/** The functions that text/template itself defines. `and` and `or` are part of the evaluator, `slice` is sprig's. */
import { formatNode } from './ast.ts'
import { type Call, costly, type FunctionTable, fn, fnRest } from './call.ts'
import { isEqualToAny, isLess } from './compare.ts'
import { deriveFrom, isLiteral } from './derivation.ts'
import { GoError, utf8Length } from './errors.ts'
import { type Emit, sprint, sprintf, sprintln } from './format.ts'
import type { Origin } from './origin.ts'
import { plainText, type Text, TextBuilder, weightOf } from './text.ts'
import { encodeUtf8 } from './utf8.ts'
import { int, isBytes, isDict, isInt, isList, isString, isText, isTrue, typeOf, type Value } from './value.ts'

export const builtins: FunctionTable = {
  not: fn(['reflect'], (_, value) => !isTrue(value)),
  eq: fnRest(['reflect'], 'reflect', (_, others, first) => isEqualToAny(first, others)),
  ne: fn(['reflect', 'reflect'], (_, a, b) => !isEqualToAny(a, [b])),
  lt: fn(['reflect', 'reflect'], (_, a, b) => isLess(a, b)),
  le: fn(['reflect', 'reflect'], (_, a, b) => isLess(a, b) || isEqualToAny(a, [b])),
  gt: fn(['reflect', 'reflect'], (_, a, b) => !isLess(a, b) && !isEqualToAny(a, [b])),
  ge: fn(['reflect', 'reflect'], (_, a, b) => !isLess(a, b)),
  len: fn(['reflect'], (_, value) => int(lengthOf(value))),
  index: fnRest(['reflect'], 'reflect', (call, indexes, item) => indexValue(call, item, indexes)),
  print: fnRest([], 'any', (call, args) => collect(call, args, emit => sprint(args, emit))),
  println: fnRest([], 'any', (call, args) => collect(call, args, emit => sprintln(args, emit))),
  printf: costly(
    12,
    fnRest(['string'], 'any', (call, args, format) =>
      collect(call, args, emit => sprintf(format, args, emit), 1),
    ),
  ),
  html: costly(
    30,
    fnRest([], 'any', (_, args) => printed(args).replace(/["'&<>\0]/g, it => HTML.get(it)!)),
  ),
  js: costly(
    30,
    fnRest([], 'any', (_, args) => escapeJavaScript(printed(args))),
  ),
  urlquery: costly(
    60,
    fnRest([], 'any', (_, args) => escapeQuery(printed(args))),
  ),
  call: fnRest(['reflect'], 'reflect', (call, _args, value) => {
    const { node } = call
    const called = node.kind === 'command' ? (node.args[1] ?? node) : node
    throw new GoError(
      value === undefined || value === null
        ? 'call of nil'
        : `non-function ${formatNode(called, call.piece().template.text)} of type ${typeOf(value)}`,
    )
  }),
}

/** Text made of parts, each with the origin of its argument; `skipped` arguments stand before those that are printed. */
function collect(call: Call, args: readonly Value[], print: (emit: Emit) => void, skipped = 0): Text {
  const builder = new TextBuilder()
  const format = call.piece()
  let origin: Origin | undefined
  print((part, argument) => {
    const own = argument < 0 ? undefined : call.origins[argument + skipped]
    if (own && !origin && !isLiteral(own)) origin = own
    const from = argument < 0 || isText(part as Value) ? own : deriveFrom(own, args[argument])
    call.charge(weightOf(part))
    builder.append(part, from ? call.piece(from) : format)
  })
  call.origin = origin
  return builder.build()
}

function printed(args: readonly Value[]): string {
  let text = ''
  const shown = args.map(it => (it === null || it === undefined ? '<no value>' : it))
  sprint(shown, part => {
    text += plainText(part)
  })
  return text
}

function lengthOf(value: Value): number {
  if (isString(value)) return utf8Length(plainText(value))
  if (isList(value)) return value.items.length
  if (isDict(value)) return value.entries.size
  if (isBytes(value)) return value.bytes.length
  if (value === null) throw new GoError('len of nil pointer')
  if (value === undefined) throw new GoError('reflect: call of reflect.Value.Type on zero Value')
  throw new GoError(`len of type ${typeOf(value)}`)
}

/** `index item i j …`: items of lists, entries of maps, bytes of strings. */
function indexValue(call: Call, first: Value, indexes: readonly Value[]): Value {
  if (first === undefined || first === null) throw new GoError('index of untyped nil')
  let item: Value = first
  call.origin = call.origins[0]
  for (const index of indexes) {
    if (item === null || item === undefined) throw new GoError('index of nil pointer')
    if (isDict(item)) {
      const key: string = mapKey(index)
      const found: Value = item.entries.get(key)
      call.origin = item.origins.get(key)
      item = found === undefined ? (item.type === 'map[string]string' ? '' : null) : found
    } else if (isList(item)) {
      const at: number = sliceIndex(index, item.items.length)
      call.origin = item.origins?.[at]
      item = item.items[at] ?? null
    } else if (isString(item) || isBytes(item)) {
      const value: Uint8Array = isBytes(item) ? item.bytes : encodeUtf8(plainText(item))
      item = {
        tag: 'int',
        type: 'uint8',
        value: BigInt(value[sliceIndex(index, value.length, isBytes(item) ? 'slice' : 'string')]!),
      }
    } else throw new GoError(`can't index item of type ${typeOf(item)}`)
  }
  return item
}

function mapKey(index: Value): string {
  if (isString(index)) return plainText(index)
  if (index === null || index === undefined) throw new GoError('value is nil; should be of type string')
  throw new GoError(`value has type ${typeOf(index)}; should be string`)
}

function sliceIndex(index: Value, length: number, kind = 'slice'): number {
  if (index === null || index === undefined) throw new GoError('cannot index slice/array with nil')
  if (!isInt(index)) throw new GoError(`cannot index slice/array with type ${typeOf(index)}`)
  if (index.value < 0n || index.value > BigInt(length))
    throw new GoError(`index out of range: ${index.value}`)
  if (index.value === BigInt(length)) throw new GoError(`reflect: ${kind} index out of range`)
  return Number(index.value)
}

const HTML: ReadonlyMap<string, string> = new Map([
  ['"', '&#34;'],
  ["'", '&#39;'],
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['\0', '\ufffd'],
])

function escapeJavaScript(text: string): string {
  let result = ''
  for (const rune of text) {
    const code = rune.codePointAt(0)!
    if (rune === '\\' || rune === "'" || rune === '"') result += `\\${rune}`
    else if (code < 0x20 || '<>&='.includes(rune))
      result += `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`
    else if (code >= 0x80 && /[\p{C}\p{Z}]/u.test(rune))
      result += `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`
    else result += rune
  }
  return result
}

/** net/url.QueryEscape. */
function escapeQuery(text: string): string {
  let result = ''
  for (const byte of encodeUtf8(text)) {
    const char = String.fromCharCode(byte)
    if (/[A-Za-z0-9\-_.~]/.test(char)) result += char
    else if (char === ' ') result += '+'
    else result += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return result
}
