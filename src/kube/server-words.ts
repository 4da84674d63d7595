/** Causes of the API server in words for people: the server's own, after the name of the field that the user wrote. */

import { findNearest } from '../text/suggest.ts'
import type { ServerFinding, ServerWarning } from './apis.ts'

/** Faults that rules of their own report with more to say: both ends, a fix. */
const TOLD_BETTER: readonly (readonly [pattern: RegExp, rule: string])[] = [
  [/`selector` does not match template `labels`/, 'selector-template-mismatch'],
  [/must be less than or equal to \S+ limit/, 'resource-request-exceeds-limit'],
  [/volume(?:Mounts|Devices)\[\d+\]\.name: Not found/, 'volume-mount-undefined'],
  [/: hides previous definition of /, 'schema-repeated-item'],
  [/^(\S+)\.ports\[\d+\]: duplicate port definition with \1\.ports/, 'schema-repeated-item'],
  [/kubernetes\.io\/ingress\.class" is deprecated/, 'ingress-class-annotation-deprecated'],
  [/use "[a-z.]*kubernetes\.io\/[a-z-]+" instead/, 'node-label-deprecated'],
]

const isToldBetter = (text: string, isOn: (rule: string) => boolean): boolean =>
  TOLD_BETTER.some(([pattern, rule]) => pattern.test(text) && isOn(rule))

/** The causes with one of these reasons that no rule tells better among those that are on. */
export const listCauses = (
  found: readonly ServerFinding[],
  reasons: readonly ServerFinding['reason'][],
  isOn: (rule: string) => boolean,
): ServerFinding[] =>
  found.filter(it => reasons.includes(faultOf(it)) && !isToldBetter(`${it.field}: ${it.message}`, isOn))

/** What is wrong with nothing is that it is missing. */
const faultOf = ({ reason, message }: ServerFinding): ServerFinding['reason'] =>
  message.startsWith('Invalid value: null: ') ? 'FieldValueRequired' : reason

/** The warnings that no rule tells better among those that are on. */
export const listWarnings = (
  found: readonly ServerWarning[],
  isOn: (rule: string) => boolean,
): ServerWarning[] => found.filter(it => !isToldBetter(it.message, isOn))

/** `spec.ports is required: …`; the server's name for the reason says no more than the rule does. */
export function wordCause({ field, message }: ServerFinding): string {
  const [, said = '', rest = ''] = /^([A-Z][a-z ]+)(?:: ([\s\S]*))?$/.exec(message) ?? [message, message]
  const detail = rest.trim()
  const subject = field === '<nil>' ? 'the object' : field
  return `${subject} ${WORDS.get(said) ?? said.toLowerCase()}${detail === '' ? '' : `: ${detail}`}`
}

/** Names of the reasons, as `field.ErrorType.String` prints them. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['Required value', 'is required'],
  ['Forbidden', 'is not allowed here'],
  ['Invalid value', 'is invalid'],
  ['Unsupported value', 'is not supported'],
  ['Duplicate value', 'is a duplicate'],
  ['Not found', 'names nothing'],
  ['Too long', 'is too long'],
  ['Too many', 'has too many items'],
  ['Internal error', 'cannot be checked'],
])

/** The value that was probably meant: the only one that is supported, one that looks alike, the text without its blanks. */
export function suggestValue({ reason, at, message }: ServerFinding): string | undefined {
  const text = at.text()
  if (text === undefined) return undefined
  if (message.endsWith('must not have leading or trailing whitespace')) return text.trim()
  if (reason !== 'FieldValueNotSupported') return undefined
  const supported = listSupported(message)
  return supported.length === 1 ? supported[0] : findNearest(text, supported)
}

/** `supported values: "A", "B"`. */
function listSupported(message: string): string[] {
  const list = /supported values: (.*)$/s.exec(message)?.[1] ?? ''
  return [...list.matchAll(/"(?:[^"\\]|\\.)*"/g)].map(([it]) => JSON.parse(it) as string)
}

/** Nothing but blanks or letter case differs, so that no other value can be meant. */
export const isSlip = (text: string, suggestion: string): boolean =>
  text.trim().toLowerCase() === suggestion.toLowerCase()
