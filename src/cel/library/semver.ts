/** Semantic versions. */
import { Fault } from '../fault.ts'
import { global, method, type Overload } from '../functions.ts'
import { BOOL, INT, opaque, STRING, type Type } from '../types.ts'
import { Opaque } from '../values.ts'

export const SEMVER: Type = opaque('kubernetes.Semver')

class Semver extends Opaque {
  readonly type = SEMVER
  readonly numbers: readonly bigint[]
  readonly prerelease: readonly string[]
  constructor(numbers: readonly bigint[], prerelease: readonly string[]) {
    super()
    this.numbers = numbers
    this.prerelease = prerelease
  }
  override equals(other: Opaque): boolean {
    return other instanceof Semver && compareVersions(this, other) === 0
  }
}

const SYNTAX =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?$/

/** With `normalize` a leading `v`, missing parts and leading zeros are mended. */
function parseSemver(text: string, normalize = false): Semver | undefined {
  const match = SYNTAX.exec(normalize ? mend(text) : text)
  if (!match) return undefined
  const numbers = match.slice(1, 4).map(BigInt)
  if (numbers.some(it => it >= 2n ** 64n)) return undefined
  return new Semver(numbers, match[4]?.split('.') ?? [])
}

function mend(text: string): string {
  const plain = text.replace(/^v/, '')
  const [, core = '', rest = ''] = /^([^-+]*)([\s\S]*)$/.exec(plain) ?? []
  const parts = core.split('.').map(it => it.replace(/^0+(?=\d)/, ''))
  while (parts.length < 3) parts.push('0')
  return parts.join('.') + rest
}

function compareVersions(a: Semver, b: Semver): number {
  for (let i = 0; i < 3; i++) {
    const left = a.numbers[i]!
    const right = b.numbers[i]!
    if (left !== right) return left < right ? -1 : 1
  }
  if (a.prerelease.length === 0 || b.prerelease.length === 0)
    return Math.sign(b.prerelease.length - a.prerelease.length)
  for (let i = 0; i < Math.min(a.prerelease.length, b.prerelease.length); i++) {
    const order = compareIdentifiers(a.prerelease[i]!, b.prerelease[i]!)
    if (order !== 0) return order
  }
  return Math.sign(a.prerelease.length - b.prerelease.length)
}

/** Numbers come before words. */
function compareIdentifiers(a: string, b: string): number {
  const isNumber = /^\d+$/.test(a)
  if (isNumber !== /^\d+$/.test(b)) return isNumber ? -1 : 1
  if (isNumber) return BigInt(a) < BigInt(b) ? -1 : BigInt(a) > BigInt(b) ? 1 : 0
  return a < b ? -1 : a > b ? 1 : 0
}

function semverOf(text: string, normalize = false): Semver {
  const version = parseSemver(text, normalize)
  if (!version) throw new Fault(`semver parse error during conversion from string: ${JSON.stringify(text)}`)
  return version
}

export const semver: readonly Overload[] = [
  global('semver', [STRING], SEMVER, (text: string) => semverOf(text)),
  global('semver', [STRING, BOOL], SEMVER, semverOf),
  global('isSemver', [STRING], BOOL, (text: string) => parseSemver(text) !== undefined),
  global(
    'isSemver',
    [STRING, BOOL],
    BOOL,
    (text: string, normalize: boolean) => parseSemver(text, normalize) !== undefined,
  ),
  method('isGreaterThan', [SEMVER, SEMVER], BOOL, (a: Semver, b: Semver) => compareVersions(a, b) > 0),
  method('isLessThan', [SEMVER, SEMVER], BOOL, (a: Semver, b: Semver) => compareVersions(a, b) < 0),
  method('compareTo', [SEMVER, SEMVER], INT, compareVersions),
  ...['major', 'minor', 'patch'].map((name, i) =>
    method(name, [SEMVER], INT, ({ numbers }: Semver) => Number(numbers[i])),
  ),
]
