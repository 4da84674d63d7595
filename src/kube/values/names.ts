/**
 * Names as the API server checks them: each function returns what is wrong, in the server's words; nothing when the
 * name is right. They answer to `apimachinery/pkg/util/validation` and `apimachinery/pkg/api/validate/content`.
 */

/** Messages about a value; empty when it is valid. */
export type Faults = readonly string[]

/** The one empty list, so that the common case allocates nothing. */
export const NO_FAULTS: Faults = []

/** How the server words faults of labels: limits are of characters up to 1.34, of bytes since. Bytes count in both. */
export type LengthUnit = 'bytes' | 'characters'

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`
const UNDERSCORE_LABEL = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?'
const UNDERSCORE_SUBDOMAIN = `${UNDERSCORE_LABEL}(\\.${UNDERSCORE_LABEL})*`
const LABEL_1035 = '[a-z]([-a-z0-9]*[a-z0-9])?'
const WILDCARD_SUBDOMAIN = `\\*\\.${SUBDOMAIN}`
const QUALIFIED_NAME = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'
const LABEL_VALUE = `(${QUALIFIED_NAME})?`
const ENV_NAME = '[-._a-zA-Z][-._a-zA-Z0-9]*'
const CONFIG_KEY = '[-._a-zA-Z0-9]+'
const PERCENT = '[0-9]+%'
const HEADER_NAME = '[-A-Za-z0-9]+'
const C_IDENTIFIER = '[A-Za-z_][A-Za-z0-9_]*'
const HTTP_PATH = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+"

const whole = (pattern: string): RegExp => new RegExp(`^${pattern}$`)
const LABEL_RE = whole(LABEL)
const SUBDOMAIN_RE = whole(SUBDOMAIN)
const UNDERSCORE_SUBDOMAIN_RE = whole(UNDERSCORE_SUBDOMAIN)
const LABEL_1035_RE = whole(LABEL_1035)
const WILDCARD_SUBDOMAIN_RE = whole(WILDCARD_SUBDOMAIN)
const QUALIFIED_NAME_RE = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/
const LABEL_VALUE_RE = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/
const ENV_NAME_RE = whole(ENV_NAME)
const RELAXED_ENV_NAME_RE = /^[\x20-\x3c\x3e-\x7e]*$/
const CONFIG_KEY_RE = whole(CONFIG_KEY)
const PERCENT_RE = whole(PERCENT)
const HEADER_NAME_RE = whole(HEADER_NAME)
const C_IDENTIFIER_RE = whole(C_IDENTIFIER)
const HTTP_PATH_RE = whole(HTTP_PATH)

/** `validation.RegexError`: the message, examples and the expression behind it. */
function formatRegexFault(message: string, pattern: string, ...examples: string[]): string {
  if (examples.length === 0) return `${message} (regex used for validation is '${pattern}')`
  return `${message} (e.g. '${examples.join("',  or '")}', regex used for validation is '${pattern}')`
}

const LABEL_FAULT = formatRegexFault(
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  LABEL,
  'my-name',
  '123-abc',
)
const SUBDOMAIN_FAULT = formatRegexFault(
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  SUBDOMAIN,
  'example.com',
)
const UNDERSCORE_SUBDOMAIN_FAULT = formatRegexFault(
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character",
  UNDERSCORE_SUBDOMAIN,
  'example.com',
)
const LABEL_1035_FAULT = formatRegexFault(
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  LABEL_1035,
  'my-name',
  'abc-123',
)
const WILDCARD_SUBDOMAIN_FAULT = formatRegexFault(
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
  WILDCARD_SUBDOMAIN,
  '*.example.com',
)
const QUALIFIED_NAME_FAULT = formatRegexFault(
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  QUALIFIED_NAME,
  'MyName',
  'my.name',
  '123-abc',
)
const LABEL_VALUE_FAULT = formatRegexFault(
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  LABEL_VALUE,
  'MyValue',
  'my_value',
  '12345',
)
const ENV_NAME_FAULT = formatRegexFault(
  "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit",
  ENV_NAME,
  'my.env-name',
  'MY_ENV.NAME',
  'MyEnvName1',
)
const CONFIG_KEY_FAULT = formatRegexFault(
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
  CONFIG_KEY,
  'key.name',
  'KEY_NAME',
  'key-name',
)
const PERCENT_FAULT = formatRegexFault(
  "a valid percent string must be a numeric string followed by an ending '%'",
  PERCENT,
  '1%',
  '93%',
)
const HEADER_NAME_FAULT = formatRegexFault(
  "a valid HTTP header must consist of alphanumeric characters or '-'",
  HEADER_NAME,
  'X-Header-Name',
)
const C_IDENTIFIER_FAULT = formatRegexFault(
  "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'",
  C_IDENTIFIER,
  'my_name',
  'MY_NAME',
  'MyName',
)

/** Bytes of a text in UTF-8; a lone surrogate counts as the three bytes of U+FFFD. */
export function countBytes(text: string): number {
  let bytes = text.length
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit < 0x80) continue
    if (unit < 0x800) bytes++
    else if (unit >= 0xd800 && unit < 0xdc00 && isLowSurrogate(text.charCodeAt(at + 1))) {
      // Two units make four bytes.
      bytes += 2
      at++
    } else bytes += 2
  }
  return bytes
}

const isLowSurrogate = (unit: number): boolean => unit >= 0xdc00 && unit < 0xe000

const isLonger = (text: string, limit: number): boolean =>
  text.length > limit || (text.length * 3 > limit && countBytes(text) > limit)

function check(value: string, limit: number, pattern: RegExp, fault: string): Faults {
  const matches = pattern.test(value)
  if (!isLonger(value, limit)) return matches ? NO_FAULTS : [fault]
  const long = `must be no more than ${limit} characters`
  return matches ? [long] : [long, fault]
}

/** `IsDNS1123Label`: names of namespaces, containers, volumes; of Services since 1.36. */
export function checkDns1123Label(value: string): Faults {
  if (value.length <= 63 && LABEL_RE.test(value)) return NO_FAULTS
  return check(value, 63, LABEL_RE, SUBDOMAIN_RE.test(value) ? 'must not contain dots' : LABEL_FAULT)
}

/** `IsDNS1123Subdomain`: names of most objects. */
export const checkDns1123Subdomain = (value: string): Faults =>
  check(value, 253, SUBDOMAIN_RE, SUBDOMAIN_FAULT)

/** `IsDNS1123SubdomainWithUnderscore`: DNS search paths since 1.33. */
export const checkDns1123SubdomainWithUnderscore = (value: string): Faults =>
  check(value, 253, UNDERSCORE_SUBDOMAIN_RE, UNDERSCORE_SUBDOMAIN_FAULT)

/** `IsDNS1035Label`: names of Services up to 1.35, names and versions of custom resources. */
export const checkDns1035Label = (value: string): Faults => check(value, 63, LABEL_1035_RE, LABEL_1035_FAULT)

/** `IsWildcardDNS1123Subdomain`: `*.` and a subdomain. */
export const checkWildcardDns1123Subdomain = (value: string): Faults =>
  check(value, 253, WILDCARD_SUBDOMAIN_RE, WILDCARD_SUBDOMAIN_FAULT)

/** `IsQualifiedName`, `IsLabelKey`: an optional DNS prefix, a slash, a name. */
export function checkQualifiedName(value: string, unit: LengthUnit = 'bytes'): Faults {
  const slash = value.indexOf('/')
  const name = slash < 0 ? value : value.slice(slash + 1)
  if (slash < 0 && name.length <= 63 && QUALIFIED_NAME_RE.test(name)) return NO_FAULTS
  if (slash >= 0 && name.includes('/'))
    return [
      `${unit === 'bytes' ? 'a valid label key' : 'a qualified name'} ${QUALIFIED_NAME_FAULT} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ]
  const faults: string[] = []
  if (slash === 0) faults.push('prefix part must be non-empty')
  else if (slash > 0)
    for (const fault of checkDns1123Subdomain(value.slice(0, slash)))
      faults.push(`prefix part ${inUnit(fault, unit)}`)
  if (name === '') faults.push('name part must be non-empty')
  else if (isLonger(name, 63)) faults.push(`name part must be no more than 63 ${unit}`)
  if (!QUALIFIED_NAME_RE.test(name)) faults.push(`name part ${QUALIFIED_NAME_FAULT}`)
  return faults
}

const inUnit = (fault: string, unit: LengthUnit): string =>
  unit === 'bytes' && fault.startsWith('must be no more than ') ? fault.replace('characters', 'bytes') : fault

/** `IsValidLabelValue`, `IsLabelValue`. */
export function checkLabelValue(value: string, unit: LengthUnit = 'bytes'): Faults {
  const matches = LABEL_VALUE_RE.test(value)
  if (!isLonger(value, 63)) return matches ? NO_FAULTS : [LABEL_VALUE_FAULT]
  const long = `must be no more than 63 ${unit}`
  return matches ? [long] : [long, LABEL_VALUE_FAULT]
}

/** `IsCIdentifier`. */
export const checkCIdentifier = (value: string): Faults =>
  C_IDENTIFIER_RE.test(value) ? NO_FAULTS : [C_IDENTIFIER_FAULT]

/** `IsValidPortNum`. */
export const checkPortNumber = (port: number): Faults => checkInclusiveRange(port, 1, 65535)

/** `IsInRange`, `IsValidUserID`, `IsValidGroupID`. */
const checkInclusiveRange = (value: number, low: number, high: number): Faults =>
  value >= low && value <= high ? NO_FAULTS : [`must be between ${low} and ${high}, inclusive`]

/** `IsValidUserID` and `IsValidGroupID`. */
export const checkUserId = (id: number): Faults => checkInclusiveRange(id, 0, 2147483647)

/** `IsValidPortName` (IANA_SVC_NAME): names of container ports and of ports in references. */
export function checkPortName(port: string): Faults {
  const faults: string[] = []
  if (isLonger(port, 15)) faults.push('must be no more than 15 characters')
  if (!/^[-a-z0-9]+$/.test(port))
    faults.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)')
  if (!/[a-z]/.test(port)) faults.push('must contain at least one letter (a-z)')
  if (port.includes('--')) faults.push('must not contain consecutive hyphens')
  if (port.startsWith('-') || port.endsWith('-')) faults.push('must not begin or end with a hyphen')
  return faults.length === 0 ? NO_FAULTS : faults
}

/** `IsEnvVarName`: names of variables up to 1.31. */
export function checkEnvVarName(value: string): Faults {
  const faults = ENV_NAME_RE.test(value) ? [] : [ENV_NAME_FAULT]
  return [...faults, ...checkParentPrefix(value)]
}

/** `IsRelaxedEnvVarName`: since 1.32. */
export function checkRelaxedEnvVarName(value: string): Faults {
  if (value === '') return ['environment variable name must be non-empty']
  if (RELAXED_ENV_NAME_RE.test(value)) return NO_FAULTS
  return ["a valid environment variable name must consist only of printable ASCII characters other than '='"]
}

/** `IsConfigMapKey`: keys of ConfigMaps and Secrets. */
export function checkConfigKey(value: string): Faults {
  const faults = check(value, 253, CONFIG_KEY_RE, CONFIG_KEY_FAULT)
  return value.charCodeAt(0) === 46 ? [...faults, ...checkParentPrefix(value)] : faults
}

function checkParentPrefix(value: string): Faults {
  if (value === '.') return ["must not be '.'"]
  if (value === '..') return ["must not be '..'"]
  return value.startsWith('..') ? ["must not start with '..'"] : NO_FAULTS
}

/** `IsValidPercent`. */
export const checkPercent = (value: string): Faults => (PERCENT_RE.test(value) ? NO_FAULTS : [PERCENT_FAULT])

/** `IsHTTPHeaderName`. */
export const checkHttpHeaderName = (value: string): Faults =>
  HEADER_NAME_RE.test(value) ? NO_FAULTS : [HEADER_NAME_FAULT]

/** The path behind the host of a domain-prefixed path (`IsDomainPrefixedPath`). */
export const checkHttpPath = (value: string): Faults =>
  HTTP_PATH_RE.test(value) ? NO_FAULTS : [formatRegexFault('Invalid path', HTTP_PATH)]

/** `IsValidPathSegmentName`: what any name in a URL of the API must be; all that RBAC and policies ask. */
export function checkPathSegment(name: string): Faults {
  if (name === '.' || name === '..') return [`may not be '${name}'`]
  const faults: string[] = []
  if (name.includes('/')) faults.push("may not contain '/'")
  if (name.includes('%')) faults.push("may not contain '%'")
  return faults.length === 0 ? NO_FAULTS : faults
}

/** The checks above for a `generateName`: a trailing hyphen is what the server appends to (`maskTrailingDash`). */
export const maskTrailingDash = (name: string): string =>
  name.length > 1 && name.endsWith('-') ? `${name.slice(0, -2)}a` : name
