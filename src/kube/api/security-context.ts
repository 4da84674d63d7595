/** Security contexts of pods and containers, seccomp, AppArmor, Windows options. */
import { checkUserId, countBytes } from '../values/names.ts'
import {
  type Check,
  child,
  duplicate,
  type Field,
  index,
  invalid,
  invalids,
  notSupported,
  renamed,
  required,
  tooLong,
} from './field.ts'
import { checkOptionalEnum } from './field-checks.ts'
import { asStruct } from './go-struct.ts'
import {
  isObj,
  isTrue,
  numbers,
  type Obj,
  object,
  objects,
  text,
  texts,
  toFlag,
  toNumber,
  toText,
} from './object.ts'
import type { PodRun } from './pod-run.ts'
import { checkDescendingPath } from './volume-paths.ts'
import { checkWindowsOptions } from './windows.ts'

function checkId(check: Check, of: Obj, field: Field, name: string): void {
  const id = toNumber(of, name)
  if (id !== undefined) invalids(check, child(field, name), id, checkUserId(id))
}

/** `ValidateSecurityContext`. */
export function checkSecurityContext(run: PodRun, context: Obj, field: Field): void {
  const { check } = run
  checkId(check, context, field, 'runAsUser')
  checkId(check, context, field, 'runAsGroup')
  checkOptionalEnum(check, context, { field, name: 'procMount' }, ['Default', 'Unmasked'])
  if (run.hostUsers && text(context, 'procMount') === 'Unmasked')
    invalid(check, child(field, 'procMount'), 'Unmasked', '`hostUsers` must be false to use `Unmasked`')
  checkSeccomp(check, context, field)
  if (toFlag(context, 'allowPrivilegeEscalation') === false) {
    if (isTrue(context, 'privileged')) refuseEscalation(check, context, field, '`privileged` to true')
    for (const capability of texts(object(context, 'capabilities'), 'add'))
      if (capability === 'CAP_SYS_ADMIN')
        refuseEscalation(check, context, field, '`capabilities.Add` CAP_SYS_ADMIN')
  }
  checkWindowsOptions(check, context, field)
  checkAppArmor(check, context, field)
}

const refuseEscalation = (check: Check, context: Obj, field: Field, other: string): void =>
  invalid(
    check,
    field,
    asStruct('SecurityContext', context),
    `cannot set \`allowPrivilegeEscalation\` to false and ${other}`,
  )

const PROFILE_TYPES = ['Localhost', 'RuntimeDefault', 'Unconfined']

/** `validateSeccompProfileField`. */
function checkSeccomp(check: Check, context: Obj, owner: Field): void {
  const profile = context.seccompProfile
  if (!isObj(profile)) return
  const field = child(owner, 'seccompProfile')
  const type = text(profile, 'type')
  if (type === '') required(check, child(field, 'type'), 'type is required when seccompProfile is set')
  else if (!PROFILE_TYPES.includes(type)) notSupported(check, child(field, 'type'), type, PROFILE_TYPES)
  const local = toText(profile, 'localhostProfile')
  const place = child(field, 'localhostProfile')
  if (type === 'Localhost') {
    if (local === undefined) required(check, place, 'must be set when seccomp type is Localhost')
    else checkDescendingPath(check, local, place)
  } else if (local !== undefined)
    invalid(
      check,
      place,
      asStruct('SeccompProfile', profile),
      'can only be set when seccomp type is Localhost',
    )
}

/** `ValidateAppArmorProfileField`. */
function checkAppArmor(check: Check, context: Obj, owner: Field): void {
  const profile = context.appArmorProfile
  if (!isObj(profile)) return
  const field = child(owner, 'appArmorProfile')
  const place = child(field, 'localhostProfile')
  const type = text(profile, 'type')
  const local = toText(profile, 'localhostProfile')
  if (type === 'Localhost') {
    if (local === undefined || local === '')
      required(check, place, 'must be set when AppArmor type is Localhost')
    else if (local.trim() !== local) invalid(check, place, local, 'must not be padded with whitespace')
    if (countBytes(local ?? '') > 4095) tooLong(check, place, 4095)
  } else if (type === '')
    required(check, child(field, 'type'), 'type is required when appArmorProfile is set')
  else if (!PROFILE_TYPES.includes(type)) notSupported(check, child(field, 'type'), type, PROFILE_TYPES)
  else if (local !== undefined)
    invalid(check, place, local, 'can only be set when AppArmor type is Localhost')
}

/** `validatePodSpecSecurityContext`. */
export function checkPodSecurityContext(run: PodRun, owner: Field): void {
  const { check, spec } = run
  const context = object(spec, 'securityContext')
  const field = child(owner, 'securityContext')
  checkId(check, context, field, 'fsGroup')
  checkId(check, context, field, 'runAsUser')
  checkId(check, context, field, 'runAsGroup')
  for (const [at, group] of numbers(context, 'supplementalGroups').entries())
    invalids(check, index(child(field, 'supplementalGroups'), at), group, checkUserId(group))
  if (isTrue(spec, 'shareProcessNamespace') && isTrue(spec, 'hostPID')) {
    // Internally the field belongs to the security context.
    const place = child(renamed(owner, 'securityContext'), 'shareProcessNamespace')
    invalid(check, place, true, 'ShareProcessNamespace and HostPID cannot both be enabled')
  }
  checkSysctls(check, spec, context, child(field, 'sysctls'))
  checkOptionalEnum(check, context, { field, name: 'fsGroupChangePolicy' }, ['Always', 'OnRootMismatch'])
  checkSeccomp(check, context, field)
  checkWindowsOptions(check, context, field)
  checkAppArmor(check, context, field)
  if (check.minor >= 33)
    checkOptionalEnum(check, context, { field, name: 'supplementalGroupsPolicy' }, ['Merge', 'Strict'])
  if (check.minor >= 33)
    checkOptionalEnum(check, context, { field, name: 'seLinuxChangePolicy' }, ['Recursive'])
}

const SEGMENT = '[a-z0-9]([-_a-z0-9]*[a-z0-9])?'
const SYSCTL = `^(${SEGMENT}[\\./])*${SEGMENT}$`
const SYSCTL_RE = new RegExp(SYSCTL)
const IPC_SYSCTLS: ReadonlySet<string> = new Set([
  'kernel.shmall',
  'kernel.shmmax',
  'kernel.shmmni',
  'kernel.shm_rmid_forced',
  'kernel.msgmax',
  'kernel.msgmnb',
  'kernel.msgmni',
  'kernel.sem',
])

/** `validateSysctls`. */
function checkSysctls(check: Check, spec: Obj, context: Obj, field: Field): void {
  const names = new Set<string>()
  for (const [at, sysctl] of objects(context, 'sysctls').entries()) {
    const name = text(sysctl, 'name')
    const place = child(index(field, at), 'name')
    if (name === '') required(check, place)
    else if (countBytes(name) > 253 || !SYSCTL_RE.test(name))
      invalid(check, place, name, `must have at most 253 characters and match regex ${SYSCTL}`)
    else if (names.has(name)) duplicate(check, place, name)
    checkHostSysctl(check, spec, name, place)
    names.add(name)
  }
}

/** `ValidateHostSysctl`. */
function checkHostSysctl(check: Check, spec: Obj, name: string, field: Field): void {
  if (check.minor < 23) return
  const normalized = normalizeSysctl(name)
  if (isTrue(spec, 'hostNetwork') && normalized.startsWith('net.'))
    invalid(check, field, name, "may not be specified when 'hostNetwork' is true")
  else if (isTrue(spec, 'hostIPC') && isIpcSysctl(normalized))
    invalid(check, field, name, "may not be specified when 'hostIPC' is true")
}

const isIpcSysctl = (name: string): boolean => IPC_SYSCTLS.has(name) || name.startsWith('fs.mqueue.')

/** `sysctl.NormalizeName`: the separator is what comes first; the other one is swapped. */
function normalizeSysctl(name: string): string {
  const separator = /[./]/.exec(name)?.[0]
  if (separator !== '/') return name
  return name.replace(/[./]/g, it => (it === '/' ? '.' : '/'))
}

/** `ValidateSeccompPodAnnotations`: the server joins the annotation by a dot. */
export function checkSeccompAnnotations(check: Check, annotations: Obj, field: Field): void {
  for (const name in annotations) {
    if (
      name !== 'seccomp.security.alpha.kubernetes.io/pod' &&
      !name.startsWith('container.seccomp.security.alpha.kubernetes.io/')
    )
      continue
    const profile = text(annotations, name)
    if (SECCOMP_PROFILES.has(profile)) continue
    const place = child(field, name)
    if (profile.startsWith('localhost/'))
      checkDescendingPath(check, profile.slice('localhost/'.length), place)
    else invalid(check, place, profile, 'must be a valid seccomp profile')
  }
}

const SECCOMP_PROFILES: ReadonlySet<string> = new Set(['runtime/default', 'docker/default', 'unconfined'])
