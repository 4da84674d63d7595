/** Everything a run looks at, at one moment: parsed files, units, configuration. Deeply immutable. */
import type { Config } from '../config/config.ts'
import type { Graph } from '../graph/graph.ts'
import type { Apis } from '../kube/apis.ts'
import { listResources, type Resource } from '../kube/resource.ts'
import type { Rule } from '../rule.ts'
import { memo } from '../text/memo.ts'
import type { Source } from '../text/source.ts'
import type { Document } from '../yaml/document.ts'
import type { ChartProblem } from './charts.ts'
import type { CheckedChart } from './check-chart.ts'
import type { InventoryProblems, Skipped } from './finding.ts'
import type { FindFit } from './fit.ts'

/**
 * A document and what it is for. `manifest`: applied as it stands. `base`: named by a kustomization, so that something
 * else completes it. `patch`: a fragment, not judged alone. `other`: YAML that is no manifest; counted, not judged.
 */
export interface Entry {
  readonly document: Document
  readonly role: 'manifest' | 'base' | 'patch' | 'other'
}

export const isJudged = ({ role }: Entry): boolean => role === 'manifest' || role === 'base'

/** What references are resolved in: the plain files of a project, one chart rendering, one overlay build. */
export interface Unit {
  /** Shown in messages when there is more than one; `""` for plain files. */
  readonly name: string
  readonly entries: readonly Entry[]
  readonly graph: Graph
  /** Of a chart rendering, its folder and the values file it was rendered with. */
  readonly chart?: {
    readonly folder: string
    readonly values: string
    /** True where a place of a template has part in what is rendered. */
    readonly isRendered: (source: Source, offset: number) => boolean
  }
}

export interface Snapshot {
  readonly config: Config
  readonly rules: readonly Rule[]
  readonly apis: Apis
  readonly sources: ReadonlyMap<string, Source>
  readonly units: readonly Unit[]
  readonly skipped: readonly Skipped[]
  /** What stops charts from rendering. */
  readonly chartProblems: readonly ChartProblem[]
  /** What the rules about charts have found. */
  readonly checkedCharts: readonly CheckedChart[]
  /** How many charts were rendered. */
  readonly charts: number
  /** Where the pods go on the nodes of the inventory; absent without one. */
  readonly findFit?: FindFit
  /** What is odd in it. */
  readonly inventory?: InventoryProblems
}

/** The resources of a document, computed once. */
export const resourcesOf: (document: Document) => readonly Resource[] = memo(listResources)
