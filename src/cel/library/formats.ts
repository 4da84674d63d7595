/** Named formats of texts (`format.dns1123Label().validate(s)`), with the words of apimachinery's validation. */
import { daysOf } from '../calendar.ts'
import { global, method, type Overload } from '../functions.ts'
import { listOf, opaque, optionalOf, STRING, type Type } from '../types.ts'
import { Opaque, Optional } from '../values.ts'
import { parseUrl } from './urls.ts'

export const FORMAT: Type = opaque('kubernetes.NamedFormat')

type Faults = readonly string[]

class Format extends Opaque {
  readonly type = FORMAT
  readonly name: string
  readonly check: (text: string) => Faults
  /** What the cost of a check is reckoned from. */
  readonly maxRegex: number
  constructor(name: string, maxRegex: number, check: (text: string) => Faults) {
    super()
    this.name = name
    this.maxRegex = maxRegex
    this.check = check
  }
  override equals(other: Opaque): boolean {
    return other instanceof Format && other.name === this.name
  }
}

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`
const LABEL_1035 = '[a-z]([-a-z0-9]*[a-z0-9])?'
const QUALIFIED = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'
const LABEL_VALUE = `(${QUALIFIED})?`

const word = (what: string, pattern: string, ...examples: string[]): string =>
  `${what} (e.g. '${examples.join("',  or '")}', regex used for validation is '${pattern}')`

const LABEL_FAULT = word(
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  LABEL,
  'my-name',
  '123-abc',
)
const SUBDOMAIN_FAULT = word(
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  SUBDOMAIN,
  'example.com',
)
const LABEL_1035_FAULT = word(
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  LABEL_1035,
  'my-name',
  'abc-123',
)
const NAME_PART_FAULT = word(
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  QUALIFIED,
  'MyName',
  'my.name',
  '123-abc',
)
const QUALIFIED_FAULT = `${word(
  "a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  QUALIFIED,
  'MyName',
  'my.name',
  '123-abc',
)} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`
const LABEL_VALUE_FAULT = word(
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  LABEL_VALUE,
  'MyValue',
  'my_value',
  '12345',
)

const isLabel = (text: string): boolean => /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/.test(text)
const isSubdomain = (text: string): boolean => text.split('.').every(isLabel)
const isQualified = (text: string): boolean => /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(text)

function checkShort(text: string, most: number, unit: string): Faults {
  return new TextEncoder().encode(text).length > most ? [`must be no more than ${most} ${unit}`] : []
}

const checkLabel = (text: string): Faults => [
  ...checkShort(text, 63, 'characters'),
  ...(isLabel(text) ? [] : [LABEL_FAULT]),
]
const checkSubdomain = (text: string): Faults => [
  ...checkShort(text, 253, 'characters'),
  ...(isSubdomain(text) ? [] : [SUBDOMAIN_FAULT]),
]
const checkLabel1035 = (text: string): Faults => [
  ...checkShort(text, 63, 'characters'),
  ...(/^[a-z](?:[-a-z0-9]*[a-z0-9])?$/.test(text) ? [] : [LABEL_1035_FAULT]),
]
const checkLabelValue = (text: string): Faults => [
  ...checkShort(text, 63, 'bytes'),
  ...(text === '' || isQualified(text) ? [] : [LABEL_VALUE_FAULT]),
]

function checkQualified(text: string): Faults {
  const parts = text.split('/')
  if (parts.length > 2) return [QUALIFIED_FAULT]
  const [prefix, name] = parts.length === 2 ? (parts as [string, string]) : [undefined, text]
  const faults: string[] = []
  if (prefix === '') faults.push('prefix part must be non-empty')
  else if (prefix !== undefined) faults.push(...checkSubdomain(prefix).map(it => `prefix part ${it}`))
  if (name === '') faults.push('name part must be non-empty')
  else faults.push(...checkShort(name, 63, 'bytes').map(it => `name part ${it}`))
  if (!isQualified(name)) faults.push(NAME_PART_FAULT)
  return faults
}

/** The prefix of a name that is going to be generated may end in a dash. */
const prefix =
  (check: (text: string) => Faults) =>
  (text: string): Faults =>
    check(text.length > 1 && text.endsWith('-') ? `${text.slice(0, -2)}a` : text)

const checkDate = (text: string): Faults => {
  const [, year = 0, month = 0, day = 0] = (/^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? []).map(Number)
  const next = month === 12 ? daysOf(year + 1, 1, 1) : daysOf(year, month + 1, 1)
  const isDate = month >= 1 && month <= 12 && day >= 1 && day <= next - daysOf(year, month, 1)
  return isDate ? [] : ['invalid date']
}

const unless =
  (pattern: RegExp, message: string) =>
  (text: string): Faults =>
    pattern.test(text) ? [] : [message]

const FORMATS: readonly Format[] = [
  new Format('dns1123Label', 30, checkLabel),
  new Format('dns1123Subdomain', 60, checkSubdomain),
  new Format('dns1035Label', 30, checkLabel1035),
  new Format('qualifiedName', 60, checkQualified),
  new Format('dns1123LabelPrefix', 30, prefix(checkLabel)),
  new Format('dns1123SubdomainPrefix', 60, prefix(checkSubdomain)),
  new Format('dns1035LabelPrefix', 30, prefix(checkLabel1035)),
  new Format('labelValue', 40, checkLabelValue),
  new Format('uri', 1103, text =>
    parseUrl(text) ? [] : [`parse ${JSON.stringify(text)}: invalid URI for request`],
  ),
  new Format(
    'uuid',
    60,
    unless(
      /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i,
      'does not match the UUID format',
    ),
  ),
  new Format(
    'byte',
    84,
    unless(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, 'invalid base64'),
  ),
  new Format('date', 110, checkDate),
  new Format(
    'datetime',
    110,
    unless(/^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[zZ]|[+-]\d\d:?\d\d)$/, 'invalid datetime'),
  ),
]

function validate(format: Format, text: string): Optional {
  const faults = format.check(text)
  return faults.length === 0 ? Optional.none : new Optional(faults)
}

export const formats: readonly Overload[] = [
  ...FORMATS.map(it => global(`format.${it.name}`, [], FORMAT, () => it)),
  global('format.named', [STRING], optionalOf(FORMAT), (name: string) => {
    const format = FORMATS.find(it => it.name === name)
    return format ? new Optional(format) : Optional.none
  }),
  method('validate', [FORMAT, STRING], optionalOf(listOf(STRING)), validate),
]
