/** What a run is given: texts that a host has read, and a way to packaged data. The engine itself reads nothing. */
import type { SetArgument } from '../helm/set-values.ts'
import type { SchemaLocation } from '../kube/schema/location.ts'
import type { Source } from '../text/source.ts'
import type { Skipped } from './finding.ts'
import type { Inventory } from './inventory.ts'
import type { Part } from './part.ts'

export interface Input {
  /** Every text below the given paths: YAML, JSON, and the files of charts and overlays. */
  readonly sources: readonly Source[]
  /** What the host could not read, and why. */
  readonly skipped: readonly Skipped[]
  /** Files of charts that are no text, or that only templates ask for, by id: packaged sub-charts, pictures, READMEs. */
  readonly blobs?: ReadonlyMap<string, Uint8Array>
  /** Values of the command line: every chart is rendered with them, too. */
  readonly givenValues?: GivenValues
  /** Where users keep JSON Schemas of their own, in the order in which they are asked; absent: ours alone. */
  readonly schemaPlaces?: readonly SchemaPlace[]
  /** Text of a file that a schema location names. */
  readonly readSchema?: ReadAsset
  /** The cluster that the manifests are for. */
  readonly inventory?: Inventory
  /** Custom resource definitions given for their schemas only; not judged. */
  readonly definitions?: readonly Source[]
  /** What is to be done of a run that is divided; absent: all of it. */
  readonly part?: Part
}

/** Values over those of a chart: files, the later winning, then arguments. */
export interface GivenValues {
  readonly files: readonly Source[]
  readonly sets: readonly SetArgument[]
}

/** Text of a packaged data file (`schemas/…`), or undefined when there is none of that name. */
export type ReadAsset = (name: string) => string | undefined

/** `default`: the schemas that plimsoll brings along. */
export type SchemaPlace = SchemaLocation | 'default'
