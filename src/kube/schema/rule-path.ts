/** The `fieldPath` of a rule: `ValidFieldPath` of apiextensions-apiserver/pkg/apiserver/schema/cel/validation.go. */
import { internKey } from '../../yaml/keys.ts'
import type { Structural } from './structural.ts'

export interface FieldPath {
  readonly steps: readonly string[]
  /** As the server prints it behind the path of the rule's value: `a.b[key]`. */
  readonly text: string
}

const STEP = /\.([^.[\]]+)|\['((?:[^'\\]|\\.)*)'\]/y

/** Undefined for paths that the schema does not have. */
export function parseFieldPath(source: string, schema: Structural): FieldPath | undefined {
  const steps: string[] = []
  let text = ''
  let at: Structural | undefined = schema
  STEP.lastIndex = 0
  while (STEP.lastIndex < source.length) {
    const match = STEP.exec(source)
    if (!match || !at) return undefined
    const name: string = match[1] ?? unescapeQuoted(match[2]!)
    const isNamed: boolean = at.fields.size > 0
    const next: Structural | undefined = isNamed
      ? at.fields.get(internKey(name))?.schema()
      : typeof at.additional === 'object'
        ? at.additional
        : undefined
    if (!next) return undefined
    steps.push(name)
    text += isNamed ? `${text === '' ? '' : '.'}${name}` : `[${name}]`
    at = next
  }
  return steps.length === 0 ? undefined : { steps, text }
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

const unescapeQuoted = (text: string): string =>
  text.replaceAll(/\\(.)/gs, (_, letter: string) => ESCAPES[letter] ?? letter)
