/** Finds pod templates by labels without looking at each: one index a namespace. */
import { isSelected, keyOf, type PodSelector } from './pod-selector.ts'
import { isAddedKey, type PodTemplate } from './pod-templates.ts'

export interface PodIndex {
  readonly templates: readonly PodTemplate[]
  /** Templates whose pods match, in the order of the index. */
  select(selector: PodSelector): readonly PodTemplate[]
  /** Templates with this label. */
  withLabel(key: string, value: string): readonly PodTemplate[]
  hasKey(key: string): boolean
}

const NONE: readonly PodTemplate[] = []

/** Nothing is read before the first question. */
export function buildPodIndex(templates: readonly PodTemplate[]): PodIndex {
  let byLabel: Map<string, PodTemplate[]> | undefined
  const keys = new Set<string>()
  const answers = new Map<string, readonly PodTemplate[]>()

  const labelled = (): Map<string, PodTemplate[]> => {
    if (byLabel) return byLabel
    byLabel = new Map()
    for (const template of templates)
      for (const [key, value] of template.labels) {
        keys.add(key)
        const label = `${key}=${value}`
        const list = byLabel.get(label)
        if (list) list.push(template)
        else byLabel.set(label, [template])
      }
    return byLabel
  }
  const withLabel = (key: string, value: string): readonly PodTemplate[] =>
    labelled().get(`${key}=${value}`) ?? NONE

  return {
    templates,
    withLabel,
    hasKey(key) {
      labelled()
      return keys.has(key)
    },
    select(selector) {
      if (selector.length === 0) return templates
      const question = keyOf(selector)
      let answer = answers.get(question)
      if (!answer) {
        const some = narrow(selector, templates, withLabel)
        const matching = some.filter(it => isSelected(it, selector))
        // Equal answers are one list, since what is read from a list is remembered by it.
        answer = matching.length === some.length ? some : matching
        answers.set(question, answer)
      }
      return answer
    },
  }
}

/** The smallest set of templates that has all which can match. */
function narrow(
  selector: PodSelector,
  templates: readonly PodTemplate[],
  withLabel: PodIndex['withLabel'],
): readonly PodTemplate[] {
  let smallest = templates
  for (const { key, operator, values } of selector) {
    if (operator !== 'In' || values.length !== 1 || isAddedKey(key)) continue
    const some = withLabel(key, values[0]!)
    if (some.length < smallest.length) smallest = some
  }
  return smallest
}
