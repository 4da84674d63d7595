/** Packs the closed sets of strings: fields whose other values the server refuses. */

import { parseField } from '../../kube/schema/link.ts'
import { formatRanges, isInRanges, toMinor } from '../../kube/schema/minors.ts'
import type { PackedEnums, PackedKinds, PackedTypes } from '../../kube/schema/pack.ts'
import { shortName } from './kubernetes-source.ts'

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
 * Fields whose gate is off are dropped before validation, so any value passes: a closed set holds only in the minors
 * that switch the field on by default, and so does everything below it. Values behind a gate count as accepted.
 */
export function packEnums(
  source: EnumSource,
  gates: GateSource,
  types: PackedTypes,
  kinds: PackedKinds,
): PackedEnums {
  const packed: Record<string, string> = {}
  const minors = types.minors.map(it => toMinor(it)!)
  const isOn = buildSwitches(source, gates, types, kinds)
  for (const key of [...new Set([...Object.keys(source.closed), ...Object.keys(source.accepted)])].sort()) {
    const { owner, field } = splitKey(key)
    const accepted = source.accepted[key]
    if (!hasField(types, owner, field) || (accepted && /\balso\b/.test(accepted.why))) continue
    const on = minors.filter(it => isOn(owner, field, it) && (!accepted || isSettled(accepted, gates, it)))
    const text = accepted
      ? packValues(acceptedValues(accepted), minors, on, {})
      : packValues(source.closed[key]!.values, minors, on, source.closed[key]!)
    if (text !== '') packed[`${owner}/${field}`] = text
  }
  return packed
}

const acceptedValues = ({ values, withGate }: AcceptedEnum): string[] => [
  ...new Set([...values, ...Object.values(withGate ?? {}).flat()]),
]

/** A gate that widens the set in some minors is not on before: there the server drops what it does not know. */
function isSettled({ withGate }: AcceptedEnum, gates: GateSource, minor: number): boolean {
  return Object.keys(withGate ?? {}).every(gate => {
    const stages = gates.gates[gate]?.stages ?? []
    return !stages.some(it => it.default) || isGateOn(stages, minor)
  })
}

type Stages = readonly { readonly since: string; readonly default: boolean }[]

const isGateOn = (stages: Stages, minor: number): boolean =>
  stages.findLast(it => toMinor(it.since)! <= minor)?.default ?? false

/** Structs that Go embeds, so that the documents have their fields in another type. */
const EMBEDDED: ReadonlyMap<string, string> = new Map([
  ['core.v1.VolumeSource', 'core.v1.Volume'],
  ['core.v1.PersistentVolumeSource', 'core.v1.PersistentVolumeSpec'],
  ['core.v1.EphemeralContainerCommon', 'core.v1.EphemeralContainer'],
])

function splitKey(key: string): { owner: string; field: string } {
  const slash = key.indexOf('/')
  const owner = shortName(key.slice(0, slash))
  return { owner: EMBEDDED.get(owner) ?? owner, field: key.slice(slash + 1) }
}

function fieldsOf(types: PackedTypes, owner: string): string[] {
  const dot = owner.lastIndexOf('.')
  return types.types[owner.slice(0, dot)]?.[owner.slice(dot + 1)]?.split(' ') ?? []
}

const hasField = (types: PackedTypes, owner: string, field: string): boolean =>
  fieldsOf(types, owner).some(it => it.startsWith(`${field}:`))

/** Whether a server of a minor keeps a field: no gate of it, nor of every field that leads to its type, is off. */
function buildSwitches(
  source: EnumSource,
  { gates }: GateSource,
  types: PackedTypes,
  kinds: PackedKinds,
): (owner: string, field: string, minor: number) => boolean {
  const stagesByField = new Map<string, Stages[]>()
  const alike = listAlike(source, { gates })
  for (const { stages, fields } of Object.values(gates))
    for (const key of Object.keys(fields ?? {})) {
      const { owner, field } = splitKey(key)
      const known = stagesByField.get(`${owner}/${field}`) ?? []
      stagesByField.set(`${owner}/${field}`, [...known, stages ?? []])
    }
  const isFieldOn = (owner: string, field: string, minor: number): boolean =>
    !alike.has(`${owner}/${field}`) &&
    (stagesByField.get(`${owner}/${field}`) ?? []).every(it => isGateOn(it, minor))

  const users = listUsers(types)
  const isKindOn = listKindRanges(kinds)
  const known = new Map<string, boolean>()
  const isTypeOn = (type: string, minor: number): boolean => {
    const key = `${type} ${minor}`
    const found = known.get(key)
    if (found !== undefined) return found
    const using = users.get(type) ?? []
    // A type on the way to itself proves nothing.
    known.set(key, false)
    const on =
      isKindOn(type, minor) ||
      using.some(it => isFieldOn(it.owner, it.field, minor) && isTypeOn(it.owner, minor))
    known.set(key, on)
    return on
  }
  return (owner, field, minor) => isFieldOn(owner, field, minor) && isTypeOn(owner, minor)
}

/** Whether a type is a kind that a minor has. */
function listKindRanges({ apis }: PackedKinds): (type: string, minor: number) => boolean {
  const ranges = new Map<string, string>()
  for (const api of Object.values(apis))
    for (const [kind, text] of Object.entries(api.kinds))
      ranges.set(`${api.package}.${kind}`, text.split(' ')[2] ?? '')
  return (type, minor) => ranges.has(type) && isInRanges(ranges.get(type)!, minor)
}

/** By type: the fields that hold it. */
function listUsers(types: PackedTypes): Map<string, { owner: string; field: string }[]> {
  const users = new Map<string, { owner: string; field: string }[]>()
  for (const [name, owned] of Object.entries(types.types))
    for (const [type, text] of Object.entries(owned))
      for (const entry of text.split(' ')) {
        const field = parseField(entry)
        const target = field?.type.replace(/^[[{=]*(?:[\w,=]*\|)?/, '')
        if (!field || !target || target.length === 1) continue
        const full = target.includes('.') ? target : `${name}.${target}`
        users.set(full, [...(users.get(full) ?? []), { owner: `${name}.${type}`, field: field.name }])
      }
  return users
}

/**
 * Markers of gates are incomplete: a field with the name and Go type of one that no minor switches on is taken to be
 * behind the same gate, where the stages of the gate are known at all.
 */
function listAlike({ closed }: EnumSource, { gates }: GateSource): Set<string> {
  const alike = new Set<string>()
  for (const { stages, fields } of Object.values(gates)) {
    if (!stages || stages.some(it => it.default)) continue
    for (const key of Object.keys(fields ?? {})) {
      const type = closed[key]?.type
      const { field } = splitKey(key)
      for (const [other, it] of Object.entries(closed)) {
        const split = splitKey(other)
        if (type && it.type === type && split.field === field) alike.add(`${split.owner}/${split.field}`)
      }
    }
  }
  return alike
}

function packValues(
  values: readonly string[],
  minors: readonly number[],
  on: readonly number[],
  { since, lastIn }: Pick<ClosedEnum, 'since' | 'lastIn'>,
): string {
  return [...values]
    .sort()
    .flatMap(value => {
      if (/[|@]/.test(value)) throw new Error(`a value that cannot be packed: "${value}"`)
      const first = toMinor(since?.[value] ?? '') ?? 0
      const last = toMinor(lastIn?.[value] ?? '') ?? Number.POSITIVE_INFINITY
      const having = new Set(on.filter(it => it >= first && it <= last))
      if (having.size === 0) return []
      const ranges = formatRanges(having, minors, minors.at(-1)!)
      return [ranges === '' ? value : `${value}@${ranges}`]
    })
    .join('|')
}
