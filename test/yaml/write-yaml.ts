/** Writes random values as YAML in random styles and remembers where everything stands: the test's own bookkeeping. */
import fc from 'fast-check'
import type { Span } from '../../src/text/source.ts'
import type { Json, JsonObject, Path } from '../../src/yaml/json.ts'

export interface Written {
  readonly text: string
  readonly value: Json
  readonly spans: readonly { readonly path: Path; readonly key?: Span; readonly value: Span }[]
}

export interface Options {
  /** Anchors and aliases: for the full producer only. */
  readonly anchors?: boolean
}

const WORDS = [
  'a',
  'name',
  'yes',
  'on',
  'null',
  '~',
  '1',
  '0777',
  '1.5',
  '1_000',
  '12:30',
  '-',
  '- a',
  'a: b',
  'a #b',
  '#c',
  "it's",
  '"q"',
  'x y',
  ' lead',
  'trail ',
  '',
  'é',
  '日本',
  '😀',
  '{{ x }}',
  '[x',
  'a,b',
  'a\tb',
  'm\nn',
  'm\n\nn\n',
  '\n',
  '*x',
  '&x',
  '!x',
  '%d',
  '@',
  '`',
  '|',
  '>',
  '?',
  ': ',
  'http://x:80/?q#f',
  '<<',
  '__proto__',
  'true',
  '=',
  '\x07',
  '\u2028',
  '\\',
]

const word: fc.Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...WORDS) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
)

const { value } = fc.letrec<{ value: Json; leaf: Json; list: Json; map: Json }>(tie => ({
  leaf: fc.oneof(word, fc.integer(), fc.constantFrom<Json>(null, true, false, 1.5, -0.25, 1e21, 80)),
  list: fc.array(tie('value'), { maxLength: 4 }),
  map: fc.array(fc.tuple(word, tie('value')), { maxLength: 4 }).map(it => toMap(it)),
  value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, tie('leaf'), tie('list'), tie('map')),
}))

function toMap(entries: readonly (readonly [string, Json])[]): JsonObject {
  const map: Record<string, Json> = Object.create(null)
  for (const [key, it] of entries) map[key] = it
  return map
}

/** Documents whose root is a map, as manifests are. */
export const writtenYaml = (options: Options = {}): fc.Arbitrary<Written> =>
  fc
    .tuple(
      fc.array(fc.tuple(word, value), { minLength: 1, maxLength: 5 }),
      fc.array(fc.nat(1 << 16), { minLength: 40, maxLength: 40 }),
    )
    .map(([entries, choices]) => new Writer(choices, options).write(toMap(entries)))

class Writer {
  private text = ''
  private readonly spans: { path: Path; key?: Span; value: Span }[] = []
  private readonly choices: readonly number[]
  private readonly newline: string
  private readonly anchored: { name: string; value: Json }[] = []
  private readonly anchors: boolean
  private turn = 0
  /** A comment behind a block scalar would be part of it. */
  private afterBlock = false

  constructor(choices: readonly number[], { anchors = false }: Options) {
    this.choices = choices
    this.anchors = anchors
    this.newline = this.chance(4) ? '\r\n' : '\n'
  }

  write(value: JsonObject): Written {
    if (this.chance(8)) this.text = '\ufeff'
    if (this.chance(4)) this.line('# head')
    const span = this.chance(6) ? this.flow(value, []) : this.map(value, [], 0)
    this.spans.push({ path: [], value: span })
    if (this.chance(4)) this.text += `${this.newline}# tail`
    if (!this.chance(4)) this.text += this.newline
    return { text: this.text, value, spans: this.spans }
  }

  private pick(count: number): number {
    const choice = this.choices[this.turn++ % this.choices.length]!
    // Without this a short list of choices would repeat itself.
    return (choice + this.turn * 7) % count
  }

  private chance(of: number): boolean {
    return this.pick(of) === 1
  }

  private line(text = ''): void {
    this.text += text + this.newline
  }

  /** Ends a line, now and then with a comment, and with blank or comment lines behind it. */
  private break(): void {
    if (this.afterBlock) {
      this.afterBlock = false
      this.line()
      return
    }
    if (this.chance(6)) this.text += ' # it\'s a "comment": [{'
    this.line()
    if (this.chance(9)) this.line('   ')
    if (this.chance(9)) this.line('      # own line')
  }

  private add(text: string): Span {
    const start = this.text.length
    this.text += text
    return { start, end: this.text.length }
  }

  private map(map: JsonObject, path: Path, column: number): Span {
    const start = this.text.length
    let end = start
    Object.entries(map).forEach(([name, entry], i) => {
      if (i > 0) this.break()
      this.text += ' '.repeat(i > 0 ? column : 0)
      const key = this.add(this.keyText(name))
      const span = this.value(entry, [...path, name], column, `${this.chance(9) ? ' ' : ''}:`)
      this.spans.push({ path: [...path, name], key, value: span })
      end = span.end
    })
    return { start, end }
  }

  private list(list: readonly Json[], path: Path, column: number): Span {
    const start = this.text.length
    let end = start
    list.forEach((item, i) => {
      if (i > 0) this.break()
      this.text += ' '.repeat(i > 0 ? column : 0)
      const span = this.item(item, [...path, i], column)
      this.spans.push({ path: [...path, i], value: span })
      end = span.end
    })
    return { start, end }
  }

  private item(item: Json, path: Path, column: number): Span {
    if (!isFilled(item) || this.chance(6)) return this.value(item, path, column, '-')
    this.text += `-${' '.repeat(1 + this.pick(3))}`
    const at =
      this.text.length -
      this.text.lastIndexOf('\n') -
      1 -
      (this.text.includes('\n') ? 0 : bomLength(this.text))
    return Array.isArray(item) ? this.list(item, path, at) : this.map(item as JsonObject, path, at)
  }

  /** A value behind `mark`, which is a colon or a dash. */
  private value(value: Json, path: Path, column: number, mark: string): Span {
    this.text += mark
    if (value === null && this.chance(2)) return this.add('')
    const alias = this.anchors && this.anchored.find(it => it.value === value && typeof value === 'string')
    if (alias) {
      this.text += ' '
      return this.add(`*${alias.name}`)
    }
    if (this.anchors && this.chance(4)) {
      const name = `n${this.anchored.length}`
      this.anchored.push({ name, value })
      this.text += ` &${name}`
    }
    if (isFilled(value) && !this.chance(4)) {
      this.break()
      const indent = column + (Array.isArray(value) && mark !== '-' ? this.pick(3) : 1 + this.pick(3))
      this.text += ' '.repeat(indent)
      return Array.isArray(value)
        ? this.list(value, path, indent)
        : this.map(value as JsonObject, path, indent)
    }
    this.text += ' '.repeat(1 + this.pick(2))
    if (typeof value === 'string' && this.chance(3)) {
      const block = this.block(value, column)
      if (block) return block
    }
    return this.flow(value, path, 'block')
  }

  /** As `|` block, if that can hold the text. */
  private block(text: string, column: number): Span | undefined {
    const body = text.replace(/\n$/, '')
    if (body === '' || /^[ \t\n]|\n$|[^\S \n]|[\0-\x08\x7f-\x9f\u2028\ufeff\ufffe\uffff]/.test(body))
      return undefined
    const start = this.text.length
    this.text += text === body ? '|-' : '|'
    if (this.chance(4)) this.text += ' # comment'
    const indent = ' '.repeat(column + 1 + this.pick(3))
    for (const line of body.split('\n')) this.text += this.newline + (line === '' ? '' : indent + line)
    this.afterBlock = true
    return { start, end: this.text.length }
  }

  private flow(value: Json, path: Path, context: 'flow' | 'block' = 'flow'): Span {
    if (value === null || typeof value !== 'object') return this.add(this.scalarText(value, context))
    const start = this.text.length
    const isList = Array.isArray(value)
    this.text += isList ? '[' : '{'
    Object.entries(value).forEach(([name, entry], i) => {
      if (i > 0) this.text += ','
      this.gap()
      const step = isList ? i : name
      const key = isList ? undefined : this.add(this.keyText(name, 'flow'))
      if (!isList) this.text += ': '
      const span = this.flow(entry, [...path, step])
      this.spans.push({ path: [...path, step], ...(key && { key }), value: span })
    })
    if (Object.keys(value).length > 0) this.gap()
    this.text += isList ? ']' : '}'
    return { start, end: this.text.length }
  }

  private gap(): void {
    if (this.chance(8)) this.text += this.newline + FAR
    else if (this.chance(12)) this.text += ` # c${this.newline}${FAR}`
    else if (this.chance(3)) this.text += ' '
  }

  private keyText(name: string, context: 'flow' | 'block' = 'block'): string {
    return this.scalarText(name, context)
  }

  private scalarText(value: Json, context: 'flow' | 'block'): string {
    if (typeof value !== 'string') return String(value)
    const style = this.pick(3)
    if (
      style === 0 &&
      SAFE_PLAIN.test(value) &&
      !READS_OTHERWISE.test(value) &&
      (context === 'block' || !/[,?]/.test(value))
    )
      return value
    if (style === 1 && !/[\0-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/.test(value))
      return `'${value.replaceAll("'", "''")}'`
    return JSON.stringify(value).replace(
      /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g,
      it => `\\u${it.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
  }
}

/** Further than any block around the brackets is indented, which YAML 1.2 demands and go-yaml does not. */
const FAR = ' '.repeat(60)

const SAFE_PLAIN = /^[A-Za-zé日😀][\wé本./:?,-]*(?: [\w"'[\]{}]+)*$/u
const READS_OTHERWISE = /^(?:y|n|yes|no|on|off|true|false|null)$|:(?: |$)|[[\]{}]/i

const isFilled = (value: Json): value is readonly Json[] | JsonObject =>
  value !== null && typeof value === 'object' && Object.keys(value).length > 0

const bomLength = (text: string): number => (text.startsWith('\ufeff') ? 1 : 0)
