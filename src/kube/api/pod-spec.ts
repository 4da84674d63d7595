/** Pod specs, of Pods and of templates (`ValidatePodSpec`). */

import { checkIp } from '../values/ip.ts'
import {
  checkDns1123Label,
  checkDns1123Subdomain,
  checkDns1123SubdomainWithUnderscore,
  checkQualifiedName,
  countBytes,
} from '../values/names.ts'
import { checkAffinity, checkSpread, checkTolerations } from './affinity.ts'
import { checkContainers, checkEphemeralContainers, checkInitContainers } from './containers.ts'
import {
  type Check,
  child,
  duplicate,
  type Field,
  forbidden,
  index,
  invalid,
  invalids,
  notFound,
  renamed,
  required,
  tooLong,
} from './field.ts'
import { checkEnum, checkLabels, checkName, lengthUnit } from './field-checks.ts'
import { asStruct } from './go-struct.ts'
import {
  isObj,
  isSet,
  isTrue,
  number,
  type Obj,
  object,
  objects,
  text,
  texts,
  toNumber,
  toText,
} from './object.ts'
import { checkPodResources } from './pod-resources.ts'
import { forEachContainer, type PodRun } from './pod-run.ts'
import { checkVolumes } from './pod-volumes.ts'
import { checkContainerResourceName, checkRequirements, toResourceList } from './resources.ts'
import { checkPodSecurityContext } from './security-context.ts'
import { checkHostProcess, checkOs } from './windows.ts'

/** Legacy fields take sloppy addresses up to 1.35. */
export const ipStrictness = (check: Check): 'strict' | 'sloppy' => (check.minor >= 36 ? 'strict' : 'sloppy')

export function checkPodSpec(run: PodRun, field: Field): void {
  const { check, spec } = run
  checkVolumes(run, child(field, 'volumes'))
  checkResourceClaims(run, child(field, 'resourceClaims'))
  checkContainers(run, child(field, 'containers'))
  checkInitContainers(run, child(field, 'initContainers'))
  checkEphemeralContainers(run, child(field, 'ephemeralContainers'))
  checkPodResources(run, field)
  checkHostNetworkPorts(run, child(field, 'containers'))
  checkEnum(check, spec, { field, name: 'restartPolicy' }, RESTART_POLICIES)
  checkEnum(check, spec, { field, name: 'dnsPolicy' }, DNS_POLICIES)
  if (isObj(spec.nodeSelector)) checkLabels(check, spec.nodeSelector, child(field, 'nodeSelector'))
  checkPodSecurityContext(run, field)
  if (isObj(spec.affinity)) checkAffinity(run, spec.affinity, child(field, 'affinity'))
  checkDnsConfig(check, spec, child(field, 'dnsConfig'))
  checkGates(check, spec, field)
  checkSpread(run, field)
  if (usesWindows(spec)) checkHostProcess(run, field)
  checkHostUsers(run, field)
  if (check.minor >= 35) checkHostnameOverride(check, spec, field)
  checkName(check, spec, { field, name: 'serviceAccountName' }, checkDns1123Subdomain)
  if (text(spec, 'serviceAccountName') === '') checkDeprecatedServiceAccount(check, spec, field)
  checkName(check, spec, { field, name: 'nodeName' }, checkDns1123Subdomain)
  checkDeadline(check, spec, field)
  checkName(check, spec, { field, name: 'hostname' }, checkDns1123Label)
  checkName(check, spec, { field, name: 'subdomain' }, checkDns1123Label)
  checkTolerations(check, objects(spec, 'tolerations'), child(field, 'tolerations'))
  checkHostAliases(check, spec, child(field, 'hostAliases'))
  checkName(check, spec, { field, name: 'priorityClassName' }, checkDns1123Subdomain)
  const runtimeClass = toText(spec, 'runtimeClassName')
  if (runtimeClass !== undefined)
    invalids(check, child(field, 'runtimeClassName'), runtimeClass, checkDns1123Subdomain(runtimeClass))
  if (toText(spec, 'preemptionPolicy') === '') required(check, child(field, 'preemptionPolicy'))
  else checkEnum(check, spec, { field, name: 'preemptionPolicy' }, PREEMPTION_POLICIES)
  if (isObj(spec.overhead)) checkOverhead(check, spec.overhead, child(field, 'overhead'))
  checkOs(run, field)
  if (check.minor >= 35) checkFileKeyVolumes(run, field)
}

const RESTART_POLICIES = ['Always', 'OnFailure', 'Never']
const DNS_POLICIES = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']
const PREEMPTION_POLICIES = ['PreemptLowerPriority', 'Never']

/** The old name of the field is converted into the new one. */
function checkDeprecatedServiceAccount(check: Check, spec: Obj, field: Field): void {
  const name = text(spec, 'serviceAccount')
  if (name !== '')
    invalids(check, renamed(field, 'serviceAccountName', 'serviceAccount'), name, checkDns1123Subdomain(name))
}

const usesWindows = (spec: Obj): boolean => {
  if (isObj(object(spec, 'securityContext').windowsOptions)) return true
  for (const list of ['containers', 'initContainers', 'ephemeralContainers'])
    for (const container of objects(spec, list))
      if (isObj(object(container, 'securityContext').windowsOptions)) return true
  return false
}

/** `validatePodResourceClaims`. */
function checkResourceClaims(run: PodRun, field: Field): void {
  const { check } = run
  const names = new Set<string>()
  for (const [at, claim] of objects(run.spec, 'resourceClaims').entries()) {
    const place = index(field, at)
    const name = text(claim, 'name')
    if (name === '') required(check, child(place, 'name'))
    else if (names.has(name)) duplicate(check, child(place, 'name'), name)
    else {
      invalids(check, child(place, 'name'), name, checkDns1123Label(name))
      names.add(name)
    }
    const sources = ['resourceClaimName', 'resourceClaimTemplateName'].filter(it => isSet(claim, it))
    const shown = asStruct('PodResourceClaim', claim)
    if (sources.length === 2)
      invalid(
        check,
        place,
        shown,
        'at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified',
      )
    if (sources.length === 0)
      invalid(check, place, shown, 'must specify one of: `resourceClaimName`, `resourceClaimTemplateName`')
    for (const source of sources) {
      const value = text(claim, source)
      invalids(check, child(place, source), value, checkDns1123Subdomain(value))
    }
  }
}

/** `validatePodHostNetworkDeps`. Pods get missing host ports by default, templates do not. */
function checkHostNetworkPorts({ check, spec }: PodRun, field: Field): void {
  if (!isTrue(spec, 'hostNetwork')) return
  for (const [at, container] of objects(spec, 'containers').entries())
    for (const [position, port] of objects(container, 'ports').entries()) {
      const host = number(port, 'hostPort')
      if (host !== 0 && host !== number(port, 'containerPort'))
        invalid(
          check,
          child(index(child(index(field, at), 'ports'), position), 'hostPort'),
          host,
          'must match `containerPort` when `hostNetwork` is true',
        )
    }
}

/** `validatePodDNSConfig`. */
function checkDnsConfig(check: Check, spec: Obj, field: Field): void {
  const config = spec.dnsConfig
  const isNone = text(spec, 'dnsPolicy') === 'None'
  if (!isObj(config)) {
    if (isNone) required(check, field, 'must provide `dnsConfig` when `dnsPolicy` is None')
    return
  }
  const servers = texts(config, 'nameservers')
  if (isNone && servers.length === 0) {
    required(
      check,
      child(field, 'nameservers'),
      'must provide at least one DNS nameserver when `dnsPolicy` is None',
    )
    return
  }
  if (servers.length > 3)
    invalid(check, child(field, 'nameservers'), servers, 'must not have more than 3 nameservers')
  for (const [at, server] of servers.entries())
    invalids(check, index(child(field, 'nameservers'), at), server, checkIp(server, ipStrictness(check)))
  checkSearches(check, texts(config, 'searches'), child(field, 'searches'))
  for (const [at, option] of objects(config, 'options').entries())
    if (text(option, 'name') === '') required(check, index(child(field, 'options'), at), 'must not be empty')
}

function checkSearches(check: Check, searches: readonly string[], field: Field): void {
  if (searches.length > 32) invalid(check, field, searches, 'must not have more than 32 search paths')
  if (countBytes(searches.join(' ')) > 2048)
    invalid(
      check,
      field,
      searches,
      'must not have more than 2048 characters (including spaces) in the search list',
    )
  const isRelaxed = check.minor >= 33
  for (const [at, search] of searches.entries()) {
    if (isRelaxed && search === '.') continue
    const domain = search.endsWith('.') ? search.slice(0, -1) : search
    const faults = isRelaxed ? checkDns1123SubdomainWithUnderscore(domain) : checkDns1123Subdomain(domain)
    invalids(check, index(field, at), domain, faults)
  }
}

/** `validateReadinessGates`, `validateSchedulingGates`. */
function checkGates(check: Check, spec: Obj, field: Field): void {
  for (const [at, gate] of objects(spec, 'readinessGates').entries()) {
    const type = text(gate, 'conditionType')
    const place = child(index(child(field, 'readinessGates'), at), 'conditionType')
    invalids(check, place, type, checkQualifiedName(type, lengthUnit(check)))
  }
  const seen = new Set<string>()
  for (const [at, gate] of objects(spec, 'schedulingGates').entries()) {
    const name = text(gate, 'name')
    const place = index(child(field, 'schedulingGates'), at)
    invalids(check, place, name, checkQualifiedName(name, lengthUnit(check)))
    if (seen.has(name)) duplicate(check, place, name)
    seen.add(name)
  }
}

/** `validateHostUsers`. */
function checkHostUsers(run: PodRun, field: Field): void {
  if (run.hostUsers || run.check.minor < 30) return
  const { check, spec } = run
  const fault = 'when `hostUsers` is false'
  if (isTrue(spec, 'hostNetwork')) forbidden(check, child(field, 'hostNetwork'), fault)
  if (isTrue(spec, 'hostPID')) forbidden(check, renamed(field, 'HostPID', 'hostPID'), fault)
  if (isTrue(spec, 'hostIPC')) forbidden(check, renamed(field, 'HostIPC', 'hostIPC'), fault)
  if (check.minor < 33) return
  forEachContainer(spec, field, (container, place) => {
    if (objects(container, 'volumeDevices').length > 0) forbidden(check, child(place, 'volumeDevices'), fault)
  })
}

/** `validatePodHostName`. */
function checkHostnameOverride(check: Check, spec: Obj, field: Field): void {
  const name = toText(spec, 'hostnameOverride')
  if (name === undefined) return
  const place = child(field, 'hostnameOverride')
  if (isTrue(spec, 'setHostnameAsFQDN'))
    forbidden(check, place, 'may not be specified when setHostnameAsFQDN is true')
  if (isTrue(spec, 'hostNetwork')) forbidden(check, place, 'may not be specified when hostNetwork is true')
  if (countBytes(name) > 64) tooLong(check, place, 64)
  invalids(check, place, name, checkDns1123Subdomain(name))
}

function checkDeadline(check: Check, spec: Obj, field: Field): void {
  const seconds = toNumber(spec, 'activeDeadlineSeconds')
  if (seconds !== undefined && (seconds < 1 || seconds > 2147483647))
    invalid(
      check,
      child(field, 'activeDeadlineSeconds'),
      seconds,
      'must be between 1 and 2147483647, inclusive',
    )
}

/** `ValidateHostAliases`. */
function checkHostAliases(check: Check, spec: Obj, field: Field): void {
  for (const [at, alias] of objects(spec, 'hostAliases').entries()) {
    const ip = text(alias, 'ip')
    invalids(check, child(index(field, at), 'ip'), ip, checkIp(ip, ipStrictness(check)))
    for (const [position, name] of texts(alias, 'hostnames').entries())
      invalids(
        check,
        index(child(index(field, at), 'hostnames'), position),
        name,
        checkDns1123Subdomain(name),
      )
  }
}

/** `validateOverhead`: what is spent beside the containers is checked as limits, and reported below `limits`. */
export function checkOverhead(check: Check, overhead: Obj, field: Field): void {
  checkRequirements(
    check,
    { limits: toResourceList({ overhead }, 'overhead'), requests: new Map(), claims: [] },
    { field, claimNames: new Set(), checkName: checkContainerResourceName },
  )
}

/** `validateFileKeyRefVolumes`. */
function checkFileKeyVolumes({ check, spec }: PodRun, field: Field): void {
  forEachContainer(spec, field, (container, place) => {
    for (const [at, variable] of objects(container, 'env').entries()) {
      const ref = object(variable, 'valueFrom').fileKeyRef
      if (!isObj(ref)) continue
      const name = text(ref, 'volumeName')
      const nameField = child(
        child(child(index(child(place, 'env'), at), 'valueFrom'), 'fileKeyRef'),
        'volumeName',
      )
      const volume = objects(spec, 'volumes').findLast(it => text(it, 'name') === name)
      if (!volume) notFound(check, nameField, name)
      else if (!isEmptyDir(volume))
        invalid(check, nameField, name, 'referenced volume must be of type emptyDir')
    }
  })
}

/** A volume without any source is one too. */
const isEmptyDir = (volume: Obj): boolean =>
  isObj(volume.emptyDir) || Object.keys(volume).every(it => it === 'name' || !isObj(volume[it]))
