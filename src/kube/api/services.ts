/** Services (`validateService`), and what the registry decides before validation. */
import { checkCidr, checkIp, listCidrWarnings } from '../values/ip.ts'
import {
  checkDns1035Label,
  checkDns1123Label,
  checkDns1123Subdomain,
  checkPortNumber,
  checkQualifiedName,
  type Faults,
} from '../values/names.ts'
import { PROTOCOLS } from './containers.ts'
import { checkEndpointIp } from './endpoints.ts'
import {
  type Check,
  child,
  descend,
  duplicate,
  type Field,
  forbidden,
  index,
  invalid,
  invalids,
  key,
  ROOT,
  renamed,
  required,
  warn,
} from './field.ts'
import { checkEnum, checkLabels, checkOptionalEnum, lengthUnit } from './field-checks.ts'
import { asStruct } from './go-struct.ts'
import { checkObjectMetadata, type MetadataRules } from './metadata.ts'
import {
  intOrString,
  isObj,
  isSet,
  lookup,
  number,
  type Obj,
  object,
  objects,
  text,
  texts,
  toNumber,
  toText,
} from './object.ts'
import { ipStrictness } from './pod-spec.ts'
import { warnAboutIp } from './pod-warnings.ts'
import { checkPortNumberOrName } from './probes.ts'
import { buildService, checkAllocation, checkServiceUpdate, type Service } from './service-addresses.ts'

const SPEC = child(ROOT, 'spec')
const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']
const SOURCE_RANGES = 'service.beta.kubernetes.io/load-balancer-source-ranges'
const HINTS = 'service.kubernetes.io/topology-aware-hints'
const MODE = 'service.kubernetes.io/topology-mode'

/** Since 1.36 names may begin with a digit. */
export const checkServiceName = (name: string, check: Check): Faults =>
  check.minor >= 36 ? checkDns1123Label(name) : checkDns1035Label(name)

const METADATA: MetadataRules = { namespaced: true, checkName: checkServiceName, finalizers: 'core' }

/** `ValidateServiceCreate`, `ValidateServiceUpdate`. Addresses and ports are allocated first, and may fail alone. */
export function checkService(check: Check, of: Obj, old: Obj | undefined): void {
  const service = buildService(of)
  const before = old && buildService(old)
  checkAllocation(check, service, before)
  if (check.causes.length > 0) return
  checkObjectMetadata(check, of, old, METADATA)
  if (before) checkServiceUpdate(check, service, before)
  checkContent(check, service)
}

function checkContent(check: Check, service: Service): void {
  const { spec, type } = service
  checkTopologyAnnotations(check, service)
  const ports = objects(spec, 'ports')
  if (ports.length === 0 && !service.isHeadless && type !== 'ExternalName')
    required(check, child(SPEC, 'ports'))
  if (service.isHeadless && (type === 'LoadBalancer' || type === 'NodePort'))
    invalid(
      check,
      index(child(SPEC, 'clusterIPs'), 0),
      'None',
      `may not be set to 'None' for ${type} services`,
    )
  if (type === 'ExternalName') checkExternalName(check, service)
  checkPorts(check, ports)
  if (isObj(spec.selector)) checkLabels(check, spec.selector, child(SPEC, 'selector'))
  checkAffinity(check, spec)
  checkExternalIps(check, spec)
  checkEnum(check, spec, { field: SPEC, name: 'type' }, TYPES)
  checkPortUse(check, ports, type)
  checkSourceRanges(check, service)
  checkBalancerFields(check, service)
  checkTrafficPolicies(check, service)
}

function checkTopologyAnnotations(check: Check, { annotations }: Service): void {
  const mode = lookup(annotations, MODE)
  const hints = lookup(annotations, HINTS)
  if (mode !== undefined && hints !== undefined && mode !== hints)
    invalid(
      check,
      key(descend(ROOT, 'metadata', 'annotations'), MODE),
      mode,
      `must match annotations[${HINTS}] when both are specified`,
    )
}

function checkExternalName(check: Check, { spec, clusterIps }: Service): void {
  if (clusterIps.length > 0)
    forbidden(check, child(SPEC, 'clusterIPs'), 'may not be set for ExternalName services')
  if (texts(spec, 'ipFamilies').length > 0)
    forbidden(check, child(SPEC, 'ipFamilies'), 'may not be set for ExternalName services')
  if (isSet(spec, 'ipFamilyPolicy'))
    forbidden(check, child(SPEC, 'ipFamilyPolicy'), 'may not be set for ExternalName services')
  const name = text(spec, 'externalName').replace(/\.$/, '')
  if (name === '') required(check, child(SPEC, 'externalName'))
  else invalids(check, child(SPEC, 'externalName'), name, checkDns1123Subdomain(name))
}

/** `validateServicePort`: names are DNS labels here, not port names. */
function checkPorts(check: Check, ports: readonly Obj[]): void {
  const names = new Set<string>()
  for (let at = 0; at < ports.length; at++) {
    const port = ports[at]!
    const field = index(child(SPEC, 'ports'), at)
    const name = text(port, 'name')
    if (name === '') {
      if (ports.length > 1) required(check, child(field, 'name'))
    } else {
      invalids(check, child(field, 'name'), name, checkDns1123Label(name))
      if (names.has(name)) duplicate(check, child(field, 'name'), name)
      names.add(name)
    }
    const own = number(port, 'port')
    invalids(check, child(field, 'port'), own, checkPortNumber(own))
    checkEnum(check, port, { field, name: 'protocol' }, PROTOCOLS)
    const target = intOrString(port, 'targetPort') || own
    checkPortNumberOrName(check, target, child(field, 'targetPort'))
    const protocol = toText(port, 'appProtocol')
    if (protocol !== undefined)
      invalids(check, child(field, 'appProtocol'), protocol, checkQualifiedName(protocol, lengthUnit(check)))
  }
}

function checkAffinity(check: Check, spec: Obj): void {
  checkEnum(check, spec, { field: SPEC, name: 'sessionAffinity' }, ['ClientIP', 'None'])
  if (text(spec, 'sessionAffinity') !== 'ClientIP') return
  const timeout = toNumber(object(object(spec, 'sessionAffinityConfig'), 'clientIP'), 'timeoutSeconds')
  if (timeout !== undefined && (timeout <= 0 || timeout > 86400))
    invalid(
      check,
      descend(SPEC, 'sessionAffinityConfig', 'clientIP', 'timeoutSeconds'),
      timeout,
      'must be greater than 0 and less than 86400',
    )
}

function checkExternalIps(check: Check, spec: Obj): void {
  for (const [at, ip] of texts(spec, 'externalIPs').entries()) {
    const place = index(child(SPEC, 'externalIPs'), at)
    const faults = checkIp(ip, ipStrictness(check))
    if (faults.length > 0) invalids(check, place, ip, faults)
    else checkEndpointIp(check, ip, place)
  }
}

function checkPortUse(check: Check, ports: readonly Obj[], type: string): void {
  const list = child(SPEC, 'ports')
  if (type === 'ClusterIP')
    for (const [at, port] of ports.entries())
      if (number(port, 'nodePort') !== 0)
        forbidden(check, child(index(list, at), 'nodePort'), "may not be used when `type` is 'ClusterIP'")
  if (ports.length < 2) return
  const nodePorts = new Set<string>()
  for (const [at, port] of ports.entries()) {
    const nodePort = number(port, 'nodePort')
    if (nodePort === 0) continue
    const identity = `${protocolOf(port)} ${nodePort}`
    if (nodePorts.has(identity)) duplicate(check, child(index(list, at), 'nodePort'), nodePort)
    nodePorts.add(identity)
  }
  const own = new Set<string>()
  for (const [at, port] of ports.entries()) {
    const shown = { protocol: protocolOf(port), port: number(port, 'port') }
    const identity = `${shown.protocol} ${shown.port}`
    if (own.has(identity)) duplicate(check, index(list, at), asStruct('ServicePortIdentity', shown))
    own.add(identity)
  }
}

const protocolOf = (port: Obj): string => text(port, 'protocol') || 'TCP'

function checkSourceRanges(check: Check, { spec, type, annotations }: Service): void {
  const ranges = texts(spec, 'loadBalancerSourceRanges')
  const fault = "may only be used when `type` is 'LoadBalancer'"
  if (ranges.length > 0) {
    const place = renamed(SPEC, 'LoadBalancerSourceRanges', 'loadBalancerSourceRanges')
    if (type !== 'LoadBalancer') forbidden(check, place, fault)
    for (const [at, range] of ranges.entries())
      invalids(check, index(place, at), range.trim(), checkCidr(range.trim(), ipStrictness(check)))
    return
  }
  const written = lookup(annotations, SOURCE_RANGES)
  if (written === undefined) return
  const place = key(descend(ROOT, 'metadata', 'annotations'), SOURCE_RANGES)
  if (type !== 'LoadBalancer') forbidden(check, place, fault)
  if (written.trim() === '') return
  for (const range of written.trim().split(','))
    invalids(check, place, range.trim(), checkCidr(range.trim(), ipStrictness(check)))
}

function checkBalancerFields(check: Check, { spec, type }: Service): void {
  const fault = "may only be used when `type` is 'LoadBalancer'"
  if (isSet(spec, 'allocateLoadBalancerNodePorts') && type !== 'LoadBalancer')
    forbidden(check, child(SPEC, 'allocateLoadBalancerNodePorts'), fault)
  const name = toText(spec, 'loadBalancerClass')
  if (name === undefined) return
  const place = child(SPEC, 'loadBalancerClass')
  if (type === 'LoadBalancer') invalids(check, place, name, checkQualifiedName(name, lengthUnit(check)))
  else forbidden(check, place, fault)
}

/** `validateServiceExternalTrafficPolicy` and the fields behind it. */
function checkTrafficPolicies(check: Check, service: Service): void {
  const { spec, type } = service
  const policy = text(spec, 'externalTrafficPolicy')
  const isExternal =
    type === 'LoadBalancer' ||
    type === 'NodePort' ||
    (type === 'ClusterIP' && texts(spec, 'externalIPs').length > 0)
  if (isExternal) checkEnum(check, spec, { field: SPEC, name: 'externalTrafficPolicy' }, ['Cluster', 'Local'])
  else if (policy !== '')
    invalid(
      check,
      child(SPEC, 'externalTrafficPolicy'),
      policy,
      'may only be set for externally-accessible services',
    )
  const healthPort = number(spec, 'healthCheckNodePort')
  if (!needsHealthCheck(service) && healthPort !== 0)
    invalid(
      check,
      child(SPEC, 'healthCheckNodePort'),
      healthPort,
      "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
    )
  else if (healthPort !== 0)
    invalids(check, child(SPEC, 'healthCheckNodePort'), healthPort, checkPortNumber(healthPort))
  checkOptionalEnum(check, spec, { field: SPEC, name: 'internalTrafficPolicy' }, ['Cluster', 'Local'])
  checkOptionalEnum(
    check,
    spec,
    { field: SPEC, name: 'trafficDistribution' },
    check.minor >= 34 ? ['PreferClose', 'PreferSameZone', 'PreferSameNode'] : ['PreferClose'],
  )
}

const needsHealthCheck = ({ spec, type }: Service): boolean =>
  type === 'LoadBalancer' && text(spec, 'externalTrafficPolicy') === 'Local'

/** `GetWarningsForService`. */
export function warnAboutService(check: Check, of: Obj): void {
  const { spec, type, annotations } = buildService(of)
  const isHeadless = type === 'ClusterIP' && text(spec, 'clusterIP') === 'None'
  const externalIps = texts(spec, 'externalIPs')
  const { warnings } = check
  if (lookup(annotations, HINTS) !== undefined)
    warnings.push(`annotation ${HINTS} is deprecated, please use ${MODE} instead`)
  if (isHeadless) {
    if (text(spec, 'loadBalancerIP') !== '')
      warnings.push('spec.loadBalancerIP is ignored for headless services')
    if (externalIps.length > 0) warnings.push('spec.externalIPs is ignored for headless services')
    if ((text(spec, 'sessionAffinity') || 'None') !== 'None')
      warnings.push('spec.SessionAffinity is ignored for headless services')
  } else if (text(spec, 'clusterIP') !== '')
    for (const [at, ip] of buildService(of).clusterIps.entries())
      warnAboutIp(check, ip, index(child(SPEC, 'clusterIPs'), at))
  for (const [at, ip] of externalIps.entries()) warnAboutIp(check, ip, index(child(SPEC, 'externalIPs'), at))
  if (externalIps.length > 0 && !isHeadless && type !== 'ExternalName' && check.minor >= 36)
    warnings.push('spec.externalIPs is deprecated and may no longer be implemented in some clusters')
  if (text(spec, 'loadBalancerIP') !== '')
    warnAboutIp(check, text(spec, 'loadBalancerIP'), child(SPEC, 'loadBalancerIP'))
  for (const [at, range] of texts(spec, 'loadBalancerSourceRanges').entries())
    warnAboutCidr(check, range, index(child(SPEC, 'loadBalancerSourceRanges'), at))
  if (type === 'ExternalName' && externalIps.length > 0)
    warnings.push('spec.externalIPs is ignored when spec.type is "ExternalName"')
  if (type !== 'ExternalName' && text(spec, 'externalName') !== '')
    warnings.push('spec.externalName is ignored when spec.type is not "ExternalName"')
  if (text(spec, 'trafficDistribution') === 'PreferClose' && check.minor >= 35)
    warnings.push('spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"')
}

export function warnAboutCidr(check: Check, cidr: string, field: Field): void {
  for (const message of listCidrWarnings(cidr, ipStrictness(check))) warn(check, field, message)
}
