/** Semantic versions and constraints as Masterminds/semver 3.4 reads them. */
import { GoError } from '../template/errors.ts'

export interface Version {
  readonly major: bigint
  readonly minor: bigint
  readonly patch: bigint
  readonly pre: string
  readonly metadata: string
  readonly original: string
}

/** Charts compare the same few versions over and over. */
function memoByText<V>(read: (text: string) => V): (text: string) => V {
  const known = new Map<string, V>()
  return text => {
    let value = known.get(text)
    if (value === undefined) {
      value = read(text)
      if (known.size >= MAX_KNOWN) known.clear()
      if (text.length <= MAX_KNOWN_LENGTH) known.set(text, value)
    }
    return value
  }
}
const MAX_KNOWN = 500
const MAX_KNOWN_LENGTH = 100

/** Longer texts are no versions; the bound keeps hostile input cheap. */
const MAX_LENGTH = 2000
const VERSION =
  /^v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/

/** NewVersion: `v` in front and missing parts are fine. The text of Go's error when it is no version. */
export const parseVersion: (text: string) => Version | string = memoByText(readVersion)

function readVersion(text: string): Version | string {
  const match = text.length > MAX_LENGTH ? null : VERSION.exec(text)
  if (!match) return 'invalid semantic version'
  const pre = match[4] ?? ''
  if (pre.split('.').some(it => /^0[0-9]+$/.test(it))) return 'version segment starts with 0'
  const [major, minor, patch] = [match[1]!, match[2] ?? '0', match[3] ?? '0'].map(BigInt) as [
    bigint,
    bigint,
    bigint,
  ]
  return { major, minor, patch, pre, metadata: match[5] ?? '', original: text }
}

export const formatVersion = ({ major, minor, patch, pre, metadata }: Version): string =>
  `${major}.${minor}.${patch}${pre && `-${pre}`}${metadata && `+${metadata}`}`

/** -1, 0 or 1; metadata does not count. */
export function compareVersions(a: Version, b: Version): number {
  const order = sign(a.major - b.major) || sign(a.minor - b.minor) || sign(a.patch - b.patch)
  return order || comparePrerelease(a.pre, b.pre)
}

const sign = (value: bigint): number => (value > 0n ? 1 : value < 0n ? -1 : 0)

function comparePrerelease(a: string, b: string): number {
  if (a === b) return 0
  if (a === '') return 1
  if (b === '') return -1
  const left = a.split('.')
  const right = b.split('.')
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const order = comparePart(left[i] ?? '', right[i] ?? '')
    if (order !== 0) return order
  }
  return 0
}

function comparePart(a: string, b: string): number {
  if (a === b) return 0
  if (a === '') return -1
  if (b === '') return 1
  const numericA = /^[0-9]+$/.test(a)
  const numericB = /^[0-9]+$/.test(b)
  if (numericA && numericB) return sign(BigInt(a) - BigInt(b))
  if (numericA !== numericB) return numericA ? -1 : 1
  return a > b ? 1 : -1
}

type Operator = '' | '=' | '!=' | '>' | '<' | '>=' | '=>' | '<=' | '=<' | '~' | '~>' | '^'

interface Constraint {
  readonly operator: Operator
  readonly version: Version
  readonly dirty: boolean
  readonly minorDirty: boolean
  readonly patchDirty: boolean
}

/** Alternatives of constraints that must all hold. */
type Constraints = readonly (readonly Constraint[])[]

const PART = '[0-9|xX*]+'
const IDENTIFIERS = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*'
const CONSTRAINT_VERSION = `v?(${PART})(?:\\.(${PART}))?(?:\\.(${PART}))?(-${IDENTIFIERS})?(?:\\+${IDENTIFIERS})?`
const RANGE = new RegExp(`(${CONSTRAINT_VERSION})\\s+-\\s+(${CONSTRAINT_VERSION})\\s*`, 'g')
const ITEM = new RegExp(`(!=|>=|=>|<=|=<|~>|=|>|<|~|\\^|)\\s*${CONSTRAINT_VERSION}`, 'y')

/** NewConstraint; the text of Go's error when it is none. */
const parseConstraints = memoByText(readConstraints)

function readConstraints(text: string): Constraints | string {
  if (text.length > MAX_LENGTH) return 'improper constraint: too long'
  const ranged = text.replace(RANGE, (_all, from: string, ...rest) => `>= ${from}, <= ${rest[4]} `)
  const alternatives: Constraint[][] = []
  for (const part of ranged.split('||')) {
    const group = parseGroup(part)
    if (typeof group === 'string') return group
    alternatives.push(group)
  }
  return alternatives
}

/** Constraints separated by blanks or commas. */
function parseGroup(text: string): Constraint[] | string {
  const group: Constraint[] = []
  let at = skipBlanks(text, 0)
  for (;;) {
    ITEM.lastIndex = at
    const match = ITEM.exec(text)
    if (!match) return `improper constraint: ${text}`
    const constraint = toConstraint(match)
    if (!constraint) return 'constraint parser error'
    group.push(constraint)
    at = ITEM.lastIndex
    const next = skipBlanks(text, at)
    if (next >= text.length) return group
    if (text[next] === ',') at = skipBlanks(text, next + 1)
    else if (next > at) at = next
    else return `improper constraint: ${text}`
  }
}

function skipBlanks(text: string, start: number): number {
  let at = start
  while (at < text.length && ' \t\n\r\f\v'.includes(text[at]!)) at++
  return at
}

const isWild = (part: string | undefined): boolean =>
  part === undefined || part === 'x' || part === 'X' || part === '*'

function toConstraint(match: RegExpExecArray): Constraint | undefined {
  const [, operator, major, minor, patch, pre = ''] = match
  const minorDirty = !isWild(major) && isWild(minor)
  const patchDirty = !isWild(major) && !minorDirty && isWild(patch)
  const dirty = isWild(major) || minorDirty || patchDirty
  const numbers = isWild(major)
    ? '0.0.0'
    : minorDirty
      ? `${major}.0.0`
      : `${major}.${minor}.${patchDirty ? '0' : patch}`
  const version = parseVersion(numbers + pre)
  if (typeof version === 'string') return undefined
  return { operator: operator as Operator, version, dirty, minorDirty, patchDirty }
}

function isSatisfied(constraints: Constraints, version: Version): boolean {
  return constraints.some(group => {
    const allowsPre = group.some(it => it.version.pre !== '')
    if (version.pre !== '' && !allowsPre) return false
    return group.every(it => holds(it, version))
  })
}

function holds(it: Constraint, v: Version): boolean {
  const order = compareVersions(v, it.version)
  const c = it.version
  switch (it.operator) {
    case '':
    case '=':
      return it.dirty ? holdsTilde(it, v) : order === 0
    case '!=':
      return isOther(it, v, order)
    case '>':
      if (!it.dirty || v.major !== c.major) return it.dirty ? v.major > c.major : order > 0
      if (it.minorDirty) return false
      return it.patchDirty ? v.minor > c.minor : order > 0
    case '<':
      return order < 0
    case '>=':
    case '=>':
      return order >= 0
    case '<=':
    case '=<':
      if (!it.dirty) return order <= 0
      return v.major <= c.major && !(v.major === c.major && v.minor > c.minor && !it.minorDirty)
    case '~':
    case '~>':
      return holdsTilde(it, v)
    case '^':
      return holdsCaret(it, v, order)
  }
}

function isOther(it: Constraint, v: Version, order: number): boolean {
  const c = it.version
  if (!it.dirty) return order !== 0
  if (c.major !== v.major) return true
  if (c.minor !== v.minor && !it.minorDirty) return true
  if (it.minorDirty) return false
  if (c.patch !== v.patch && !it.patchDirty) return true
  return it.patchDirty ? comparePrerelease(v.pre, c.pre) !== 0 : order !== 0
}

function holdsTilde(it: Constraint, v: Version): boolean {
  const c = it.version
  if (compareVersions(v, c) < 0) return false
  if (c.major === 0n && c.minor === 0n && c.patch === 0n && !it.minorDirty && !it.patchDirty) return true
  return v.major === c.major && (v.minor === c.minor || it.minorDirty)
}

function holdsCaret(it: Constraint, v: Version, order: number): boolean {
  const c = it.version
  if (order < 0) return false
  if (c.major > 0n || it.minorDirty) return v.major === c.major
  if (v.major > 0n) return false
  if (c.minor > 0n || it.patchDirty) return v.minor === c.minor
  return v.minor === 0n && c.patch === v.patch
}

/** sprig's semverCompare: throws Go's errors. */
export function satisfies(constraint: string, version: string): boolean {
  const constraints = parseConstraints(constraint)
  if (typeof constraints === 'string') throw new GoError(constraints)
  const parsed = parseVersion(version)
  if (typeof parsed === 'string') throw new GoError(parsed)
  return isSatisfied(constraints, parsed)
}

/** Helm's IsCompatibleRange: what cannot be read does not match. */
export function isCompatible(constraint: string, version: string): boolean {
  const parsed = parseVersion(version)
  const constraints = parseConstraints(constraint)
  return typeof parsed !== 'string' && typeof constraints !== 'string' && isSatisfied(constraints, parsed)
}
