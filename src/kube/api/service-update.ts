/** What the registry does to Services around validation: values that it allocates, keeps and drops. */
import { isExternallyAccessible } from './defaults.ts'
import { isSet, number, type Obj, object, objects, text, texts } from './object.ts'
import { isSame } from './semantic-equal.ts'

/** Stands for an address that the cluster would allocate. */
const ADDRESS = '10.0.0.10'
const FIRST_NODE_PORT = 30000
const HEALTH_NODE_PORT = 32000

type Spec = Record<string, unknown>

const withSpec = (service: Obj, change: (spec: Spec) => void): Obj => {
  const spec: Spec = { ...object(service, 'spec') }
  change(spec)
  return { ...service, spec }
}

/** A Service with defaults as a cluster with one family of addresses stores it. */
export function withAllocations(service: Obj): Obj {
  return withSpec(service, spec => {
    if (needsClusterIp(spec)) {
      if (text(spec, 'clusterIP') === '') spec.clusterIP = texts(spec, 'clusterIPs')[0] ?? ADDRESS
      if (texts(spec, 'clusterIPs').length === 0) spec.clusterIPs = [spec.clusterIP]
      const families = texts(spec, 'clusterIPs').map(it => (it.includes(':') ? 'IPv6' : 'IPv4'))
      if (texts(spec, 'ipFamilies').length === 0) spec.ipFamilies = families
      if (!isSet(spec, 'ipFamilyPolicy'))
        spec.ipFamilyPolicy = allowsNothing(spec) ? 'RequireDualStack' : 'SingleStack'
    }
    if (needsNodePort(spec)) spec.ports = withNodePorts(objects(spec, 'ports'))
    if (needsHealthPort(spec) && number(spec, 'healthCheckNodePort') === 0)
      spec.healthCheckNodePort = HEALTH_NODE_PORT
  })
}

/** A headless Service without selector may have addresses of any family. */
const allowsNothing = (spec: Obj): boolean =>
  text(spec, 'clusterIP') === 'None' && Object.keys(object(spec, 'selector')).length === 0

function withNodePorts(ports: readonly Obj[]): readonly Obj[] {
  const used = new Set(ports.map(it => number(it, 'nodePort')))
  let next = FIRST_NODE_PORT
  return ports.map(port => {
    if (number(port, 'nodePort') !== 0) return port
    while (used.has(next)) next++
    used.add(next)
    return { ...port, nodePort: next }
  })
}

/** `patchAllocatedValues`, `normalizeClusterIPs`, then `dropTypeDependentFields`, of an update with defaults. */
export function prepareService(service: Obj, old: Obj): Obj {
  const before = object(old, 'spec')
  return withSpec(service, spec => {
    keepAllocated(spec, before)
    normalizeClusterIps(spec, before)
    dropTypeDependent(spec, before)
  })
}

function dropTypeDependent(spec: Spec, old: Obj): void {
  if (needsClusterIp(old) && !needsClusterIp(spec)) {
    if (isSame(spec.clusterIP, old.clusterIP) && isSame(spec.clusterIPs, old.clusterIPs)) {
      spec.clusterIP = ''
      spec.clusterIPs = undefined
    }
    for (const name of ['ipFamilies', 'ipFamilyPolicy'])
      if (isSame(spec[name], old[name])) spec[name] = undefined
  }
  if (hasNodePorts(old) && !hasNodePorts(spec) && asksForNoNodePort(spec, old))
    spec.ports = objects(spec, 'ports').map(it => ({ ...it, nodePort: 0 }))
  const drop = (name: string, applies: (spec: Obj) => boolean): void => {
    if (applies(old) && !applies(spec) && isSame(spec[name], old[name])) spec[name] = undefined
  }
  drop('healthCheckNodePort', needsHealthPort)
  drop('allocateLoadBalancerNodePorts', isBalancer)
  drop('loadBalancerClass', isBalancer)
  drop('externalTrafficPolicy', isExternallyAccessible)
}

function keepAllocated(spec: Spec, old: Obj): void {
  if (needsClusterIp(old) && needsClusterIp(spec)) {
    if (text(spec, 'clusterIP') === '') spec.clusterIP = old.clusterIP
    if (texts(spec, 'clusterIPs').length === 0) spec.clusterIPs = old.clusterIPs
  }
  if (needsNodePort(old) && needsNodePort(spec)) {
    const asked = new Set(objects(spec, 'ports').map(it => number(it, 'nodePort')))
    const known = new Map(objects(old, 'ports').map(it => [text(it, 'name'), number(it, 'nodePort')]))
    spec.ports = objects(spec, 'ports').map(it => {
      const nodePort = known.get(text(it, 'name')) ?? 0
      return number(it, 'nodePort') !== 0 || asked.has(nodePort) ? it : { ...it, nodePort }
    })
  }
  if (needsHealthPort(old) && needsHealthPort(spec) && number(spec, 'healthCheckNodePort') === 0)
    spec.healthCheckNodePort = old.healthCheckNodePort
}

/** The one address and the list of them are set alike when only one was changed. */
function normalizeClusterIps(spec: Spec, old: Obj): void {
  const isSingleSame = text(spec, 'clusterIP') === text(old, 'clusterIP')
  if (texts(old, 'clusterIPs').length > 0 && texts(spec, 'clusterIPs').length === 0 && isSingleSame)
    spec.clusterIPs = old.clusterIPs
  if (isSingleSame || !isSame(spec.clusterIPs, old.clusterIPs)) return
  const single = text(spec, 'clusterIP')
  spec.clusterIPs = text(old, 'clusterIP') !== '' && single === '' ? undefined : [single]
}

const needsClusterIp = (spec: Obj): boolean => text(spec, 'type') !== 'ExternalName'

const isBalancer = (spec: Obj): boolean => text(spec, 'type') === 'LoadBalancer'

const hasNodePorts = (spec: Obj): boolean => text(spec, 'type') === 'NodePort' || isBalancer(spec)

const needsNodePort = (spec: Obj): boolean =>
  hasNodePorts(spec) && !(isBalancer(spec) && spec.allocateLoadBalancerNodePorts === false)

const needsHealthPort = (spec: Obj): boolean =>
  isBalancer(spec) && text(spec, 'externalTrafficPolicy') === 'Local'

/** `sameNodePorts`: ports may be taken away and changed, as long as no new node port is among them. */
function asksForNoNodePort(spec: Obj, old: Obj): boolean {
  const known = new Set(objects(old, 'ports').map(it => number(it, 'nodePort')))
  return objects(spec, 'ports').every(it => number(it, 'nodePort') === 0 || known.has(number(it, 'nodePort')))
}
