/** Label selectors: objects (`matchLabels`, `matchExpressions`) and node selector terms. */

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
