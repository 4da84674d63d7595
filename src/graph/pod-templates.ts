/** Pod templates with what selectors see of them. */
import { findPodTemplate, podKinds } from '../kube/pods.ts'
import type { Resource } from '../kube/resource.ts'
import { memo } from '../text/memo.ts'
import type { At } from '../yaml/cursor.ts'
import { isBuiltInGroup } from './api-group.ts'

export interface PodTemplate {
  readonly resource: Resource
  /** The template: `metadata` and `spec`. */
  readonly at: At
  /** The pod spec; the template itself where it has none. */
  readonly spec: At
  readonly labels: ReadonlyMap<string, string>
  /** False for templates of custom resources, whose controllers may label pods as they like. */
  readonly certain: boolean
}

const POD_KINDS: ReadonlySet<string> = new Set(podKinds)

/** The template of a resource that makes pods; undefined for all others. */
export function findLabelledTemplate(resource: Resource): PodTemplate | undefined {
  const isCustom = !isBuiltInGroup(resource.group)
  return isCustom || POD_KINDS.has(resource.kind) ? readTemplate(resource) : undefined
}

const readTemplate = memo((resource: Resource): PodTemplate | undefined => {
  const at = findPodTemplate(resource)
  if (at) return { resource, at, spec: at.get('spec') ?? at, labels: readLabels(at), certain: true }
  const custom = isBuiltInGroup(resource.group) ? undefined : resource.root.get('spec', 'template')
  const spec = custom?.get('spec')
  if (!custom || !spec?.get('containers')?.isList) return undefined
  return { resource, at: custom, spec, labels: readLabels(custom), certain: false }
})

/** `metadata.labels` below a cursor; values that are no strings as text, since the schema says what is wrong with them. */
export function readLabels(at: At): ReadonlyMap<string, string> {
  const labels = new Map<string, string>()
  for (const label of at.get('metadata', 'labels')?.each() ?? [])
    if (!label.isMap && !label.isList) labels.set(String(label.key), String(label.value ?? ''))
  return labels
}

/** What is known of a label that a controller or the server adds to pods. */
export type AddedLabel = 'set' | 'other' | 'none'

const ADDED_TO_ALL: ReadonlySet<string> = new Set([
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'service.istio.io/canonical-name',
  'service.istio.io/canonical-revision',
  'security.istio.io/tlsMode',
])
const ADDED_BY_JOB = [
  'batch.kubernetes.io/job-name',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-completion-index',
  'job-name',
  'controller-uid',
]
const ADDED: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['Deployment', new Set(['pod-template-hash'])],
  ['ReplicaSet', new Set(['pod-template-hash'])],
  [
    'StatefulSet',
    new Set([
      'controller-revision-hash',
      'statefulset.kubernetes.io/pod-name',
      'apps.kubernetes.io/pod-index',
    ]),
  ],
  ['DaemonSet', new Set(['controller-revision-hash', 'pod-template-generation'])],
  ['Job', new Set(ADDED_BY_JOB)],
  ['CronJob', new Set(ADDED_BY_JOB)],
  ['Rollout', new Set(['rollouts-pod-template-hash'])],
  ['DeploymentConfig', new Set(['deployment', 'deploymentconfig'])],
])

/** Keys of labels that controllers add to pods of some kind, so that a template need not have them. */
export const isAddedKey = (key: string): boolean => ADDED_TO_ALL.has(key) || ANY_ADDED.has(key)

const ANY_ADDED: ReadonlySet<string> = new Set([...ADDED.values()].flatMap(it => [...it]))

/**
 * Whether pods of a resource get a label with this value from their controller: `set` when they do or may, `other` when
 * its value is another one, `none` when nothing adds it.
 */
export function addedLabel({ kind, name }: Resource, key: string, value: string | undefined): AddedLabel {
  if (ADDED_TO_ALL.has(key)) return 'set'
  if (!ADDED.get(kind)?.has(key)) return 'none'
  if (value === undefined) return 'set'
  if (key === 'statefulset.kubernetes.io/pod-name') return isPodOf(value, name) ? 'set' : 'other'
  if (key.endsWith('job-name') && kind === 'Job' && !name.endsWith('*'))
    return value === name ? 'set' : 'other'
  return 'set'
}

const ORDINAL = /^\d+$/
const isPodOf = (pod: string, set: string): boolean =>
  pod.startsWith(`${set}-`) && ORDINAL.test(pod.slice(set.length + 1))
