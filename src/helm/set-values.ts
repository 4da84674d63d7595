/** `--set`, `--set-string`, `--set-json`, `--set-file` and `--set-literal` (pkg/strvals). Values remember the argument. */
import type { Source } from '../text/source.ts'
import { ChartError } from './chart.ts'
import { decodeJson } from './functions/json.ts'
import { GoError } from './template/errors.ts'
import { isInt64 } from './template/number.ts'
import type { Origin } from './template/origin.ts'
import { type Dict, dict, int64, isDict, isList, list, setEntry, type Value } from './template/value.ts'
import { mergeMaps } from './values-yaml.ts'

type SetKind = 'set' | 'set-string' | 'set-json' | 'set-file' | 'set-literal'

export interface SetArgument {
  readonly kind: SetKind
  /** `name=value`; of `set-file` the value is the content that the host has read. */
  readonly text: string
}

/** The order in which Helm applies the kinds. */
const ORDER: readonly SetKind[] = ['set-json', 'set', 'set-string', 'set-file', 'set-literal']

const MAX_INDEX = 65536
const MAX_NESTING = 30

/** Applies arguments to values, which are changed. Throws `ChartError`. */
export function applySets(values: Dict, sets: readonly SetArgument[]): Dict {
  let into = values
  for (const kind of ORDER)
    for (const it of sets) {
      if (it.kind !== kind) continue
      const source: Source = { id: `--${kind}`, text: it.text }
      try {
        if (kind === 'set-json' && it.text.trim().startsWith('{'))
          into = mergeMaps(into, decodeObject(it.text))
        else new SetParser(source, kind).apply(into)
      } catch (error) {
        if (!(error instanceof GoError)) throw error
        const span = { start: 0, end: it.text.length }
        throw new ChartError('values-invalid', `failed parsing --${kind} data: ${error.message}`, {
          source,
          span,
        })
      }
    }
  return into
}

function decodeObject(text: string): Dict {
  const value = decodeJson(text)
  return isDict(value) ? value : dict()
}

class SetParser {
  private readonly source: Source
  private readonly kind: SetKind
  private readonly text: string
  private at = 0

  constructor(source: Source, kind: SetKind) {
    this.source = source
    this.kind = kind
    this.text = source.text
  }

  apply(into: Dict): void {
    while (this.at < this.text.length) this.key(into, 0, [])
  }

  private origin(path: readonly (string | number)[], start: number): Origin {
    return { kind: 'values', source: this.source, path, key: undefined, value: { start, end: this.at } }
  }

  /** Characters up to one of `stops`, escapes resolved; the stop is consumed. */
  private until(stops: string): { text: string; stop: string | undefined } {
    let text = ''
    while (this.at < this.text.length) {
      const char = this.text[this.at++]!
      if (stops.includes(char)) return { text, stop: char }
      if (char === '\\' && this.kind !== 'set-literal') text += this.text[this.at++] ?? ''
      else text += char
    }
    return { text, stop: undefined }
  }

  private key(into: Dict, depth: number, path: readonly (string | number)[]): void {
    const start = this.at
    const { text: name, stop } = this.until(this.kind === 'set-literal' ? '=[.' : '=[,.')
    const inner = [...path, name]
    if (stop === undefined) {
      if (name !== '') throw new GoError(`key "${name}" has no value`)
      return
    }
    if (stop === ',') {
      if (name !== '') setEntry(into, name, '', this.origin(inner, start))
      throw new GoError(`key "${name}" has no value (cannot end with ,)`)
    }
    if (stop === '=') {
      const value = this.value()
      if (name !== '') setEntry(into, name, value, this.origin(inner, start))
      return
    }
    if (stop === '[') {
      const known = into.entries.get(name)
      if (known !== undefined && !isList(known))
        throw new GoError(`unable to parse key: ${name} is not a list`)
      const items = isList(known) ? known : list([], [])
      const changed = this.item(items, this.index(), depth, inner)
      if (name !== '') setEntry(into, name, changed, this.origin(inner, start))
      return
    }
    if (depth + 1 > MAX_NESTING)
      throw new GoError(
        `value name nested level is greater than maximum supported nested level of ${MAX_NESTING}`,
      )
    const known = into.entries.get(name)
    if (known !== undefined && !isDict(known)) throw new GoError(`unable to parse key: ${name} is not a map`)
    const table = known ?? dict()
    this.key(table, depth + 1, inner)
    if (table.entries.size === 0) throw new GoError(`key map "${name}" has no value`)
    if (name !== '') setEntry(into, name, table, this.origin(inner, start))
  }

  private index(): number {
    const { text, stop } = this.until(']')
    if (stop === undefined || !/^-?[0-9]+$/.test(text)) throw new GoError(`error parsing index: "${text}"`)
    const index = Number(text)
    if (index < 0) throw new GoError(`negative ${index} index not allowed`)
    if (index > MAX_INDEX)
      throw new GoError(`index of ${index} is greater than maximum supported index of ${MAX_INDEX}`)
    return index
  }

  private item(into: Value, index: number, depth: number, path: readonly (string | number)[]): Value {
    const items = isList(into) ? [...into.items] : []
    const origins = isList(into) && into.origins ? [...into.origins] : items.map(() => undefined)
    const start = this.at
    const { text, stop } = this.until('[.=')
    if (text !== '') throw new GoError(`unexpected data at end of array index: "${text}"`)
    if (stop === undefined) throw new GoError('index has no value')
    const inner = [...path, index]
    let value: Value
    if (stop === '=') value = this.value()
    else if (stop === '[') value = this.item(items[index], this.index(), depth, inner)
    else {
      const known = items[index]
      const table = isDict(known) ? known : dict()
      this.key(table, depth + 1, inner)
      value = table
    }
    while (items.length < index) {
      items.push(null)
      origins.push(undefined)
    }
    items[index] = value
    origins[index] = this.origin(inner, start)
    return list(items, origins)
  }

  private value(): Value {
    switch (this.kind) {
      case 'set-json':
        return this.json()
      case 'set-file':
      case 'set-literal': {
        const rest = this.text.slice(this.at)
        this.at = this.text.length
        return rest
      }
    }
    if (this.text[this.at] === '{') {
      this.at++
      return this.braces()
    }
    return this.typed(this.until(',').text)
  }

  /** `{a,b}`. */
  private braces(): Value {
    const items: Value[] = []
    const origins: Origin[] = []
    for (;;) {
      const start = this.at
      const { text, stop } = this.until(',}')
      if (stop === undefined) throw new GoError("list must terminate with '}'")
      origins.push(this.origin([items.length], start))
      items.push(this.typed(text))
      if (stop === '}') break
    }
    if (this.text[this.at] === ',') this.at++
    return list(items, origins)
  }

  private typed(text: string): Value {
    if (this.kind !== 'set') return text
    const lower = text.toLowerCase()
    if (lower === 'true' || lower === 'false') return lower === 'true'
    if (lower === 'null') return null
    if (text === '0') return int64(0)
    if (/^[-+]?[0-9]+$/.test(text) && text[0] !== '0' && isInt64(BigInt(text.replace(/^\+/, ''))))
      return int64(BigInt(text.replace(/^\+/, '')))
    return text
  }

  /** One JSON value; nothing means null. What follows is a comma and the next key. */
  private json(): Value {
    const rest = this.text.slice(this.at)
    if (/^\s*(,|$)/.test(rest)) {
      this.at += /^\s*,?/.exec(rest)![0].length
      return null
    }
    const length = jsonLength(rest)
    const value = decodeJson(rest.slice(0, length))
    this.at += length
    this.at += /^\s*,?/.exec(this.text.slice(this.at))![0].length
    return value
  }
}

/** Length of the JSON value that a text begins with. */
function jsonLength(text: string): number {
  let depth = 0
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!
    if (quoted) {
      if (char === '\\') at++
      else if (char === '"') quoted = false
    } else if (char === '"') quoted = true
    else if (char === '{' || char === '[') depth++
    else if (char === '}' || char === ']') depth--
    else if (char === ',' && depth === 0) return at
  }
  return text.length
}
