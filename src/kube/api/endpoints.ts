/** Endpoints and endpoint slices. */
import { checkCanonicalIp, checkIp, isIp6, toIp } from '../values/ip.ts'
import {
  checkDns1123Label,
  checkDns1123Subdomain,
  checkLabelValue,
  checkPortNumber,
  checkQualifiedName,
  type Faults,
} from '../values/names.ts'
import { PROTOCOLS } from './containers.ts'
import {
  type Check,
  child,
  duplicate,
  type Field,
  index,
  invalid,
  invalids,
  notSupported,
  ROOT,
  required,
  tooMany,
} from './field.ts'
import {
  checkEnum,
  checkName,
  checkOptionalEnum,
  IMMUTABLE,
  lengthUnit,
  requireText,
} from './field-checks.ts'
import { checkObjectMetadata, type MetadataRules, NAMESPACED } from './metadata.ts'
import { isObj, lookup, number, type Obj, object, objects, text, texts, toText } from './object.ts'
import { ipStrictness } from './pod-spec.ts'
import { warnAboutIp } from './pod-warnings.ts'
import { isSame } from './semantic-equal.ts'

/** `ValidateEndpointIP`: addresses that no one else can reach. */
export function checkEndpointIp(check: Check, address: string, field: Field): void {
  const ip = toIp(address)
  if (!ip) {
    invalid(check, field, address, 'must be a valid IP address')
    return
  }
  const { bytes } = ip
  const [first, second] = bytes as [number, number]
  const wide = isIp6(ip)
  const head = bytes.slice(0, -1)
  if (bytes.every(it => it === 0)) invalid(check, field, address, `may not be unspecified (${address})`)
  if (wide ? head.every(it => it === 0) && bytes.at(-1) === 1 : first === 127)
    invalid(check, field, address, 'may not be in the loopback range (127.0.0.0/8, ::1/128)')
  if (wide ? first === 0xfe && (second & 0xc0) === 0x80 : first === 169 && second === 254)
    invalid(check, field, address, 'may not be in the link-local range (169.254.0.0/16, fe80::/10)')
  if (wide ? first === 0xff && (second & 0x0f) === 2 : first === 224 && second === 0 && bytes[2] === 0)
    invalid(check, field, address, 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)')
}

/** `ValidateEndpointsCreate`, `ValidateEndpointsUpdate`. */
export function checkEndpoints(check: Check, of: Obj, old: Obj | undefined): void {
  if (old) checkObjectMetadata(check, of, old, NAMESPACED)
  checkObjectMetadata(check, of, undefined, NAMESPACED)
  if (old && isSame(of.subsets, old.subsets)) return
  for (const [at, subset] of objects(of, 'subsets').entries()) {
    const field = index(child(ROOT, 'subsets'), at)
    const ports = objects(subset, 'ports')
    const addresses = objects(subset, 'addresses')
    const notReady = objects(subset, 'notReadyAddresses')
    if (addresses.length === 0 && notReady.length === 0)
      required(check, field, 'must specify `addresses` or `notReadyAddresses`')
    for (const [position, address] of addresses.entries())
      checkAddress(check, address, index(child(field, 'addresses'), position))
    for (const [position, address] of notReady.entries())
      checkAddress(check, address, index(child(field, 'notReadyAddresses'), position))
    for (const [position, port] of ports.entries())
      checkPort(check, port, index(child(field, 'ports'), position), ports.length > 1)
  }
}

function checkAddress(check: Check, address: Obj, field: Field): void {
  const ip = text(address, 'ip')
  const place = child(field, 'ip')
  invalids(check, place, ip, checkIp(ip, ipStrictness(check)))
  checkName(check, address, { field, name: 'hostname' }, checkDns1123Label)
  const node = toText(address, 'nodeName')
  if (node !== undefined) invalids(check, child(field, 'nodeName'), node, checkDns1123Subdomain(node))
  checkEndpointIp(check, ip, place)
}

function checkPort(check: Check, port: Obj, field: Field, isOneOfMany: boolean): void {
  const name = text(port, 'name')
  if (name !== '') invalids(check, child(field, 'name'), name, checkDns1123Label(name))
  else if (isOneOfMany) required(check, child(field, 'name'))
  const own = number(port, 'port')
  invalids(check, child(field, 'port'), own, checkPortNumber(own))
  checkEnum(check, port, { field, name: 'protocol' }, PROTOCOLS)
  checkAppProtocol(check, port, field)
}

function checkAppProtocol(check: Check, port: Obj, field: Field): void {
  const protocol = toText(port, 'appProtocol')
  if (protocol !== undefined)
    invalids(check, child(field, 'appProtocol'), protocol, checkQualifiedName(protocol, lengthUnit(check)))
}

export function warnAboutEndpoints(check: Check, of: Obj): void {
  const manager = lookup(object(object(of, 'metadata'), 'labels'), 'endpoints.kubernetes.io/managed-by')
  if (manager === 'endpoint-controller') return
  for (const [at, subset] of objects(of, 'subsets').entries())
    for (const name of ['addresses', 'notReadyAddresses'])
      for (const [position, address] of objects(subset, name).entries())
        warnAboutIp(
          check,
          text(address, 'ip'),
          child(index(child(index(child(ROOT, 'subsets'), at), name), position), 'ip'),
        )
}

const SLICE_METADATA: MetadataRules = { ...NAMESPACED, generation: 'reset' }
const ADDRESS_TYPES = ['FQDN', 'IPv4', 'IPv6']

/** `ValidateEndpointSlice`. */
export function checkEndpointSlice(check: Check, of: Obj, old: Obj | undefined): void {
  checkObjectMetadata(check, of, undefined, SLICE_METADATA)
  const type = requireText(check, of, ROOT, 'addressType')
  if (type !== '' && !ADDRESS_TYPES.includes(type))
    notSupported(check, child(ROOT, 'addressType'), type, ADDRESS_TYPES)
  checkSlicePorts(check, objects(of, 'ports'))
  if (!old || !isSame(of.endpoints, old.endpoints)) checkSliceEndpoints(check, objects(of, 'endpoints'), type)
  if (old && type !== text(old, 'addressType')) invalid(check, child(ROOT, 'addressType'), type, IMMUTABLE)
}

function checkSlicePorts(check: Check, ports: readonly Obj[]): void {
  const list = child(ROOT, 'ports')
  if (ports.length > 20000) {
    tooMany(check, list, ports.length, 20000)
    return
  }
  const names = new Set<string>()
  for (const [at, port] of ports.entries()) {
    const field = index(list, at)
    const name = text(port, 'name')
    if (name !== '') invalids(check, child(field, 'name'), name, checkDns1123Label(name))
    if (names.has(name)) duplicate(check, child(field, 'name'), name)
    names.add(name)
    checkOptionalEnum(check, port, { field, name: 'protocol' }, PROTOCOLS)
    checkAppProtocol(check, port, field)
  }
}

function checkSliceEndpoints(check: Check, endpoints: readonly Obj[], type: string): void {
  const list = child(ROOT, 'endpoints')
  if (endpoints.length > 1000) {
    tooMany(check, list, endpoints.length, 1000)
    return
  }
  for (const [at, endpoint] of endpoints.entries()) {
    const field = index(list, at)
    const addresses = texts(endpoint, 'addresses')
    const place = child(field, 'addresses')
    if (addresses.length === 0) required(check, place, 'must contain at least 1 address')
    else if (addresses.length > 100) tooMany(check, place, addresses.length, 100)
    for (const [position, address] of addresses.entries())
      checkSliceAddress(check, { address, type }, index(place, position))
    const node = toText(endpoint, 'nodeName')
    if (node !== undefined) invalids(check, child(field, 'nodeName'), node, checkDns1123Subdomain(node))
    const host = toText(endpoint, 'hostname')
    if (host !== undefined) invalids(check, child(field, 'hostname'), host, checkDns1123Label(host))
    if (isObj(endpoint.hints)) checkHints(check, endpoint.hints, child(field, 'hints'))
  }
}

interface TypedAddress {
  readonly address: string
  readonly type: string
}

function checkSliceAddress(check: Check, { address, type }: TypedAddress, field: Field): void {
  const ip = toIp(address)
  if (type === 'FQDN') {
    checkFqdn(check, address, field)
    return
  }
  if (type !== 'IPv4' && type !== 'IPv6') return
  const faults = type === 'IPv4' ? checkIp(address, ipStrictness(check)) : checkIp6(check, address)
  if (faults.length > 0 || !ip) {
    invalids(check, field, address, faults)
    return
  }
  if (isIp6(ip) !== (type === 'IPv6'))
    invalid(check, hiddenStep(field), address, `must be an ${type} address`)
  checkEndpointIp(check, address, field)
}

/** Canonical since 1.33. */
const checkIp6 = (check: Check, address: string): Faults =>
  check.minor >= 33 ? checkCanonicalIp(address) : checkIp(address, 'sloppy')

/** Families are reported at the list. */
const hiddenStep = (field: Field): Field => ({ ...field, shown: undefined })

/** `IsFullyQualifiedDomainName`. */
function checkFqdn(check: Check, name: string, field: Field): void {
  if (name === '') {
    required(check, field)
    return
  }
  const domain = name.endsWith('.') ? name.slice(0, -1) : name
  const faults = checkDns1123Subdomain(domain)
  if (faults.length > 0) {
    invalid(check, field, domain, faults.join(','))
    return
  }
  const labels = domain.split('.')
  if (labels.length < 2) {
    invalid(check, field, domain, 'should be a domain with at least two segments separated by dots')
    return
  }
  for (const label of labels) {
    const inLabel = checkDns1123Label(label)
    if (inLabel.length > 0) {
      invalid(check, field, label, inLabel.join(','))
      return
    }
  }
}

/** `validateHints`. */
function checkHints(check: Check, hints: Obj, field: Field): void {
  for (const [list, faultsOf] of [
    ['forZones', (it: string) => checkLabelValue(it, lengthUnit(check))],
    ['forNodes', checkDns1123Subdomain],
  ] as const) {
    if (list === 'forNodes' && check.minor < 34) return
    const named = objects(hints, list)
    if (named.length > 8) {
      tooMany(check, child(field, list), named.length, 8)
      return
    }
    const names = new Set<string>()
    for (const [at, it] of named.entries()) {
      const name = text(it, 'name')
      const place = child(index(child(field, list), at), 'name')
      if (names.has(name)) duplicate(check, place, name)
      names.add(name)
      invalids(check, place, name, faultsOf(name))
    }
  }
}

export function warnAboutEndpointSlice(check: Check, of: Obj): void {
  if (text(of, 'addressType') === 'FQDN')
    check.warnings.push('spec.addressType: FQDN endpoints are deprecated')
  const manager =
    lookup(object(object(of, 'metadata'), 'labels'), 'endpointslice.kubernetes.io/managed-by') ?? ''
  if (manager.startsWith('endpointslice') && manager.endsWith('controller.k8s.io')) return
  for (const [at, endpoint] of objects(of, 'endpoints').entries())
    for (const [position, address] of texts(endpoint, 'addresses').entries())
      warnAboutIp(check, address, index(child(index(child(ROOT, 'endpoints'), at), 'addresses'), position))
}
