/** The functions, types and macros that Kubernetes gives to expressions, by the minor that introduced them. */
import type { FindMessage } from './checker.ts'
import type { Functions, Overload } from './functions.ts'
import { AUTHORIZATION_TYPES, authorization, authorizationSelectors } from './library/authorization.ts'
import { FORMAT, formats } from './library/formats.ts'
import { includes, kubernetesLists, lists } from './library/lists.ts'
import { CIDR, IP, networks } from './library/networks.ts'
import { optionals } from './library/optionals.ts'
import { QUANTITY, quantities } from './library/quantities.ts'
import { regex } from './library/regex.ts'
import { SEMVER, semver } from './library/semver.ts'
import { sets } from './library/sets.ts'
import { standard } from './library/standard.ts'
import { stringsV0, stringsV2 } from './library/strings.ts'
import { times } from './library/times.ts'
import { URL_TYPE, urls } from './library/urls.ts'
import type { MacroName } from './macros.ts'
import {
  BOOL,
  BYTES,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listOf,
  mapOf,
  NULL,
  optionalOf,
  STRING,
  TIMESTAMP,
  type Type,
  typeOf,
  UINT,
} from './types.ts'
import { typeName } from './values.ts'

export interface Environment {
  readonly functions: Functions
  /** Types that expressions can name, by their names. */
  readonly types: ReadonlyMap<string, Type>
  readonly macros: ReadonlySet<MacroName>
  readonly hasOptionals: boolean
  /** Types of which literals can be made, by their names. */
  readonly findMessage?: FindMessage
  /** Literals that can only fail, and lists and maps of mixed types, are refused. */
  readonly checksLiterals: boolean
}

/** A part of an environment, and the minor since which Kubernetes has it. */
interface Library {
  readonly since: number
  readonly overloads?: readonly Overload[]
  readonly types?: readonly Type[]
  readonly macros?: readonly MacroName[]
}

const STANDARD_TYPES: readonly Type[] = [
  BOOL,
  BYTES,
  DOUBLE,
  INT,
  STRING,
  UINT,
  NULL,
  TIMESTAMP,
  DURATION,
  listOf(DYN),
  mapOf(DYN, DYN),
  typeOf(DYN),
]

const STANDARD_MACROS: readonly MacroName[] = [
  'has/1',
  'all/2',
  'exists/2',
  'exists_one/2',
  'map/2',
  'map/3',
  'filter/2',
]

const PAIR_MACROS: readonly MacroName[] = [
  'all/3',
  'exists/3',
  'existsOne/3',
  'exists_one/3',
  'transformList/3',
  'transformList/4',
  'transformMap/3',
  'transformMap/4',
  'transformMapEntry/3',
  'transformMapEntry/4',
]

const LIBRARIES: readonly Library[] = [
  { since: 0, overloads: [...standard, ...times], types: STANDARD_TYPES, macros: STANDARD_MACROS },
  { since: 0, overloads: [...kubernetesLists, ...regex, ...stringsV0] },
  { since: 0, overloads: urls, types: [URL_TYPE] },
  { since: 27, overloads: authorization, types: AUTHORIZATION_TYPES },
  { since: 28, overloads: optionals, types: [optionalOf(DYN)], macros: ['optMap/2', 'optFlatMap/2'] },
  { since: 28, overloads: quantities, types: [QUANTITY] },
  { since: 29, overloads: [...stringsV2, ...sets] },
  { since: 30, overloads: networks, types: [IP, CIDR] },
  { since: 31, overloads: [...formats, ...authorizationSelectors], types: [FORMAT] },
  { since: 32, macros: PAIR_MACROS },
  { since: 33, overloads: semver, types: [SEMVER] },
  { since: 33, macros: ['existsOne/2'] },
  { since: 34, overloads: lists, macros: ['sortBy/2'] },
  { since: 37, overloads: includes },
]

/** By number of libraries: minors between which nothing changed share one. */
const made = new Map<number, Environment>()

/** What a server of the minor knows. New expressions may use only what the minor before it had. */
export function kubernetesEnvironment(minor: number): Environment {
  const parts = LIBRARIES.filter(it => it.since <= minor)
  const known = made.get(parts.length)
  if (known) return known
  const environment: Environment = {
    functions: groupOverloads(parts.flatMap(it => it.overloads ?? [])),
    types: nameTypes(parts.flatMap(it => it.types ?? [])),
    macros: new Set(parts.flatMap(it => it.macros ?? [])),
    hasOptionals: minor >= 28,
    checksLiterals: minor >= 29,
  }
  made.set(parts.length, environment)
  return environment
}

export function groupOverloads(overloads: readonly Overload[]): Functions {
  const functions = new Map<string, Overload[]>()
  for (const it of overloads) {
    const group = functions.get(it.name) ?? []
    group.push(it)
    functions.set(it.name, group)
  }
  return functions
}

export const nameTypes = (types: readonly Type[]): ReadonlyMap<string, Type> =>
  new Map(types.map(it => [typeName(it), it]))
