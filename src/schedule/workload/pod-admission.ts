/** Admission of pods: what the API server's default plugins make of one, or why they refuse it. */

import {
  formatCanonical,
  type JsonRecord,
  readInteger,
  readList,
  readPath,
  readRecord,
  readString,
} from '../json-fields.ts'
import { listTolerations } from '../taints.ts'
import {
  applyLimitDefaults,
  checkLimits,
  joinProblems,
  type LimitRange,
  toLimitRange,
} from './limit-range.ts'
import { applyPodDefaults, formatAmounts } from './pod-defaults.ts'
import { listInvalidResources } from './resource-validation.ts'
import { mergeTolerations } from './tolerations.ts'

/** Where a pod is refused decides how its name reads: before names are generated it ends in a hyphen. */
export interface Refusal {
  readonly code: 403 | 422
  readonly stage: 'mutating' | 'validation' | 'validating'
  /** The text after `pods "…" is forbidden: ` or `Pod "…" is invalid: `. */
  readonly reason: string
}

export type Admission = { readonly pod: JsonRecord } | { readonly refusal: Refusal }

export interface AdmissionPolicies {
  readonly priorityClasses: ReadonlyMap<string, JsonRecord>
  readonly runtimeClasses: ReadonlyMap<string, JsonRecord>
  limitsOf(namespace: string): readonly LimitRange[]
}

const SYSTEM_CLASSES: readonly (readonly [string, number])[] = [
  ['system-node-critical', 2000001000],
  ['system-cluster-critical', 2000000000],
]

/** Policies from the inventory's and the manifests' objects. */
export function buildPolicies(listKind: (kind: string) => readonly JsonRecord[]): AdmissionPolicies {
  const named = (kind: string): Map<string, JsonRecord> =>
    new Map(listKind(kind).map(it => [readString(readPath(it, 'metadata', 'name')), it]))
  const priorityClasses = named('PriorityClass')
  for (const [name, value] of SYSTEM_CLASSES)
    if (!priorityClasses.has(name)) priorityClasses.set(name, { value })
  const ranges = new Map<string, JsonRecord[]>()
  for (const it of listKind('LimitRange')) {
    const namespace = readString(readPath(it, 'metadata', 'namespace')) || 'default'
    ranges.set(namespace, [...(ranges.get(namespace) ?? []), it])
  }
  const limits = new Map([...ranges].map(([namespace, it]) => [namespace, it.map(toLimitRange)]))
  return {
    priorityClasses,
    runtimeClasses: named('RuntimeClass'),
    limitsOf: namespace => limits.get(namespace) ?? [],
  }
}

/** Defaults, LimitRanger, Priority, DefaultTolerationSeconds and RuntimeClass; then validation and bounds. */
export function admitPod(pod: JsonRecord, policies: AdmissionPolicies): Admission {
  const namespace = readString(readPath(pod.metadata, 'namespace')) || 'default'
  const limits = policies.limitsOf(namespace)
  const spec: Record<string, unknown> = {
    ...applyLimitDefaults(applyPodDefaults(readRecord(pod.spec)), limits),
  }
  const refusal = applyPriority(spec, policies) ?? applyTolerations(spec) ?? applyRuntimeClass(spec, policies)
  if (refusal !== undefined) return { refusal }
  const invalid = joinProblems(listInvalidResources(spec))
  if (invalid !== undefined) return { refusal: { code: 422, stage: 'validation', reason: invalid } }
  const bounds = checkLimits(spec, limits) ?? checkOverhead(spec, policies)
  if (bounds !== undefined) return { refusal: { code: 403, stage: 'validating', reason: bounds } }
  return { pod: { ...pod, spec } }
}

function refuse(reason: string): Refusal {
  return { code: 403, stage: 'mutating', reason }
}

function applyPriority(spec: Record<string, unknown>, policies: AdmissionPolicies): Refusal | undefined {
  let name = readString(spec.priorityClassName)
  let found: JsonRecord | undefined
  if (name === '') {
    const globals = [...policies.priorityClasses].filter(([, it]) => it.globalDefault === true)
    globals.sort((left, right) => readInteger(left[1].value, 0) - readInteger(right[1].value, 0))
    name = globals[0]?.[0] ?? ''
    found = globals[0]?.[1]
    if (found !== undefined) spec.priorityClassName = name
  } else {
    found = policies.priorityClasses.get(name)
    if (found === undefined) return refuse(`no PriorityClass with name ${name} was found`)
  }
  const priority = readInteger(found?.value, 0)
  if (typeof spec.priority === 'number' && spec.priority !== priority) {
    return refuse(
      `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${priority} from the given PriorityClass name`,
    )
  }
  spec.priority = priority
  const policy = readString(found?.preemptionPolicy) || 'PreemptLowerPriority'
  const own = readString(spec.preemptionPolicy)
  if (own !== '' && own !== policy) {
    return refuse(
      `the string value of PreemptionPolicy (${own}) must not be provided in pod spec; priority admission controller computed ${policy} from the given PriorityClass name`,
    )
  }
  spec.preemptionPolicy = policy
  return undefined
}

const DEFAULT_TOLERATED = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']

function applyTolerations(spec: Record<string, unknown>): undefined {
  const tolerations = readList(spec.tolerations)
  const present = listTolerations(spec.tolerations)
  const missing = DEFAULT_TOLERATED.filter(
    key =>
      !present.some(
        it => (it.key === key || it.key === '') && (it.effect === 'NoExecute' || it.effect === ''),
      ),
  )
  const added = missing.map(key => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }))
  if (tolerations.length + added.length > 0) spec.tolerations = [...tolerations, ...added]
  return undefined
}

function applyRuntimeClass(spec: Record<string, unknown>, policies: AdmissionPolicies): Refusal | undefined {
  const name = readString(spec.runtimeClassName)
  if (name === '') return undefined
  const found = policies.runtimeClasses.get(name)
  if (found === undefined) return refuse(`pod rejected: RuntimeClass "${name}" not found`)
  const overhead = formatAmounts(readPath(found, 'overhead', 'podFixed'))
  if (Object.keys(overhead).length > 0) {
    if (spec.overhead !== undefined && formatCanonical(spec.overhead) !== formatCanonical(overhead))
      return refuse("pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead")
    spec.overhead = overhead
  }
  const scheduling = readPath(found, 'scheduling')
  if (scheduling === undefined || scheduling === null) return undefined
  const selector = { ...readRecord(spec.nodeSelector) } as Record<string, unknown>
  for (const [key, value] of Object.entries(readRecord(readPath(scheduling, 'nodeSelector')))) {
    if (Object.hasOwn(selector, key) && selector[key] !== value) {
      return refuse(
        `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${selector[key]}`,
      )
    }
    selector[key] = value
  }
  if (Object.keys(selector).length > 0) spec.nodeSelector = selector
  const tolerations = readList(readPath(scheduling, 'tolerations'))
  const merged = mergeTolerations(readList(spec.tolerations), tolerations)
  if (merged.length > 0) spec.tolerations = merged
  return undefined
}

function checkOverhead(spec: JsonRecord, policies: AdmissionPolicies): string | undefined {
  if (spec.overhead === undefined) return undefined
  const found = policies.runtimeClasses.get(readString(spec.runtimeClassName))
  if (readPath(found, 'overhead', 'podFixed') !== undefined) return undefined
  return 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead'
}
