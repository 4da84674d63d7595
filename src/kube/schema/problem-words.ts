/** Schema problems in words for people: what is wrong first, then what would be right. */
import { formatPath } from '../../yaml/json.ts'
import type { SchemaProblem } from './problem.ts'

/** One line in the user's own names, without full stop. */
export function wordProblem(problem: SchemaProblem): string {
  const { code, field, expected, found, suggestion, legalAt, rule } = problem
  const subject = field === '' ? 'the value' : `"${field}"`
  const meant = suggestion === undefined ? '' : `; did you mean "${suggestion}"?`
  switch (code) {
    case 'unknown-field':
      return legalAt
        ? `${subject} is no field here; it belongs to ${formatPath(legalAt) || 'the top level'}`
        : `unknown field ${subject}${meant}`
    case 'type':
    case 'null':
      return `${subject} is ${withArticle(found)}, expected ${withArticle(expected)}`
    case 'required':
      return `${subject} is required`
    case 'enum':
      return `${found} is not supported by ${subject}, expected ${expected}${meant}`
    case 'duplicate-item':
    case 'repeated-item':
      return `${subject} has ${found} more than once`
    case 'format':
      return `${subject} is ${found}, expected ${withArticle(expected)}`
    default:
      return rule
        ? wordKeyword(subject, found, rule) + wordInner(problem)
        : `${subject} is ${found}, expected ${expected}`
  }
}

/** What the nearest alternative has against the value. */
function wordInner({ inner }: SchemaProblem): string {
  const [first] = inner ?? []
  return first ? `; the nearest one says: ${wordProblem(first)}` : ''
}

/** Faults against keywords of a custom resource's schema. */
function wordKeyword(subject: string, found: string, rule: NonNullable<SchemaProblem['rule']>): string {
  const limit = String(rule.value)
  switch (rule.keyword) {
    case 'pattern':
      return `${subject} is ${found}, which does not match ${limit}`
    case 'maximum':
      return `${subject} is ${found}, expected at most ${limit}`
    case 'minimum':
      return `${subject} is ${found}, expected at least ${limit}`
    case 'exclusiveMaximum':
      return `${subject} is ${found}, expected less than ${limit}`
    case 'exclusiveMinimum':
      return `${subject} is ${found}, expected more than ${limit}`
    case 'multipleOf':
      return `${subject} is ${found}, expected a multiple of ${limit}`
    case 'maxLength':
      return `${subject} is longer than ${limit} characters`
    case 'minLength':
      return `${subject} is shorter than ${limit} characters`
    case 'maxItems':
    case 'maxProperties':
      return `${subject} has more than ${limit} ${countNoun(rule.keyword)}`
    case 'minItems':
    case 'minProperties':
      if (rule.value === 1)
        return `${subject} is empty, expected at least one ${countNoun(rule.keyword).slice(0, -1)}`
      return `${subject} has fewer than ${limit} ${countNoun(rule.keyword)}`
    case 'anyOf':
      return `${subject} fits none of the forms that its schema allows (anyOf)`
    case 'oneOf':
      return `${subject} must fit exactly one of the forms that its schema allows (oneOf)`
    case 'not':
      return `${subject} has a form that its schema forbids (not)`
    default:
      return `${subject} is ${found}: ${limit}`
  }
}

const countNoun = (keyword: string): string => (keyword.endsWith('Items') ? 'items' : 'fields')

const withArticle = (words: string): string => {
  if (/^(?:any|one|at|no|null|base64|[A-Z0-9"])/.test(words)) return words
  return `${/^[aeiou]/.test(words) ? 'an' : 'a'} ${words}`
}
