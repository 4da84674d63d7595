/** Label selectors: objects (`matchLabels`, `matchExpressions`), node selector terms and texts (`a=b,c in (d,e)`). */
import { checkLabelValue, checkQualifiedName } from './names.ts'

export type Labels = ReadonlyMap<string, string>

/** As objects of the API write them. */
export type SelectorOperator = 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt'

export interface Requirement {
  readonly key: string
  readonly operator: SelectorOperator
  readonly values: readonly string[]
}

/** All requirements must hold; none at all hold for everything. */
export type LabelSelector = readonly Requirement[]

/** Labels of an object of decoded JSON; null counts as the empty text, other values are left out. */
export function toLabels(value: unknown): Labels {
  const labels = new Map<string, string>()
  if (!isRecord(value)) return labels
  for (const [key, text] of Object.entries(value)) {
    if (typeof text === 'string') labels.set(key, text)
    else if (text === null) labels.set(key, '')
  }
  return labels
}

/**
 * `metav1.LabelSelectorAsSelector` of a decoded object. Undefined when an expression is malformed: the server refuses
 * it. What an absent or empty selector means differs from field to field, so it is left to the caller.
 */
export function toLabelSelector(value: unknown): LabelSelector | undefined {
  if (!isRecord(value)) return undefined
  const requirements: Requirement[] = []
  for (const [key, text] of toLabels(value.matchLabels))
    requirements.push({ key, operator: 'In', values: [text] })
  for (const it of listOf(value.matchExpressions)) {
    const requirement = toRequirement(it)
    if (!requirement || requirement.operator === 'Gt' || requirement.operator === 'Lt') return undefined
    requirements.push(requirement)
  }
  return requirements
}

/** The expressions of one term of a node selector (`nodeSelectorRequirementsAsSelector`); undefined when malformed. */
export function toNodeRequirements(expressions: unknown): LabelSelector | undefined {
  const requirements: Requirement[] = []
  for (const it of listOf(expressions)) {
    const requirement = toRequirement(it)
    if (!requirement) return undefined
    requirements.push(requirement)
  }
  return requirements
}

/** `labels.NewRequirement` of a decoded expression. */
function toRequirement(value: unknown): Requirement | undefined {
  if (!isRecord(value) || typeof value.key !== 'string') return undefined
  const { key, operator } = value
  const values = listOf(value.values).filter(it => typeof it === 'string')
  if (!isOperator(operator) || !hasRightCount(operator, values)) return undefined
  return { key, operator, values }
}

function hasRightCount(operator: SelectorOperator, values: readonly string[]): boolean {
  if (operator === 'In' || operator === 'NotIn') return values.length > 0
  if (operator === 'Exists' || operator === 'DoesNotExist') return values.length === 0
  return values.length === 1 && toInt64(values[0]!) !== undefined
}

const OPERATORS: ReadonlySet<unknown> = new Set(['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'])
const isOperator = (value: unknown): value is SelectorOperator => OPERATORS.has(value)
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** `strconv.ParseInt(text, 10, 64)`. */
export function toInt64(text: string): bigint | undefined {
  if (!/^[+-]?\d{1,30}$/.test(text)) return undefined
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text)
  return BigInt.asIntN(64, value) === value ? value : undefined
}

/** Whether labels fulfil all requirements. */
export function matchesSelector(selector: LabelSelector, labels: Labels): boolean {
  for (const requirement of selector) if (!matchesRequirement(requirement, labels)) return false
  return true
}

/** `labels.Requirement.Matches`: `NotIn` holds for objects that lack the label. */
export function matchesRequirement(requirement: Requirement, labels: Labels): boolean {
  const value = labels.get(requirement.key)
  switch (requirement.operator) {
    case 'In':
      return value !== undefined && requirement.values.includes(value)
    case 'NotIn':
      return value === undefined || !requirement.values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    default: {
      const left = value === undefined ? undefined : toInt64(value)
      const right = toInt64(requirement.values[0] ?? '')
      if (left === undefined || right === undefined) return false
      return requirement.operator === 'Gt' ? left > right : left < right
    }
  }
}

/** `labels.Parse`: a selector as flags and scale subresources write it; a string says what is wrong. */
export function parseLabelSelector(text: string): LabelSelector | string {
  const tokens = tokenize(text)
  const requirements: Requirement[] = []
  let at = 0
  while (at < tokens.length) {
    const parsed = parseRequirement(tokens, at)
    if (typeof parsed === 'string') return `unable to parse requirement: ${parsed}`
    requirements.push(parsed.requirement)
    at = parsed.next
    if (at === tokens.length) break
    if (tokens[at] !== ',') return `found '${tokens[at]}', expected: ',' or 'end of string'`
    at++
    if (at === tokens.length || (isSymbol(tokens[at]!) && tokens[at] !== '!'))
      return `found '${tokens[at] ?? ''}', expected: identifier after ','`
  }
  return requirements
}

const SYMBOLS: ReadonlySet<string> = new Set(['=', '==', '!=', '!', '>', '<', ',', '(', ')'])
const isSymbol = (token: string): boolean => SYMBOLS.has(token)
const tokenize = (text: string): string[] => text.match(/==|!=|[=!><,()]|[^\s=!><,()]+/g) ?? []

interface Parsed {
  readonly requirement: Requirement
  readonly next: number
}

const BINARY = 'in, notin, =, ==, !=, gt, lt'

function parseRequirement(tokens: readonly string[], start: number): Parsed | string {
  const negated = tokens[start] === '!'
  let at = negated ? start + 1 : start
  const key = tokens[at++] ?? ''
  if (key === '' || isSymbol(key)) return `found '${key}', expected: identifier`
  const faults = checkQualifiedName(key)
  if (faults.length > 0) return `<nil>: Invalid value: ${JSON.stringify(key)}: ${faults.join('; ')}`
  const operator = tokens[at]
  if (negated) return { requirement: { key, operator: 'DoesNotExist', values: [] }, next: at }
  if (operator === undefined || operator === ',')
    return { requirement: { key, operator: 'Exists', values: [] }, next: at }
  at++
  if (operator === 'in' || operator === 'notin') {
    const list = parseValues(tokens, at)
    if (typeof list === 'string') return list
    return finish({ key, operator: operator === 'in' ? 'In' : 'NotIn', values: list.values }, list.next)
  }
  const named = EXACT.get(operator)
  if (!named) return `found '${operator}', expected: ${BINARY}`
  const value = tokens[at]
  if (value === undefined || value === ',') return finish({ key, operator: named, values: [''] }, at)
  if (isSymbol(value)) return `found '${value}', expected: identifier`
  return finish({ key, operator: named, values: [value] }, at + 1)
}

const EXACT: ReadonlyMap<string, SelectorOperator> = new Map([
  ['=', 'In'],
  ['==', 'In'],
  ['!=', 'NotIn'],
  ['>', 'Gt'],
  ['<', 'Lt'],
])

function finish(requirement: Requirement, next: number): Parsed | string {
  const { operator, values } = requirement
  if ((operator === 'Gt' || operator === 'Lt') && toInt64(values[0]!) === undefined)
    return `values[0]: Invalid value: ${JSON.stringify(values[0])}: for 'Gt', 'Lt' operators, the value must be an integer`
  for (const [at, value] of values.entries()) {
    const faults = checkLabelValue(value)
    if (faults.length > 0)
      return `values[${at}][${requirement.key}]: Invalid value: ${JSON.stringify(value)}: ${faults.join('; ')}`
  }
  return { requirement, next }
}

/** `(a, b)`; an empty place counts as the empty value. */
function parseValues(tokens: readonly string[], start: number): { values: string[]; next: number } | string {
  if (tokens[start] !== '(') return `found '${tokens[start] ?? ''}' expected: '('`
  const values = new Set<string>()
  let expectsValue = true
  for (let at = start + 1; at < tokens.length; at++) {
    const token = tokens[at]!
    if (token === ')') {
      if (expectsValue) values.add('')
      return { values: [...values].sort(), next: at + 1 }
    }
    if (token === ',') {
      if (expectsValue) values.add('')
      expectsValue = true
    } else {
      if (!expectsValue || isSymbol(token)) return `found '${token}', expected: ',' or ')'`
      values.add(token)
      expectsValue = false
    }
  }
  return "found '', expected: ',', or identifier"
}
