/** What helps with errors of templates beside Go's words: what is missing or of another kind, and what was meant. */
import { findNearest } from '../../text/suggest.ts'
import { formatNode, type Operand } from './ast.ts'
import { mainOrigin } from './derivation.ts'
import type { Origin, ValueOrigin } from './origin.ts'
import { isDict, type Value } from './value.ts'

export interface Help {
  readonly hint: string
  /** The value that the error is about. */
  readonly origin: ValueOrigin | undefined
}

interface FieldAccess {
  /** The operand as it is written in `text`, with all its fields. */
  readonly node: Operand
  readonly text: string
  /** The field that cannot be read of the receiver. */
  readonly name: string
  readonly receiver: Value
  readonly origin: Origin | undefined
  /** What the receiver was read from, undefined where the operand begins with it. */
  readonly holder: Value
}

export function explainField(access: FieldAccess): Help | undefined {
  const { name, receiver, holder, origin } = access
  const written = findReceiver(access)
  if (!written) return undefined
  if (typeof receiver === 'object' && receiver?.tag === 'struct') {
    const hint = meantName(name, receiver.fields.keys())
    return hint === undefined ? undefined : { hint, origin: undefined }
  }
  if (receiver !== null) return explainKind(written.path, receiver, origin)
  if (!isDict(holder) || holder.entries.has(written.key))
    return { hint: `${written.path} is null`, origin: toValueOrigin(origin) }
  const meant = meantName(written.key, holder.entries.keys())
  const hint = `${written.path} is not set${meant === undefined ? '' : `, ${meant}`}`
  return { hint, origin: undefined }
}

/** That a value is of another kind than what it is used as. */
export function explainKind(written: string, value: Value, origin: Origin | undefined): Help | undefined {
  const kind = wordKind(value)
  return kind === undefined ? undefined : { hint: `${written} is ${kind}`, origin: toValueOrigin(origin) }
}

export function meantName(name: string, known: Iterable<string>): string | undefined {
  const nearest = findLike(name, known)
  return nearest === undefined ? undefined : `did you mean "${nearest}"?`
}

/** The operand up to the field; undefined where the name stands in it twice. */
function findReceiver({ node, text, name }: FieldAccess): { path: string; key: string } | undefined {
  if (node.kind !== 'field' && node.kind !== 'variable' && node.kind !== 'chain') return undefined
  const at = node.fields.indexOf(name)
  if (at < 0 || node.fields.lastIndexOf(name) !== at) return undefined
  const fields = node.fields.slice(0, at)
  return { path: formatNode({ ...node, fields }, text) || '.', key: fields.at(-1) ?? '' }
}

/** Short names are near to anything. */
const findLike = (name: string, known: Iterable<string>): string | undefined =>
  name.length < 3 ? undefined : findNearest(name, known)

function wordKind(value: Value): string | undefined {
  switch (typeof value) {
    case 'boolean':
    case 'number':
    case 'string':
      return `a ${typeof value}`
  }
  switch (value?.tag) {
    case 'text':
      return 'a string'
    case 'int':
      return 'a number'
    case 'list':
      return 'a list'
    default:
      return undefined
  }
}

function toValueOrigin(origin: Origin | undefined): ValueOrigin | undefined {
  const main = mainOrigin(origin)
  return main?.kind === 'values' ? main : undefined
}
