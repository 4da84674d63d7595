/** Packs what can be sent to a server: kinds with plural, scope and the minors that know them. */
import { formatMinor, formatRanges, isInRanges, toMinor } from '../../kube/schema/minors.ts'
import type { PackedApi, PackedKinds } from '../../kube/schema/pack.ts'
import type { KindSource, MinorSource } from './kubernetes-source.ts'

/** `servers-default-groups.json`. */
export interface ServedSource {
  readonly minors: Readonly<Record<string, { readonly served: readonly string[] }>>
}

/**
 * Packs the kinds of all minors. What a minor serves by default comes from `served`, else from what was packed before,
 * else from the rule that stable versions are on.
 */
export function packKinds(
  sources: readonly MinorSource[],
  served: ServedSource | undefined,
  before: PackedKinds | undefined,
): PackedKinds {
  const minors = sources.map(it => it.minor)
  const newest = minors.at(-1)!
  const isServed = (apiVersion: string, minor: number): boolean => {
    const told = served?.minors[formatMinor(minor)]
    if (told) return told.served.includes(apiVersion)
    const packed = before?.minors.includes(formatMinor(minor)) ? before.apis[apiVersion] : undefined
    if (packed) return packed.served !== undefined && isInRanges(packed.served, minor)
    return !/(?:alpha|beta)\d*$/.test(apiVersion)
  }
  const apis: Record<string, PackedApi & { kinds: Record<string, string> }> = {}
  for (const { apiVersion, kind, plural, namespaced, type, having } of mergeKinds(sources)) {
    const owner = type.slice(0, type.lastIndexOf('.'))
    if (type !== `${owner}.${kind}` || (apis[apiVersion] && apis[apiVersion].package !== owner))
      throw new Error(`${apiVersion} ${kind}: its type has another name or package, ${type}`)
    const ranges = formatRanges(having, minors, newest)
    const servedIn = new Set(minors.filter(it => isServed(apiVersion, it)))
    apis[apiVersion] ??= {
      package: owner,
      ...(servedIn.size > 0 && { served: formatRanges(servedIn, minors, newest) }),
      kinds: {},
    }
    apis[apiVersion].kinds[kind] = `${plural} ${namespaced ? 'N' : 'C'}${ranges === '' ? '' : ` ${ranges}`}`
  }
  return { minors: minors.map(formatMinor), apis }
}

interface Kind extends KindSource {
  readonly having: Set<number>
}

/** Every kind once, with the minors that have it, in order of apiVersion and kind. */
function mergeKinds(sources: readonly MinorSource[]): Kind[] {
  const kinds = new Map<string, Kind>()
  for (const { minor, kinds: own } of sources)
    for (const it of own) {
      const key = `${it.apiVersion} ${it.kind}`
      const known = kinds.get(key)
      kinds.set(key, {
        ...it,
        namespaced: known?.namespaced ?? it.namespaced,
        having: (known?.having ?? new Set()).add(minor),
      })
    }
  return [...kinds.keys()].sort().map(key => kinds.get(key)!)
}

/** `lifecycle.json`. */
export interface LifecycleSource {
  readonly kubernetes: readonly LifecycleEntry[]
  readonly components: readonly ComponentEntry[]
}
interface GroupVersionKind {
  readonly group: string
  readonly version: string
  readonly kind: string
}
interface LifecycleEntry extends GroupVersionKind {
  readonly introduced?: string
  readonly deprecated?: string
  readonly removed?: string
  readonly goneFromDocuments?: string
  readonly inDocuments?: readonly [string, string]
  readonly replacement?: GroupVersionKind
}
interface ComponentEntry {
  readonly component: string
  readonly group: string
  readonly version?: string
  readonly kind?: string
  readonly deprecated?: string
  readonly removed?: string
  readonly replacement?: string
}

type Lifecycles = Record<string, Record<string, Record<string, string>>>

/** The lifecycles of Kubernetes' own kinds, by apiVersion and kind. */
export function packLifecycles(source: LifecycleSource, oldest: string): Lifecycles {
  const packed: Lifecycles = {}
  for (const it of source.kubernetes) {
    const first = it.inDocuments?.[0]
    const introduced = it.introduced ?? (first && toMinor(first)! > toMinor(oldest)! ? first : undefined)
    const removed = it.goneFromDocuments ?? it.removed
    const entry = {
      ...(introduced && { introduced }),
      ...(it.deprecated && { deprecated: it.deprecated }),
      ...(removed && { removed }),
      ...(it.replacement && { replacement: `${apiVersionOf(it.replacement)} ${it.replacement.kind}` }),
    }
    if (Object.keys(entry).length > 0) (packed[apiVersionOf(it)] ??= {})[it.kind] = entry
  }
  return sortKeys(packed)
}

/** The same for popular custom resources; the numbers are releases of the component. `*` stands for any kind or version. */
export function packComponentLifecycles(source: LifecycleSource): Lifecycles {
  const packed: Lifecycles = {}
  for (const { component, group, version, kind, ...rest } of source.components) {
    const entry = {
      component,
      ...(rest.deprecated && { deprecated: rest.deprecated }),
      ...(rest.removed && { removed: rest.removed }),
      ...(rest.replacement && { replacement: rest.replacement }),
    }
    const apiVersion = `${group}/${version ?? '*'}`
    ;(packed[apiVersion] ??= {})[kind ?? '*'] = entry
  }
  return sortKeys(packed)
}

const apiVersionOf = ({ group, version }: Omit<GroupVersionKind, 'kind'>): string =>
  group === '' ? version : `${group}/${version}`

const sortKeys = (packed: Lifecycles): Lifecycles =>
  Object.fromEntries(
    Object.entries(packed)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, kinds]) => [
        key,
        Object.fromEntries(Object.entries(kinds).sort(([a], [b]) => (a < b ? -1 : 1))),
      ]),
  )
