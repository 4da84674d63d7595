/** DefaultPreemption on counted state: pods are taken off a node on trial and put back. */

import type { HostPort, SchedulerPod } from '../pod.ts'
import { splitByBudget } from '../preemption-budget.ts'
import {
  type ChosenCandidate,
  createCandidateSearch,
  findIneligibility,
  orderVictims,
  type PreemptionCandidate,
  sortByImportance,
} from '../preemption-order.ts'
import { isSelected } from '../selector.ts'
import {
  countReason,
  formatHistogram,
  type Histogram,
  type NodeRejection,
  REASONS,
} from '../unschedulable-message.ts'
import { countExclusiveUses, type PodVolumes } from '../volume-filters.ts'
import { addToDomain } from './domain-counter.ts'
import type { TrialCounts } from './node-check.ts'
import type { PodClass } from './pod-class.ts'

/** The engine as trials need it. */
export interface Trial {
  readonly nodeCount: number
  readonly budgets: Parameters<typeof splitByBudget>[1]
  nameOf(node: number): string
  /** −1 for a node that is not there. */
  indexOf(name: string): number
  podsOn(node: number): readonly SchedulerPod[]
  /** Puts a list of pods back as it was. */
  restore(node: number, pods: readonly SchedulerPod[]): void
  readonly counts: TrialCounts
  countExclusive(volumes: PodVolumes): number
  /** Adds or takes away a pod, without telling anybody. */
  apply(pod: SchedulerPod, node: number, by: number): void
  check(podClass: PodClass, node: number, volumes: PodVolumes | undefined): NodeRejection | undefined
}

export interface Eviction {
  readonly message: string
  readonly candidate: ChosenCandidate | undefined
}

export interface EvictionRequest {
  readonly pod: SchedulerPod
  readonly podClass: PodClass
  readonly volumes: PodVolumes | undefined
  /** By index of the node. */
  readonly rejections: readonly (NodeRejection | undefined)[]
}

export function findEviction(trial: Trial, request: EvictionRequest): Eviction {
  const { pod, podClass, rejections, volumes } = request
  const { shape } = podClass
  const nominated = trial.indexOf(pod.nominatedNode)
  const onNominated = rejections[nominated]?.resolvable === true ? trial.podsOn(nominated) : undefined
  const ineligible = findIneligibility(pod, onNominated)
  if (ineligible !== undefined) return { message: `preemption: ${ineligible}`, candidate: undefined }
  const histogram: Histogram = new Map()
  const search = createCandidateSearch(countResolvable(rejections))
  for (let node = 0; node < trial.nodeCount && !search.isOver(); node++) {
    if (rejections[node]?.resolvable !== true) {
      countReason(histogram, REASONS.notHelpful)
      continue
    }
    const potential = listLesser(trial.podsOn(node), shape.priority)
    if (potential.length === 0) {
      countReason(histogram, REASONS.noVictims)
      continue
    }
    const before = trial.podsOn(node)
    const found = tryNode(trial, { podClass, volumes, node, potential })
    trial.restore(node, before)
    trial.counts.uses = undefined
    trial.counts.ports = undefined
    if ('reasons' in found) for (const it of found.reasons) countReason(histogram, it)
    else search.add(found)
  }
  return {
    message: `preemption: ${formatHistogram(trial.nodeCount, histogram)}`,
    candidate: search.choose(),
  }
}

function countResolvable(rejections: readonly (NodeRejection | undefined)[]): number {
  let count = 0
  for (const it of rejections) if (it?.resolvable === true) count++
  return count
}

const NOBODY: readonly SchedulerPod[] = []

/** Mostly there is nobody, on thousands of nodes. */
function listLesser(pods: readonly SchedulerPod[], priority: number): readonly SchedulerPod[] {
  for (const it of pods)
    if (it.shape.priority < priority) return pods.filter(other => other.shape.priority < priority)
  return NOBODY
}

interface Attempt {
  readonly podClass: PodClass
  readonly volumes: PodVolumes | undefined
  readonly node: number
  readonly potential: readonly SchedulerPod[]
}

function tryNode(
  trial: Trial,
  attempt: Attempt,
): PreemptionCandidate | { readonly reasons: readonly string[] } {
  const { podClass, volumes, node, potential } = attempt
  const { counts } = trial
  const check = (): NodeRejection | undefined => trial.check(podClass, node, volumes)
  const claims = volumes?.exclusive ?? []
  const move = (pod: SchedulerPod, by: number): void => {
    trial.apply(pod, node, by)
    if (counts.uses !== undefined) counts.uses += by * countExclusiveUses(claims, pod.shape)
    if (counts.ports !== undefined) movePorts(counts.ports, pod, by)
    if (pod.terminating) countTerminating(podClass, pod, { node, by })
  }
  // A claim in use counts once however many pods use it, but each of them takes one away.
  counts.uses = claims.length === 0 ? undefined : trial.countExclusive(volumes!)
  counts.ports = podClass.shape.ports.length === 0 ? undefined : new Map()
  if (counts.ports !== undefined) for (const it of trial.podsOn(node)) movePorts(counts.ports, it, 1)
  for (const it of potential) move(it, -1)
  const rejection = check()
  if (rejection !== undefined) {
    for (const it of potential) move(it, 1)
    return { reasons: rejection.reasons }
  }
  const split = splitByBudget(sortByImportance(potential), trial.budgets)
  const victims: SchedulerPod[] = []
  let violations = 0
  for (const it of [...split.violating, ...split.harmless]) {
    move(it, 1)
    if (check() === undefined) continue
    move(it, -1)
    victims.push(it)
    if (split.violating.includes(it)) violations++
  }
  for (const it of victims) move(it, 1)
  return { node: trial.nameOf(node), victims: orderVictims(victims, split), violations }
}

function movePorts(ports: Map<string, HostPort>, { shape }: SchedulerPod, by: number): void {
  for (const it of shape.ports) {
    const key = `${it.ip} ${it.protocol} ${it.port}`
    if (by > 0) ports.set(key, it)
    else ports.delete(key)
  }
}

/** Spread counts leave terminating pods out, yet kube-scheduler subtracts them when they are taken away on trial. */
function countTerminating(podClass: PodClass, pod: SchedulerPod, it: { node: number; by: number }): void {
  for (const { counter, constraint } of podClass.requiredSpread) {
    if (pod.namespace !== podClass.shape.namespace || constraint.selector.requirements.length === 0) continue
    if (isSelected(constraint.selector, pod.shape.labels)) addToDomain(counter, it.node, it.by)
  }
}
