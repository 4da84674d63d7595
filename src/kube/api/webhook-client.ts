/** How API servers reach webhooks: `apiserver/pkg/util/webhook/validation.go`. */
import { checkDns1123Subdomain, checkPortNumber, type Faults, NO_FAULTS } from '../values/names.ts'
import { type Check, child, type Field, invalid, renamed, required } from './field.ts'
import { quote } from './go-text.ts'
import { type Obj, text, toNumber, toObject, toText } from './object.ts'

const FORM = '; desired format: https://host[/path]'

/** Exactly one of a URL and a service, each checked, as admission and conversion webhooks have it. */
export function checkClientConfig(check: Check, config: Obj, field: Field): void {
  const url = toText(config, 'url')
  const service = toObject(config, 'service')
  if ((url === undefined) === (service === undefined))
    required(check, field, 'exactly one of url or service is required')
  else if (url !== undefined) checkWebhookUrl(check, url, child(field, 'url'))
  else if (service) checkWebhookService(check, service, child(field, 'service'))
}

/** `ValidateWebhookURL`. */
function checkWebhookUrl(check: Check, text: string, field: Field): void {
  const url = parseUrl(text)
  if (typeof url === 'string') {
    required(check, field, `url must be a valid URL: parse ${quote(text)}: ${url}${FORM}`)
    return
  }
  if (url.scheme !== 'https')
    invalid(check, field, url.scheme, `'https' is the only allowed URL scheme${FORM}`)
  if (url.host === '') invalid(check, field, '', `host must be specified${FORM}`)
  if (url.user !== undefined) invalid(check, field, url.user, 'user information is not permitted in the URL')
  if (url.fragment !== '') invalid(check, field, url.fragment, 'fragments are not permitted in the URL')
  if (url.query !== '') invalid(check, field, url.query, 'query parameters are not permitted in the URL')
}

/** Whether a text has a scheme and a host. */
export function isAbsoluteUrl(text: string): boolean {
  const url = parseUrl(text)
  return typeof url === 'object' && url.scheme !== '' && url.host !== ''
}

/** `ValidateWebhookService`; its callers hand in the name as the namespace. */
function checkWebhookService(check: Check, service: Obj, field: Field): void {
  if (text(service, 'namespace') === '') required(check, renamed(field, 'name', 'namespace'))
  if (text(service, 'name') === '') required(check, renamed(field, 'namespace', 'name'))
  const port = toNumber(service, 'port') ?? 443
  const faults = checkPortNumber(port)
  if (faults.length > 0) invalid(check, child(field, 'port'), port, `port is not valid: ${faults.join(', ')}`)
  const path = text(service, 'path')
  for (const fault of listPathFaults(path)) invalid(check, child(field, 'path'), path, fault)
}

function listPathFaults(path: string): Faults {
  if (path === '' || path === '/') return NO_FAULTS
  if (path === '//') return ['segment[0] may not be empty']
  const faults = path.startsWith('/') ? [] : ["must start with a '/'"]
  const inner = path.slice(1)
  const steps = (inner.endsWith('/') ? inner.slice(0, -1) : inner).split('/')
  for (const [at, step] of steps.entries()) {
    if (step === '') faults.push(`segment[${at}] may not be empty`)
    else for (const fault of checkDns1123Subdomain(step)) faults.push(`segment[${at}]: ${fault}`)
  }
  return faults
}

interface Url {
  readonly scheme: string
  readonly user: string | undefined
  readonly host: string
  readonly query: string
  readonly fragment: string
}

/** `url.Parse` as far as the checks look; a text is the reason why it is no URL. */
function parseUrl(text: string): Url | string {
  if (/[\u0000-\u001f\u007f]/.test(text)) return 'net/url: invalid control character in URL'
  const [, beforeFragment, fragment = ''] = /^([^#]*)(?:#(.*))?$/s.exec(text)!
  const [, whole, query = ''] = /^([^?]*)(?:\?(.*))?$/s.exec(beforeFragment!)!
  const [, scheme = '', rest] = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(.*)$/s.exec(whole!)!
  if (rest!.startsWith(':') && scheme === '') return 'missing protocol scheme'
  const broken = /%(?![0-9A-Fa-f]{2}).{0,2}/s.exec(whole!)
  if (broken) return `invalid URL escape ${quote(broken[0])}`
  if (!rest!.startsWith('//')) {
    if (scheme === '' && /^[^/]*:/.test(rest!)) return 'first path segment in URL cannot contain colon'
    return { scheme: scheme.toLowerCase(), user: undefined, host: '', query, fragment }
  }
  const [, user, host] = /^\/\/(?:([^/]*)@)?([^/]*)/.exec(rest!)!
  const fault = findHostFault(host!)
  return fault ?? { scheme: scheme.toLowerCase(), user, host: host!, query, fragment }
}

/** `url.parseHost`. */
function findHostFault(host: string): string | undefined {
  const open = host.startsWith('[')
  if (open && !host.includes(']')) return "missing ']' in host"
  const port = open ? host.slice(host.lastIndexOf(']') + 1) : (/:[^:]*$/.exec(host)?.[0] ?? '')
  if (!/^(?::\d*)?$/.test(port)) return `invalid port ${quote(port)} after host`
  const odd = /[^A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"%\u0080-\u{10ffff}]/u.exec(host)
  return odd ? `invalid character ${quote(odd[0])} in host name` : undefined
}
