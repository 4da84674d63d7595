/** Containers of all three lists: what they have in common, and what each list forbids or adds. */
import { checkDns1123Label, checkPortName, checkPortNumber } from '../values/names.ts'
import { checkEnv, checkEnvFrom } from './env.ts'
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
  notSupported,
  required,
  tooMany,
} from './field.ts'
import { checkEnum, requireText } from './field-checks.ts'
import { checkDevices, checkMounts } from './mounts.ts'
import { count, isObj, isSet, number, type Obj, objects, text, toText } from './object.ts'
import type { PodRun } from './pod-run.ts'
import { checkLifecycle, checkLiveness, checkReadiness } from './probes.ts'
import { checkContainerResourceName, checkRequirements, toRequirements } from './resources.ts'
import { checkSecurityContext } from './security-context.ts'

export const PROTOCOLS = ['SCTP', 'TCP', 'UDP']

/** `validateContainers`. */
export function checkContainers(run: PodRun, field: Field): void {
  const { check } = run
  const containers = objects(run.spec, 'containers')
  if (containers.length === 0) {
    required(check, field)
    return
  }
  const names = new Set<string>()
  for (let at = 0; at < containers.length; at++) {
    const container = containers[at]!
    const place = index(field, at)
    checkCommon(run, container, place)
    checkRepeatedName(check, text(container, 'name'), names, place)
    if (isObj(container.lifecycle)) checkLifecycle(run, container.lifecycle, child(place, 'lifecycle'))
    checkProbes(run, container, place)
    if (check.minor >= 35) checkRestartPolicy(check, container, place)
    else if (isSet(container, 'restartPolicy') && check.minor < 34)
      forbidden(check, child(place, 'restartPolicy'), 'may not be set for non-init containers')
  }
  checkHostPorts(check, containers, field)
}

function checkRepeatedName(check: Check, name: string, names: Set<string>, field: Field): void {
  if (names.has(name)) duplicate(check, child(field, 'name'), name)
  else names.add(name)
}

function checkProbes(run: PodRun, container: Obj, field: Field): void {
  if (isObj(container.livenessProbe))
    checkLiveness(run, container.livenessProbe, child(field, 'livenessProbe'))
  if (isObj(container.readinessProbe))
    checkReadiness(run, container.readinessProbe, child(field, 'readinessProbe'))
  if (isObj(container.startupProbe)) checkLiveness(run, container.startupProbe, child(field, 'startupProbe'))
}

/** `validateContainerCommon`. */
function checkCommon(run: PodRun, container: Obj, field: Field): void {
  const { check } = run
  const name = requireText(check, container, field, 'name')
  if (name !== '') {
    const faults = checkDns1123Label(name)
    if (faults.length > 0) invalids(check, child(field, 'name'), name, faults)
  }
  requireText(check, container, field, 'image')
  checkEnum(check, container, { field, name: 'terminationMessagePolicy' }, MESSAGE_POLICIES)
  checkPorts(check, objects(container, 'ports'), field)
  checkEnv(run, objects(container, 'env'), field)
  checkEnvFrom(check, objects(container, 'envFrom'), field)
  checkMounts(run, container, child(field, 'volumeMounts'))
  checkDevices(run, container, child(field, 'volumeDevices'))
  checkEnum(check, container, { field, name: 'imagePullPolicy' }, PULL_POLICIES)
  if (isObj(container.resources))
    checkRequirements(check, toRequirements(container.resources, run.isPod ? 'pod' : 'template'), {
      field: child(field, 'resources'),
      claimNames: run.claimNames,
      checkName: checkContainerResourceName,
    })
  checkResizePolicy(run, container, child(field, 'resizePolicy'))
  if (isObj(container.securityContext))
    checkSecurityContext(run, container.securityContext, child(field, 'securityContext'))
}

const MESSAGE_POLICIES = ['File', 'FallbackToLogsOnError']
export const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never']

/** `validateContainerPorts`. */
function checkPorts(check: Check, ports: readonly Obj[], owner: Field): void {
  if (ports.length === 0) return
  const names = new Set<string>()
  for (let at = 0; at < ports.length; at++) {
    const port = ports[at]!
    const field = index(child(owner, 'ports'), at)
    const name = text(port, 'name')
    if (name !== '') {
      const faults = checkPortName(name)
      if (faults.length > 0) invalids(check, child(field, 'name'), name, faults)
      else checkRepeatedName(check, name, names, field)
    }
    const number_ = number(port, 'containerPort')
    if (number_ === 0) required(check, child(field, 'containerPort'))
    else invalids(check, child(field, 'containerPort'), number_, checkPortNumber(number_))
    const hostPort = number(port, 'hostPort')
    if (hostPort !== 0) invalids(check, child(field, 'hostPort'), hostPort, checkPortNumber(hostPort))
    checkEnum(check, port, { field, name: 'protocol' }, PROTOCOLS)
  }
}

/** `checkHostPortConflicts`, `AccumulateUniqueHostPorts`. */
function checkHostPorts(check: Check, containers: readonly Obj[], field: Field): void {
  const seen = new Set<string>()
  for (let at = 0; at < containers.length; at++) {
    const ports = objects(containers[at]!, 'ports')
    for (let position = 0; position < ports.length; position++) {
      const port = ports[position]!
      const hostPort = number(port, 'hostPort')
      if (hostPort === 0) continue
      const identity = `${text(port, 'protocol') || 'TCP'}/${text(port, 'hostIP')}/${hostPort}`
      if (seen.has(identity))
        duplicate(check, child(index(child(index(field, at), 'ports'), position), 'hostPort'), identity)
      else seen.add(identity)
    }
  }
}

/** `validateResizePolicy`: most faults are reported at the list. */
function checkResizePolicy(run: PodRun, container: Obj, field: Field): void {
  const policies = objects(container, 'resizePolicy')
  if (policies.length === 0 || run.check.minor < 33) return
  const { check } = run
  const seen = new Set<string>()
  for (const [at, policy] of policies.entries()) {
    const resource = text(policy, 'resourceName')
    if (seen.has(resource)) duplicate(check, index(field, at), resource)
    seen.add(resource)
    if (resource === '') required(check, field)
    else if (resource !== 'cpu' && resource !== 'memory')
      notSupported(check, field, resource, ['cpu', 'memory'])
    const restart = text(policy, 'restartPolicy')
    if (restart === '') required(check, field)
    else if (restart !== 'NotRequired' && restart !== 'RestartContainer')
      notSupported(check, field, restart, ['NotRequired', 'RestartContainer'])
    if (run.restartPolicy === 'Never' && restart !== 'NotRequired')
      invalid(
        check,
        field,
        restart,
        check.minor >= 35
          ? "must be 'NotRequired' when pod `restartPolicy` is 'Never'"
          : "must be 'NotRequired' when `restartPolicy` is 'Never'",
      )
  }
}

/** `validateContainerRestartPolicy`. */
function checkRestartPolicy(check: Check, container: Obj, field: Field): void {
  const policy = toText(container, 'restartPolicy')
  const rules = objects(container, 'restartPolicyRules')
  if (policy === undefined) {
    if (rules.length === 0) return
    required(check, child(field, 'restartPolicy'), 'must specify restartPolicy when restart rules are used')
  } else if (!RESTART_POLICIES.includes(policy))
    notSupported(check, child(field, 'restartPolicy'), policy, RESTART_POLICIES)
  const list = child(field, 'restartPolicyRules')
  if (rules.length > 20) tooMany(check, list, rules.length, 20)
  const actions = check.minor >= 36 ? ['Restart', 'RestartAllContainers'] : ['Restart']
  for (const [at, rule] of rules.entries()) {
    const place = index(list, at)
    const action = text(rule, 'action')
    if (!actions.includes(action)) notSupported(check, child(place, 'action'), action, actions)
    const codes = rule.exitCodes
    const codesPlace = child(place, 'exitCodes')
    if (!isObj(codes)) {
      required(check, codesPlace, 'must be specified')
      continue
    }
    const operator = text(codes, 'operator')
    if (operator !== 'In' && operator !== 'NotIn')
      notSupported(check, child(codesPlace, 'operator'), operator, ['In', 'NotIn'])
    const values = count(codes, 'values')
    if (values > 255) tooMany(check, child(codesPlace, 'values'), values, 255)
  }
}

const RESTART_POLICIES = ['Always', 'Never', 'OnFailure']

/** `validateInitContainers`. */
export function checkInitContainers(run: PodRun, field: Field): void {
  const containers = objects(run.spec, 'initContainers')
  if (containers.length === 0) return
  const { check } = run
  const names = new Set(objects(run.spec, 'containers').map(it => text(it, 'name')))
  for (const [at, container] of containers.entries()) {
    const place = index(field, at)
    checkCommon(run, container, place)
    checkInitRestartPolicy(check, container, place)
    const name = text(container, 'name')
    if (names.has(name)) duplicate(check, child(place, 'name'), name)
    else if (name !== '') names.add(name)
    // The server passes each container alone, so the index is always 0.
    checkHostPorts(check, [container], { ...field })
    const isSidecar = text(container, 'restartPolicy') === 'Always'
    if (isSidecar) {
      if (isObj(container.lifecycle)) checkLifecycle(run, container.lifecycle, child(place, 'lifecycle'))
      checkProbes(run, container, place)
    } else {
      for (const probe of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'])
        if (isObj(container[probe]))
          forbidden(
            check,
            child(place, probe),
            'may not be set for init containers without restartPolicy=Always',
          )
      checkInitResize(check, container, place)
    }
  }
}

function checkInitRestartPolicy(check: Check, container: Obj, field: Field): void {
  // In 1.34 the gate for other policies drops them.
  if (check.minor === 34) return
  const policy = toText(container, 'restartPolicy')
  const rules = count(container, 'restartPolicyRules')
  if (policy === undefined) {
    if (rules > 0 && check.minor >= 35)
      required(check, child(field, 'restartPolicy'), 'must specify restartPolicy when restart rules are used')
  } else if (check.minor < 35) {
    if (policy !== 'Always') notSupported(check, child(field, 'restartPolicy'), policy, ['Always'])
  } else if (policy === 'Always' && check.minor < 36) {
    if (rules > 0)
      forbidden(
        check,
        child(field, 'restartPolicyRules'),
        'restartPolicyRules are not allowed for init containers with restart policy Always',
      )
  } else checkRestartPolicy(check, container, field)
}

function checkInitResize(check: Check, container: Obj, field: Field): void {
  if (check.minor < 36) return
  for (const [at, policy] of objects(container, 'resizePolicy').entries())
    if (text(policy, 'restartPolicy') === 'RestartContainer')
      invalid(
        check,
        child(index(child(field, 'resizePolicy'), at), 'restartPolicy'),
        'RestartContainer',
        "must not be set to 'RestartContainer' for non-sidecar initContainers",
      )
}

/** Fields that ephemeral containers have and must not use, in Go's order. */
const EPHEMERAL_FORBIDDEN = [
  'ports',
  'resources',
  'resizePolicy',
  'restartPolicy',
  'restartPolicyRules',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
]

/** `validateEphemeralContainers`. */
export function checkEphemeralContainers(run: PodRun, field: Field): void {
  const containers = objects(run.spec, 'ephemeralContainers')
  if (containers.length === 0) return
  const { check } = run
  const others = new Set(
    [...objects(run.spec, 'containers'), ...objects(run.spec, 'initContainers')].map(it => text(it, 'name')),
  )
  const names = new Set(others)
  for (const [at, container] of containers.entries()) {
    const place = index(field, at)
    checkCommon(run, container, place)
    checkImageText(check, container, place)
    checkRepeatedName(check, text(container, 'name'), names, place)
    const target = text(container, 'targetContainerName')
    if (target !== '' && !others.has(target)) notFound(check, child(place, 'targetContainerName'), target)
    for (const name of EPHEMERAL_FORBIDDEN)
      if (isUsed(container[name]))
        forbidden(check, child(place, name), 'cannot be set for an Ephemeral Container')
    for (const [position, mount] of objects(container, 'volumeMounts').entries())
      for (const name of ['subPath', 'subPathExpr'])
        if (text(mount, name) !== '')
          forbidden(
            check,
            child(index(child(place, 'volumeMounts'), position), name),
            'cannot be set for an Ephemeral Container',
          )
  }
}

const isUsed = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.length > 0
    : isObj(value)
      ? Object.keys(value).length > 0
      : value !== undefined && value !== null

/** `validateContainerOnlyForPod`: templates may have blanks around the image, Pods may not. */
export function checkImageText(check: Check, container: Obj, field: Field): void {
  const image = text(container, 'image')
  if (image.length !== image.trim().length)
    invalid(check, child(field, 'image'), image, 'must not have leading or trailing whitespace')
}
