/** The spread that scores assume for pods without constraints of their own (`helper.DefaultSelector`). */

import type { Cluster } from './cluster.ts'
import { HOSTNAME_KEY, ZONE_KEY } from './node.ts'
import type { PodShape, SpreadConstraint } from './pod.ts'
import { addRequirements, buildLabelSelector, isSelected, type Selector } from './selector.ts'

/** The system's default constraints for the pod; none when no Service or controller selects it. */
export function listDefaultSpread(
  shape: PodShape,
  cluster: Pick<Cluster, 'services' | 'owners'>,
): SpreadConstraint[] {
  const selector = findDefaultSelector(shape, cluster)
  if (selector.nothing || selector.requirements.length === 0) return []
  const rest = { required: false, selector, minDomains: 1, honorAffinity: true, honorTaints: false }
  return [
    { ...rest, topologyKey: HOSTNAME_KEY, maxSkew: 3 },
    { ...rest, topologyKey: ZONE_KEY, maxSkew: 5 },
  ]
}

function findDefaultSelector(shape: PodShape, cluster: Pick<Cluster, 'services' | 'owners'>): Selector {
  const labels = new Map<string, string>()
  for (const it of cluster.services) {
    if (it.namespace !== shape.namespace || !isSelected(buildLabelSelector(it.labels), shape.labels)) continue
    for (const [key, value] of it.labels) labels.set(key, value)
  }
  const selector = buildLabelSelector(labels)
  if (shape.owner === undefined) return selector
  const owner = cluster.owners.get(`${shape.owner.kind} ${shape.namespace}/${shape.owner.name}`)
  return owner === undefined ? selector : addRequirements(selector, owner.requirements)
}
