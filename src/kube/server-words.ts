/** Causes of the API server in words for people: the server's own, after the name of the field that the user wrote. */
import type { ServerFinding } from './apis.ts'

/** Faults that rules of their own report with more to say: both ends, a fix. */
const TOLD_ELSEWHERE: readonly RegExp[] = [
  /`selector` does not match template `labels`/,
  /must be less than or equal to \S+ limit/,
  /volume(?:Mounts|Devices)\[\d+\]\.name: Not found/,
]

/** The causes with one of these reasons that no other rule reports. */
export const listCauses = (
  found: readonly ServerFinding[],
  ...reasons: readonly ServerFinding['reason'][]
): ServerFinding[] =>
  found.filter(
    it =>
      reasons.includes(it.reason) &&
      !TOLD_ELSEWHERE.some(pattern => pattern.test(`${it.field}: ${it.message}`)),
  )

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
