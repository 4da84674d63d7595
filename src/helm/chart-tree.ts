/** The charts of a rendering: what dependencies, conditions and aliases made of the loaded ones. Changed while they are worked out. */
import type { Chart, Dependency } from './chart.ts'
import type { Guard } from './template/origin.ts'
import type { Dict } from './template/value.ts'

export interface ChartNode {
  readonly chart: Chart
  /** The name, or the alias. */
  name: string
  values: Dict
  /** Undefined when the chart names none. */
  dependencies: Dependency[] | undefined
  children: ChartNode[]
  parent: ChartNode | undefined
  /** The values that decide whether it takes part. */
  guard: Guard | undefined
}

export function toTree(chart: Chart): ChartNode {
  const node: ChartNode = {
    chart,
    name: chart.metadata.name,
    values: chart.values,
    dependencies: chart.metadata.dependencies?.map(it => ({ ...it })),
    children: [],
    parent: undefined,
    guard: undefined,
  }
  setChildren(node, chart.charts.map(toTree))
  return node
}

export function setChildren(node: ChartNode, children: readonly ChartNode[]): void {
  node.children = [...children]
  for (const it of children) it.parent = node
}

/** `parent/charts/child`: what template names begin with. */
export function pathOf(node: ChartNode): string {
  return node.parent ? `${pathOf(node.parent)}/charts/${node.name}` : node.name
}
