/** What explicit tags make of a scalar (`!!str 5`), as in `resolve` and `scalar` of go-yaml. */
import { plainKey, plainValue, type Scalar } from './scalars.ts'

export type Tagged = { readonly value: Scalar } | { readonly refused: string }

/** The value of a scalar with a tag, given its text without quotes. Tags that go-yaml does not know mean text. */
export function taggedValue(tag: string, text: string): Tagged {
  const short = shortTag(tag)
  switch (short) {
    case '!!int':
    case '!!bool':
    case '!!null':
      return impliedTag(text) === short ? { value: plainValue(text) } : refuse(tag, text)
    case '!!float': {
      const value = plainValue(text)
      return typeof value === 'number' ? { value } : refuse(tag, text)
    }
    case '!!timestamp':
      return isTimestamp(text) ? { value: text } : refuse(tag, text)
    case '!!binary': {
      const value = decodeBase64(text)
      return value === undefined ? refuse(tag, text) : { value }
    }
    default:
      return { value: text }
  }
}

/** The key that a tagged scalar becomes; undefined where it is none. */
export function taggedKey(tag: string, text: string): string | undefined {
  const tagged = taggedValue(tag, text)
  if ('refused' in tagged) return undefined
  return typeof tagged.value === 'string' ? tagged.value : plainKey(text)
}

export type ImpliedTag = '!!null' | '!!bool' | '!!int' | '!!float' | '!!str'

/** The tag that go-yaml gives to a text without quotes. */
export function impliedTag(text: string): ImpliedTag {
  const value = plainValue(text)
  if (value === null) return '!!null'
  if (typeof value === 'boolean') return '!!bool'
  if (typeof value === 'number') return isInteger(value, text) ? '!!int' : '!!float'
  return isInfinite(text) ? '!!float' : '!!str'
}

/** Numbers that JSON does not have. */
export const isInfinite = (text: string): boolean =>
  /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/.test(text)

/** A float is no integer to go-yaml, even when it is a whole number; nor is one that 64 bits do not hold. */
const isInteger = (value: number, text: string): boolean =>
  !/^[-+]?[0-9_]*\.|^[-+]?(?!0[xX])[0-9_.]+[eE]/.test(text) && value >= -(2 ** 63) && value <= 2 ** 64

export const isTimestamp = (text: string): boolean => TIMESTAMP.test(text)

const TIMESTAMP =
  /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]| )[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?:\.[0-9]+)?(?:Z|[-+][0-9]{2}:[0-9]{2})?)?$/

const CORE = 'tag:yaml.org,2002:'

export const shortTag = (tag: string): string => (tag.startsWith(CORE) ? `!!${tag.slice(CORE.length)}` : tag)

function refuse(tag: string, text: string): Tagged {
  return { refused: `${text === '' ? 'Nothing' : JSON.stringify(text)} is no ${shortTag(tag)}` }
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

export function decodeBase64(text: string): string | undefined {
  const data = text.replace(/[\r\n]/g, '')
  if (!BASE64.test(data)) return undefined
  const bytes = Uint8Array.from(atob(data), char => char.charCodeAt(0))
  return new TextDecoder().decode(bytes)
}
