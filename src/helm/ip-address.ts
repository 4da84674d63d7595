/** Addresses of IPv6 as Go's net/netip reads them, and why a text is none (parseIPv6 and parseIPv4Fields). */
import { quote } from '../text/go-quote.ts'

/** What `ParseAddr` says of a text that is no address of IPv6. A zone is part of an address. */
export function checkAddress(text: string): string | undefined {
  const first = /[.:%]/.exec(text)?.[0]
  const problem =
    first === ':'
      ? checkFields(text)
      : first === '.'
        ? checkDecimals(text)
        : { message: first === '%' ? 'missing IPv6 address' : 'unable to parse IP' }
  if (!problem) return undefined
  const place = problem.at ? ` (at ${quote(problem.at)})` : ''
  return `ParseAddr(${quote(text)}): ${problem.message}${place}`
}

interface Problem {
  readonly message: string
  /** The rest of the text where it was noticed. */
  readonly at?: string
}

const FIELDS = 8

function checkFields(text: string): Problem | undefined {
  const percent = text.indexOf('%')
  if (percent === text.length - 1) return { message: 'zone must be a non-empty string' }
  let rest = percent < 0 ? text : text.slice(0, percent)
  let isShort = rest.startsWith('::')
  if (isShort) rest = rest.slice(2)
  if (isShort && rest === '') return undefined
  let count = 0
  while (count < FIELDS) {
    const digits = /^[0-9a-fA-F]*/.exec(rest)![0].length
    if (digits > 4) return { message: 'each group must have 4 or less digits', at: rest }
    if (digits === 0) return { message: 'each colon-separated field must have at least one digit', at: rest }
    if (rest[digits] === '.') {
      const problem = checkEmbedded(rest, count, isShort)
      if (problem) return problem
      count += 2
      rest = ''
      break
    }
    count++
    rest = rest.slice(digits)
    if (rest === '') break
    if (!rest.startsWith(':')) return { message: 'unexpected character, want colon', at: rest }
    if (rest === ':') return { message: 'colon must be followed by more characters', at: rest }
    rest = rest.slice(1)
    if (!rest.startsWith(':')) continue
    if (isShort) return { message: 'multiple :: in address', at: rest }
    isShort = true
    rest = rest.slice(1)
    if (rest === '') break
  }
  if (rest !== '') return { message: 'trailing garbage after address', at: rest }
  if (count < FIELDS) return isShort ? undefined : { message: 'address string too short' }
  return isShort ? { message: 'the :: must expand to at least one field of zeros' } : undefined
}

/** An address of IPv4 in place of the last two fields. */
function checkEmbedded(rest: string, count: number, isShort: boolean): Problem | undefined {
  if (!isShort && count !== FIELDS - 2)
    return { message: 'embedded IPv4 address must replace the final 2 fields of the address', at: rest }
  if (count + 2 > FIELDS)
    return {
      message: 'too many hex fields to fit an embedded IPv4 at the end of the address',
      at: rest,
    }
  return checkDecimals(rest)
}

function checkDecimals(text: string): Problem | undefined {
  let dots = 0
  let field = ''
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!
    if (/[0-9]/.test(char)) {
      if (field === '0') return { message: 'IPv4 field has octet with leading zero' }
      field += char
      if (Number(field) > 255) return { message: 'IPv4 field has value >255' }
    } else if (char === '.') {
      if (field === '' || i === text.length - 1)
        return { message: 'IPv4 field must have at least one digit', at: text.slice(i) }
      if (dots === 3) return { message: 'IPv4 address too long' }
      dots++
      field = ''
    } else return { message: 'unexpected character', at: text.slice(i) }
  }
  return dots < 3 ? { message: 'IPv4 address too short' } : undefined
}
