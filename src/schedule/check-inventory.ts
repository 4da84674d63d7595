/** What is odd in the objects of an inventory: amounts, taints and priorities that no cluster would have. */

import type { InventoryProblem } from './cluster.ts'
import { type JsonRecord, readList, readPath, readRecord, readString } from './json-fields.ts'
import type { SchedulerNode } from './node.ts'
import { toAmount } from './resource-amount.ts'

/** Far above any machine: such a figure is a mistake in the file. */
const ABSURD = 2 ** 52
/** Not absurd, but more processors than machines have, and less memory than any: a unit is missing. */
const MOST_CPU = 3000
const LEAST_MEMORY = 16 * 2 ** 20

const join = (place: string, path: string): string => (place === '' ? path : `${place}.${path}`)

/** Odd amounts and taints of a node. */
export function checkNode(
  value: JsonRecord,
  { node, place }: { readonly node: SchedulerNode; readonly place: string },
): InventoryProblem[] {
  return [...checkAllocatable(value, node), ...checkTaints(value, node)].map(it => ({
    ...it,
    place: join(place, it.place),
  }))
}

function checkAllocatable(value: JsonRecord, { name: node, allocatable }: SchedulerNode): InventoryProblem[] {
  const problems: InventoryProblem[] = []
  const raw = readRecord(readPath(value, 'status', 'allocatable'))
  const report = (path: string, message: string): void => {
    problems.push({ place: `status.allocatable${path}`, message: `node "${node}" ${message}` })
  }
  if (Object.keys(raw).length === 0) {
    const capacity = readPath(value, 'status', 'capacity') !== undefined
    const hint = capacity ? '; the scheduler does not read capacity' : ''
    report('', `has no allocatable resources, so nothing fits on it${hint}`)
    return problems
  }
  for (const [name, quantity] of Object.entries(raw)) {
    const amount = toAmount(quantity)
    const at = `["${name}"]`
    if (amount === undefined)
      report(at, `has an allocatable ${name} that is not a quantity: ${JSON.stringify(quantity)}`)
    else if (amount.whole < 0) report(at, `has a negative allocatable ${name}; read as 0`)
    else if (amount.whole >= ABSURD)
      report(at, `has an allocatable ${name} beyond any machine: ${String(quantity)}`)
    else if (name === 'cpu' && amount.whole > MOST_CPU)
      report(at, `has ${amount.whole} processors; is the unit missing, as in ${amount.whole}m?`)
    else if (name === 'memory' && amount.whole > 0 && amount.whole < LEAST_MEMORY)
      report(at, `has ${amount.whole} bytes of memory; is the unit missing, as in ${String(quantity)}Gi?`)
  }
  if (!allocatable.has('pods')) report('', 'has no allocatable pods, so every pod is one too many')
  return problems
}

const EFFECTS: ReadonlySet<string> = new Set(['NoSchedule', 'PreferNoSchedule', 'NoExecute'])

function checkTaints(value: JsonRecord, { name }: SchedulerNode): InventoryProblem[] {
  return readList(readPath(value, 'spec', 'taints')).flatMap((it, index): InventoryProblem[] => {
    const effect = readString(readPath(it, 'effect'))
    if (EFFECTS.has(effect)) return []
    const message = `node "${name}" has a taint with the effect "${effect}", which the scheduler does not know; it keeps no pod away`
    return [{ place: `spec.taints[${index}]`, message }]
  })
}

/** Requests of a pod that nobody can mean. */
export function checkRequests(value: JsonRecord, place: string): InventoryProblem[] {
  const problems: InventoryProblem[] = []
  const spec = readRecord(readPath(value, 'spec'))
  for (const list of ['containers', 'initContainers']) {
    readList(spec[list]).forEach((container, index) => {
      for (const [name, quantity] of Object.entries(
        readRecord(readPath(container, 'resources', 'requests')),
      )) {
        const amount = toAmount(quantity)
        const isAbsurd = amount !== undefined && amount.whole >= ABSURD
        if (amount !== undefined && amount.whole >= 0 && !isAbsurd) continue
        problems.push({
          place: join(place, `spec.${list}[${index}].resources.requests["${name}"]`),
          message: isAbsurd
            ? `a request for more ${name} than any machine has: ${String(quantity)}`
            : `${JSON.stringify(quantity)} is not a quantity that can be requested; it does not count`,
        })
      }
    })
  }
  return problems
}

/** The highest priority that there is, `system-node-critical`. */
const HIGHEST = 2_000_001_000

/** A PriorityClass whose value is none. */
export function checkPriority(value: JsonRecord, place: string): InventoryProblem[] {
  const priority = value.value
  if (typeof priority === 'number' && Number.isInteger(priority) && Math.abs(priority) <= HIGHEST) return []
  const name = readString(readPath(value, 'metadata', 'name'))
  const message = `PriorityClass "${name}" has no value that a priority can have: ${JSON.stringify(priority ?? null)}`
  return [{ place: join(place, 'value'), message }]
}
