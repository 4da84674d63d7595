/** Rendered files to manifests: split, read for kind and hooks, sorted (pkg/release/v1/util). */

import type { Parsed } from '../yaml/chunk.ts'
import { HOOK, hookEvents } from './hook-events.ts'
import { readHead } from './manifest-head.ts'
import { isSpace, sliceText, type Text, trimSpace } from './template/text.ts'
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

/** Documents of a file without the blanks around them. */
function splitDocuments(file: Text, compat: string): Text[] {
  const keepsEnds = compat === 'helm-4.2'
  const whole = keepsEnds ? trimStart(file) : (trimSpace(file) as Text)
  const { text } = whole
  const documents: Text[] = []
  let from = 0
  const add = (start: number, end: number) => {
    if (start >= end) return
    const part = sliceText(whole, start, end) as Text
    documents.push(keepsEnds ? trimStart(part) : (trimSpace(part) as Text))
  }
  for (let at = text.indexOf('---'); at >= 0; at = text.indexOf('---', at + 1)) {
    if (at > 0 && (text[at - 1] !== '\n' || at - 1 < from)) continue
    let end = at + 3
    let start = at
    if (keepsEnds) {
      if (at < from) continue
      while (text[end] === ' ' || text[end] === '\t') end++
    } else {
      while (start > from && isBlank(text.charCodeAt(start - 1))) start--
      while (end < text.length && isBlank(text.charCodeAt(end))) end++
    }
    add(from, start)
    from = end
    at = end - 1
  }
  add(from, text.length)
  return keepsEnds ? documents.filter(it => !isAllSpace(it.text)) : documents
}

function trimStart(text: Text): Text {
  let start = 0
  while (start < text.text.length && isSpace(text.text.charCodeAt(start))) start++
  return sliceText(text, start, text.text.length) as Text
}

/** `\s` of Go's regular expressions. */
const isBlank = (unit: number): boolean =>
  unit === 32 || unit === 9 || unit === 10 || unit === 12 || unit === 13

function isAllSpace(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (!isSpace(text.charCodeAt(i))) return false
  return true
}

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
