/** Packs what can be sent to a server: kinds with plural, scope and the minors that know them. */
import { formatRanges, toMinor } from '../../kube/schema/minors.ts'
import type { PackedApi, PackedKinds } from '../../kube/schema/pack.ts'
import type { MinorSource } from './kubernetes-source.ts'
import { splitName } from './types.ts'

/** `servers-default-groups.json`. */
export interface ServedSource {
  readonly minors: Readonly<Record<string, { readonly served: readonly string[] }>>
}

interface Kind {
  readonly apiVersion: string
  readonly kind: string
  readonly plural: string
  readonly definition: string
  namespaced: boolean | undefined
  readonly minors: Set<number>
}

/** Every kind that some minor has as a resource of its own, with the full name of its definition. */
export function listKinds(sources: readonly MinorSource[]): Kind[] {
  const kinds = new Map<string, Kind>()
  for (const source of sources) {
    const definitions = definitionsByKind(source)
    for (const [place, resources] of Object.entries(source.resources))
      for (const [plural, { kind, namespaced }] of Object.entries(resources)) {
        const apiVersion = place.replace(/^apis?\//, '')
        const definition = kind && definitions.get(`${apiVersion} ${kind}`)
        if (!definition) continue
        const key = `${apiVersion} ${kind}`
        const found = kinds.get(key) ?? {
          apiVersion,
          kind,
          plural,
          definition,
          namespaced,
          minors: new Set(),
        }
        found.namespaced ??= namespaced
        found.minors.add(source.minor)
        kinds.set(key, found)
      }
  }
  return [...kinds.keys()].sort().map(key => kinds.get(key)!)
}

export function packKinds(
  kinds: readonly Kind[],
  minors: readonly number[],
  served: ServedSource,
): PackedKinds {
  const newest = minors.at(-1)!
  const apis: Record<string, PackedApi & { kinds: Record<string, string> }> = {}
  for (const { apiVersion, kind, plural, definition, namespaced, minors: having } of kinds) {
    const ranges = formatRanges(having, minors, newest)
    const servedIn = new Set(minors.filter(it => served.minors[`1.${it}`]?.served.includes(apiVersion)))
    apis[apiVersion] ??= {
      package: splitName(definition).package,
      ...(servedIn.size > 0 && { served: formatRanges(servedIn, minors, newest) }),
      kinds: {},
    }
    if (splitName(definition).package !== apis[apiVersion].package)
      throw new Error(`${apiVersion} ${kind}: its type is of another package, ${definition}`)
    apis[apiVersion].kinds[kind] = `${plural} ${namespaced ? 'N' : 'C'}${ranges === '' ? '' : ` ${ranges}`}`
  }
  return { minors: minors.map(it => `1.${it}`), apis }
}

function definitionsByKind({ definitions }: MinorSource): Map<string, string> {
  const found = new Map<string, string>()
  for (const [name, schema] of definitions) {
    const [only, ...more] = schema['x-kubernetes-group-version-kind'] ?? []
    if (only && more.length === 0)
      found.set(`${only.group === '' ? '' : `${only.group}/`}${only.version} ${only.kind}`, name)
  }
  return found
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
