/** Cluster addresses, families and node ports of Services: what is allocated before validation, and may not change. */
import { checkIp, isIp6, toIp } from '../values/ip.ts'
import {
  type Check,
  child,
  duplicate,
  forbidden,
  index,
  invalid,
  invalids,
  notSupported,
  ROOT,
} from './field.ts'
import { checkOptionalEnum } from './field-checks.ts'
import { number, type Obj, object, objects, text, texts, toText } from './object.ts'
import { ipStrictness } from './pod-spec.ts'

const SPEC = child(ROOT, 'spec')
const IPS = child(SPEC, 'clusterIPs')
const FAMILIES = child(SPEC, 'ipFamilies')
const POLICY = child(SPEC, 'ipFamilyPolicy')

/** A Service as the checks see it. */
export interface Service {
  readonly spec: Obj
  readonly type: string
  readonly annotations: Obj
  /** `clusterIPs`, or the one `clusterIP`. */
  readonly clusterIps: readonly string[]
  readonly isHeadless: boolean
}

export function buildService(of: Obj): Service {
  const spec = object(of, 'spec')
  const listed = texts(spec, 'clusterIPs')
  const single = text(spec, 'clusterIP')
  const clusterIps = listed.length === 0 && single !== '' ? [single] : listed
  return {
    spec,
    type: text(spec, 'type') || 'ClusterIP',
    annotations: object(object(of, 'metadata'), 'annotations'),
    clusterIps,
    isHeadless: clusterIps.length === 1 && clusterIps[0] === 'None',
  }
}

/** `allocateCreate`: each step stops at its own faults. */
export function checkAllocation(check: Check, service: Service, old: Service | undefined): void {
  if (service.type !== 'ExternalName') {
    checkRelated(check, service)
    if (check.causes.length > 0) return
    checkFamilies(check, service)
    if (check.causes.length > 0) return
  }
  if (!old && (service.type === 'NodePort' || service.type === 'LoadBalancer')) checkNodePorts(check, service)
}

/** `ValidateServiceClusterIPsRelatedFields`. */
function checkRelated(check: Check, { spec, clusterIps, isHeadless }: Service): void {
  const single = text(spec, 'clusterIP')
  if (single === '') {
    if (clusterIps.length > 0)
      invalid(check, IPS, clusterIps, 'must be empty when `clusterIP` is not specified')
  } else if (clusterIps[0] !== single) invalid(check, IPS, clusterIps, 'first value must match `clusterIP`')
  const families = texts(spec, 'ipFamilies')
  checkFamilyNames(check, families)
  checkOptionalEnum(check, spec, { field: SPEC, name: 'ipFamilyPolicy' }, [
    'PreferDualStack',
    'RequireDualStack',
    'SingleStack',
  ])
  const before = check.causes.length
  for (const [at, ip] of clusterIps.entries()) {
    if (at === 0 && ip === 'None') {
      if (clusterIps.length > 1) invalid(check, IPS, clusterIps, "'None' must be the first and only value")
    } else invalids(check, index(IPS, at), ip, checkIp(ip, ipStrictness(check)))
  }
  const hasInvalid = check.causes.length > before
  if (clusterIps.length > 2) invalid(check, IPS, clusterIps, 'may only hold up to 2 values')
  if (hasInvalid) return
  if (clusterIps.length > 1 && !isDualStack(clusterIps))
    invalid(check, IPS, clusterIps, 'may specify no more than one IP for each IP family')
  if (isHeadless) return
  for (const [at, ip] of clusterIps.slice(0, families.length).entries())
    if (families[at] !== familyOf(ip) && (families[at] === 'IPv4' || families[at] === 'IPv6'))
      invalid(
        check,
        index(IPS, at),
        ip,
        `expected an ${families[at]} value as indicated by \`ipFamilies[${at}]\``,
      )
}

function checkFamilyNames(check: Check, families: readonly string[]): void {
  const seen = new Set<string>()
  for (const [at, family] of families.entries()) {
    if (family !== 'IPv4' && family !== 'IPv6')
      notSupported(check, index(FAMILIES, at), family, ['IPv4', 'IPv6'])
    if (seen.has(family)) duplicate(check, index(FAMILIES, at), family)
    seen.add(family)
  }
}

const familyOf = (ip: string): 'IPv4' | 'IPv6' => {
  const parsed = toIp(ip)
  return parsed && isIp6(parsed) ? 'IPv6' : 'IPv4'
}

const isDualStack = (ips: readonly string[]): boolean =>
  ips.some(it => familyOf(it) === 'IPv4') && ips.some(it => familyOf(it) === 'IPv6')

/** `initIPFamilyFields`: which families the policy and the cluster allow. */
function checkFamilies(check: Check, service: Service): void {
  const { spec, clusterIps, isHeadless } = service
  const families = [...texts(spec, 'ipFamilies')]
  const selectsNothing = Object.keys(object(spec, 'selector')).length === 0
  const policy =
    toText(spec, 'ipFamilyPolicy') ?? (isHeadless && selectsNothing ? 'RequireDualStack' : 'SingleStack')
  const before = check.causes.length
  if (policy === 'SingleStack') {
    const fault = "must be 'RequireDualStack' or 'PreferDualStack' when multiple"
    if (clusterIps.length === 2) invalid(check, POLICY, policy, `${fault} cluster IPs are specified`)
    if (families.length === 2) invalid(check, POLICY, policy, `${fault} IP families are specified`)
  }
  const configured = check.cluster.serviceFamilies
  for (const [at, ip] of clusterIps.entries()) {
    if (ip === 'None') break
    if (at < families.length) continue
    const family = familyOf(ip)
    if (configured && !configured.includes(family))
      invalid(check, index(IPS, at), clusterIps, `${family} is not configured on this cluster`)
    else families.push(family)
  }
  if (check.causes.length > before || !configured || (isHeadless && selectsNothing)) return
  if (policy === 'RequireDualStack' && configured.length < 2)
    invalid(check, POLICY, policy, 'this cluster is not configured for dual-stack services')
  for (const [at, family] of families.entries())
    if (!configured.includes(family))
      invalid(check, index(FAMILIES, at), family, 'not configured on this cluster')
}

/** `initNodePorts`: a port may be asked for once, and from the range of the cluster. */
function checkNodePorts(check: Check, { spec }: Service): void {
  const ports = objects(spec, 'ports')
  const allocated = new Set<number>()
  const byPort = new Map<number, number>()
  const askedBy = new Map<number, number>()
  for (const port of ports) {
    const own = number(port, 'port')
    if (!askedBy.has(own) && number(port, 'nodePort') !== 0) askedBy.set(own, number(port, 'nodePort'))
  }
  const allocate = (at: number, nodePort: number): boolean => {
    const place = child(index(child(SPEC, 'ports'), at), 'nodePort')
    if (allocated.has(nodePort)) invalid(check, place, nodePort, 'provided port is already allocated')
    else if (nodePort < 30000 || nodePort > 32767)
      invalid(
        check,
        place,
        nodePort,
        'provided port is not in the valid range. The range of valid ports is 30000-32767',
      )
    else {
      allocated.add(nodePort)
      return true
    }
    return false
  }
  for (const [at, port] of ports.entries()) {
    const own = number(port, 'port')
    const known = byPort.get(own)
    const nodePort = number(port, 'nodePort')
    if (known === undefined) {
      const asked = askedBy.get(own)
      if (asked === undefined) continue
      if (!allocate(at, asked)) return
      byPort.set(own, asked)
    } else if (nodePort !== 0 && nodePort !== known && !allocate(at, nodePort)) return
  }
}

/** `ValidateServiceUpdate`: addresses and families stay, or are released and added in pairs. */
export function checkServiceUpdate(check: Check, service: Service, old: Service): void {
  if (service.type !== 'ExternalName' && old.type !== 'ExternalName') {
    if (!service.isHeadless || !old.isHeadless) checkAddressUpdate(check, service, old)
    if (!service.isHeadless && !old.isHeadless) checkFamilyUpdate(check, service, old)
  }
  if (service.type === 'LoadBalancer' && old.type === 'LoadBalancer') {
    const name = service.spec.loadBalancerClass ?? null
    if (name !== (old.spec.loadBalancerClass ?? null))
      invalid(check, child(SPEC, 'loadBalancerClass'), name, 'may not change once set')
  }
  const port = number(service.spec, 'healthCheckNodePort')
  const isLocal = (it: Service): boolean =>
    it.type === 'LoadBalancer' && text(it.spec, 'externalTrafficPolicy') === 'Local'
  if (isLocal(service) && isLocal(old) && port !== 0 && port !== number(old.spec, 'healthCheckNodePort'))
    forbidden(check, child(SPEC, 'healthCheckNodePort'), 'field is immutable')
}

/** `validateUpgradeDowngradeClusterIPs`. */
function checkAddressUpdate(check: Check, service: Service, old: Service): void {
  const now = service.clusterIps
  const before = old.clusterIps
  const refuse = (at: number, fault: string): void => invalid(check, index(IPS, at), now, fault)
  if (before.length === now.length) {
    for (const [at, ip] of before.entries()) if (ip !== now[at]) refuse(at, CHANGED)
    return
  }
  const isReleased = before.length > now.length
  if (now.length === 0) refuse(0, 'primary clusterIP can not be unset')
  else if (before.length > 0 && now[0] !== before[0]) refuse(0, CHANGED)
  if (isReleased && now.length === 1) refuseRelease(check, service, 'clusterIP')
}

const CHANGED = 'may not change once set'

/** One family alone is left only where that is asked for. */
function refuseRelease(check: Check, { spec }: Service, what: string): void {
  const policy = toText(spec, 'ipFamilyPolicy')
  if (policy !== 'SingleStack')
    invalid(
      check,
      POLICY,
      policy ?? null,
      `must be set to 'SingleStack' when releasing the secondary ${what}`,
    )
}

/** `validateUpgradeDowngradeIPFamilies`, which shows the addresses where families are meant. */
function checkFamilyUpdate(check: Check, service: Service, old: Service): void {
  const now = texts(service.spec, 'ipFamilies')
  const before = texts(old.spec, 'ipFamilies')
  const place = index(FAMILIES, 0)
  if (before.length === now.length) {
    for (const [at, family] of before.entries()) if (family !== now[at]) invalid(check, place, now, CHANGED)
    return
  }
  const isReleased = before.length > now.length
  if (isReleased && service.clusterIps.length === 0)
    invalid(check, place, now, 'primary ipFamily can not be unset')
  if (before.length > 0 && now.length > 0 && now[0] !== before[0])
    invalid(check, place, service.clusterIps, CHANGED)
  if (isReleased && now.length === 1) refuseRelease(check, service, 'ipFamily')
}
