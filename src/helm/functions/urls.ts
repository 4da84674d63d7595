/** sprig's urlParse and urlJoin: net/url for the parts that charts use. */

import { quote } from '../../text/go-quote.ts'
import { type Call, type FunctionTable, fn } from '../template/call.ts'
import { GoError } from '../template/errors.ts'
import { plainText } from '../template/text.ts'
import { decodeUtf8, encodeUtf8 } from '../template/utf8.ts'
import { type Dict, dict, isString, kindOf, type Value } from '../template/value.ts'

export const urlFunctions: FunctionTable = {
  urlParse: fn(['string'], (_, text) => {
    const url = parseUrl(text)
    return dict(new Map<string, Value>(Object.entries(url)))
  }),
  urlJoin: fn(['map'], (call, parts) => joinUrl(call, parts)),
}

interface Url {
  readonly scheme: string
  readonly host: string
  readonly hostname: string
  readonly path: string
  readonly query: string
  readonly opaque: string
  readonly fragment: string
  readonly userinfo: string
}

function refuse(text: string, reason: string): never {
  throw new GoError(`unable to parse url: parse ${quote(text)}: ${reason}`)
}

/** net/url.Parse. Throws `GoError`. */
export function parseUrl(text: string): Url {
  if (/[\x00-\x1f\x7f]/.test(text)) refuse(text, 'net/url: invalid control character in URL')
  const hash = text.indexOf('#')
  const beforeHash = hash < 0 ? text : text.slice(0, hash)
  const fragment = hash < 0 ? '' : unescapePart(text, text.slice(hash + 1))
  if (beforeHash.startsWith(':')) refuse(text, 'missing protocol scheme')
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(beforeHash)
  let rest = scheme ? beforeHash.slice(scheme[0].length) : beforeHash
  const question = rest.indexOf('?')
  const query = question < 0 ? '' : rest.slice(question + 1)
  if (question >= 0) rest = rest.slice(0, question)
  const common = { scheme: (scheme?.[1] ?? '').toLowerCase(), query, fragment }
  if (!rest.startsWith('/') && scheme)
    return { ...common, host: '', hostname: '', path: '', opaque: rest, userinfo: '' }
  if (!rest.startsWith('/') && rest.split('/')[0]!.includes(':'))
    refuse(text, 'first path segment in URL cannot contain colon')
  let authority = ''
  if (rest.startsWith('//') && (scheme || !rest.startsWith('///'))) {
    const slash = rest.indexOf('/', 2)
    authority = slash < 0 ? rest.slice(2) : rest.slice(2, slash)
    rest = slash < 0 ? '' : rest.slice(slash)
  }
  const at = authority.lastIndexOf('@')
  const userinfo = at < 0 ? '' : authority.slice(0, at)
  const host = at < 0 ? authority : authority.slice(at + 1)
  checkPort(text, host)
  const odd = /[ "<>\\^`{|}]/.exec(host)
  if (odd) refuse(text, `invalid character ${quote(odd[0])} in host name`)
  const path = unescapePart(text, rest)
  return { ...common, host, hostname: hostnameOf(host), path, opaque: '', userinfo }
}

function checkPort(text: string, host: string): void {
  const port = host.startsWith('[')
    ? host.slice(host.lastIndexOf(']') + 1)
    : host.includes(':')
      ? host.slice(host.lastIndexOf(':'))
      : ''
  if (port !== '' && !/^:[0-9]*$/.test(port)) refuse(text, `invalid port ${quote(port)} after host`)
}

function hostnameOf(host: string): string {
  if (host.startsWith('[')) return host.slice(1, Math.max(1, host.lastIndexOf(']')))
  const colon = host.lastIndexOf(':')
  return colon < 0 ? host : host.slice(0, colon)
}

function unescapePart(whole: string, part: string): string {
  if (!part.includes('%')) return part
  const bytes: number[] = []
  for (let at = 0; at < part.length; ) {
    if (part[at] !== '%') {
      const rune = String.fromCodePoint(part.codePointAt(at)!)
      bytes.push(...encodeUtf8(rune))
      at += rune.length
      continue
    }
    const digits = part.slice(at + 1, at + 3)
    if (!/^[0-9a-fA-F]{2}$/.test(digits)) refuse(whole, `invalid URL escape ${quote(part.slice(at, at + 3))}`)
    bytes.push(Number.parseInt(digits, 16))
    at += 3
  }
  return decodeUtf8(Uint8Array.from(bytes))
}

/** URL.String of a URL made of the dict's parts. */
function joinUrl(call: Call, parts: Dict): string {
  const part = (key: string): string => {
    if (!parts.entries.has(key)) return ''
    const value = parts.entries.get(key)
    if (isString(value)) {
      call.charge(plainText(value).length * 40)
      return plainText(value)
    }
    throw new GoError(`unable to parse ${key} key, must be of type string, but ${kindOf(value)} found`)
  }
  const [scheme, host, path, query, opaque, fragment, userinfo] = [
    'scheme',
    'host',
    'path',
    'query',
    'opaque',
    'fragment',
    'userinfo',
  ].map(part) as [string, string, string, string, string, string, string]
  let text = scheme === '' ? '' : `${scheme}:`
  if (opaque !== '') text += opaque
  else {
    if (scheme !== '' || host !== '' || userinfo !== '') {
      if (host !== '' || path !== '' || userinfo !== '') text += '//'
      if (userinfo !== '') text += `${userinfo}@`
      text += host
    }
    const escaped = escapePath(path)
    if (escaped !== '' && !escaped.startsWith('/') && host !== '') text += '/'
    if (text === '' && escaped.split('/')[0]!.includes(':')) text += './'
    text += escaped
  }
  if (query !== '') text += `?${query}`
  return fragment === '' ? text : `${text}#${escapeWith(fragment, /[A-Za-z0-9\-_.~$&+,/:;=?@!()*']/)}`
}

const escapePath = (path: string): string => escapeWith(path, /[A-Za-z0-9\-_.~$&+,/:;=@!()*'[\]]/)

function escapeWith(text: string, allowed: RegExp): string {
  let result = ''
  for (const byte of encodeUtf8(text)) {
    const char = String.fromCharCode(byte)
    result +=
      byte < 0x80 && allowed.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return result
}
