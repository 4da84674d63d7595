/** Which pods a selector takes, and which came nearest when it takes none. */
import type { Resource } from '../kube/resource.ts'
import { memo } from '../text/memo.ts'
import { isOperated, isSystemNamespace } from './existing.ts'
import type { NearMiss, PodSelection } from './graph.ts'
import { createNearest } from './nearest.ts'
import { buildPodIndex, type PodIndex } from './pod-index.ts'
import { isMet, isSelected, type PodRequirement, type PodSelector } from './pod-selector.ts'
import { findLabelledTemplate, type PodTemplate, readLabels } from './pod-templates.ts'

export interface PodWorld {
  readonly resources: readonly Resource[]
  readonly backdrop: readonly Resource[]
  readonly closed: boolean
  readonly incomplete: readonly string[]
  readonly partial?: boolean
  readonly namespaceOf: (resource: Resource) => string | undefined
  readonly hasInstaller: (namespace: string | undefined) => boolean
}

export interface Pods {
  select(selector: PodSelector, namespace: string | undefined, from: Resource): PodSelection
}

export function buildPods(world: PodWorld): Pods {
  let read: Indices | undefined
  const indices = (): Indices => (read ??= readIndices(world))
  return {
    select(selector, namespace, from) {
      const { byNamespace, placed, backdrop, operators } = indices()
      const own = byNamespace.get(namespace)
      const all = own?.select(selector) ?? NO_TEMPLATES
      const templates = nearestTemplates(from, all)
      // With one of the two namespaces unknown, pods may or may not be meant.
      const doubtful = namespace === undefined ? placed : byNamespace.get(undefined)
      const open =
        world.partial === true ||
        (templates !== all && countIdentities(templates) < countIdentities(all)) ||
        backdrop.select(selector).length > 0 ||
        (doubtful !== undefined && doubtful.select(selector).length > 0) ||
        hasUncertain(templates)
      if (templates.length > 0) return { verdict: 'found', templates, open }
      const nothing: PodSelection = { verdict: 'unknown', templates: [], open: true }
      if (open || world.incomplete.length > 0 || (!own && !world.closed)) return nothing
      if (!world.closed && (isSystemNamespace(namespace) || world.hasInstaller(namespace))) return nothing
      if (!world.closed && selector.some(it => isForeign(it, own!, operators))) return nothing
      if (own && hasRole(selector, own)) return nothing
      const nearest = own && findNearMiss(selector, own, from)
      return { verdict: 'absent', templates: [], open: false, ...(nearest && { nearest }) }
    },
  }
}

interface Indices {
  readonly byNamespace: ReadonlyMap<string | undefined, PodIndex>
  /** Templates whose namespace is known. */
  readonly placed: PodIndex
  readonly backdrop: PodIndex
  /** Names of custom resources whose operators may make pods. */
  readonly operators: ReadonlySet<string>
}

function readIndices({ resources, backdrop, namespaceOf }: PodWorld): Indices {
  const placed: PodTemplate[] = []
  const byNamespace = new Map<string | undefined, PodTemplate[]>()
  const operators = new Set<string>()
  for (const resource of resources) {
    if (isOperated(resource)) operators.add(resource.name)
    const template = findLabelledTemplate(resource)
    // A PodTemplate object makes no pods by itself.
    if (!template || resource.kind === 'PodTemplate') continue
    const namespace = namespaceOf(resource)
    if (namespace !== undefined) placed.push(template)
    const list = byNamespace.get(namespace)
    if (list) list.push(template)
    else byNamespace.set(namespace, [template])
  }
  const behind = backdrop.flatMap(it => findLabelledTemplate(it) ?? [])
  return {
    placed: buildPodIndex(placed),
    backdrop: buildPodIndex(behind),
    byNamespace: new Map([...byNamespace].map(([namespace, some]) => [namespace, buildPodIndex(some)])),
    operators,
  }
}

const NO_TEMPLATES: readonly PodTemplate[] = []

/** Pods of the nearest folder are meant. */
const nearestTemplates = createNearest<PodTemplate>(it => it.resource)

/**
 * Of one identity only the nearest counts, the others belong to other environments. Other identities further off may be
 * meant, or may belong to something else.
 */
const countIdentities = memo(
  (templates: readonly PodTemplate[]): number => new Set(templates.map(it => identityOf(it.resource))).size,
)

const identityOf = memo(({ group, kind, name }: Resource): string => `${group}/${kind}/${name}`)

const hasUncertain = memo((templates: readonly PodTemplate[]): boolean => templates.some(it => !it.certain))

const KUBERNETES_DOMAIN = /(?:^|\.)(?:kubernetes\.io|k8s\.io|helm\.sh)$/

/**
 * Pods of operators carry labels in the operator's domain, or one whose value is the name of the custom resource; such
 * pods need not be in the unit.
 */
function isForeign(
  { key, values }: PodRequirement,
  index: PodIndex,
  operators: ReadonlySet<string>,
): boolean {
  if (values.some(it => operators.has(it))) return true
  const slash = key.indexOf('/')
  return slash > 0 && !KUBERNETES_DOMAIN.test(key.slice(0, slash)) && !index.hasKey(key)
}

const ROLES: ReadonlySet<string> = new Set(
  'leader follower master slave primary secondary replica active standby'.split(' '),
)

/** Replicated programs label their pods when they have agreed who leads: `role: leader` where the rest finds pods. */
function hasRole(selector: PodSelector, index: PodIndex): boolean {
  const lasting = selector.filter(
    ({ key, operator, values }) =>
      operator !== 'In' || !/role$/i.test(key) || !values.every(it => ROLES.has(it)),
  )
  return lasting.length > 0 && lasting.length < selector.length && index.select(lasting).length > 0
}

/** Templates compared one by one when no label leads to any; more would make many misses expensive. */
const MOST_CANDIDATES = 100

/** The template that meets most of the selector; its resource's own labels count when they meet all of it. */
function findNearMiss(selector: PodSelector, index: PodIndex, from: Resource): NearMiss | undefined {
  let best: NearMiss | undefined
  for (const template of listCandidates(selector, index)) {
    const { resource } = template
    const missed = selector.filter(it => !isMet(it, template))
    if (hasOnMetadata(template, selector))
      return { template, missed: missed.map(it => it.at), onMetadata: true }
    const related = missed.length < selector.length || resource.name === from.name
    if (related && (!best || missed.length < best.missed.length))
      best = { template, missed: missed.map(it => it.at), onMetadata: false }
  }
  return best
}

function listCandidates(selector: PodSelector, index: PodIndex): Iterable<PodTemplate> {
  const candidates = new Set<PodTemplate>(index.templates.slice(0, MOST_CANDIDATES))
  for (const { key, operator, values } of selector)
    if (operator === 'In' && values.length === 1)
      for (const it of index.withLabel(key, values[0]!).slice(0, MOST_CANDIDATES)) candidates.add(it)
  return candidates
}

/** A selector that only excludes is met by most labels, so that it tells nothing. */
function hasOnMetadata(template: PodTemplate, selector: PodSelector): boolean {
  const { resource } = template
  const asksFor = selector.some(it => it.operator === 'In' || it.operator === 'Exists')
  if (resource.kind === 'Pod' || !asksFor) return false
  return isSelected({ ...template, labels: readOwnLabels(resource) }, selector)
}

const readOwnLabels = memo(({ root }: Resource) => readLabels(root))
