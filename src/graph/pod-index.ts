/** Finds pod templates by labels without looking at each: one index a namespace. */
import { isMet, keyOf, type PodRequirement, type PodSelector } from './pod-selector.ts'
import { isAddedKey, type PodTemplate } from './pod-templates.ts'

export interface PodIndex {
  readonly templates: readonly PodTemplate[]
  /** Templates whose pods match, in the order of the index. */
  select(selector: PodSelector): readonly PodTemplate[]
  /** Templates with this label. */
  withLabel(key: string, value: string): readonly PodTemplate[]
  hasKey(key: string): boolean
}

type Templates = readonly PodTemplate[]

const NONE: Templates = []

/** Nothing is read before the first question. */
export function buildPodIndex(templates: Templates): PodIndex {
  let known: Labelled | undefined
  const labelled = (): Labelled => (known ??= readLabelled(templates))
  const answers = new Map<string, Templates>()
  return {
    templates,
    withLabel: (key, value) => withLabel(labelled(), key, value),
    hasKey: key => labelled().byKey.has(key),
    select(selector) {
      if (selector.length === 0) return templates
      const question = keyOf(selector)
      let answer = answers.get(question)
      if (!answer) answers.set(question, (answer = findMatching(selector, templates, labelled())))
      return answer
    },
  }
}

/** Templates by the labels that are written in them. */
interface Labelled {
  readonly byKey: ReadonlyMap<string, HoldersOfKey>
  readonly order: ReadonlyMap<PodTemplate, number>
}

interface HoldersOfKey {
  readonly all: PodTemplate[]
  readonly byValue: Map<string, PodTemplate[]>
}

function readLabelled(templates: Templates): Labelled {
  const byKey = new Map<string, HoldersOfKey>()
  const order = new Map<PodTemplate, number>()
  for (const template of templates) {
    order.set(template, order.size)
    for (const [key, value] of template.labels) {
      let holders = byKey.get(key)
      if (!holders) byKey.set(key, (holders = { all: [], byValue: new Map() }))
      holders.all.push(template)
      const same = holders.byValue.get(value)
      if (same) same.push(template)
      else holders.byValue.set(value, [template])
    }
  }
  return { byKey, order }
}

const withLabel = ({ byKey }: Labelled, key: string, value: string): Templates =>
  byKey.get(key)?.byValue.get(value) ?? NONE

/** What a selector takes; a list that others are given too where it takes all that one requirement leaves. */
function findMatching(selector: PodSelector, templates: Templates, labelled: Labelled): Templates {
  const { some, left } = narrow(selector, templates, labelled)
  const excluded = new Set<PodTemplate>()
  const others: PodRequirement[] = []
  for (const it of left) {
    const holders = listExcluded(it, labelled)
    // To look at those that are excluded must not take longer than to look at those that are left.
    if (!holders || countAll(holders) > some.length) others.push(it)
    else for (const list of holders) for (const template of list) excluded.add(template)
  }
  if (excluded.size === 0 && others.length === 0) return some
  const matching = some.filter(it => !excluded.has(it) && others.every(other => isMet(other, it)))
  return matching.length === some.length ? some : matching
}

/** Those that do not meet a requirement; undefined for one that asks for a label. */
function listExcluded(
  { key, operator, values }: PodRequirement,
  labelled: Labelled,
): Templates[] | undefined {
  if (operator === 'NotIn') return values.map(it => withLabel(labelled, key, it))
  return operator === 'DoesNotExist' ? [labelled.byKey.get(key)?.all ?? NONE] : undefined
}

interface Narrowed {
  /** The smallest set of templates that has all which can match. */
  readonly some: Templates
  /** Requirements that not all of them are known to meet. */
  readonly left: readonly PodRequirement[]
}

function narrow(selector: PodSelector, templates: Templates, labelled: Labelled): Narrowed {
  let smallest: readonly Templates[] = [templates]
  let count = templates.length
  let by: PodRequirement | undefined
  const left: PodRequirement[] = []
  for (const requirement of selector) {
    const holders = listHolders(requirement, labelled)
    const size = holders ? countAll(holders) : 0
    if (holders && size === templates.length) continue
    left.push(requirement)
    if (!holders || size >= count) continue
    smallest = holders
    count = size
    by = requirement
  }
  return { some: join(smallest, labelled), left: left.filter(it => it !== by) }
}

/** Those that meet a requirement, each in one list; undefined where labels that controllers add may meet it. */
function listHolders({ key, operator, values }: PodRequirement, labelled: Labelled): Templates[] | undefined {
  if (isAddedKey(key)) return undefined
  if (operator === 'In') return [...new Set(values)].map(it => withLabel(labelled, key, it))
  return operator === 'Exists' ? [labelled.byKey.get(key)?.all ?? NONE] : undefined
}

const countAll = (lists: readonly Templates[]): number => lists.reduce((sum, it) => sum + it.length, 0)

/** In the order of the index. */
function join(lists: readonly Templates[], { order }: Labelled): Templates {
  const filled = lists.filter(it => it.length > 0)
  if (filled.length < 2) return filled[0] ?? NONE
  return filled.flat().sort((a, b) => order.get(a)! - order.get(b)!)
}
