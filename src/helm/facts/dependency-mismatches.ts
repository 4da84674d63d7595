/** Sub-charts that are there in another version than Chart.yaml asks for, or that it does not ask for at all. */
import type { Location } from '../../text/source.ts'
import type { Dependency } from '../chart.ts'
import { sourceOf } from '../chart.ts'
import { isCompatible } from '../functions/semver.ts'
import type { ChartParts } from './chart-parts.ts'

export interface DependencyMismatch {
  readonly location: Location
  readonly name: string
  /** The version that is there. */
  readonly version: string
  /** The versions that Chart.yaml asks for; none when it does not name the chart. */
  readonly wanted: readonly string[]
}

/** A chart that names no dependency at all keeps its sub-charts by hand, which Helm allows. */
export function listDependencyMismatches({ chart }: ChartParts): DependencyMismatch[] {
  const dependencies = chart?.metadata.dependencies ?? []
  if (!chart || dependencies.length === 0) return []
  return chart.charts.flatMap(({ metadata: { name, version } }): DependencyMismatch[] => {
    const named = dependencies.filter(it => it.name === name)
    if (named.some(it => isCompatible(it.version, version))) return []
    const other = chart.charts.some(
      it => it.metadata.name === name && named.some(some => isCompatible(some.version, it.metadata.version)),
    )
    if (other) return []
    const location = placeOf(named[0]) ?? { source: sourceOf(chart.file), span: { start: 0, end: 0 } }
    return [{ location, name, version, wanted: named.map(it => it.version) }]
  })
}

const placeOf = (dependency: Dependency | undefined): Location | undefined =>
  dependency?.origin?.kind === 'values'
    ? { source: dependency.origin.source, span: dependency.origin.value }
    : undefined
