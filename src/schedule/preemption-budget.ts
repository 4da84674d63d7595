/** Disruption budgets while victims are chosen. */

import type { Budget } from './cluster.ts'
import type { SchedulerPod } from './pod.ts'
import { isSelected } from './selector.ts'

export interface BudgetSplit {
  readonly violating: readonly SchedulerPod[]
  readonly harmless: readonly SchedulerPod[]
}

/**
 * `filterPodsWithPDBViolation`: walks the pods in order and spends each budget they fall under.
 * A budget without selector, or with an empty one, guards nothing here.
 */
export function splitByBudget(pods: readonly SchedulerPod[], budgets: readonly Budget[]): BudgetSplit {
  const allowed = budgets.map(it => it.disruptionsAllowed)
  const violating: SchedulerPod[] = []
  const harmless: SchedulerPod[] = []
  for (const pod of pods) {
    let violated = false
    budgets.forEach((budget, index) => {
      if (pod.shape.labels.size === 0 || budget.namespace !== pod.namespace) return
      if (budget.selector.requirements.length === 0 || !isSelected(budget.selector, pod.shape.labels)) return
      if (budget.disrupted.has(pod.name)) return
      allowed[index]!--
      if (allowed[index]! < 0) violated = true
    })
    if (violated) violating.push(pod)
    else harmless.push(pod)
  }
  return { violating, harmless }
}
