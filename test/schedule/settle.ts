/** Manifests settled on a cluster of 1.36, for tests of controllers and admission. */

import {
  createSimulation,
  type Simulation,
  type SimulationOptions,
  type WorkloadOutcome,
} from '../../src/schedule/workload/simulation.ts'
import { cluster } from './builders.ts'

export type Objects = readonly Record<string, unknown>[]

export interface Settled {
  readonly simulation: Simulation
  of(key: string): WorkloadOutcome
}

/** Applies batch after batch, each at once and then let settle. */
export function settle(
  objects: Objects,
  batches: readonly Objects[],
  options: SimulationOptions = {},
): Settled {
  const simulation = createSimulation(cluster(...objects), batches.flat(), options)
  for (const it of batches) simulation.applyAll(it)
  const outcomes = new Map(simulation.describe().map(it => [it.workload.key, it]))
  return { simulation, of: key => outcomes.get(key)! }
}

export interface WorkloadOptions {
  readonly spec?: Record<string, unknown>
  readonly pod?: Record<string, unknown>
  readonly requests?: Record<string, string>
  readonly limits?: Record<string, string>
}

/** A workload `web` whose pods have one container. */
export function workload(kind: string, options: WorkloadOptions = {}): Record<string, unknown> {
  const { requests, limits } = options
  const template = {
    metadata: { labels: { app: 'web' } },
    spec: { containers: [{ name: 'app', image: 'i', resources: { requests, limits } }], ...options.pod },
  }
  const selector = { matchLabels: { app: 'web' } }
  return { kind, metadata: { name: 'web' }, spec: { selector, template, ...options.spec } }
}
