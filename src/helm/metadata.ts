/** Chart.yaml and requirements.yaml: decoding into Go's structs and Helm's checks (pkg/chart/v2/metadata.go). */

import { quote } from '../text/go-quote.ts'
import { memo } from '../text/memo.ts'
import type { Location, Source, Span } from '../text/source.ts'
import { ChartError, type ChartFile, type Dependency, type Metadata, sourceOf } from './chart.ts'
import { jsonKind } from './functions/json.ts'
import { basePath } from './functions/paths.ts'
import { parseVersion } from './functions/semver.ts'
import { formatScalar } from './manifest-head.ts'
import { formatFloat32 } from './template/number.ts'
import { isSpace, plainText } from './template/text.ts'
import { type Dict, dict, isDict, isList, isString, type Value } from './template/value.ts'
import { parseFile, type YamlValue } from './values-yaml.ts'

/** Chart.yaml of a chart of its own: Helm looks at the version of the format first. Throws `ChartError`. */
export function checkFormat(file: ChartFile): void {
  new FieldReader(readStruct(file, 'loader.chartBase'), 'chartBase').text('apiVersion')
}

/** Metadata of a chart, or of one in another; throws `ChartError`. */
export function readMetadata(file: ChartFile, requirements: ChartFile | undefined): Metadata {
  const own = readStruct(file, 'v2.Metadata')
  const dependencies = requirements ? readStruct(requirements, 'v2.Metadata') : undefined
  const fields =
    dependencies && fieldOf(dependencies.fields, 'dependencies') !== undefined ? dependencies : own
  const invalid: ChartError[] = []
  const metadata = decodeMetadata(own, fields, invalid)
  validate(metadata, own)
  // Helm looks at lists when all is decoded and the rest is right.
  if (invalid[0]) throw invalid[0]
  return metadata
}

/** Chart.lock or requirements.lock, of which helm reads all and needs nothing here; throws `ChartError`. */
export function checkLock(file: ChartFile): void {
  const own = readStruct(file, 'v2.Lock')
  const read = new FieldReader(own, 'Lock')
  read.time('generated')
  read.text('digest')
  for (const fields of read.structs('dependencies', 'v2.Dependency') ?? [])
    if (fields) decodeDependency({ ...own, fields }, undefined)
}

/** Chart.yaml as it is written, which is asked for again for `.Chart`. */
export const readFields = memo((file: ChartFile): YamlValue => parseFile(sourceOf(file)))

interface Struct {
  readonly source: Source
  readonly name: string
  readonly fields: Dict
}

function readStruct(file: ChartFile, goType: string): Struct {
  const source = sourceOf(file)
  const { value, problems, span } = readFields(file)
  const [problem] = problems
  const name = basePath(file.name)
  if (problem) {
    const [ours, helms] = [problem.message, problem.helmText].map(it => `cannot load ${name}: ${it}`)
    throw new ChartError('chart-invalid', ours!, { source, span: problem.span }, helms)
  }
  if (value !== undefined && value !== null && !isDict(value))
    fail(
      `cannot load ${name}: ${DECODING}json: cannot unmarshal ${jsonKind(value)} into Go value of type ${goType}`,
      source,
      span!,
    )
  return { source, name, fields: isDict(value) ? value : dict() }
}

const DECODING = 'error unmarshaling JSON: while decoding JSON: '

function fail(message: string, source: Source, span: Span): never {
  throw new ChartError('chart-invalid', message, { source, span })
}

/** encoding/json finds fields whatever their case; the exact spelling wins. */
function keyOf(fields: Dict, name: string): string | undefined {
  if (fields.entries.has(name)) return name
  const lower = name.toLowerCase()
  for (const key of fields.entries.keys()) if (key.toLowerCase() === lower) return key
  return undefined
}

const fieldOf = (fields: Dict, name: string): Value => {
  const key = keyOf(fields, name)
  return key === undefined ? undefined : fields.entries.get(key)
}

/** sigs.k8s.io/yaml turns numbers and booleans into strings where Go wants a string; undefined for maps and lists. */
function toScalarText(value: Value): string | undefined {
  if (value === undefined || value === null) return ''
  if (isString(value)) return plainText(value)
  return typeof value === 'object' ? undefined : formatScalar(value)
}

/** Reads the fields of one struct with Go's errors about types. */
class FieldReader {
  private readonly struct: Struct
  private readonly goName: string

  constructor(struct: Struct, goName: string) {
    this.struct = struct
    this.goName = goName
  }

  private refuse(name: string, value: Value, wanted: string): never {
    const place = locationOf(this.struct, name)
    const message = `cannot load ${this.struct.name}: ${DECODING}json: cannot unmarshal ${jsonKind(value)} into Go struct field ${this.goName}.${name} of type ${wanted}`
    throw new ChartError('chart-invalid', message, place)
  }

  text(name: string): string {
    const value = fieldOf(this.struct.fields, name)
    if (typeof value === 'number') return this.numberText(name, value)
    return toScalarText(value) ?? this.refuse(name, value, 'string')
  }

  /** Go tells 1e3 from 1000, keeps whole numbers of 64 bits and makes 32 bits of all others. */
  private numberText(name: string, value: number): string {
    const { source, span } = locationOf(this.struct, name)
    const text = source.text.slice(span.start, span.end)
    if (/^[^x]*[.eE]/.test(text)) return formatFloat32(value)
    if (Number.isSafeInteger(value) || !/^[+-]?[1-9][0-9]*$/.test(text)) return formatScalar(value)
    const whole = BigInt(text)
    return whole < -(2n ** 63n) || whole >= 2n ** 64n ? formatFloat32(value) : String(whole)
  }

  flag(name: string): boolean {
    const value = fieldOf(this.struct.fields, name)
    if (value === undefined || value === null) return false
    return typeof value === 'boolean' ? value : this.refuse(name, value, 'bool')
  }

  /** Nothing is made of it. */
  time(name: string): void {
    const value = fieldOf(this.struct.fields, name)
    if (value === undefined || value === null) return
    const problem = isString(value)
      ? explainTime(plainText(value))
      : 'Time.UnmarshalJSON: input is not a JSON string'
    if (problem === undefined) return
    const message = `cannot load ${this.struct.name}: ${DECODING}${problem}`
    throw new ChartError('chart-invalid', message, locationOf(this.struct, name))
  }

  items(name: string, wanted: string): readonly Value[] | undefined {
    const value = fieldOf(this.struct.fields, name)
    if (value === undefined || value === null) return undefined
    return isList(value) ? value.items : this.refuse(name, value, wanted)
  }

  texts(name: string): string[] {
    return (this.items(name, '[]string') ?? []).map(it => toScalarText(it) ?? this.refuse(name, it, 'string'))
  }

  textMap(name: string): ReadonlyMap<string, string> | undefined {
    const value = fieldOf(this.struct.fields, name)
    if (value === undefined || value === null) return undefined
    if (!isDict(value)) return this.refuse(name, value, 'map[string]string')
    const texts = new Map<string, string>()
    for (const [key, it] of value.entries) texts.set(key, toScalarText(it) ?? this.refuse(name, it, 'string'))
    return texts
  }

  structs(name: string, goType: string): (Dict | undefined)[] | undefined {
    return this.items(name, `[]*${goType}`)?.map(it => {
      if (it === null || it === undefined) return undefined
      return isDict(it) ? it : this.refuse(name, it, goType)
    })
  }
}

const RFC_3339: readonly (readonly [part: string, pattern: RegExp])[] = [
  ['2006', /^[0-9]{4}/],
  ['-', /^-/],
  ['01', /^[0-9]{2}/],
  ['-', /^-/],
  ['02', /^[0-9]{2}/],
  ['T', /^T/],
  ['15', /^[0-9]{2}/],
  [':', /^:/],
  ['04', /^[0-9]{2}/],
  [':', /^:/],
  ['05', /^[0-9]{2}(?:[.,][0-9]+)?/],
  ['Z07:00', /^(?:Z|[+-][0-9]{2}:[0-9]{2})$/],
]

/** Why a text is no time (`time.RFC3339`). */
function explainTime(text: string): string | undefined {
  let rest = text
  for (const [part, pattern] of RFC_3339) {
    const found = pattern.exec(rest)
    if (!found)
      return `parsing time ${quote(text)} as "2006-01-02T15:04:05Z07:00": cannot parse ${quote(rest)} as ${quote(part)}`
    rest = rest.slice(found[0].length)
  }
  return undefined
}

/** Where a field is written; the whole file when it is absent. */
function locationOf(struct: Struct, name: string): Location {
  const key = keyOf(struct.fields, name)
  const origin = key === undefined ? undefined : struct.fields.origins.get(key)
  const span = origin?.kind === 'values' ? origin.value : { start: 0, end: 0 }
  return { source: struct.source, span }
}

/** What is decoded and not allowed in lists is added to `invalid`. */
function decodeMetadata(own: Struct, listing: Struct, invalid: ChartError[]): Metadata {
  const read = new FieldReader(own, 'Metadata')
  const apiVersion = sanitize(read.text('apiVersion')) || 'v1'
  return {
    name: sanitize(read.text('name')),
    home: sanitize(read.text('home')),
    sources: read.texts('sources').map(sanitize),
    version: read.text('version'),
    description: sanitize(read.text('description')),
    keywords: read.texts('keywords').map(sanitize),
    maintainers: decodeMaintainers(own, read, invalid),
    icon: sanitize(read.text('icon')),
    apiVersion,
    condition: sanitize(read.text('condition')),
    tags: sanitize(read.text('tags')),
    appVersion: sanitize(read.text('appVersion')),
    deprecated: read.flag('deprecated'),
    annotations: read.textMap('annotations'),
    kubeVersion: sanitize(read.text('kubeVersion')),
    dependencies: decodeDependencies(listing, invalid),
    type: read.text('type'),
  }
}

const invalidAt = (place: Location, message: string): ChartError =>
  new ChartError('chart-invalid', `validation: ${message}`, place)

function decodeMaintainers(own: Struct, read: FieldReader, invalid: ChartError[]): Metadata['maintainers'] {
  const structs = read.structs('maintainers', 'v2.Maintainer') ?? []
  return structs.flatMap(fields => {
    if (!fields) {
      invalid.push(
        invalidAt(locationOf(own, 'maintainers'), 'maintainers must not contain empty or null nodes'),
      )
      return []
    }
    const inner = new FieldReader({ ...own, fields }, 'Maintainer.maintainers')
    const text = (name: string): string => sanitize(inner.text(name))
    return [{ name: text('name'), email: text('email'), url: text('url') }]
  })
}

const ALIAS = /^[a-zA-Z0-9_-]+$/

function decodeDependencies(own: Struct, invalid: ChartError[]): Dependency[] | undefined {
  const read = new FieldReader(own, 'Metadata')
  const structs = read.structs('dependencies', 'v2.Dependency')
  const list = fieldOf(own.fields, 'dependencies')
  const seen = new Set<string>()
  return structs?.flatMap((fields, i) => {
    const place = locationOf(own, 'dependencies')
    if (!fields) {
      invalid.push(invalidAt(place, 'dependencies must not contain empty or null nodes'))
      return []
    }
    const dependency = decodeDependency({ ...own, fields }, isList(list) ? list.origins?.[i] : undefined)
    const { name, alias, origin } = dependency
    const location = origin?.kind === 'values' ? { source: own.source, span: origin.value } : place
    if (alias !== '' && !ALIAS.test(alias))
      invalid.push(invalidAt(location, `dependency ${quote(name)} has disallowed characters in the alias`))
    const key = alias || name
    if (seen.has(key))
      invalid.push(invalidAt(location, `more than one dependency with name or alias ${quote(key)}`))
    seen.add(key)
    return [dependency]
  })
}

function decodeDependency(struct: Struct, origin: Dependency['origin']): Dependency {
  const read = new FieldReader(struct, 'Dependency.dependencies')
  return {
    name: sanitize(read.text('name')),
    version: sanitize(read.text('version')),
    repository: sanitize(read.text('repository')),
    condition: sanitize(read.text('condition')),
    tags: read.texts('tags').map(sanitize),
    enabled: read.flag('enabled'),
    importValues: read.items('import-values', '[]interface {}') ?? [],
    alias: read.text('alias'),
    origin,
  }
}

/** Metadata.Validate. */
function validate(metadata: Metadata, own: Struct): void {
  const refuse = (field: string, message: string): never => {
    throw invalidAt(locationOf(own, field), message)
  }
  const { name, version, type } = metadata
  if (name === '') refuse('name', 'chart.metadata.name is required')
  if (name === '.' || name === '..') refuse('name', `chart.metadata.name ${quote(name)} is not allowed`)
  if (name !== basePath(name)) refuse('name', `chart.metadata.name ${quote(name)} is invalid`)
  if (version === '') refuse('version', 'chart.metadata.version is required')
  if (typeof parseVersion(version) === 'string')
    refuse('version', `chart.metadata.version ${quote(version)} is invalid`)
  if (!['', 'application', 'library'].includes(type))
    refuse('type', 'chart.metadata.type must be application or library')
}

/** Blanks of all kinds become spaces, what cannot be printed goes. */
function sanitize(text: string): string {
  if (isPlainText(text)) return text
  let result = ''
  for (const rune of text) {
    if (isSpace(rune.charCodeAt(0))) result += ' '
    else if (!/[\p{C}\p{Z}]/u.test(rune)) result += rune
  }
  return result
}

/** Of ASCII that is printed. */
function isPlainText(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x20 || unit > 0x7e) return false
  }
  return true
}
