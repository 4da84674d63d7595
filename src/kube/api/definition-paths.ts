/** Paths into a schema, as rules and selectable fields have them: `ValidFieldPath` of schema/cel/validation.go. */
import { findProperty, furtherOf, listNamed } from './definition-node.ts'
import type { Obj } from './object.ts'

export interface FoundField {
  /** The way down, in the server's form: equal paths have equal texts. */
  readonly path: string
  readonly first: string
  /** Undefined where the schema says nothing about the field. */
  readonly schema: Obj | undefined
}

/** The field that a path leads to; a text says what is wrong with the path. */
export function findFieldAt(
  path: string,
  schema: Obj,
  indexes: 'with keys' | 'without keys',
): FoundField | string {
  const tokens = tokenize(path)
  let at: Obj | undefined = schema
  let shown = ''
  let first = ''
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!
    if (token === '[' && indexes === 'without keys') return 'array notation is not allowed'
    if (token !== '[' && token !== '.') return `expected [ or . but got: ${token}`
    const next = tokens[++i]
    if (next === undefined) return 'unexpected end of JSON path'
    const name = token === '[' ? unquote(next) : { text: next }
    if ('fault' in name) return name.fault
    const step = stepInto(at, name.text)
    if (step === undefined) return NO_FIELD
    at = step.schema
    shown += step.isNamed ? `.${name.text}` : `[${name.text}]`
    first ||= name.text
    if (token !== '[') continue
    const close = tokens[++i]
    if (close === undefined) return 'unexpected end of JSON path'
    if (close !== ']') return `expected ] but got ${close}`
  }
  return { path: shown, first, schema: at }
}

const NO_FIELD = 'does not refer to a valid field'

interface Step {
  readonly schema: Obj | undefined
  readonly isNamed: boolean
}

/** With named fields only those count; else any name leads to the further fields. */
function stepInto(schema: Obj | undefined, name: string): Step | undefined {
  if (!schema) return undefined
  if (listNamed(schema, 'properties').length > 0) {
    const found = findProperty(schema, name)
    return found && { schema: found, isNamed: true }
  }
  const further = furtherOf(schema, 'additionalProperties')
  return further && { schema: further.schema, isNamed: false }
}

/** Dots and brackets stand alone; a text that begins with a quote goes on to the next one without a backslash. */
function tokenize(path: string): string[] {
  const tokens: string[] = []
  for (let at = 0; at < path.length; ) {
    const length = path[at] === "'" ? quotedLength(path, at) : plainLength(path, at)
    tokens.push(path.slice(at, at + length))
    at += length
  }
  return tokens
}

function quotedLength(path: string, start: number): number {
  for (let at = start + 1; at < path.length; at++)
    if (path[at] === "'" && path[at - 1] !== '\\') return at + 1 - start
  return path.length - start
}

function plainLength(path: string, start: number): number {
  for (let at = start; at < path.length; at++)
    if (path[at] === '.' || path[at] === '[' || path[at] === ']') return Math.max(at - start, 1)
  return path.length - start
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ["'", "'"],
  ['\\', '\\'],
])

function unquote(token: string): { readonly text: string } | { readonly fault: string } {
  if (token.length < 2 || !token.startsWith("'") || !token.endsWith("'"))
    return { fault: `expected single quoted string but got ${token}` }
  const inner = token.slice(1, -1)
  const odd = /\\(?![abfnrtv'\\])[\s\S]/.exec(inner.replaceAll('\\\\', ''))
  if (odd) return { fault: `invalid string literal: invalid escape char ${odd[0]}` }
  return { text: inner.replace(/\\([\s\S])/g, (_, char: string) => ESCAPES.get(char)!) }
}
