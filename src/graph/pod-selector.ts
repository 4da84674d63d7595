/** Label selectors as they stand in manifests, and whether pods of a template match them. */
import { matchesRequirement, type Requirement } from '../kube/values/label-selector.ts'
import type { At } from '../yaml/cursor.ts'
import { addedLabel, type PodTemplate } from './pod-templates.ts'

export interface PodRequirement extends Requirement {
  /** The entry of `matchLabels` or the item of `matchExpressions`. */
  readonly at: At
}

/** All requirements must be met; without any, everything matches. */
export type PodSelector = readonly PodRequirement[]

/** Equal for selectors that ask for the same in the same words. */
export const keyOf = (selector: PodSelector): string =>
  selector.map(({ key, operator, values }) => [key, operator, ...values].join('\0')).join('\n')

/** A map of labels, as in Services. */
export function readLabelMap(at: At): PodSelector {
  const requirements: PodRequirement[] = []
  for (const label of at.each())
    if (typeof label.key === 'string')
      requirements.push({ key: label.key, operator: 'In', values: [String(label.value ?? '')], at: label })
  return requirements
}

/** A LabelSelector (`matchLabels`, `matchExpressions`); undefined when an expression is none the server takes. */
export function readLabelSelector(at: At): PodSelector | undefined {
  const labels = at.get('matchLabels')
  const requirements = labels ? [...readLabelMap(labels)] : []
  for (const expression of at.get('matchExpressions')?.each() ?? []) {
    const key = expression.text('key')
    const operator = expression.text('operator')
    if (!key || !isOperator(operator)) return undefined
    const values: string[] = []
    for (const value of expression.get('values')?.each() ?? []) values.push(String(value.value))
    requirements.push({ key, operator, values, at: expression })
  }
  return requirements
}

type Operator = 'In' | 'NotIn' | 'Exists' | 'DoesNotExist'
const isOperator = (text: string | undefined): text is Operator =>
  text === 'In' || text === 'NotIn' || text === 'Exists' || text === 'DoesNotExist'

/** True when pods of the template match, as far as labels that controllers add are concerned: may match. */
export const isSelected = (template: PodTemplate, selector: PodSelector): boolean =>
  selector.every(it => isMet(it, template))

/** Labels that controllers add meet any requirement that they may. */
export function isMet(requirement: PodRequirement, template: PodTemplate): boolean {
  const { key, operator, values } = requirement
  if (!template.labels.has(key)) {
    if (operator === 'In') return values.some(it => addedLabel(template.resource, key, it) === 'set')
    if (operator === 'Exists') return addedLabel(template.resource, key, undefined) !== 'none'
  }
  return matchesRequirement(requirement, template.labels)
}
