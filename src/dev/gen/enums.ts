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

/** Values behind a feature gate count as accepted: whether the gate is on is not the schema's to know. */
export function packEnums(source: EnumSource, types: PackedTypes): PackedEnums {
  const packed: Record<string, string> = {}
  for (const key of [...new Set([...Object.keys(source.closed), ...Object.keys(source.accepted)])].sort()) {
    const slash = key.indexOf('/')
    const name = shortName(key.slice(0, slash))
    const dot = name.lastIndexOf('.')
    const field = key.slice(slash + 1)
    const fields = types.types[name.slice(0, dot)]?.[name.slice(dot + 1)]
    if (!fields?.split(' ').some(it => it.startsWith(`${field}:`))) continue
    const accepted = source.accepted[key]
    if (accepted && /\balso\b/.test(accepted.why)) continue
    packed[`${name}/${field}`] = accepted
      ? packAccepted(accepted)
      : packClosed(source.closed[key]!, types.minors)
  }
  return packed
}

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
