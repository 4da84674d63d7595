/**
 * Entries of a map with its merge keys (`<<`) resolved, as `mapping` and `merge` in go-yaml's decode.go do it: entries
 * count in the order of the text, so a merge behind an explicit key overwrites it; of a merged list the first map wins.
 */
import { type Alias, isAlias, isMap, isScalar, isSeq, type Pair, type YAMLMap } from 'yaml'
import type { ProblemCode } from './document.ts'
import { keyText } from './keys.ts'
import { wordOverwritten } from './node-writer.ts'

export interface Entry {
  readonly pair: Pair
  /** How the entry came in, when it is not the map's own; `alias` is the one that stands in the map. */
  readonly via?: { readonly alias: Alias | undefined } | undefined
}

interface Fault {
  readonly code: ProblemCode
  readonly message: string
  readonly node: { readonly range?: readonly number[] | null | undefined }
}

/** Resolves the maps of one document; each once, since maps may be merged many times over. */
export interface Merger {
  readonly targets: ReadonlyMap<Alias, unknown>
  /** The id of the key that a node makes, 0 where it makes none. */
  readonly keyOf: (key: unknown) => number
  readonly problems: Fault[]
  readonly known: Map<YAMLMap, readonly Entry[]>
  /** Maps that are being resolved: one of them inside itself is a circle. */
  readonly open: Set<YAMLMap>
  /** How many entries were listed so far. */
  entries: number
}

export function createMerger(targets: Merger['targets'], keyOf: Merger['keyOf']): Merger {
  return { targets, keyOf, problems: [], known: new Map(), open: new Set(), entries: 0 }
}

/** Entries in the order in which they count; faults are added to `merger.problems`. */
export function listEntries(map: YAMLMap, merger: Merger): readonly Entry[] {
  if (!map.items.some(it => isMergeKey(it.key))) return map.items.map(pair => ({ pair }))
  return resolveMap(map, merger)
}

function resolveMap(map: YAMLMap, merger: Merger): readonly Entry[] {
  const known = merger.known.get(map)
  if (known) return known
  if (merger.open.has(map)) return []
  if (merger.open.size >= MAX_CHAIN || merger.entries > MAX_ENTRIES) {
    const isKnown = merger.entries === Number.POSITIVE_INFINITY
    merger.entries = Number.POSITIVE_INFINITY
    if (isKnown) return []
    merger.problems.push({
      code: 'syntax',
      message: 'Merge keys lead too far; what is below is not read',
      node: map,
    })
    return []
  }
  merger.open.add(map)
  const entries: Entry[] = []
  for (const pair of map.items) {
    if (isMergeKey(pair.key)) entries.push(...listMerged(pair, merger))
    else entries.push({ pair })
  }
  merger.open.delete(map)
  merger.entries += entries.length
  const effective = dropOverwritten(entries, merger)
  merger.known.set(map, effective)
  return effective
}

/** Merges of merges of merges, further than anyone writes them. */
const MAX_CHAIN = 500
/** Entries of all merged maps of a document; without a bound they grow with the square of its size. */
const MAX_ENTRIES = 300_000

function listMerged(pair: Pair, merger: Merger): Entry[] {
  const { value } = pair
  const sources = isSeq(value) ? [...value.items].reverse() : [value]
  const entries: Entry[] = []
  for (const source of sources) {
    const alias = isAlias(source) ? source : undefined
    const map = alias ? merger.targets.get(alias) : source
    if (isMap(map)) {
      if (merger.open.has(map))
        merger.problems.push({
          code: 'syntax',
          message: `Anchor \`&${alias?.source}\` contains itself`,
          node: alias!,
        })
      for (const entry of resolveMap(map, merger))
        entries.push({ pair: entry.pair, via: { alias: alias ?? entry.via?.alias } })
    } else if (!alias || map !== undefined)
      merger.problems.push({
        code: 'syntax',
        message: 'A merge key (`<<`) takes a map, an alias of one, or a list of these',
        node: (source ?? pair.key) as Fault['node'],
      })
  }
  return entries
}

/** Merged entries count only where nothing behind them has the same key. */
function dropOverwritten(entries: readonly Entry[], { keyOf, problems }: Merger): Entry[] {
  const later = new Map<number, Entry>()
  const kept: Entry[] = []
  for (const entry of [...entries].reverse()) {
    const id = keyOf(entry.pair.key)
    const winner = id === 0 ? undefined : later.get(id)
    if (!winner) later.set(id, entry)
    else if (entry.via) continue
    else if (winner.via) problems.push(overwritten(entry, keyText(id)))
    kept.push(entry)
  }
  return kept.reverse()
}

const overwritten = ({ pair }: Entry, key: string): Fault => ({
  code: 'ambiguous',
  message: wordOverwritten(key),
  node: pair.key as Fault['node'],
})

/** Quoted, `<<` is a key like any other (`isMerge` in decode.go). */
const isMergeKey = (key: unknown): boolean =>
  isScalar(key) &&
  key.source === '<<' &&
  (key.tag === 'tag:yaml.org,2002:merge' ||
    (key.type === 'PLAIN' && (key.tag === undefined || key.tag === '!')))
