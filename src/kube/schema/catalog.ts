/** What is packed about Kubernetes itself: kinds, types and lifecycles by minor. Files are parsed when first asked for. */
import { createLinker, type Linker } from './link.ts'
import { formatMinor, isInRanges, toMinor } from './minors.ts'
import type { PackedEnums, PackedKinds, PackedLifecycle, PackedLifecycles, PackedTypes } from './pack.ts'

/** Text of a packaged file (`schemas/kubernetes/types.json`), or undefined when there is none of that name. */
export type ReadAsset = (name: string) => string | undefined

export interface KnownKind {
  readonly apiVersion: string
  readonly kind: string
  readonly plural: string
  readonly namespaced: boolean
  /** Whether a server of the minor offers the group/version without `--runtime-config`. */
  readonly isServed: (minor: number) => boolean
  readonly isKnown: (minor: number) => boolean
  /** Name of the type, `core.v1.Pod`. */
  readonly definition: string
}

export interface Catalog {
  /** Ascending: `1.23`. */
  readonly versions: readonly string[]
  /** The kind in any minor. */
  findKind(apiVersion: string, kind: string): KnownKind | undefined
  /** All kinds of all minors. */
  listKinds(): readonly KnownKind[]
  findLifecycle(apiVersion: string, kind: string): PackedLifecycle | undefined
  /** The linker of a minor, made once; undefined for a minor that is not packed. */
  findLinker(version: string): Linker | undefined
  /** JSON of a packaged file, parsed once; undefined when there is none. */
  readJson(name: string): unknown
}

export function openCatalog(read: ReadAsset): Catalog {
  const parsed = new Map<string, unknown>()
  const linkers = new Map<number, Linker | undefined>()
  const readJson = (name: string): unknown => {
    if (parsed.has(name)) return parsed.get(name)
    const text = read(name)
    const value: unknown = text === undefined ? undefined : JSON.parse(text)
    parsed.set(name, value)
    return value
  }
  const packedKinds = (): PackedKinds =>
    (readJson('schemas/kubernetes/kinds.json') as PackedKinds | undefined) ?? { minors: [], apis: {} }
  const lifecycles = (): PackedLifecycles =>
    (readJson('schemas/kubernetes/lifecycle.json') as PackedLifecycles | undefined) ?? {}

  let kinds: readonly KnownKind[] | undefined
  return {
    get versions() {
      return packedKinds().minors
    },
    readJson,
    findKind(apiVersion, kind) {
      const api = own(packedKinds().apis, apiVersion)
      const packed = api && own(api.kinds, kind)
      return packed === undefined ? undefined : toKind(packedKinds(), apiVersion, kind)
    },
    listKinds: () =>
      (kinds ??= Object.entries(packedKinds().apis).flatMap(([apiVersion, api]) =>
        Object.keys(api.kinds).map(kind => toKind(packedKinds(), apiVersion, kind)),
      )),
    findLifecycle(apiVersion, kind) {
      const ofVersion = own(lifecycles(), apiVersion)
      return ofVersion && own(ofVersion, kind)
    },
    findLinker(version) {
      const minor = toMinor(version)
      if (minor === undefined || !packedKinds().minors.includes(formatMinor(minor))) return undefined
      if (!linkers.has(minor)) {
        const types = readJson('schemas/kubernetes/types.json') as PackedTypes | undefined
        const enums = readJson('schemas/kubernetes/enums.json') as PackedEnums | undefined
        linkers.set(minor, types && createLinker(minor, types, enums ?? {}))
      }
      return linkers.get(minor)
    },
  }
}

/** `deployments N 23-30` of an API's kinds, unpacked. */
function toKind({ apis, minors }: PackedKinds, apiVersion: string, kind: string): KnownKind {
  const api = apis[apiVersion]!
  const [plural, scope, ranges] = api.kinds[kind]!.split(' ') as [string, string, string | undefined]
  // An open range says nothing about minors that are not packed.
  const isKnown = (minor: number): boolean =>
    minors.includes(formatMinor(minor)) && isInRanges(ranges ?? '', minor)
  return {
    apiVersion,
    kind,
    plural,
    namespaced: scope === 'N',
    isKnown,
    isServed: minor => api.served !== undefined && isKnown(minor) && isInRanges(api.served, minor),
    definition: `${api.package}.${kind}`,
  }
}

/** Keys come from manifests, so `constructor` must not find anything. */
export const own = <T>(map: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(map, key) ? map[key] : undefined
