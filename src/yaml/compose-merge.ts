/**
 * Entries of a map with its merge keys (`<<`) resolved, as `mapping` and `merge` in go-yaml's decode.go do it: entries
 * count in the order of the text, so a merge behind an explicit key overwrites it; of a merged list the first map wins.
 */
import { type Alias, isAlias, isMap, isScalar, isSeq, type Pair, type YAMLMap } from 'yaml'
import type { ProblemCode } from './document.ts'
import { keyText } from './keys.ts'

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

type Targets = ReadonlyMap<Alias, unknown>
type KeyOf = (key: unknown) => number

export function listEntries(
  map: YAMLMap,
  targets: Targets,
  keyOf: KeyOf,
): { readonly entries: readonly Entry[]; readonly problems: readonly Fault[] } {
  const problems: Fault[] = []
  if (!map.items.some(it => isMergeKey(it.key)))
    return { entries: map.items.map(pair => ({ pair })), problems }
  const resolver = {
    targets,
    keyOf,
    problems,
    known: new Map<YAMLMap, readonly Entry[]>(),
    open: new Set<YAMLMap>(),
  }
  return { entries: resolveMap(map, resolver), problems }
}

interface Resolver {
  readonly targets: Targets
  readonly keyOf: KeyOf
  readonly problems: Fault[]
  /** Maps may be merged many times over; each is resolved once. */
  readonly known: Map<YAMLMap, readonly Entry[]>
  readonly open: Set<YAMLMap>
}

function resolveMap(map: YAMLMap, resolver: Resolver): readonly Entry[] {
  const known = resolver.known.get(map)
  if (known) return known
  if (resolver.open.has(map) || resolver.open.size > MAX_CHAIN) return []
  resolver.open.add(map)
  const entries: Entry[] = []
  for (const pair of map.items) {
    if (isMergeKey(pair.key)) entries.push(...listMerged(pair, resolver))
    else entries.push({ pair })
  }
  resolver.open.delete(map)
  const effective = dropOverwritten(entries, resolver)
  resolver.known.set(map, effective)
  return effective
}

/** Merges of merges of merges, deeper than anyone writes them. */
const MAX_CHAIN = 100

function listMerged(pair: Pair, resolver: Resolver): Entry[] {
  const { value } = pair
  const sources = isSeq(value) ? [...value.items].reverse() : [value]
  const entries: Entry[] = []
  for (const source of sources) {
    const alias = isAlias(source) ? source : undefined
    const map = alias ? resolver.targets.get(alias) : source
    if (isMap(map)) {
      if (resolver.open.has(map))
        resolver.problems.push({
          code: 'syntax',
          message: `Anchor \`&${alias?.source}\` contains itself`,
          node: alias!,
        })
      for (const entry of resolveMap(map, resolver))
        entries.push({ pair: entry.pair, via: { alias: alias ?? entry.via?.alias } })
    } else if (!alias || map !== undefined)
      resolver.problems.push({
        code: 'syntax',
        message: 'A merge key (`<<`) takes a map, an alias of one, or a list of these',
        node: (source ?? pair.key) as Fault['node'],
      })
  }
  return entries
}

/** Merged entries count only where nothing behind them has the same key. */
function dropOverwritten(entries: readonly Entry[], { keyOf, problems }: Resolver): Entry[] {
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
  message: `kubectl overwrites ${JSON.stringify(key)} by the merge key below, other readers do not; put the merge key first`,
  node: pair.key as Fault['node'],
})

/** Quoted, `<<` is a key like any other (`isMerge` in decode.go). */
const isMergeKey = (key: unknown): boolean =>
  isScalar(key) &&
  key.source === '<<' &&
  (key.tag === 'tag:yaml.org,2002:merge' ||
    (key.type === 'PLAIN' && (key.tag === undefined || key.tag === '!')))
