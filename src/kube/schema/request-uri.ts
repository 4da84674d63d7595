/** Whether a text is an absolute URI or an absolute path: `url.ParseRequestURI` of Go. */
import { isStrictIpv6 } from './ip-formats.ts'

export function isRequestUri(text: string): boolean {
  if (text === '' || /[\x00-\x1f\x7f]/.test(text)) return false
  if (text === '*') return true
  if (text.startsWith(':')) return false
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(text)?.[1]
  const whole = scheme === undefined ? text : text.slice(scheme.length + 1)
  const [rest] = whole.split('?', 1) as [string]
  // What follows a scheme without a slash is not looked at.
  if (!rest.startsWith('/')) return scheme !== undefined
  if (scheme === undefined || !rest.startsWith('//')) return isEscaped(rest)
  const [authority] = rest.slice(2).split('/', 1) as [string]
  return isAuthority(authority, scheme.toLowerCase()) && isEscaped(rest.slice(2 + authority.length))
}

const isEscaped = (text: string): boolean => !/%(?![0-9a-fA-F]{2})/.test(text)

function isAuthority(authority: string, scheme: string): boolean {
  const at = authority.lastIndexOf('@')
  const user = authority.slice(0, Math.max(at, 0))
  return (
    /^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user) &&
    isEscaped(user) &&
    isHost(authority.slice(at + 1), scheme)
  )
}

/** `parseHost`: of http and https nothing but a port follows the first colon. */
function isHost(host: string, scheme: string): boolean {
  const open = host.lastIndexOf('[')
  if (open > 0) return false
  if (open === 0) return isLiteral(host)
  const isStrict = scheme === 'http' || scheme === 'https'
  const colon = isStrict ? host.indexOf(':') : host.lastIndexOf(':')
  return (colon < 0 || isPort(host.slice(colon))) && isHostText(host)
}

function isLiteral(host: string): boolean {
  const close = host.lastIndexOf(']')
  if (close < 0 || !isPort(host.slice(close + 1))) return false
  const [address, zone] = host.slice(1, close).split(/%25(.*)/s) as [string, string | undefined]
  if (!isHostText(address) || (zone !== undefined && !isEscaped(zone))) return false
  const [plain, named] = address.split(/%(.*)/s) as [string, string | undefined]
  return isStrictIpv6(plain) && zone !== '' && named !== ''
}

const isPort = (text: string): boolean => /^(?::[0-9]*)?$/.test(text)

/** Of ASCII only some characters, and no other one escaped than the percent sign. */
const isHostText = (text: string): boolean =>
  /^(?:[A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"\u0080-\u{10ffff}]|%25|%[89a-fA-F][0-9a-fA-F])*$/u.test(text)
