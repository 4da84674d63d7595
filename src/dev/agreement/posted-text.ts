/** A text as the server reads a body of type application/yaml, where that differs from what kubectl makes of a file. */
import type { Document } from '../../yaml/document.ts'
import { type FullParser, parseSource } from '../../yaml/parse.ts'

/**
 * The first document alone, where nothing is an object without fields. Directives of YAML 1.1 are taken, and the escapes
 * of JSON are those of YAML. plimsoll itself says what kubectl says: it skips empty documents and refuses directives.
 */
export function readPosted(body: string, full: FullParser): Document {
  const text = withoutDirectives(body)
  const read = (it: string): Document | undefined => parseSource({ id: 'body', text: it }, full)?.[0]
  const first = EMPTY_FIRST.test(text) ? undefined : read(/^\s*\{.*\\\//.test(text) ? `---\n${text}` : text)
  return !first || (first.value === null && first.problems.length === 0) ? read('{}')! : first
}

/** Nothing but comments between the first two separators. */
const EMPTY_FIRST = /^---[ \t]*(?:#.*)?\n(?:[ \t]*(?:#.*)?\n)*---/

/** Lines stay, so that places in messages do. */
const withoutDirectives = (text: string): string =>
  text.replace(/^(?:%(?:YAML 1\.1|TAG) ?.*\n)+(?=---)/, it => it.replaceAll(/.+/g, ''))
