/** Absolute URLs, as `url.ParseRequestURI` of Go reads them. */
import { Fault } from '../fault.ts'
import { global, method, type Overload } from '../functions.ts'
import { BOOL, listOf, mapOf, opaque, STRING, type Type } from '../types.ts'
import { Opaque, type Value } from '../values.ts'

export const URL_TYPE: Type = opaque('kubernetes.URL')

class Url extends Opaque {
  readonly type = URL_TYPE
  readonly text: string
  readonly scheme: string
  readonly host: string
  readonly path: string
  readonly query: string
  constructor(text: string, parts: { scheme: string; host: string; path: string; query: string }) {
    super()
    this.text = text
    this.scheme = parts.scheme
    this.host = parts.host
    this.path = parts.path
    this.query = parts.query
  }
  override equals(other: Opaque): boolean {
    return other instanceof Url && other.text === this.text
  }
}

/** Undefined for texts that are neither an absolute URI nor an absolute path. A fragment is no part of the rest. */
export function parseUrl(text: string): Url | undefined {
  const url = parseWhole(text)
  const mark = text.indexOf('#')
  return url && mark >= 0 ? parseWhole(text.slice(0, mark)) : url
}

function parseWhole(text: string): Url | undefined {
  if (text === '' || /[\x00-\x1f\x7f]/.test(text)) return undefined
  if (text === '*') return new Url(text, { scheme: '', host: '', path: '*', query: '' })
  const [, scheme = ''] = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(text) ?? []
  if (text.startsWith(':')) return undefined
  const rest = scheme === '' ? text : text.slice(scheme.length + 1)
  const mark = rest.indexOf('?')
  const query = mark < 0 ? '' : rest.slice(mark + 1)
  const hierarchy = mark < 0 ? rest : rest.slice(0, mark)
  if (!hierarchy.startsWith('/'))
    return scheme === ''
      ? undefined
      : new Url(text, { scheme: scheme.toLowerCase(), host: '', path: '', query })
  let host = ''
  let path = hierarchy
  if (hierarchy.startsWith('//') && (scheme !== '' || !hierarchy.startsWith('///'))) {
    const end = hierarchy.indexOf('/', 2)
    const authority = end < 0 ? hierarchy.slice(2) : hierarchy.slice(2, end)
    path = end < 0 ? '' : hierarchy.slice(end)
    const own = parseAuthority(authority)
    if (own === undefined) return undefined
    host = own
  }
  if (/%(?![0-9a-fA-F]{2})/.test(path)) return undefined
  return new Url(text, { scheme: scheme.toLowerCase(), host, path, query })
}

/** Host and port; undefined when they are malformed. */
function parseAuthority(authority: string): string | undefined {
  const at = authority.lastIndexOf('@')
  if (at >= 0 && !/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(authority.slice(0, at))) return undefined
  const host = authority.slice(at + 1)
  const bracketed = /^(\[[^\]]*\])(.*)$/.exec(host)
  const [, name, port] = bracketed ?? /^([^:]*)(.*)$/.exec(host)!
  if (host.startsWith('[') && !bracketed) return undefined
  if (!/^(?::\d*)?$/.test(port!)) return undefined
  if (!bracketed && /[\s"#<>\\^`{|}[\]]/.test(name!)) return undefined
  return host
}

const hostname = ({ host }: Url): string => host.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1')
const port = ({ host }: Url): string => /:(\d*)$/.exec(host)?.[1] ?? ''

/** What Go leaves as it is in a path; the rest is escaped. */
function escapedPath({ path }: Url): string {
  if (/^[A-Za-z0-9\-_.~!$&'()*+,;=:@[\]%/]*$/.test(path)) return path
  return encodeURI(decode(path, 'path')).replaceAll(/[!'()*,]/g, it => it)
}

function decode(text: string, part: 'path' | 'query'): string {
  const plain = part === 'query' ? text.replaceAll('+', ' ') : text
  try {
    return decodeURIComponent(plain)
  } catch {
    return plain
  }
}

function queryOf({ query }: Url): Value {
  const map = new Map<string, Value[]>()
  for (const pair of query.split('&')) {
    if (pair === '' || pair.includes(';')) continue
    const equals = pair.indexOf('=')
    const key = decode(equals < 0 ? pair : pair.slice(0, equals), 'query')
    const value = equals < 0 ? '' : decode(pair.slice(equals + 1), 'query')
    map.set(key, [...(map.get(key) ?? []), value])
  }
  return map
}

function urlOf(text: string): Url {
  const url = parseUrl(text)
  if (!url)
    throw new Fault(
      `URL parse error during conversion from string: parse ${JSON.stringify(text)}: invalid URI for request`,
    )
  return url
}

export const urls: readonly Overload[] = [
  global('url', [STRING], URL_TYPE, urlOf),
  global('isURL', [STRING], BOOL, (text: string) => parseUrl(text) !== undefined),
  method('getScheme', [URL_TYPE], STRING, ({ scheme }: Url) => scheme),
  method('getHost', [URL_TYPE], STRING, ({ host }: Url) => host),
  method('getHostname', [URL_TYPE], STRING, hostname),
  method('getPort', [URL_TYPE], STRING, port),
  method('getEscapedPath', [URL_TYPE], STRING, escapedPath),
  method('getQuery', [URL_TYPE], mapOf(STRING, listOf(STRING)), queryOf),
]
