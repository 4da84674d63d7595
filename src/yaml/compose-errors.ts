/** Errors of the `yaml` package in the words of people who write manifests. */
import type { YAMLParseError } from 'yaml'
import type { Problem } from './document.ts'

interface Place {
  readonly text: string
  /** Offset of the chunk that the errors' positions count from. */
  readonly base: number
  /** End of a document that is no block map or list: go-yaml does not look behind it. */
  readonly rootEnd: number | undefined
}

/** One problem a line: what follows an error on the same line is mostly its echo. */
export function toProblems(errors: readonly YAMLParseError[], { text, base, rootEnd }: Place): Problem[] {
  const problems: Problem[] = []
  let line = -1
  for (const error of joinMisplaced(errors, text.slice(base))) {
    const start = base + error.pos[0]
    const badEscape = /^Invalid escape sequence (.*)$/s.exec(error.message)?.[1]
    const end = badEscape ? start + badEscape.length : Math.max(start + 1, base + error.pos[1])
    const word = text.slice(start, end)
    const rule = RULES.find(it => it.code === error.code && (!it.text || it.text.test(error.message)))
    if (rule?.message === TOLERATED || TOLERATED_ESCAPE.test(error.message)) continue
    if (rootEnd !== undefined && start >= rootEnd) {
      problems.push({
        code: 'ambiguous',
        message: IGNORED,
        span: { start, end: trimmedEnd(text, start, end) },
      })
      break
    }
    // Nothing is understood from here on, so nothing more can be said.
    const lost = error.message.includes('in YAML stream')
    if (lost && problems.length > 0) break
    const at = text.lastIndexOf('\n', start - 1)
    if (at === line && problems.length > 0) continue
    line = at
    const message = typeof rule?.message === 'function' ? rule.message(word, error.message) : rule?.message
    problems.push({
      code: 'syntax',
      message: message ?? unexpected(word),
      span: { start, end: trimmedEnd(text, start, end) },
    })
    if (lost) break
  }
  return problems
}

type ReadError = Pick<YAMLParseError, 'message'> & {
  readonly code: string
  readonly pos: readonly [number, number]
}

/**
 * A key that is indented more than those above continues the text before it, so that this text seems to be a key of several
 * lines within a map. What is to be mended is the last of them.
 */
function joinMisplaced(errors: readonly YAMLParseError[], text: string): ReadError[] {
  const joined: ReadError[] = []
  for (let i = 0; i < errors.length; i++) {
    const error = errors[i]!
    const next = errors[i + 1]
    const isNested = error.code === 'BLOCK_AS_IMPLICIT_KEY' && error.message.startsWith('Nested mappings')
    if (!isNested || next?.code !== 'MULTILINE_IMPLICIT_KEY' || next.pos[0] !== error.pos[0]) {
      joined.push(error)
      continue
    }
    const [start, end] = next.pos
    const lines = text.slice(start, end)
    const last = lines.slice(lines.lastIndexOf('\n') + 1).trimStart()
    joined.push({ code: MISPLACED, message: '', pos: [end - last.length, end] })
    i++
  }
  return joined
}

const MISPLACED = 'MISPLACED_KEY'
const NOT_ALIGNED = 'Not indented like the keys above; align the keys of one map'

interface Rule {
  readonly code: string
  readonly text?: RegExp
  readonly message: string | ((word: string, message: string) => string)
}

const TOLERATED = 'tolerated'
const IGNORED = 'The document ends before this, and kubectl reads no further; begin the next one with `---`'
/** go-yaml takes `\'` in double quotes for a quote. */
const TOLERATED_ESCAPE = /^Invalid escape sequence \\'$/

const quoted = (text: string): string => `\`${text.length > 30 ? `${text.slice(0, 29)}…` : text}\``

function unexpected(word: string): string {
  const text = word.trim()
  return text === ''
    ? 'Something is missing here'
    : `Not expected here: ${quoted(text)}; check indentation and quotes`
}

const bracket = (message: string): string => (message.includes(']') ? ']' : '}')

const RULES: readonly Rule[] = [
  { code: 'MISSING_CHAR', text: /^Comments must be separated/, message: TOLERATED },
  { code: 'MISSING_CHAR', text: /^Missing directives-end/, message: TOLERATED },
  { code: 'MISSING_CHAR', text: /closing "quote/, message: 'This text has no closing `"`' },
  { code: 'MISSING_CHAR', text: /closing 'quote/, message: "This text has no closing `'`" },
  {
    code: 'MISSING_CHAR',
    text: /and end with a|expected flow/i,
    message: (_, error) => `The bracket is not closed; \`${bracket(error)}\` is missing`,
  },
  {
    code: 'BAD_INDENT',
    text: /and end with a/,
    message: (_, error) =>
      `The bracket above is not closed; \`${bracket(error)}\` is missing, or this line is not indented enough`,
  },
  {
    code: 'MISSING_CHAR',
    text: /^Implicit map keys/,
    message: word =>
      `No colon behind ${quoted(word.trim())}; write \`key: value\`, or indent the line if it belongs to the text above`,
  },
  { code: 'MISSING_CHAR', text: /^Missing , /, message: 'A comma is missing before this entry' },
  { code: 'MISSING_CHAR', text: /^Missing space after/, message: 'Put a blank behind the colon' },
  { code: 'MISSING_CHAR', text: /^Tags and anchors/, message: 'Put a blank behind the tag or anchor' },
  {
    code: 'MISSING_CHAR',
    text: /^Sequence item/,
    message: 'Items of this list begin with `- `; add it, or correct the indentation',
  },
  {
    code: 'BAD_INDENT',
    text: /mapping items/,
    message: NOT_ALIGNED,
  },
  { code: MISPLACED, message: NOT_ALIGNED },
  {
    code: 'BAD_INDENT',
    text: /sequence items/,
    message: 'Not indented like the items above; align the items of one list',
  },
  {
    code: 'BAD_INDENT',
    text: /leading empty lines/,
    message: 'Blank lines before the text are indented more than the text; remove their blanks',
  },
  { code: 'BAD_INDENT', message: 'Wrong indentation' },
  {
    code: 'BLOCK_AS_IMPLICIT_KEY',
    text: /^Nested mappings/,
    message: 'A second `key: value` on one line; quote the value, or begin a map on the next line',
  },
  { code: 'BLOCK_AS_IMPLICIT_KEY', message: 'A list cannot be a key; check the indentation' },
  {
    code: 'BLOCK_IN_FLOW',
    message:
      'Inside brackets entries are separated by commas; a list with `- ` or a map by lines cannot stand here',
  },
  {
    code: 'MULTILINE_IMPLICIT_KEY',
    message: 'A key and its colon stand on one line; a colon is missing or the indentation is wrong',
  },
  { code: 'KEY_OVER_1024_CHARS', message: 'A key may have no more than 1024 characters' },
  { code: 'TAB_AS_INDENT', message: 'A tab cannot indent; use blanks' },
  {
    code: 'BAD_SCALAR_START',
    message: word => `An unquoted value cannot begin with ${quoted(word[0] ?? '')}; quote it`,
  },
  {
    code: 'BAD_DQ_ESCAPE',
    message: word =>
      `${quoted(word.trim())} is no escape in double quotes; double the backslash or use single quotes`,
  },
  {
    code: 'BAD_ALIAS',
    message: 'An anchor or alias needs a name; quote the text if `&` or `*` belongs to it',
  },
  { code: 'ALIAS_PROPS', message: 'An alias takes no tag and no anchor of its own' },
  { code: 'MULTIPLE_ANCHORS', message: 'A value can have one anchor only' },
  { code: 'MULTIPLE_TAGS', message: 'A value can have one tag only' },
  {
    code: 'BAD_PROP_ORDER',
    message: 'The anchor or tag stands on the wrong side of this indicator; put it behind',
  },
  { code: 'BAD_DIRECTIVE', message: 'kubectl refuses directives; remove this line' },
  { code: 'TAG_RESOLVE_FAILED', message: TOLERATED },
  { code: 'BAD_COLLECTION_TYPE', message: TOLERATED },
  { code: 'RESOURCE_EXHAUSTION', message: 'Nested too deep; what is below is not read' },
]

function trimmedEnd(text: string, start: number, end: number): number {
  let at = end
  while (at > start + 1 && /\s/.test(text[at - 1]!)) at--
  return at
}
