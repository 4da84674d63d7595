/**
 * String formats that the server enforces in custom resources; unknown ones are ignored.
 * Imitates strfmt of k8s.io/kube-openapi/pkg/validation/strfmt.
 */
import { countBytes } from '../values/names.ts'
import { daysOf, isGoDuration } from './go-scalars.ts'
import { isSloppyCidr, isSloppyIpv4, isStrictIpv6 } from './ip-formats.ts'
import { isMailAddress } from './mail-address.ts'
import { isRequestUri } from './request-uri.ts'

/** Whether the text has the format, in a given minor; true for formats that are not enforced. */
export function hasFormat(format: string, text: string, minor: number): boolean {
  const check = FORMATS.get(format.replaceAll('-', ''))
  return !check || !isKnownFormat(format, minor) || check(text)
}

/** Whether the server knows the format of texts; dashes do not count. */
export function isKnownFormat(format: string, minor: number): boolean {
  const name = format.replaceAll('-', '')
  return FORMATS.has(name) && (minor >= 36 || !SINCE_1_36.has(name))
}

const SINCE_1_36: ReadonlySet<string> = new Set(['k8sshortname', 'k8slongname'])

const byPattern =
  (pattern: RegExp) =>
  (text: string): boolean =>
    text.length <= MOST_CHARACTERS && pattern.test(text)

/** Nothing that has one of these formats is longer. */
const MOST_CHARACTERS = 1000

const uuid = (version: string): ((text: string) => boolean) =>
  byPattern(new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}$`, 'i'))
const uuidVariant = (version: string): ((text: string) => boolean) =>
  byPattern(
    new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$`, 'i'),
  )

const FORMATS: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ['bsonobjectid', byPattern(/^[0-9a-fA-F]{24}$/)],
  ['uri', isRequestUri],
  ['email', isMailAddress],
  ['hostname', isHostname],
  ['ipv4', isSloppyIpv4],
  ['ipv6', isStrictIpv6],
  ['cidr', isSloppyCidr],
  ['mac', isMac],
  ['uuid', uuid('[0-9a-f]')],
  ['uuid3', uuid('3')],
  ['uuid4', uuidVariant('4')],
  ['uuid5', uuidVariant('5')],
  ['isbn', (text: string) => isIsbn10(text) || isIsbn13(text)],
  ['isbn10', isIsbn10],
  ['isbn13', isIsbn13],
  ['creditcard', isCreditCard],
  ['ssn', byPattern(/^[0-9]{3}[- ][0-9]{2}[- ][0-9]{4}$/)],
  ['hexcolor', byPattern(/^#?(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/)],
  ['rgbcolor', isRgbColor],
  ['byte', isPaddedBase64],
  ['password', () => true],
  ['date', isDate],
  ['duration', isDuration],
  ['datetime', isDateTime],
  ['k8sshortname', byPattern(/^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/)],
  ['k8slongname', isLongName],
])

/** `HostnamePattern`: letters and symbols of any script count, and a single label takes one dash, behind its first. */
const HOSTNAME =
  /^(?:[a-zA-Z0-9\p{S}\p{L}](?:-?[a-zA-Z0-9\p{S}\p{L}]{0,62})?|(?:[a-zA-Z0-9\p{S}\p{L}](?:[a-zA-Z0-9\p{S}\p{L}-]{0,61}[a-zA-Z0-9\p{S}\p{L}])?\.)+[a-zA-Z\p{L}]{2,63})$/u

function isHostname(text: string): boolean {
  return countBytes(text) <= 255 && HOSTNAME.test(text) && text.split('.').every(it => countBytes(it) <= 63)
}

/** `net.ParseMAC`: 6, 8 or 20 bytes, by colons or dashes, or pairs by dots. */
function isMac(text: string): boolean {
  const bytes = /^[0-9a-fA-F]{2}(?:([:-])[0-9a-fA-F]{2}(?:\1[0-9a-fA-F]{2})*)$/.test(text)
    ? text.split(/[:-]/).length
    : /^[0-9a-fA-F]{4}(?:\.[0-9a-fA-F]{4})+$/.test(text)
      ? text.split('.').length * 2
      : 0
  return bytes === 6 || bytes === 8 || bytes === 20
}

function isIsbn10(text: string): boolean {
  const digits = text.replace(/[\s-]+/g, '')
  if (!/^(?:[0-9]{9}X|[0-9]{10})$/.test(digits)) return false
  let sum = 0
  for (let i = 0; i < 9; i++) sum += (i + 1) * Number(digits[i])
  sum += digits[9] === 'X' ? 100 : 10 * Number(digits[9])
  return sum % 11 === 0
}

function isIsbn13(text: string): boolean {
  const digits = text.replace(/[\s-]+/g, '')
  if (!/^[0-9]{13}$/.test(digits)) return false
  let sum = 0
  for (let i = 0; i < 12; i++) sum += (i % 2 === 0 ? 1 : 3) * Number(digits[i])
  return (10 - (sum % 10)) % 10 === Number(digits[12])
}

const CARD =
  /^(?:4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|6(?:011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}|(?:2131|1800|35\d{3})\d{11})$/

function isCreditCard(text: string): boolean {
  const digits = text.replace(/[^0-9]+/g, '')
  if (!CARD.test(digits)) return false
  let sum = 0
  let double = false
  for (let at = digits.length - 1; at >= 0; at--) {
    const digit = Number(digits[at]) * (double ? 2 : 1)
    sum += digit >= 10 ? (digit % 10) + 1 : digit
    double = !double
  }
  return sum % 10 === 0
}

const RGB_COLOR =
  /^rgb\(\s*(0|[1-9]\d?|1\d\d?|2[0-4]\d|25[0-5])\s*,\s*(0|[1-9]\d?|1\d\d?|2[0-4]\d|25[0-5])\s*,\s*(0|[1-9]\d?|1\d\d?|2[0-4]\d|25[0-5])\s*\)$/

function isRgbColor(text: string): boolean {
  return text.length <= 1000 && RGB_COLOR.test(text)
}

/** `govalidator.Base64`: padded, no line breaks, not empty. */
function isPaddedBase64(text: string): boolean {
  return text !== '' && text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text)
}

function isDate(text: string): boolean {
  const match = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text)
  if (!match) return false
  const month = Number(match[2])
  return (
    month >= 1 && month <= 12 && Number(match[3]) >= 1 && Number(match[3]) <= daysOf(Number(match[1]), month)
  )
}

const DATE_TIME = /^([0-9]{2}):([0-9]{2}):([0-9]{2})(?:.[0-9]+)?(?:z|[+-][0-9]{2}:[0-9]{2})$/

/** `strfmt.IsDateTime`: seconds are needed, and parts are compared as texts. */
function isDateTime(text: string): boolean {
  if (text.length < 4 || text.length > 100) return false
  const [date, time] = text.toLowerCase().split('t') as [string, string | undefined]
  const match = isDate(date) && DATE_TIME.exec(time ?? '')
  return match ? match[1]! <= '23' && match[2]! <= '59' && match[3]! <= '59' : false
}

/** Spellings of units; any word that begins with the last of a row counts too. */
const UNITS = [
  ['ns', 'nano'],
  ['us', 'µs', 'micro'],
  ['ms', 'milli'],
  ['s', 'sec'],
  ['m', 'min'],
  ['h', 'hr', 'hour'],
  ['d', 'day'],
  ['w', 'wk', 'week'],
] as const

/** `strfmt.ParseDuration`: Go's durations, and numbers with words anywhere: `1 day`, `3 weeks`, `P1D`. */
function isDuration(text: string): boolean {
  if (isGoDuration(text)) return true
  if (text.length > 1000) return false
  return [...text.matchAll(/[0-9]+\s*([A-Za-zµ]+)/g)].some(it => isUnit(it[1]!.toLowerCase()))
}

const isUnit = (word: string): boolean =>
  UNITS.some(row => word.startsWith(row.at(-1)!) || (row as readonly string[]).includes(word))

function isLongName(text: string): boolean {
  return text.length <= 253 && text.split('.').every(it => /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/.test(it))
}
