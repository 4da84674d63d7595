/** Pieces of messages about names and places. */
import { formatResource } from '../kube/resource.ts'
import type { At } from '../yaml/cursor.ts'
import type { NearMiss } from './graph.ts'

/** ` in namespace "shop"`; nothing where the namespace is not known or there is none. */
export const inNamespace = (namespace: string | undefined): string =>
  namespace ? ` in namespace "${namespace}"` : ''

/** `; did you mean "web"?`; nothing without a suggestion. */
export const didYouMean = (suggestion: string | undefined): string =>
  suggestion === undefined ? '' : `; did you mean "${suggestion}"?`

const MOST_NAMES = 8

/** `"http", "metrics"`; of many the first ones and how many more there are. */
export function quoteNames(names: Iterable<string>): string {
  const distinct = names instanceof Set ? (names as ReadonlySet<string>) : new Set(names)
  const quoted: string[] = []
  for (const name of distinct) {
    if (quoted.length === MOST_NAMES) return `${quoted.join(', ')} and ${distinct.size - MOST_NAMES} more`
    quoted.push(`"${name}"`)
  }
  return quoted.join(', ')
}

const MOST_ITEMS = 20

/** `a, b`; of many the first ones and how many more there are. */
export function joinSome<T>(items: readonly T[], word: (item: T) => string): string {
  const more = items.length - MOST_ITEMS
  const words = items.slice(0, MOST_ITEMS).map(word).join(', ')
  return more > 0 ? `${words} and ${more} more` : words
}

/** What a selector that takes no pod came nearest to: the last clause of a message, and the place to show. */
export function formatNearMiss(miss: NearMiss | undefined): {
  readonly hint: string
  readonly related: { readonly at: At; readonly part: 'pair'; readonly message: string }[]
} {
  if (!miss) return { hint: '', related: [] }
  const { template, missed, onMetadata } = miss
  const { resource, at, labels } = template
  const subject = formatResource(resource)
  if (onMetadata) {
    const own = resource.root.get('metadata', 'labels')!
    return {
      hint: `; ${subject} has the labels on metadata, not on the metadata of its pod template`,
      related: [{ at: own, part: 'pair', message: 'these labels are not those of the pods' }],
    }
  }
  const keys = missed.map(it => String(it.text('key') ?? it.key))
  const differing = keys.map(it => (labels.has(it) ? `"${it}: ${labels.get(it)}"` : `no "${it}"`))
  const place = at.get('metadata', 'labels') ?? at
  return {
    hint: `; nearest are the pods of ${subject}, which have ${differing.join(' and ')}`,
    related: [{ at: place, part: 'pair', message: `labels of the pods of ${subject}` }],
  }
}
