/** TOML as BurntSushi/toml writes it; reading is smol-toml's. */
import { parse, TomlDate } from 'smol-toml'
import { GoError } from '../template/errors.ts'
import { formatFloat } from '../template/number.ts'
import { plainText } from '../template/text.ts'
import {
  dict,
  int64,
  isDict,
  isList,
  isString,
  list,
  type Struct,
  sizeOf,
  sortedKeys,
  type Value,
} from '../template/value.ts'

export function decodeToml(text: string): Value {
  try {
    return fromJavaScript(parse(text))
  } catch (error) {
    throw new GoError(`toml: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`)
  }
}

function fromJavaScript(value: unknown): Value {
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isInteger(value) ? int64(value) : value
  if (typeof value === 'bigint') return int64(value)
  if (Array.isArray(value)) return list(value.map(fromJavaScript))
  if (value instanceof TomlDate) return value.toISOString()
  return dict(new Map(Object.entries(value as object).map(([key, it]) => [key, fromJavaScript(it)])))
}

/** toml.Encoder.Encode; throws its errors. */
export function encodeToml(value: Value): string {
  if (value === null || value === undefined)
    throw new GoError('reflect: call of reflect.Value.Type on zero Value')
  sizeOf(value)
  if (isTableArray(value)) throw new GoError('toml: top-level values must be Go maps or structs')
  const table = toFields(value)
  return table ? encodeTable(table, []) : encodeValue(value)
}

type Fields = readonly (readonly [key: string, value: Value])[]

/** What a table is made of: a map by its keys, a struct as it is declared. Undefined of anything else. */
function toFields(value: Value): Fields | undefined {
  if (isDict(value)) return sortedKeys(value).map(it => [it, value.entries.get(it)])
  return isStruct(value) && value.fields.size > 0 ? [...value.fields] : undefined
}

const isStruct = (value: Value): value is Struct =>
  typeof value === 'object' && value !== null && value.tag === 'struct'

const isTableArray = (value: Value): boolean =>
  isList(value) && value.items.length > 0 && value.items.every(it => toFields(it) !== undefined)

const isNil = (value: Value): boolean =>
  value === null || value === undefined || (isDict(value) && value.isNil)

/** Plain values first, then tables. */
function encodeTable(table: Fields, path: readonly string[]): string {
  const indent = '  '.repeat(path.length)
  let text = ''
  const fields = table.filter(([, it]) => !isNil(it))
  for (const [key, value] of fields)
    if (!toFields(value) && !isTableArray(value)) text += `${indent}${tomlKey(key)} = ${encodeValue(value)}\n`
  for (const [key, value] of fields) {
    const inner = [...path, key]
    const name = inner.map(tomlKey).join('.')
    const isFirst = text === '' && path.length === 0
    const own = toFields(value)
    if (own) text += `${isFirst || path.length > 0 ? '' : '\n'}${indent}[${name}]\n${encodeTable(own, inner)}`
    else if (isList(value) && isTableArray(value))
      for (const [i, item] of value.items.entries())
        text += `${isFirst && i === 0 ? '' : '\n'}${indent}[[${name}]]\n${encodeTable(toFields(item)!, inner)}`
  }
  return text
}

const tomlKey = (key: string): string => (/^[A-Za-z0-9_-]+$/.test(key) ? key : tomlString(key))

const tomlString = (text: string): string =>
  `"${text.replace(/[\x00-\x1f"\\\x7f]/g, it => TOML_ESCAPES.get(it) ?? `\\u${it.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`

const TOML_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\b', '\\b'],
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\f', '\\f'],
  ['\r', '\\r'],
])

function formatTomlFloat(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'
  const text = formatFloat(value)
  return /[.e]/.test(text) ? text : `${text}.0`
}

function encodeValue(value: Value): string {
  if (isString(value)) return tomlString(plainText(value))
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return formatTomlFloat(value)
  if (isList(value)) {
    if (value.items.some(it => it === null || it === undefined))
      throw new GoError('toml: cannot encode array with nil element')
    return `[${value.items.map(encodeValue).join(', ')}]`
  }
  const fields = toFields(value)
  if (fields) return `{${fields.map(([key, it]) => `${tomlKey(key)} = ${encodeValue(it)}`).join(', ')}}`
  if (typeof value === 'object' && value && value.tag === 'int') return String(value.value)
  // Times and versions tell their own text.
  const text = isStruct(value) && value.json?.()
  if (typeof text === 'string') return isStruct(value) && value.type === 'time.Time' ? text : tomlString(text)
  throw new GoError('toml: cannot encode value')
}
