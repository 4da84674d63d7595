/** Label selectors and node selector terms, compiled once and matched often. */

import {
  type Labels,
  matchesSelector,
  type Requirement,
  toLabelSelector,
  toNodeRequirements,
} from '../kube/values/label-selector.ts'
import { checkLabelValue, checkQualifiedName } from '../kube/values/names.ts'
import { type JsonRecord, readList, readRecord, readStrings } from './json-fields.ts'

export type { Labels, Requirement }

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
  const requirements = toLabelSelector(value)
  return requirements ? buildSelector(requirements) : MATCH_NOTHING
}

/** The same selector, and more to meet; one that takes nothing stays so. */
export function addRequirements(selector: Selector, more: readonly Requirement[]): Selector {
  if (selector.nothing || more.length === 0) return selector
  return buildSelector([...selector.requirements, ...more])
}

/** Whether labels meet a selector. */
export const isSelected = ({ nothing, requirements }: Selector, labels: Labels): boolean =>
  !nothing && matchesSelector(requirements, labels)

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

/** A term that is malformed is met by no node. */
export function toNodeTerm(term: JsonRecord): NodeTerm {
  const expressions = readList(term.matchExpressions)
  const fieldItems = readList(term.matchFields)
  const requirements = toNodeRequirements(expressions)
  const fields: { negated: boolean; name: string }[] = []
  const listed: (readonly string[])[] = []
  let never = !requirements?.every(isWellNamed) || (expressions.length === 0 && fieldItems.length === 0)
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
  return { requirements: requirements ?? [], fields, listed, never }
}

/** `labels.NewRequirement` takes the keys and values of labels only: `Gt -1` is an error, and so is `In ["a b"]`. */
function isWellNamed({ key, values }: Requirement): boolean {
  return checkQualifiedName(key).length === 0 && values.every(it => checkLabelValue(it).length === 0)
}

/** An object with a name and labels, as nodes are. */
interface Labelled {
  readonly name: string
  readonly labels: Labels
}

/** Whether a node meets a term. */
export function isNodeTermMet(term: NodeTerm, node: Labelled): boolean {
  if (term.never) return false
  if (!matchesSelector(term.requirements, node.labels)) return false
  for (const it of term.fields) if ((it.name === node.name) === it.negated) return false
  return true
}
