/** DefaultPreemption: which pods of which node would have to go. */

import type { SchedulerNode } from '../../../src/schedule/node.ts'
import type { HostPort, SchedulerPod } from '../../../src/schedule/pod.ts'
import { splitByBudget } from '../../../src/schedule/preemption-budget.ts'
import {
  type ChosenCandidate,
  createCandidateSearch,
  findIneligibility,
  orderVictims,
  type PreemptionCandidate,
  sortByImportance,
} from '../../../src/schedule/preemption-order.ts'
import {
  countReason,
  formatHistogram,
  type Histogram,
  type NodeRejection,
  REASONS,
} from '../../../src/schedule/unschedulable-message.ts'
import type { PodVolumes } from '../../../src/schedule/volume-filters.ts'
import { checkNode } from './filters.ts'
import { listPodsOn, type View } from './view.ts'

export interface Preemption {
  /** What the plugin appends to the message when nothing can be evicted. */
  readonly message: string
  readonly candidate: ChosenCandidate | undefined
}

export function preempt(
  view: View,
  volumes: PodVolumes,
  rejections: ReadonlyMap<string, NodeRejection>,
): Preemption {
  const nominated = view.pod.nominatedNode
  const onNominated = rejections.get(nominated)?.resolvable === true ? view.running.get(nominated) : undefined
  const ineligible = findIneligibility(view.pod, onNominated)
  if (ineligible !== undefined) return { message: `preemption: ${ineligible}`, candidate: undefined }
  const histogram: Histogram = new Map()
  const search = createCandidateSearch([...rejections.values()].filter(it => it.resolvable).length)
  for (const node of view.cluster.nodes) {
    if (search.isOver()) break
    if (rejections.get(node.name)?.resolvable !== true) {
      countReason(histogram, REASONS.notHelpful)
      continue
    }
    const found = selectVictims(view, node, volumes)
    if ('reasons' in found) for (const it of found.reasons) countReason(histogram, it)
    else search.add(found)
  }
  const message = `preemption: ${formatHistogram(view.cluster.nodes.length, histogram)}`
  return { message, candidate: search.choose() }
}

/** `SelectVictimsOnNode`: all less important pods go, then come back as far as there is room. */
function selectVictims(
  view: View,
  node: SchedulerNode,
  volumes: PodVolumes,
): PreemptionCandidate | { readonly reasons: readonly string[] } {
  const potential = listPodsOn(view, node).filter(it => it.shape.priority < view.pod.shape.priority)
  if (potential.length === 0) return { reasons: [REASONS.noVictims] }
  let ports = listPodsOn(view, node).flatMap(it => it.shape.ports)
  for (const it of potential) ports = takePorts(ports, it)
  const check = (removed: readonly SchedulerPod[], portsOnTrial: readonly HostPort[]) =>
    checkNode({ ...removePods(view, node, removed), portsOnTrial }, node, volumes)
  const rejection = check(potential, ports)
  if (rejection !== undefined) return { reasons: rejection.reasons }
  const split = splitByBudget(sortByImportance(potential), view.cluster.budgets)
  const victims: SchedulerPod[] = []
  let gone: readonly SchedulerPod[] = potential
  let violations = 0
  for (const it of [...split.violating, ...split.harmless]) {
    const without = gone.filter(other => other !== it)
    ports = [...ports, ...it.shape.ports]
    if (check(without, ports) === undefined) gone = without
    else {
      ports = takePorts(ports, it)
      victims.push(it)
      if (split.violating.includes(it)) violations++
    }
  }
  return { node: node.name, victims: orderVictims(victims, split), violations }
}

/** Ports are a set: the first pod that leaves takes its ports along, whoever else holds them. */
function takePorts(ports: readonly HostPort[], { shape }: SchedulerPod): HostPort[] {
  return ports.filter(
    it => !shape.ports.some(own => own.ip === it.ip && own.protocol === it.protocol && own.port === it.port),
  )
}

function removePods(view: View, node: SchedulerNode, removed: readonly SchedulerPod[]): View {
  const running = new Map(view.running)
  running.set(
    node.name,
    listPodsOn(view, node).filter(it => !removed.includes(it)),
  )
  return { ...view, running, removed }
}
