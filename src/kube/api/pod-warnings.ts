/** Warnings about pods and templates (`pkg/api/pod/warnings.go`), in the server's words and order. */
import { findIpWarning } from '../values/ip.ts'
import { checkLabelValue } from '../values/names.ts'
import type { Quantity } from '../values/quantity.ts'
import {
  type Check,
  child,
  descend,
  type Field,
  formatField,
  index,
  isFullOfWarnings,
  key,
  ROOT,
  warn,
} from './field.ts'
import { lengthUnit } from './field-checks.ts'
import { warnAboutFraction } from './fraction-warning.ts'
import {
  has,
  isObj,
  isSet,
  number,
  type Obj,
  object,
  objects,
  text,
  texts,
  toNumber,
  toObject,
} from './object.ts'
import { APPARMOR_PREFIX, SECCOMP_POD, SECCOMP_PREFIX } from './pod-annotations.ts'
import { forEachContainer } from './pod-run.ts'
import { ipStrictness } from './pod-spec.ts'
import { toRequirements, toResourceList } from './resources.ts'
import { warnAboutVolumes } from './volume-warnings.ts'

/** Labels of nodes that have been replaced (`GetNodeLabelDeprecatedMessage`). */
export const NODE_LABELS: ReadonlyMap<string, string> = new Map([
  ['beta.kubernetes.io/arch', 'deprecated since v1.14; use "kubernetes.io/arch" instead'],
  ['beta.kubernetes.io/os', 'deprecated since v1.14; use "kubernetes.io/os" instead'],
  [
    'failure-domain.beta.kubernetes.io/region',
    'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  ],
  [
    'failure-domain.beta.kubernetes.io/zone',
    'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  ],
  [
    'beta.kubernetes.io/instance-type',
    'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
  ],
  ['app.kubernetes.io/created-by', 'deprecated since v1.9'],
  [
    'scheduler.alpha.kubernetes.io/preferAvoidPods',
    'deprecated since v1.22; use Taints and Tolerations instead',
  ],
  ['node-role.kubernetes.io/master', 'use "node-role.kubernetes.io/control-plane" instead'],
])

const DEPRECATED_ANNOTATIONS: readonly (readonly [string, string])[] = [
  [
    'scheduler.alpha.kubernetes.io/critical-pod',
    'non-functional in v1.16+; use the "priorityClassName" field instead',
  ],
  ['security.alpha.kubernetes.io/sysctls', 'non-functional in v1.11+; use the "sysctls" field instead'],
  [
    'security.alpha.kubernetes.io/unsafe-sysctls',
    'non-functional in v1.11+; use the "sysctls" field instead',
  ],
]

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution'
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution'
const NULL_SELECTOR = 'a null labelSelector results in matching no pod'

/** Warnings about a Pod, or a template at `field`. */
export function warnPod(check: Check, pod: Obj, field: Field, owner: 'pod' | 'template'): void {
  const spec = object(pod, 'spec')
  const metadata = object(pod, 'metadata')
  const annotations = object(metadata, 'annotations')
  const place = child(field, 'spec')
  warnAboutNodes(check, spec, place)
  for (const [name, message] of DEPRECATED_ANNOTATIONS)
    if (has(annotations, name)) warn(check, key(descend(field, 'metadata', 'annotations'), name), message)
  warnAboutVolumes(check, objects(spec, 'volumes'), child(place, 'volumes'))
  warnAboutRepeats(check, spec, place)
  warnAboutFractions(check, toResourceList(spec, 'overhead'), child(place, 'overhead'))
  warnAboutContainers(check, { spec, annotations, owner }, field)
  warnAboutPorts(check, spec, place)
  const grace = toNumber(spec, 'terminationGracePeriodSeconds')
  // A pod of its own is read with 1 in its place (`Convert_v1_Pod_To_core_Pod`).
  if (grace !== undefined && grace < 0 && owner === 'template')
    warn(
      check,
      child(place, 'terminationGracePeriodSeconds'),
      'must be >= 0; negative values are invalid and will be treated as 1',
    )
  warnAboutSelectors(check, spec, place)
  for (const [at, server] of texts(object(spec, 'dnsConfig'), 'nameservers').entries())
    warnAboutIp(check, server, index(descend(place, 'dnsConfig', 'nameservers'), at))
  for (const [at, alias] of objects(spec, 'hostAliases').entries())
    warnAboutIp(check, text(alias, 'ip'), child(index(child(place, 'hostAliases'), at), 'ip'))
}

export function warnAboutIp(check: Check, ip: string, field: Field): void {
  const message = findIpWarning(ip, ipStrictness(check))
  if (message !== undefined) warn(check, field, message)
}

function warnAboutNodes(check: Check, spec: Obj, field: Field): void {
  for (const label in object(spec, 'nodeSelector')) {
    const message = NODE_LABELS.get(label)
    if (message !== undefined) warn(check, key(child(field, 'nodeSelector'), label), message)
  }
  const affinity = toObject(object(spec, 'affinity'), 'nodeAffinity')
  if (affinity) {
    const place = descend(field, 'affinity', 'nodeAffinity')
    const terms = objects(object(affinity, REQUIRED), 'nodeSelectorTerms')
    for (const [at, term] of terms.entries())
      warnAboutNodeTerm(check, term, index(descend(place, REQUIRED, 'nodeSelectorTerms'), at), 'any')
    for (const [at, term] of objects(affinity, PREFERRED).entries())
      warnAboutNodeTerm(
        check,
        object(term, 'preference'),
        child(index(child(place, PREFERRED), at), 'preference'),
        'checked',
      )
  }
  for (const [at, constraint] of objects(spec, 'topologySpreadConstraints').entries()) {
    const place = index(child(field, 'topologySpreadConstraints'), at)
    const label = text(constraint, 'topologyKey')
    const message = NODE_LABELS.get(label)
    if (message !== undefined) warn(check, child(place, 'topologyKey'), `${label} is ${message}`)
    if (!isSet(constraint, 'labelSelector')) warn(check, child(place, 'labelSelector'), NULL_SELECTOR)
  }
}

/** `GetWarningsForNodeSelectorTerm`. */
export function warnAboutNodeTerm(check: Check, term: Obj, field: Field, values: 'checked' | 'any'): void {
  for (const [at, it] of objects(term, 'matchExpressions').entries()) {
    const place = index(child(field, 'matchExpressions'), at)
    const label = text(it, 'key')
    const message = NODE_LABELS.get(label)
    if (message !== undefined) warn(check, child(place, 'key'), `${label} is ${message}`)
    if (values === 'any') continue
    for (const [position, value] of texts(it, 'values').entries())
      for (const fault of checkLabelValue(value, lengthUnit(check)))
        warn(check, index(child(place, 'values'), position), `${value} is invalid, ${fault}`)
  }
}

function warnAboutRepeats(check: Check, spec: Obj, field: Field): void {
  warnAboutRepeated(check, objects(spec, 'hostAliases'), child(field, 'hostAliases'), 'ip')
  const secrets = objects(spec, 'imagePullSecrets')
  warnAboutRepeated(check, secrets, child(field, 'imagePullSecrets'), 'name')
  for (const [at, secret] of secrets.entries())
    if (text(secret, 'name') === '')
      warn(check, child(index(child(field, 'imagePullSecrets'), at), 'name'), 'invalid empty name ""')
}

function warnAboutRepeated(check: Check, items: readonly Obj[], field: Field, name: string): void {
  const seen = new Set<string>()
  for (const [at, item] of items.entries()) {
    const value = text(item, name)
    if (seen.has(value))
      warn(check, child(index(field, at), name), `duplicate ${name} ${JSON.stringify(value)}`)
    seen.add(value)
  }
}

function warnAboutFractions(check: Check, list: ReadonlyMap<string, Quantity>, field: Field): void {
  if (list.size === 0) return
  for (const name of ['memory', 'ephemeral-storage']) warnAboutFraction(check, list, field, name)
}

const REPLACED_BY_PROFILE = 'deprecated since v1.30; use the "appArmorProfile" field instead'

/** `applyAppArmorVersionSkew`: of Pods the server turns annotations into fields before it validates, and says so. */
export function warnAboutAppArmor(check: Check, pod: Obj): void {
  const annotations = object(object(pod, 'metadata'), 'annotations')
  const spec = object(pod, 'spec')
  if (text(object(spec, 'os'), 'name') === 'windows') return
  const context = object(spec, 'securityContext')
  forEachContainer(spec, ROOT, container => {
    const name = APPARMOR_PREFIX + text(container, 'name')
    if (!has(annotations, name) || isObj(object(container, 'securityContext').appArmorProfile)) return
    if (!isSameProfile(context, text(annotations, name)))
      warn(check, key(descend(ROOT, 'metadata', 'annotations'), name), REPLACED_BY_PROFILE)
  })
}

interface Owner {
  readonly spec: Obj
  readonly annotations: Obj
  readonly owner: 'pod' | 'template'
}

function warnAboutContainers(check: Check, { spec, annotations, owner }: Owner, field: Field): void {
  const annotation = (name: string): Field => key(descend(field, 'metadata', 'annotations'), name)
  const context = object(spec, 'securityContext')
  const replaced = 'non-functional in v1.27+; use the "seccompProfile" field instead'
  if (!isObj(context.seccompProfile) && has(annotations, SECCOMP_POD))
    warn(check, annotation(SECCOMP_POD), replaced)
  forEachContainer(spec, child(field, 'spec'), (container, place) => {
    const own = object(container, 'securityContext')
    const name = text(container, 'name')
    if (!isObj(own.seccompProfile) && has(annotations, SECCOMP_PREFIX + name))
      warn(check, annotation(SECCOMP_PREFIX + name), replaced)
    if (owner === 'template' && !isObj(own.appArmorProfile) && has(annotations, APPARMOR_PREFIX + name))
      if (!isSameProfile(context, text(annotations, APPARMOR_PREFIX + name)))
        warn(check, annotation(APPARMOR_PREFIX + name), REPLACED_BY_PROFILE)
    if (isObj(container.resources)) {
      const { limits, requests } = toRequirements(container.resources, owner)
      const resources = child(place, 'resources')
      for (const resource of ['memory', 'ephemeral-storage']) {
        warnAboutFraction(check, limits, child(resources, 'limits'), resource)
        warnAboutFraction(check, requests, child(resources, 'requests'), resource)
      }
    }
    warnAboutVariables(check, objects(container, 'env'), child(place, 'env'))
  })
}

/** `ApparmorFieldForAnnotation` equals the pod's profile. */
function isSameProfile(context: Obj, annotation: string): boolean {
  const profile = context.appArmorProfile
  if (!isObj(profile)) return false
  const type = text(profile, 'type')
  if (annotation === 'unconfined') return type === 'Unconfined'
  if (annotation === 'runtime/default') return type === 'RuntimeDefault'
  return type === 'Localhost' && annotation === `localhost/${text(profile, 'localhostProfile')}`
}

function warnAboutVariables(check: Check, variables: readonly Obj[], field: Field): void {
  if (variables.length < 2) return
  const seen = new Set<string>()
  for (let at = 0; at < variables.length; at++) {
    const variable = variables[at]!
    const name = text(variable, 'name')
    if (!seen.has(name)) {
      seen.add(name)
      continue
    }
    const value = text(variable, 'value')
    const reference = `$(${name})`
    // A value that extends the earlier one is what repetition is good for.
    if (isObj(variable.valueFrom) || value === reference || !value.includes(reference))
      warn(
        check,
        index(field, at),
        `hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`,
      )
  }
}

interface PlacedPort {
  readonly port: Obj
  readonly field: Field
}

function warnAboutPorts(check: Check, spec: Obj, field: Field): void {
  const ports: PlacedPort[] = []
  forEachContainer(spec, field, (container, place) => {
    const list = objects(container, 'ports')
    for (let at = 0; at < list.length; at++)
      ports.push({ port: list[at]!, field: index(child(place, 'ports'), at) })
  })
  const byNumber = new Map<string, PlacedPort[]>()
  for (const it of ports) {
    const protocol = text(it.port, 'protocol') || 'TCP'
    if (text(it.port, 'hostIP') !== '' && number(it.port, 'hostPort') === 0)
      warn(check, it.field, `hostIP set without hostPort: ${formatPort(it.port, protocol)}`)
    const identity = `${number(it.port, 'containerPort')}/${protocol}`
    const others = byNumber.get(identity)
    if (!others) byNumber.set(identity, [it])
    else {
      for (const other of others) {
        if (isFullOfWarnings(check)) return
        warnAboutClash(check, it, other)
      }
      others.push(it)
    }
  }
  if (ports.length > 1) warnAboutPortNames(check, ports)
}

function warnAboutClash(check: Check, it: PlacedPort, other: PlacedPort): void {
  const ip = text(it.port, 'hostIP')
  const otherIp = text(other.port, 'hostIP')
  const host = number(it.port, 'hostPort')
  const otherHost = number(other.port, 'hostPort')
  const where = formatField(other.field)
  if (ip === otherIp && host === otherHost) warn(check, it.field, `duplicate port definition with ${where}`)
  else if (host === 0 || otherHost === 0) warn(check, it.field, `overlapping port definition with ${where}`)
  else if (host === otherHost && (ip === '') !== (otherIp === ''))
    warn(check, it.field, `dangerously ambiguous port definition with ${where}`)
}

function warnAboutPortNames(check: Check, ports: readonly PlacedPort[]): void {
  const names = new Map<string, string>()
  for (const { port, field } of ports) {
    const name = text(port, 'name')
    if (name === '') continue
    const other = names.get(name)
    if (other === undefined) names.set(name, formatField(field))
    else
      warn(
        check,
        field,
        `duplicate port name ${JSON.stringify(name)} with ${other}, services and probes that select ports by name will use ${other}`,
      )
  }
}

/** A ContainerPort as `%+v` prints it. */
const formatPort = (port: Obj, protocol: string): string =>
  `{Name:${text(port, 'name')} HostPort:${number(port, 'hostPort')} ContainerPort:${number(port, 'containerPort')} Protocol:${protocol} HostIP:${text(port, 'hostIP')}}`

function warnAboutSelectors(check: Check, spec: Obj, field: Field): void {
  const affinity = object(spec, 'affinity')
  for (const name of ['podAffinity', 'podAntiAffinity']) {
    const rules = toObject(affinity, name)
    if (!rules) continue
    const place = descend(field, 'affinity', name)
    for (const [at, term] of objects(rules, REQUIRED).entries())
      if (!isSet(term, 'labelSelector'))
        warn(check, child(index(child(place, REQUIRED), at), 'labelSelector'), NULL_SELECTOR)
    for (const [at, weighted] of objects(rules, PREFERRED).entries())
      if (!isSet(object(weighted, 'podAffinityTerm'), 'labelSelector'))
        warn(
          check,
          descend(index(child(place, PREFERRED), at), 'podAffinityTerm', 'labelSelector'),
          NULL_SELECTOR,
        )
  }
}
