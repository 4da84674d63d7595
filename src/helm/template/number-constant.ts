/** Number and character constants of templates (text/template/parse/node.go, newNumber). */
import { quote, unquoteCharacter } from '../../text/go-quote.ts'
import type { TokenType } from './lexer.ts'
import { isInt64, MAX_UINT64, parseFloat64, parseInteger } from './number.ts'
import { int, type Value } from './value.ts'

export interface NumberConstant {
  readonly isInt: boolean
  readonly isUint: boolean
  readonly isFloat: boolean
  readonly int: bigint
  readonly float: number
  /** What the literal means where no type is asked for. */
  readonly ideal: Value
}

/** Charts write the same few numbers over and over. */
const known = new Map<string, NumberConstant>()
const MOST_KNOWN = 1000

/** The constant, or the text of the error. Imaginary numbers have no use in a chart and are refused. */
export function toConstant(text: string, type: TokenType): NumberConstant | string {
  const before = known.get(text)
  if (before) return before
  const constant = readConstant(text, type)
  if (typeof constant !== 'string' && known.size < MOST_KNOWN && text.length < 10) known.set(text, constant)
  return constant
}

/** Most are as short as this; what underscores, signs and bases mean takes more expressions. */
const PLAIN = /^(?:0|[1-9][0-9]{0,8})$/

function readConstant(text: string, type: TokenType): NumberConstant | string {
  if (type === 'character') {
    const code = unquoteCharacter(text)
    if (code === undefined) return text === "''" ? 'invalid syntax' : `malformed character constant: ${text}`
    return { isInt: true, isUint: true, isFloat: true, int: BigInt(code), float: code, ideal: int(code) }
  }
  if (type === 'complex' || text.endsWith('i')) return `imaginary numbers are not supported: ${quote(text)}`
  const integer = PLAIN.test(text) ? BigInt(text) : parseInteger(text)
  if (integer !== undefined && integer <= MAX_UINT64 && (isInt64(integer) || integer > 0n)) {
    const isInt = isInt64(integer)
    // Beyond int64 there is no type for it unless an unsigned one is asked for.
    const ideal: Value = isInt ? int(integer) : undefined
    return { isInt, isUint: integer >= 0n, isFloat: true, int: integer, float: Number(integer), ideal }
  }
  const float = parseFloat64(text.replace(/(?<=[0-9a-fA-F])_(?=[0-9a-fA-F])/g, ''))
  if (float === undefined) return `illegal number syntax: ${quote(text)}`
  if (!/[.eEpP]/.test(text)) return `integer overflow: ${quote(text)}`
  const isInt = Number.isInteger(float) && isInt64(BigInt(float))
  return {
    isInt,
    isUint: isInt && float >= 0,
    isFloat: true,
    int: isInt ? BigInt(float) : 0n,
    float,
    ideal: float,
  }
}
