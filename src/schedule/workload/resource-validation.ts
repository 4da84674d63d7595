/** Requests, limits and host ports that the API server's validation refuses in a pod. */

import { type JsonRecord, readList, readRecord } from '../json-fields.ts'
import { isGreaterAmount } from '../resource-amount.ts'
import { sumContainers } from './container-sums.ts'
import { formatQuantity, toQuantity } from './quantity-text.ts'

/**
 * Of `validateContainers` and `validatePodResources` what depends on resources and ports. `place`: where the spec is,
 * which may be that of a template.
 */
export function listInvalidResources(spec: JsonRecord, place = 'spec'): string[] {
  const problems: string[] = []
  for (const list of ['initContainers', 'containers']) {
    readList(spec[list]).forEach((it, index) => {
      checkRequests(readRecord(it).resources, `${place}.${list}[${index}]`, problems)
    })
  }
  checkPorts(spec, place, problems)
  if (spec.resources === undefined) return problems
  checkRequests(spec.resources, place, problems)
  checkPodLevel(spec, place, problems)
  return problems
}

/** `checkHostPortConflicts`: each container may hold a port of the node, and no two of them the same. */
function checkPorts(spec: JsonRecord, place: string, problems: string[]): void {
  const held = new Set<string>()
  readList(spec.containers).forEach((container, index) => {
    readList(readRecord(container).ports).forEach((it, at) => {
      const { protocol, hostIP, hostPort } = readRecord(it)
      if (typeof hostPort !== 'number' || hostPort === 0) return
      const port = `${protocol ?? 'TCP'}/${hostIP ?? ''}/${hostPort}`
      if (held.has(port)) {
        problems.push(
          `${place}.containers[${index}].ports[${at}].hostPort: Duplicate value: ${JSON.stringify(port)}`,
        )
      }
      held.add(port)
    })
  })
}

function checkRequests(value: unknown, place: string, problems: string[]): void {
  const { requests, limits } = readRecord(value)
  for (const [name, it] of Object.entries(readRecord(requests))) {
    const asked = toQuantity(it)
    const most = toQuantity(readRecord(limits)[name])
    if (asked === undefined || most === undefined || !isGreaterAmount(asked.amount, most.amount)) continue
    problems.push(
      `${place}.resources.requests: Invalid value: "${formatQuantity(asked)}": must be less than or equal to ${name} limit of ${formatQuantity(most)}`,
    )
  }
}

/** `validatePodResourceConsistency`: containers stay within what the pod as such has. */
function checkPodLevel(spec: JsonRecord, place: string, problems: string[]): void {
  const { requests, limits } = readRecord(spec.resources)
  for (const [name, together] of sumContainers(spec, 'requests')) {
    const asked = toQuantity(readRecord(requests)[name])
    if (asked === undefined || !isGreaterAmount(together.amount, asked.amount)) continue
    problems.push(
      `${place}.resources.requests[${name}]: Invalid value: "${formatQuantity(asked)}": must be greater than or equal to aggregate container requests of ${formatQuantity(together)}`,
    )
  }
  readList(spec.containers).forEach((it, index) => {
    for (const [name, value] of Object.entries(readRecord(readRecord(readRecord(it).resources).limits))) {
      const limit = toQuantity(value)
      const most = toQuantity(readRecord(limits)[name])
      if (limit === undefined || most === undefined || !isGreaterAmount(limit.amount, most.amount)) continue
      problems.push(
        `${place}.resources.containers[${index}][${name}].limits: Invalid value: "${formatQuantity(limit)}": must be less than or equal to pod limits of ${formatQuantity(most)}`,
      )
    }
  })
}
