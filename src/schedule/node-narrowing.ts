/** NodeAffinity's PreFilter: pods that name their nodes are not tried anywhere else. */

import type { PodShape } from './pod.ts'

/** The only nodes worth a look; undefined for all; `conflict` when every term contradicts itself. */
export function narrowNodes(shape: PodShape): ReadonlySet<string> | 'conflict' | undefined {
  const terms = shape.nodeTerms
  if (terms === undefined || terms.length === 0) return undefined
  const union = new Set<string>()
  for (const term of terms) {
    const [first, ...rest] = term.listed
    if (first === undefined) return undefined
    for (const it of first) if (rest.every(names => names.includes(it))) union.add(it)
  }
  return union.size === 0 ? 'conflict' : union
}
