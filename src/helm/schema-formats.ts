/** Formats of values.schema.json as the library that helm uses knows them (santhosh-tekuri/jsonschema v6, format.go). */
import { quote, quoteRune } from '../text/go-quote.ts'
import { parseUrl } from './functions/urls.ts'
import { checkAddress } from './ip-address.ts'
import { regExp } from './schema-pattern.ts'

/** Why a text is not of a format; undefined where it is. Formats that are not listed take everything. */
export const FORMATS: ReadonlyMap<string, (text: string) => string | undefined> = new Map([
  ['regex', checkRegex],
  ['json-pointer', checkJsonPointer],
  ['relative-json-pointer', checkRelativeJsonPointer],
  ['uuid', checkUuid],
  ['duration', checkDuration],
  ['period', checkPeriod],
  ['ipv4', checkIpv4],
  ['ipv6', checkIpv6],
  ['hostname', checkHostname],
  ['email', checkEmail],
  ['date', checkDate],
  ['time', checkTime],
  ['date-time', checkDateTime],
  ['uri', checkUri],
  ['iri', checkUri],
  ['uri-reference', checkUriReference],
  ['iri-reference', checkUriReference],
  ['uri-template', checkUriTemplate],
  ['semver', checkSemver],
])

function checkRegex(text: string): string | undefined {
  try {
    regExp(text)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function checkJsonPointer(text: string): string | undefined {
  if (text === '') return undefined
  if (!text.startsWith('/')) return 'not starting with /'
  return /~(?![01])/.test(text) ? '~ must be followed by 0 or 1' : undefined
}

function checkRelativeJsonPointer(text: string): string | undefined {
  const digits = /^[0-9]*/.exec(text)![0]
  if (digits === '') return 'must start with non-negative integer'
  if (digits.length > 1 && digits.startsWith('0')) return 'starts with zero'
  const rest = text.slice(digits.length)
  return rest === '#' ? undefined : checkJsonPointer(rest)
}

function checkUuid(text: string): string | undefined {
  const lengths = [8, 4, 4, 4, 12]
  const groups = text.split('-')
  if (groups.length !== lengths.length) return 'must have 5 elements'
  for (const [i, group] of groups.entries()) {
    if (byteLength(group) !== lengths[i]) return `element ${i + 1} must be ${lengths[i]} characters long`
    const odd = firstOdd(group, /[0-9a-fA-F]/)
    if (odd !== undefined) return `non-hex character ${odd}`
  }
  return undefined
}

const UNITS = ['YMD', 'HMS']

function checkDuration(text: string): string | undefined {
  if (!text.startsWith('P')) return 'must start with P'
  const rest = text.slice(1)
  if (rest === '') return 'nothing after P'
  if (rest.endsWith('W')) {
    if (rest === 'W') return 'no number in week'
    return /^[0-9]*W$/.test(rest) ? undefined : 'invalid week'
  }
  for (const [i, part] of rest.split('T').entries()) {
    if (i !== 0 && part === '') return 'no time elements'
    const units = UNITS[i]
    if (units === undefined) return 'more than one T'
    const problem = checkElements(part, units)
    if (problem !== undefined) return problem
  }
  return undefined
}

function checkElements(text: string, all: string): string | undefined {
  let units = all
  for (let rest = text; rest !== ''; ) {
    const { length } = /^[0-9]*/.exec(rest)![0]
    if (length === 0) return 'missing number'
    const unit = rest[length]
    if (unit === undefined) return 'missing unit'
    const at = units.indexOf(unit)
    if (at < 0) {
      const shown = quoteRune(unit.charCodeAt(0))
      return all.includes(unit) ? `unit ${shown} out of order` : `invalid unit ${shown}`
    }
    units = units.slice(at + 1)
    rest = rest.slice(length + 1)
  }
  return undefined
}

function checkPeriod(text: string): string | undefined {
  const slash = text.indexOf('/')
  if (slash < 0) return 'missing slash'
  const [start, end] = [text.slice(0, slash), text.slice(slash + 1)]
  const isDuration = start.startsWith('P')
  return inside('start', start, isDuration) ?? inside('end', end, !isDuration && end.startsWith('P'))
}

function inside(which: string, text: string, isDuration: boolean): string | undefined {
  const problem = isDuration ? checkDuration(text) : checkDateTime(text)
  return problem && `invalid ${which} ${isDuration ? 'duration' : 'date-time'}: ${problem}`
}

function checkIpv4(text: string): string | undefined {
  const groups = text.split('.')
  if (groups.length !== 4) return 'expected four decimals'
  for (const group of groups) {
    if (group.length > 1 && group.startsWith('0')) return 'leading zeros'
    if (!/^[+-]?[0-9]+$/.test(group)) return `strconv.Atoi: parsing ${quote(group)}: invalid syntax`
    const number = Number(group)
    if (number < 0 || number > 255) return 'decimal must be between 0 and 255'
  }
  return undefined
}

function checkIpv6(text: string): string | undefined {
  if (!text.includes(':')) return 'missing colon'
  return checkAddress(text) ?? (text.includes('%') ? 'zone id is not a part of ipv6 address' : undefined)
}

function checkHostname(text: string): string | undefined {
  const name = text.endsWith('.') ? text.slice(0, -1) : text
  if (byteLength(name) > 253) return 'more than 253 characters long'
  for (const label of name.split('.')) {
    const length = byteLength(label)
    if (length < 1 || length > 63) return 'label must be 1 to 63 characters long'
    if (label.startsWith('-')) return 'label starts with hyphen'
    if (label.endsWith('-')) return 'label ends with hyphen'
    const odd = firstOdd(label, /[a-zA-Z0-9-]/)
    if (odd !== undefined) return `invalid character ${odd}`
  }
  return undefined
}

function checkEmail(text: string): string | undefined {
  if (byteLength(text) > 254) return 'more than 255 characters long'
  const at = text.lastIndexOf('@')
  if (at < 0) return 'missing @'
  return checkLocalPart(text.slice(0, at)) ?? checkDomain(text.slice(at + 1))
}

function checkLocalPart(local: string): string | undefined {
  if (byteLength(local) > 64) return 'local part more than 64 characters long'
  if (local.length > 1 && local.startsWith('"'))
    return /[\\"]/.test(local.slice(1, -1))
      ? 'backslash and quote are not allowed within quoted local part'
      : undefined
  if (local.startsWith('.')) return 'starts with dot'
  if (local.endsWith('.')) return 'ends with dot'
  if (local.includes('..')) return 'consecutive dots'
  const odd = firstOdd(local, /[a-zA-Z0-9.!#$%&'*+\-/=?^_`{|}~]/)
  return odd && `invalid character ${odd}`
}

function checkDomain(domain: string): string | undefined {
  if (domain.startsWith('[') && domain.endsWith(']')) {
    const address = domain.slice(1, -1)
    const is6 = address.startsWith('IPv6:')
    const problem = is6 ? checkIpv6(address.slice(5)) : checkIpv4(address)
    return problem && `invalid ${is6 ? 'ipv6' : 'ipv4'} address: ${problem}`
  }
  const problem = checkHostname(domain)
  return problem && `invalid domain: ${problem}`
}

/** `time.Parse("2006-01-02", …)`. */
function checkDate(text: string): string | undefined {
  const parsing = `parsing time ${quote(text)}`
  let rest = text
  for (const [part, pattern] of DATE) {
    const found = pattern.exec(rest)
    if (!found) return `${parsing} as "2006-01-02": cannot parse ${quote(rest)} as ${quote(part)}`
    rest = rest.slice(found[0].length)
    if (part === '01' && !/^(?:0[1-9]|1[0-2])$/.test(found[0])) return `${parsing}: month out of range`
  }
  if (rest !== '') return `${parsing}: extra text: ${quote(rest)}`
  const [year, month, day] = text.split('-').map(Number) as [number, number, number]
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const days = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31
  return day < 1 || day > days ? `${parsing}: day out of range` : undefined
}

const DATE: readonly (readonly [part: string, pattern: RegExp])[] = [
  ['2006', /^[0-9]{4}/],
  ['-', /^-/],
  ['01', /^[0-9]{2}/],
  ['-', /^-/],
  ['02', /^[0-9]{2}/],
]

function checkTime(text: string): string | undefined {
  if (byteLength(text) < 9) return 'less than 9 characters long'
  if (text[2] !== ':' || text[5] !== ':') return 'missing colon in correct place'
  const parts = text.slice(0, 8).split(':')
  if (!parts.every(it => /^[+-]?[0-9]+$/.test(it))) return 'invalid hour/min/sec'
  const [hour, minute, second] = parts.map(Number) as [number, number, number]
  if (hour < 0 || minute < 0 || second < 0) return 'non-positive hour/min/sec'
  if (hour > 23 || minute > 59 || second > 60) return 'hour/min/sec out of range'
  let rest = text.slice(8)
  if (rest.startsWith('.')) {
    const { length } = /^[0-9]*/.exec(rest.slice(1))![0]
    if (length === 0) return 'no digits in second fraction'
    rest = rest.slice(1 + length)
  }
  const offset = minutesOf(rest)
  if (typeof offset === 'string') return offset
  const minutes = hour * 60 + minute - offset
  return second === 60 && minutes + (minutes < 0 ? 1440 : 0) !== 1439 ? 'invalid leap second' : undefined
}

/** Minutes of an offset, or what is wrong with it. */
function minutesOf(offset: string): number | string {
  if (offset === 'z' || offset === 'Z') return 0
  if (byteLength(offset) !== 6) return 'offset must be 6 characters long'
  const sign = offset[0]
  if (sign !== '+' && sign !== '-') return 'offset must begin with plus/minus'
  if (offset[3] !== ':') return 'missing colon in offset in correct place'
  const parts = [offset.slice(1, 3), offset.slice(4)]
  if (!parts.every(it => /^[+-]?[0-9]+$/.test(it))) return 'invalid hour/min in offset'
  const [hour, minute] = parts.map(Number) as [number, number]
  if (hour < 0 || minute < 0) return 'non-positive hour/min in offset'
  if (hour > 23 || minute > 59) return 'hour/min in offset out of range'
  return (sign === '+' ? 1 : -1) * (hour * 60 + minute)
}

function checkDateTime(text: string): string | undefined {
  if (byteLength(text) < 20) return 'less than 20 characters long'
  if (text[10] !== 't' && text[10] !== 'T') return '11th character must be t or T'
  const date = checkDate(text.slice(0, 10))
  if (date !== undefined) return `invalid date element: ${date}`
  const time = checkTime(text.slice(11))
  return time && `invalid time element: ${time}`
}

function checkUri(text: string): string | undefined {
  const url = urlOf(text)
  if (typeof url === 'string') return url
  return url.scheme === '' ? 'relative url' : undefined
}

function checkUriReference(text: string): string | undefined {
  if (text.includes('\\')) return 'contains \\'
  const url = urlOf(text)
  return typeof url === 'string' ? url : undefined
}

function checkUriTemplate(text: string): string | undefined {
  const url = urlOf(text)
  if (typeof url === 'string') return url
  for (const step of url.path.split('/')) {
    let isOpen = false
    for (const brace of step.match(/[{}]/g) ?? []) {
      if ((brace === '{') === isOpen) return 'nested curly braces'
      isOpen = !isOpen
    }
    if (isOpen) return 'no matching closing brace'
  }
  return undefined
}

/** The parts of an address, or why it is none. */
function urlOf(text: string): ReturnType<typeof parseUrl> | string {
  try {
    const url = parseUrl(text)
    if (!url.hostname.includes(':')) return url
    if (!url.host.includes('[') || !url.host.includes(']')) return 'ipv6 address not enclosed in brackets'
    const problem = checkIpv6(url.hostname)
    return problem === undefined ? url : `invalid ipv6 address: ${problem}`
  } catch (error) {
    return (error as Error).message.replace('unable to parse url: ', '')
  }
}

function checkSemver(text: string): string | undefined {
  const plus = text.indexOf('+')
  if (plus >= 0) {
    const build = text.slice(plus + 1)
    if (build === '') return 'build is empty'
    for (const part of build.split('.')) {
      if (part === '') return 'build identifier is empty'
      const odd = firstOdd(part, /[0-9a-zA-Z-]/)
      if (odd !== undefined) return `invalid character ${odd} in build identifier`
    }
  }
  const version = plus < 0 ? text : text.slice(0, plus)
  const dash = version.indexOf('-')
  for (const part of dash < 0 ? [] : version.slice(dash + 1).split('.')) {
    if (part === '') return 'pre-release identifier is empty'
    const odd = firstOdd(part, /[0-9a-zA-Z-]/)
    if (odd !== undefined) return `invalid character ${odd} in pre-release identifier`
    if (/^0[0-9]+$/.test(part)) return 'pre-release numeric identifier starts with zero'
  }
  return checkCore(dash < 0 ? version : version.slice(0, dash))
}

function checkCore(core: string): string | undefined {
  const numbers = core.split('.')
  if (numbers.length !== 3) return 'versionCore must have 3 numbers separated by dot'
  for (const [i, number] of numbers.entries()) {
    const name = ['major', 'minor', 'patch'][i]!
    if (number === '') return `${name} is empty`
    if (number.length > 1 && number.startsWith('0')) return `${name} starts with zero`
    if (!/^[0-9]+$/.test(number)) return `${name} contains non-digit`
  }
  return undefined
}

/** The first character that is not allowed, quoted. */
function firstOdd(text: string, allowed: RegExp): string | undefined {
  for (const char of text) if (!allowed.test(char)) return quoteRune(char.codePointAt(0)!)
  return undefined
}

/** Bytes in UTF-8. */
function byteLength(text: string): number {
  let length = 0
  for (const char of text) {
    const code = char.codePointAt(0)!
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return length
}
