/** A chart as it was loaded: files, metadata, default values, sub-charts. Nothing is rendered or merged yet. */

import { memo } from '../text/memo.ts'
import type { Location, Source } from '../text/source.ts'
import type { Path } from '../yaml/json.ts'
import type { Origin } from './template/origin.ts'
import { decodeUtf8, encodeUtf8 } from './template/utf8.ts'
import type { Dict, Value } from './template/value.ts'

export interface ChartFile {
  /** Path inside the chart, with `/`. */
  readonly name: string
  /** Identity of the file for findings: the path from where the host looks, archives as folders. */
  readonly id: string
  /** Bytes, or the text where the host has read one. There is no byte order mark. */
  readonly content: Uint8Array | Source
}

/** The text of a file as a source, the same object every time. */
export const sourceOf = (file: ChartFile): Source =>
  file.content instanceof Uint8Array ? decoded(file) : file.content

const decoded = memo(
  ({ id, content }: ChartFile): Source => ({ id, text: decodeUtf8(content as Uint8Array) }),
)

/** The bytes of a file: few are asked for them, so that texts are encoded only then. */
export const bytesOf = ({ content }: ChartFile): Uint8Array =>
  content instanceof Uint8Array ? content : encoded(content)

const encoded = memo(({ text }: Source): Uint8Array => encodeUtf8(text))

export interface Dependency {
  name: string
  readonly version: string
  readonly repository: string
  readonly condition: string
  readonly tags: readonly string[]
  enabled: boolean
  readonly importValues: readonly Value[]
  readonly alias: string
  readonly origin: Origin | undefined
}

export interface Metadata {
  readonly name: string
  readonly home: string
  readonly sources: readonly string[]
  readonly version: string
  readonly description: string
  readonly keywords: readonly string[]
  readonly maintainers: readonly { readonly name: string; readonly email: string; readonly url: string }[]
  readonly icon: string
  readonly apiVersion: string
  readonly condition: string
  readonly tags: string
  readonly appVersion: string
  readonly deprecated: boolean
  readonly annotations: ReadonlyMap<string, string> | undefined
  readonly kubeVersion: string
  /** Undefined when neither Chart.yaml nor requirements.yaml has any. */
  readonly dependencies: readonly Dependency[] | undefined
  readonly type: string
}

export interface Chart {
  readonly metadata: Metadata
  /** Chart.yaml. */
  readonly file: ChartFile
  readonly values: Dict
  readonly schema: ChartFile | undefined
  readonly templates: readonly ChartFile[]
  /** Everything else: what `.Files` serves. */
  readonly files: readonly ChartFile[]
  readonly charts: readonly Chart[]
}

export type HelmProblemCode =
  | 'chart-invalid'
  | 'values-invalid'
  | 'values-schema'
  /** A part of values.schema.json is on the web, where Helm fetches it. */
  | 'schema-elsewhere'
  | 'dependency-missing'
  | 'kubernetes-incompatible'
  | 'library-chart'
  | 'template-syntax'
  | 'template-error'
  | 'template-fail'
  | 'manifest-invalid'
  | 'limit'

/** What is wrong with a chart, at the place to edit. */
export interface HelmProblem {
  readonly code: HelmProblemCode
  /** Helm's own words where it has any. */
  readonly message: string
  readonly location: Location | undefined
  /** The whole text that helm prints, where it differs: the trace through all includes. */
  readonly helmText?: string
  /** The include stack: further places that matter, the nearest first. */
  readonly related: readonly { readonly message: string; readonly location: Location }[]
  /** The value that it is about, and its path in the values file. */
  readonly value?: { readonly path: Path; readonly location: Location }
}

/** Stops loading or rendering; carries the problem that is reported. */
export class ChartError extends Error {
  readonly problem: HelmProblem

  constructor(code: HelmProblemCode, message: string, location?: Location, helmText?: string) {
    super(message)
    const problem = { code, message, location, related: [] }
    this.problem = helmText === undefined ? problem : { ...problem, helmText }
  }
}
