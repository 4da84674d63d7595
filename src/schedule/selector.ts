/** Label selectors and node selector terms, compiled once and matched often. */

import { type JsonRecord, readList, readRecord, readString, readStrings } from './json-fields.ts'

export type Labels = ReadonlyMap<string, string>

type Operator = 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt'

export interface Requirement {
  readonly key: string
  readonly operator: Operator
  readonly values: readonly string[]
}

/** A label selector; `nothing` matches no object, no requirements match every object. `text` identifies it. */
export interface Selector {
  readonly nothing: boolean
  readonly requirements: readonly Requirement[]
  readonly text: string
}

const MATCH_NOTHING: Selector = { nothing: true, requirements: [], text: '-' }

export function buildSelector(requirements: readonly Requirement[]): Selector {
  const texts = requirements.map(it => JSON.stringify([it.key, it.operator, [...it.values].sort()]))
  return { nothing: false, requirements, text: [...new Set(texts)].sort().join('&') }
}

/** A selector from equality labels, as Services have. */
export function buildLabelSelector(labels: Labels): Selector {
  return buildSelector([...labels].map(([key, value]) => ({ key, operator: 'In', values: [value] })))
}

/** `LabelSelectorAsSelector`: absent matches nothing, `{}` everything, an invalid one nothing. */
export function toSelector(value: unknown): Selector {
  if (typeof value !== 'object' || value === null) return MATCH_NOTHING
  const record = readRecord(value)
  const requirements: Requirement[] = []
  for (const [key, it] of Object.entries(readRecord(record.matchLabels))) {
    requirements.push({ key, operator: 'In', values: [readString(it)] })
  }
  for (const it of readList(record.matchExpressions)) {
    const requirement = toRequirement(readRecord(it))
    if (requirement === undefined || requirement.operator === 'Gt' || requirement.operator === 'Lt') {
      return MATCH_NOTHING
    }
    requirements.push(requirement)
  }
  return buildSelector(requirements)
}

export function addRequirements(selector: Selector, more: readonly Requirement[]): Selector {
  if (selector.nothing || more.length === 0) return selector
  return buildSelector([...selector.requirements, ...more])
}

/** One expression of a selector, or undefined where `labels.NewRequirement` refuses it. */
function toRequirement(it: JsonRecord): Requirement | undefined {
  const key = readString(it.key)
  const values = readStrings(it.values)
  switch (it.operator) {
    case 'In':
    case 'NotIn':
      return values.length > 0 ? { key, operator: it.operator, values } : undefined
    case 'Exists':
    case 'DoesNotExist':
      return values.length === 0 ? { key, operator: it.operator, values } : undefined
    case 'Gt':
    case 'Lt':
      return values.length === 1 && toInt64(values[0]!) !== undefined
        ? { key, operator: it.operator, values }
        : undefined
    default:
      return undefined
  }
}

const INTEGER = /^[+-]?\d{1,30}$/
const INT64_MAX = 2n ** 63n - 1n

/** `strconv.ParseInt(text, 10, 64)`. */
function toInt64(text: string): bigint | undefined {
  if (!INTEGER.test(text)) return undefined
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text)
  return value > INT64_MAX || value < -INT64_MAX - 1n ? undefined : value
}

export function isSelected(selector: Selector, labels: Labels): boolean {
  if (selector.nothing) return false
  for (const it of selector.requirements) if (!isRequirementMet(it, labels)) return false
  return true
}

export function isRequirementMet(requirement: Requirement, labels: Labels): boolean {
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

/** A term of a node selector: expressions over labels and conditions on the node's name, all of which must hold. */
export interface NodeTerm {
  readonly requirements: readonly Requirement[]
  readonly fields: readonly { readonly negated: boolean; readonly name: string }[]
  /** The names that each `metadata.name In` condition lists, valid or not: PreFilter narrows nodes by them. */
  readonly listed: readonly (readonly string[])[]
  /** Invalid and empty terms match no node, and do not spoil the others. */
  readonly never: boolean
}

/** Terms of a node selector, as component-helpers' `nodeaffinity.NewNodeSelector` reads them. */
export function listNodeTerms(value: unknown): readonly NodeTerm[] {
  return readList(value).map(it => toNodeTerm(readRecord(it)))
}

export function toNodeTerm(term: JsonRecord): NodeTerm {
  const expressions = readList(term.matchExpressions)
  const fieldItems = readList(term.matchFields)
  const requirements: Requirement[] = []
  const fields: { negated: boolean; name: string }[] = []
  const listed: (readonly string[])[] = []
  let never = expressions.length === 0 && fieldItems.length === 0
  for (const it of expressions) {
    const requirement = toRequirement(readRecord(it))
    if (requirement === undefined) never = true
    else requirements.push(requirement)
  }
  for (const it of fieldItems) {
    const field = readRecord(it)
    const values = readStrings(field.values)
    const operator = field.operator
    if (field.key === 'metadata.name' && operator === 'In') listed.push(values)
    // Only one value is allowed here; the scheduler treats more as a parse error.
    if (field.key !== 'metadata.name' || (operator !== 'In' && operator !== 'NotIn') || values.length !== 1) {
      never = true
    } else fields.push({ negated: operator === 'NotIn', name: values[0]! })
  }
  return { requirements, fields, listed, never }
}

/** An object with a name and labels, as nodes are. */
interface Labelled {
  readonly name: string
  readonly labels: Labels
}

export function isNodeTermMet(term: NodeTerm, node: Labelled): boolean {
  if (term.never) return false
  for (const it of term.requirements) if (!isRequirementMet(it, node.labels)) return false
  for (const it of term.fields) if ((it.name === node.name) === it.negated) return false
  return true
}
