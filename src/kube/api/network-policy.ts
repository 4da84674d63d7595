/** Network policies, service address ranges and addresses. */
import { checkCanonicalCidr, checkCanonicalIp, checkCidr, isInCidr, isIp6, toCidr } from '../values/ip.ts'
import { checkDns1123Subdomain, checkPathSegment, checkPortName, checkPortNumber } from '../values/names.ts'
import {
  type Check,
  child,
  type Field,
  forbidden,
  index,
  invalid,
  invalids,
  notSupported,
  ROOT,
  required,
} from './field.ts'
import { checkLabelSelector, checkName, checkOptionalEnum, IMMUTABLE, requireText } from './field-checks.ts'
import { asStruct } from './go-struct.ts'
import { requireSegment } from './ingress.ts'
import { CLUSTER, checkObjectMetadata, type MetadataRules, NAMESPACED } from './metadata.ts'
import { isObj, isSet, type Obj, object, objects, text, texts, toNumber } from './object.ts'
import { ipStrictness } from './pod-spec.ts'
import { isSame } from './semantic-equal.ts'
import { warnAboutCidr } from './services.ts'

const SPEC = child(ROOT, 'spec')
const METADATA: MetadataRules = { ...NAMESPACED, generation: 'reset' }
const DIRECTIONS = [
  ['ingress', 'from'],
  ['egress', 'to'],
] as const

/** `ValidateNetworkPolicy`, `ValidateNetworkPolicyUpdate`. */
export function checkNetworkPolicy(check: Check, of: Obj, old: Obj | undefined): void {
  checkObjectMetadata(check, of, old, METADATA)
  const spec = object(of, 'spec')
  checkLabelSelector(check, spec.podSelector, child(SPEC, 'podSelector'))
  for (const [direction, peers] of DIRECTIONS)
    for (const [at, rule] of objects(spec, direction).entries()) {
      const field = index(child(SPEC, direction), at)
      for (const [position, port] of objects(rule, 'ports').entries())
        checkPort(check, port, index(child(field, 'ports'), position))
      for (const [position, peer] of objects(rule, peers).entries())
        checkPeer(check, peer, index(child(field, peers), position))
    }
  const types = texts(spec, 'policyTypes')
  if (types.length > 2) {
    invalid(check, child(SPEC, 'policyTypes'), types, 'may not specify more than two policyTypes')
    return
  }
  for (const [at, type] of types.entries())
    if (type !== 'Ingress' && type !== 'Egress')
      notSupported(check, index(child(SPEC, 'policyTypes'), at), type, ['Ingress', 'Egress'])
}

/** `ValidateNetworkPolicyPort`: an end below the port is reported with the port as value. */
function checkPort(check: Check, it: Obj, field: Field): void {
  checkOptionalEnum(check, it, { field, name: 'protocol' }, ['TCP', 'UDP', 'SCTP'])
  const { port } = it
  const end = toNumber(it, 'endPort')
  const place = child(field, 'endPort')
  if (typeof port === 'number') {
    invalids(check, child(field, 'port'), port, checkPortNumber(port))
    if (end === undefined) return
    if (end < port) invalid(check, place, port, 'must be greater than or equal to `port`')
    invalids(check, place, end, checkPortNumber(end))
  } else if (typeof port === 'string') {
    if (end !== undefined) invalid(check, place, end, 'may not be specified when `port` is non-numeric')
    invalids(check, child(field, 'port'), port, checkPortName(port))
  } else if (end !== undefined)
    invalid(check, place, end, 'may not be specified when `port` is not specified')
}

/** `ValidateNetworkPolicyPeer`. */
function checkPeer(check: Check, peer: Obj, field: Field): void {
  let peers = 0
  for (const name of ['podSelector', 'namespaceSelector']) {
    if (!isObj(peer[name])) continue
    peers++
    checkLabelSelector(check, peer[name], child(field, name))
  }
  const block = peer.ipBlock
  if (isObj(block)) {
    if (peers > 0) {
      checkBlock(check, block, child(field, 'ipBlock'))
      forbidden(check, field, 'may not specify both ipBlock and another peer')
    } else checkBlock(check, block, child(field, 'ipBlock'))
  } else if (peers === 0) required(check, field, 'must specify a peer')
}

/** `ValidateIPBlock`. */
function checkBlock(check: Check, block: Obj, field: Field): void {
  const written = requireText(check, block, field, 'cidr')
  if (written === '') return
  invalids(check, child(field, 'cidr'), written, checkCidr(written, ipStrictness(check)))
  const cidr = toCidr(written)
  if (!cidr) return
  for (const [at, exception] of texts(block, 'except').entries()) {
    const place = index(child(field, 'except'), at)
    invalids(check, place, exception, checkCidr(exception, ipStrictness(check)))
    const inner = toCidr(exception)
    if (inner && (!isInCidr(inner.network, cidr) || cidr.prefix >= inner.prefix))
      invalid(check, place, exception, 'must be a strict subset of `cidr`')
  }
}

export function warnAboutNetworkPolicy(check: Check, of: Obj): void {
  const spec = object(of, 'spec')
  for (const [direction, peers] of DIRECTIONS)
    for (const [at, rule] of objects(spec, direction).entries())
      for (const [position, peer] of objects(rule, peers).entries()) {
        const block = peer.ipBlock
        if (!isObj(block)) continue
        const field = child(index(child(index(child(SPEC, direction), at), peers), position), 'ipBlock')
        warnAboutCidr(check, text(block, 'cidr'), child(field, 'cidr'))
        for (const [k, exception] of texts(block, 'except').entries())
          warnAboutCidr(check, exception, index(child(field, 'except'), k))
      }
}

const ADDRESS_METADATA: MetadataRules = { ...CLUSTER, checkName: checkCanonicalIp }

/** `ValidateIPAddress`, `ValidateIPAddressUpdate`. */
export function checkIpAddress(check: Check, of: Obj, old: Obj | undefined): void {
  checkObjectMetadata(check, of, old, ADDRESS_METADATA)
  const parent = object(of, 'spec').parentRef
  const field = child(SPEC, 'parentRef')
  if (old) {
    if (!isSame(parent, object(old, 'spec').parentRef))
      invalid(check, field, isObj(parent) ? asStruct('IPAddressParent', parent) : null, IMMUTABLE)
  }
  if (!isObj(parent)) {
    required(check, field)
    return
  }
  checkName(check, parent, { field, name: 'group' }, checkDns1123Subdomain)
  for (const name of ['resource', 'name']) requireSegment(check, parent, field, name)
  checkName(check, parent, { field, name: 'namespace' }, checkPathSegment)
}

/** `ValidateServiceCIDR`, `ValidateServiceCIDRUpdate`: ranges may be added and stay as they are. */
export function checkServiceCidr(check: Check, of: Obj, old: Obj | undefined): void {
  checkObjectMetadata(check, of, old, CLUSTER)
  const cidrs = texts(object(of, 'spec'), 'cidrs')
  const field = child(SPEC, 'cidrs')
  if (!old) {
    checkCidrs(check, cidrs, field)
    return
  }
  const before = texts(object(old, 'spec'), 'cidrs')
  if (cidrs.length === before.length) {
    for (const [at, cidr] of cidrs.entries())
      if (cidr !== before[at]) invalid(check, index(field, at), cidr, IMMUTABLE)
  } else if (before.length === 1 && cidrs.length === 2) {
    if (cidrs[0] !== before[0]) invalid(check, index(field, 0), cidrs[0], IMMUTABLE)
    checkCidrs(check, cidrs, field)
  } else invalid(check, field, isSet(object(of, 'spec'), 'cidrs') ? cidrs : null, IMMUTABLE)
}

function checkCidrs(check: Check, cidrs: readonly string[], field: Field): void {
  if (cidrs.length === 0) {
    required(check, field, 'at least one CIDR required')
    return
  }
  if (cidrs.length > 2) {
    invalid(check, field, asStruct('ServiceCIDRSpec', { cidrs }), 'may only hold up to 2 values')
    return
  }
  for (const [at, cidr] of cidrs.entries()) invalids(check, index(field, at), cidr, checkCanonicalCidr(cidr))
  const families = cidrs.map(it => toCidr(it)).map(it => it && isIp6(it.ip))
  if (cidrs.length === 2 && families[0] !== undefined && families[0] === families[1])
    invalid(
      check,
      field,
      cidrs,
      'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64',
    )
}
