/** sprig's semver functions. */
import { type FunctionTable, fn } from '../template/call.ts'
import { GoError } from '../template/errors.ts'
import { int, isStruct, type Method, type Struct, typeOf, type Value } from '../template/value.ts'
import { compareVersions, formatVersion, parseVersion, satisfies, type Version } from './semver.ts'

export const versionFunctions: FunctionTable = {
  semver: fn(['string'], (_, text) => toStruct(parsed(text))),
  semverCompare: fn(['string', 'string'], (_, constraint, version) => satisfies(constraint, version)),
}

function parsed(text: string): Version {
  const version = parseVersion(text)
  if (typeof version === 'string') throw new GoError(version)
  return version
}

const uint64 = (value: bigint): Value => ({ tag: 'int', type: 'uint64', value })

function toStruct(version: Version): Struct {
  const getter = (value: Value): Method => ({ params: [], run: () => value })
  const compare = (answer: (order: number) => Value): Method => ({
    params: ['version'],
    run: ([other]) => answer(compareVersions(version, versionOf(other))),
  })
  const increment = (next: Partial<Version>): Method => ({
    params: [],
    run: () => toStruct({ ...version, pre: '', metadata: '', ...next }),
  })
  return {
    tag: 'struct',
    type: '*semver.Version',
    fields: new Map(),
    inner: version,
    print: () => formatVersion(version),
    json: () => formatVersion(version),
    methods: new Map([
      ['Major', getter(uint64(version.major))],
      ['Minor', getter(uint64(version.minor))],
      ['Patch', getter(uint64(version.patch))],
      ['Prerelease', getter(version.pre)],
      ['Metadata', getter(version.metadata)],
      ['Original', getter(version.original)],
      ['String', getter(formatVersion(version))],
      ['Compare', compare(int)],
      ['Equal', compare(it => it === 0)],
      ['LessThan', compare(it => it < 0)],
      ['LessThanEqual', compare(it => it <= 0)],
      ['GreaterThan', compare(it => it > 0)],
      ['GreaterThanEqual', compare(it => it >= 0)],
      ['IncMajor', increment({ major: version.major + 1n, minor: 0n, patch: 0n })],
      ['IncMinor', increment({ minor: version.minor + 1n, patch: 0n })],
      ['IncPatch', increment(version.pre === '' ? { patch: version.patch + 1n } : {})],
    ]),
  }
}

function versionOf(value: Value): Version {
  if (isStruct(value) && value.type === '*semver.Version') return value.inner as Version
  throw new GoError(`wrong type for value; expected *semver.Version; got ${typeOf(value)}`)
}
