/** What the facts of a chart are worked out from. */
import type { Location, Source } from '../../text/source.ts'
import type { At } from '../../yaml/cursor.ts'
import type { Document } from '../../yaml/document.ts'
import type { Chart } from '../chart.ts'
import type { Rendering } from '../render-chart.ts'
import type { RenderedDocument } from '../rendered.ts'
import type { SetArgument } from '../set-values.ts'

/** A chart rendered with one set of values. */
export interface FactsSet {
  /** `values.yaml` for the defaults alone, else the id of the values file. */
  readonly values: string
  readonly rendering: Rendering
  readonly documents: readonly RenderedDocument[]
}

export interface ChartParts {
  readonly folder: string
  /** Chart.yaml and values.yaml, where they are there and readable. */
  readonly about: At | undefined
  readonly defaults: At | undefined
  /** Chart.yaml, values.yaml and the other values files. */
  readonly files: readonly Document[]
  /** Documents of the folder crds/, which Helm installs as they are. */
  readonly definitions: readonly Document[]
  /** Undefined when it cannot be loaded. */
  readonly chart: Chart | undefined
  readonly sets: readonly FactsSet[]
  /** The values files of the sets, without the chart's own. */
  readonly valuesFiles: readonly Source[]
  /** `--set` and the like. */
  readonly arguments: readonly SetArgument[]
  /** Names of sub-charts that are not there: nobody knows what they read and define. */
  readonly missing: readonly string[]
  /** Outermost charts of the project that have this one below them; they are loaded when they are asked for. */
  readonly listChartsAbove: () => readonly Chart[]
}

/** A place, and the values set that shows it; all do where it is absent. */
export interface ChartFact {
  readonly location: Location
  readonly values?: readonly string[]
}
