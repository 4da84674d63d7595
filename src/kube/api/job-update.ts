/** What may change in a Job that exists (`ValidateJobSpecUpdate`). Both come with their defaults. */
import { type Check, child, invalid, ROOT, renamed } from './field.ts'
import { IMMUTABLE } from './field-checks.ts'
import { asStruct } from './go-struct.ts'
import { isObj, isSet, isTrue, type Obj, object, objects, text, toNumber } from './object.ts'
import { isSame } from './semantic-equal.ts'
import { shownSelector } from './workload-rules.ts'

const SPEC = child(ROOT, 'spec')

const LAYOUTS: ReadonlyMap<string, string> = new Map([
  ['podFailurePolicy', 'PodFailurePolicy'],
  ['successPolicy', 'SuccessPolicy'],
])

/** `ValidateJobSpecUpdate`. */
export function checkJobUpdate(check: Check, spec: Obj, old: Obj): void {
  checkCompletionsUpdate(check, spec, old)
  if (!isSame(spec.selector, old.selector))
    invalid(check, child(SPEC, 'selector'), shownSelector(spec), IMMUTABLE)
  checkTemplateUpdate(check, spec, old)
  for (const name of [
    'completionMode',
    'podFailurePolicy',
    'backoffLimitPerIndex',
    'managedBy',
    'successPolicy',
  ]) {
    if (isSame(spec[name], old[name])) continue
    const value = spec[name] ?? null
    const layout = LAYOUTS.get(name)
    invalid(check, child(SPEC, name), layout && isObj(value) ? asStruct(layout, value) : value, IMMUTABLE)
  }
}

/** `validateCompletions`: indexed jobs may grow and shrink together with their parallelism. */
function checkCompletionsUpdate(check: Check, spec: Obj, old: Obj): void {
  if (isSame(spec.completions, old.completions)) return
  const field = child(SPEC, 'completions')
  const completions = toNumber(spec, 'completions')
  if (text(spec, 'completionMode') !== 'Indexed') invalid(check, field, completions ?? null, IMMUTABLE)
  else if (completions !== undefined && completions !== toNumber(spec, 'parallelism'))
    invalid(check, field, completions, 'can only be modified in tandem with spec.parallelism')
}

/** `validatePodTemplateUpdate`: suspended jobs may still be told where to run, and since 1.36 with what. */
function checkTemplateUpdate(check: Check, spec: Obj, old: Obj): void {
  const template = object(spec, 'template')
  const isSuspended = isTrue(old, 'suspend')
  const before = isSuspended ? withDirectives(object(old, 'template'), template) : object(old, 'template')
  if (isSuspended && check.minor >= 36) {
    const podSpec = object(template, 'spec')
    if (!isSame(podSpec, withResources(object(before, 'spec'), podSpec)))
      invalid(
        check,
        renamed(SPEC, 'template.spec', 'template'),
        asStruct('PodSpec', toInternalSpec(podSpec)),
        IMMUTABLE,
      )
    return
  }
  if (!isSame(template, before)) {
    const shown = { ...template, spec: toInternalSpec(object(template, 'spec')) }
    const layout = check.minor >= 36 ? 'PodTemplateSpec' : 'PodTemplateSpec34'
    invalid(check, child(SPEC, 'template'), asStruct(layout, shown), IMMUTABLE)
  }
}

/** The old template with the scheduling directives of the new one. */
function withDirectives(old: Obj, template: Obj): Obj {
  const spec = object(template, 'spec')
  const before = object(old, 'spec')
  const { nodeAffinity } = object(spec, 'affinity')
  const affinity: Obj = { ...object(before, 'affinity'), nodeAffinity }
  const isEmpty = Object.keys(affinity).every(it => !isSet(affinity, it))
  const { annotations, labels } = object(template, 'metadata')
  return {
    ...old,
    metadata: { ...object(old, 'metadata'), annotations, labels },
    spec: {
      ...before,
      affinity: isEmpty && !isObj(spec.affinity) ? undefined : affinity,
      nodeSelector: spec.nodeSelector,
      tolerations: spec.tolerations,
      schedulingGates: spec.schedulingGates,
    },
  }
}

/** `validatePodResourceUpdatesOnly`: the old spec with the resources of containers that have the same place and name. */
function withResources(before: Obj, spec: Obj): Obj {
  const resized: Record<string, unknown> = { ...before }
  for (const name of ['containers', 'initContainers']) {
    const now = objects(spec, name)
    const then = objects(before, name)
    if (now.length !== then.length || then.length === 0) continue
    resized[name] = then.map((it, at) =>
      text(it, 'name') === text(now[at]!, 'name') ? { ...it, resources: now[at]!.resources } : it,
    )
  }
  return resized
}

/** The internal type has what concerns the host inside of the security context. */
function toInternalSpec(spec: Obj): Obj {
  const { hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers } = spec
  const host = { hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers }
  return { ...spec, securityContext: { ...object(spec, 'securityContext'), ...host } }
}
