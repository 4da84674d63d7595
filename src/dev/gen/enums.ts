/** Packs the closed sets of strings: fields whose other values the server refuses. */
import { formatRanges, toMinor } from '../../kube/schema/minors.ts'
import type { PackedEnums, PackedTypes } from '../../kube/schema/pack.ts'
import { shortName } from './types.ts'

/** `enums.json`. */
export interface EnumSource {
  readonly closed: Readonly<Record<string, ClosedEnum>>
  readonly accepted: Readonly<Record<string, AcceptedEnum>>
}
interface ClosedEnum {
  readonly type: string | null
  readonly values: readonly string[]
  readonly since?: Readonly<Record<string, string>>
  readonly lastIn?: Readonly<Record<string, string>>
}
interface AcceptedEnum {
  readonly values: readonly string[]
  /** `also …` says that values of some form are accepted besides. */
  readonly why: string
  readonly withGate?: Readonly<Record<string, readonly string[]>>
}

/** `featuregates.json`. */
export interface GateSource {
  readonly gates: Readonly<
    Record<
      string,
      {
        readonly stages?: readonly { readonly since: string; readonly default: boolean }[]
        readonly fields?: Readonly<Record<string, unknown>>
      }
    >
  >
}

/**
 * Values behind a feature gate count as accepted: whether the gate is on is not the schema's to know. Fields whose
 * gate is off by default are dropped before validation, so any value passes: they have no closed set.
 */
export function packEnums(source: EnumSource, gates: GateSource, types: PackedTypes): PackedEnums {
  const dropped = listDropped(source, gates)
  const packed: Record<string, string> = {}
  for (const key of [...new Set([...Object.keys(source.closed), ...Object.keys(source.accepted)])].sort()) {
    const slash = key.indexOf('/')
    const name = shortName(key.slice(0, slash))
    const dot = name.lastIndexOf('.')
    const field = key.slice(slash + 1)
    const fields = types.types[name.slice(0, dot)]?.[name.slice(dot + 1)]
    if (!fields?.split(' ').some(it => it.startsWith(`${field}:`))) continue
    const accepted = source.accepted[key]
    if (dropped.has(key)) continue
    if (accepted && /\balso\b/.test(accepted.why)) continue
    packed[`${name}/${field}`] = accepted
      ? packAccepted(accepted)
      : packClosed(source.closed[key]!, types.minors)
  }
  return packed
}

/**
 * Fields behind a gate that no minor switches on. Markers are incomplete: a field of the same name and Go type is
 * taken to be behind the same gate, where the gate is known at all.
 */
function listDropped({ closed }: EnumSource, { gates }: GateSource): Set<string> {
  const dropped = new Set<string>()
  const alike = new Set<string>()
  for (const { stages, fields } of Object.values(gates)) {
    if (stages?.some(it => it.default)) continue
    for (const key of Object.keys(fields ?? {})) {
      dropped.add(key)
      if (stages && closed[key]?.type) alike.add(`${closed[key].type} ${fieldOf(key)}`)
    }
  }
  for (const [key, { type }] of Object.entries(closed))
    if (alike.has(`${type} ${fieldOf(key)}`)) dropped.add(key)
  return dropped
}

const fieldOf = (key: string): string => key.slice(key.indexOf('/') + 1)

const packAccepted = ({ values, withGate }: AcceptedEnum): string =>
  [...new Set([...values, ...Object.values(withGate ?? {}).flat()])].sort().join('|')

function packClosed({ values, since, lastIn }: ClosedEnum, versions: readonly string[]): string {
  const minors = versions.map(it => toMinor(it)!)
  return [...values]
    .sort()
    .map(value => {
      if (/[|@]/.test(value)) throw new Error(`a value that cannot be packed: "${value}"`)
      const first = toMinor(since?.[value] ?? '') ?? 0
      const last = toMinor(lastIn?.[value] ?? '') ?? Number.POSITIVE_INFINITY
      const having = new Set(minors.filter(it => it >= first && it <= last))
      const ranges = formatRanges(having, minors, minors.at(-1)!)
      return ranges === '' ? value : `${value}@${ranges}`
    })
    .join('|')
}
