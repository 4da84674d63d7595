/** Rendered files to manifests: split, read for kind and hooks, sorted (pkg/release/v1/util). */

import type { Parsed } from '../yaml/chunk.ts'
import { HOOK, hookEvents } from './hook-events.ts'
import { readHead } from './manifest-head.ts'
import { isSpace, sliceText, type Text } from './template/text.ts'
import { compareBytes } from './template/value.ts'

export interface Manifest {
  /** Name of the template. */
  readonly path: string
  readonly content: Text
  /** Undefined for nothing but comments. */
  readonly parsed: Parsed | undefined
  readonly kind: string
  /** Events of `helm.sh/hook`; undefined for what is no hook. */
  readonly hooks: readonly string[] | undefined
}

export interface SplitProblem {
  readonly path: string
  readonly content: Text
  readonly message: string
  readonly helmText?: string
  readonly offset: number
}

export interface Manifests {
  readonly manifests: readonly Manifest[]
  readonly hooks: readonly Manifest[]
  /** Hooks of events that Helm does not know: it leaves them out without a word. */
  readonly dropped: readonly Manifest[]
  readonly problems: readonly SplitProblem[]
}

/** Manifests and hooks of all files, each in the order in which Helm installs them. */
export function sortManifests(files: ReadonlyMap<string, Text>, compat: string): Manifests {
  const manifests: Manifest[] = []
  const hooks: Manifest[] = []
  const dropped: Manifest[] = []
  const problems: SplitProblem[] = []
  for (const path of [...files.keys()].sort(compareBytes)) {
    if (path.slice(path.lastIndexOf('/') + 1).startsWith('_')) continue
    for (const content of splitDocuments(files.get(path)!, compat)) {
      const head = readHead(content.text)
      if (head.problem) {
        problems.push({ path, content, ...head.problem })
        continue
      }
      const annotation = head.annotations?.get(HOOK)
      const events = annotation?.split(',').map(it => it.trim().toLowerCase())
      const isKnown = events?.every(it => hookEvents.has(it)) ?? true
      const list = isKnown ? (events ? hooks : manifests) : dropped
      list.push({ path, content, parsed: head.parsed, kind: head.kind, hooks: events })
    }
  }
  const order = installOrder(compat)
  return { manifests: sortByKind(manifests, order), hooks: sortByKind(hooks, order), dropped, problems }
}

/** Documents of a file without the blanks around them; helm 4.2 keeps those behind. */
function splitDocuments(file: Text, compat: string): Text[] {
  const keepsEnds = compat === 'helm-4.2'
  const { text } = file
  const first = skipSpace(text, 0, text.length)
  const limit = keepsEnds ? text.length : trimEnd(text, first, text.length)
  const documents: Text[] = []
  let from = first
  const add = (start: number, end: number) => {
    if (start >= end) return
    const own = skipSpace(text, start, end)
    if (!keepsEnds) documents.push(sliceText(file, own, trimEnd(text, own, end)) as Text)
    else if (own < end) documents.push(sliceText(file, own, end) as Text)
  }
  for (let at = text.indexOf('---', first); at >= 0; at = text.indexOf('---', at + 1)) {
    if (at > first && (text[at - 1] !== '\n' || at - 1 < from)) continue
    let end = at + 3
    let start = at
    if (keepsEnds) {
      if (at < from) continue
      while (text[end] === ' ' || text[end] === '\t') end++
    } else {
      while (start > from && isBlank(text.charCodeAt(start - 1))) start--
      while (end < limit && isBlank(text.charCodeAt(end))) end++
    }
    add(from, start)
    from = end
    at = end - 1
  }
  add(from, limit)
  return documents
}

function skipSpace(text: string, start: number, end: number): number {
  let at = start
  while (at < end && isSpace(text.charCodeAt(at))) at++
  return at
}

function trimEnd(text: string, start: number, end: number): number {
  let at = end
  while (at > start && isSpace(text.charCodeAt(at - 1))) at--
  return at
}

/** `\s` of Go's regular expressions. */
const isBlank = (unit: number): boolean =>
  unit === 32 || unit === 9 || unit === 10 || unit === 12 || unit === 13

const KINDS =
  'PriorityClass Namespace NetworkPolicy ResourceQuota LimitRange PodSecurityPolicy PodDisruptionBudget ServiceAccount Secret SecretList ConfigMap StorageClass PersistentVolume PersistentVolumeClaim CustomResourceDefinition ClusterRole ClusterRoleList ClusterRoleBinding ClusterRoleBindingList Role RoleList RoleBinding RoleBindingList Service DaemonSet Pod ReplicationController ReplicaSet Deployment HorizontalPodAutoscaler StatefulSet Job CronJob IngressClass Ingress APIService'.split(
    ' ',
  )

function installOrder(compat: string): ReadonlyMap<string, number> {
  const kinds =
    compat === 'helm-3' ? KINDS : [...KINDS, 'MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration']
  return new Map(kinds.map((kind, i) => [kind, i]))
}

/** Stable; kinds without a place come last, by name. */
function sortByKind(manifests: readonly Manifest[], order: ReadonlyMap<string, number>): Manifest[] {
  return [...manifests].sort((a, b) => {
    const left = order.get(a.kind)
    const right = order.get(b.kind)
    if (left === undefined && right === undefined) return compareBytes(a.kind, b.kind)
    if (left === undefined) return 1
    return right === undefined ? -1 : left - right
  })
}
