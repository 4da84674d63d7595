/** Windows: security options, host-process containers, and what pods of one operating system must not say. */
import { checkDns1123Subdomain, countBytes } from '../values/names.ts'
import {
  type Check,
  child,
  descend,
  type Field,
  forbidden,
  invalid,
  invalids,
  notSupported,
  required,
} from './field.ts'
import { asStruct } from './go-struct.ts'
import { count, isObj, isSet, isTrue, type Obj, object, text, toFlag, toText } from './object.ts'
import { forEachContainer, type PodRun } from './pod-run.ts'

/** `validateWindowsSecurityContextOptions`. */
export function checkWindowsOptions(check: Check, context: Obj, owner: Field): void {
  const options = context.windowsOptions
  if (!isObj(options)) return
  const field = child(owner, 'windowsOptions')
  const name = toText(options, 'gmsaCredentialSpecName')
  if (name !== undefined)
    invalids(check, child(field, 'gmsaCredentialSpecName'), name, checkDns1123Subdomain(name))
  const spec = toText(options, 'gmsaCredentialSpec')
  if (spec === '')
    invalid(check, child(field, 'gmsaCredentialSpec'), spec, 'gmsaCredentialSpec cannot be an empty string')
  else if (spec !== undefined && countBytes(spec) > 64 * 1024)
    invalid(check, child(field, 'gmsaCredentialSpec'), spec, 'gmsaCredentialSpec size must be under 64 KiB')
  const user = toText(options, 'runAsUserName')
  if (user === undefined) return
  for (const fault of listUserFaults(user))
    invalid(check, child(field, 'runAsUserName'), asStruct('p', user), `runAsUserName${fault}`)
}

const DNS_LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?'
const DNS_DOMAIN = new RegExp(`^${DNS_LABEL}(?:\\.${DNS_LABEL})*$`)
const NETBIOS = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/

function listUserFaults(name: string): string[] {
  if (name === '') return [' cannot be an empty string']
  if (/[\x00-\x1f\x7f]/.test(name)) return [' cannot contain control characters']
  const parts = name.split('\\')
  if (parts.length > 2) return [' cannot contain more than one backslash']
  const domain = parts.length === 2 ? parts[0]! : undefined
  const user = parts.at(-1)!
  const faults: string[] = []
  if (domain !== undefined) {
    if (countBytes(domain) >= 256) faults.push("'s Domain length must be under 256 characters")
    if (!NETBIOS.test(domain) && !DNS_DOMAIN.test(domain))
      faults.push("'s Domain doesn't match the NetBios nor the DNS format")
  }
  if (user === '') faults.push("'s User cannot be empty")
  else if (countBytes(user) > 104) faults.push("'s User length must not be longer than 104 characters")
  if (/^[. ]+$/.test(user)) faults.push("'s User cannot contain only periods or spaces")
  if (/["/\\:;|=,+*?<>@[\]]/.test(user))
    faults.push(`'s User cannot contain the following characters: "/\\:;|=,+*?<>@[]`)
  return faults
}

/** `validateWindowsHostProcessPod`. */
export function checkHostProcess({ check, spec }: PodRun, field: Field): void {
  const ofPod = toFlag(object(object(spec, 'securityContext'), 'windowsOptions'), 'hostProcess')
  let containers = 0
  let hostProcesses = 0
  forEachContainer(spec, field, (container, place) => {
    containers++
    const own = toFlag(object(object(container, 'securityContext'), 'windowsOptions'), 'hostProcess')
    if (ofPod !== undefined && own !== undefined && ofPod !== own)
      invalid(
        check,
        descend(place, 'securityContext', 'windowsOptions', 'hostProcess'),
        own,
        `pod hostProcess value must be identical if both are specified, was ${ofPod}`,
      )
    if (own ?? ofPod) hostProcesses++
  })
  if (hostProcesses === 0) return
  if (hostProcesses !== containers)
    invalid(
      check,
      field,
      '',
      'If pod contains any hostProcess containers then all containers must be HostProcess containers',
    )
  if (!isTrue(spec, 'hostNetwork'))
    invalid(
      check,
      child(field, 'hostNetwork'),
      false,
      'hostNetwork must be true if pod contains any hostProcess containers',
    )
}

/** `validateOS` and what follows from the answer. */
export function checkOs(run: PodRun, field: Field): void {
  const { check, spec } = run
  if (!isObj(spec.os)) return
  const name = text(spec.os, 'name')
  if (name === '') required(check, descend(field, 'os', 'name'))
  else if (name === 'linux') refuseWindowsOptions(run, field)
  else if (name === 'windows') refuseLinuxFields(run, field)
  else notSupported(check, child(field, 'os'), name, ['linux', 'windows'])
}

/** `validateLinux`. */
function refuseWindowsOptions({ check, spec }: PodRun, field: Field): void {
  const refuse = (owner: Obj, place: Field): void => {
    if (isObj(object(owner, 'securityContext').windowsOptions))
      forbidden(
        check,
        descend(place, 'securityContext', 'windowsOptions'),
        'windows options cannot be set for a linux pod',
      )
  }
  refuse(spec, field)
  forEachContainer(spec, field, refuse)
}

/** Fields of the spec stand among those of the security context, since Go keeps them there. */
const POD_FIELDS: readonly (readonly string[])[] = [
  ['securityContext', 'appArmorProfile'],
  ['securityContext', 'seLinuxOptions'],
  ['hostUsers'],
  ['hostPID'],
  ['hostIPC'],
  ['securityContext', 'seccompProfile'],
  ['securityContext', 'fsGroup'],
  ['securityContext', 'fsGroupChangePolicy'],
  ['securityContext', 'sysctls'],
  ['shareProcessNamespace'],
  ['securityContext', 'runAsUser'],
  ['securityContext', 'runAsGroup'],
  ['securityContext', 'supplementalGroups'],
  ['securityContext', 'supplementalGroupsPolicy'],
  ['securityContext', 'seLinuxChangePolicy'],
]
const CONTAINER_FIELDS = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'capabilities',
  'readOnlyRootFilesystem',
  'privileged',
  'allowPrivilegeEscalation',
  'procMount',
  'runAsUser',
  'runAsGroup',
]

/** `validateWindows`. */
function refuseLinuxFields({ check, spec }: PodRun, field: Field): void {
  const fault = 'cannot be set for a windows pod'
  for (const path of POD_FIELDS) {
    const name = path.at(-1)!
    const owner = path.length === 1 ? spec : object(spec, 'securityContext')
    const isUsed =
      name === 'hostPID' || name === 'hostIPC'
        ? isTrue(owner, name)
        : name === 'sysctls'
          ? count(owner, name) > 0
          : isSet(owner, name)
    if (isUsed) forbidden(check, descend(field, ...path), fault)
  }
  forEachContainer(spec, field, (container, place) => {
    const context = object(container, 'securityContext')
    for (const name of CONTAINER_FIELDS)
      if (isSet(context, name)) forbidden(check, descend(place, 'securityContext', name), fault)
  })
}
