/** A rendered manifest as a document like any other: paths lead to the template, `origins` to the values key as well. */
import type { Location, Source, Span } from '../text/source.ts'
import type { Parsed } from '../yaml/chunk.ts'
import { atRoot } from '../yaml/cursor.ts'
import { toJson } from '../yaml/decode.ts'
import type { Document, Lowered, Part, Patch, Problem } from '../yaml/document.ts'
import type { Json, Path } from '../yaml/json.ts'
import { partSpan, walkPath } from '../yaml/locate.ts'
import type { Table } from '../yaml/table.ts'
import type { Manifest } from './manifests.ts'
import { findPrintedWhole } from './printed-whole.ts'
import { listOrigins, type OriginPlace, placeInText, toOriginPlace } from './problems.ts'
import type { Rendering } from './render-chart.ts'
import { lowerRenderedPatch, type PatchPlace, type Printed, toPrinted } from './rendered-edits.ts'
import { isSameText } from './same-text.ts'

export interface RenderedDocument extends Document {
  readonly manifest: Manifest
  /** What made a span of the rendered text: the template first, then values, then includes from the inside out. */
  origins(span: Span): readonly OriginPlace[]
  whole(path: Path): OriginPlace | undefined
}

/** A values file whose text is ours to rewrite, as a document. */
export type ValuesFile = (source: Source) => Document | undefined

/**
 * The documents of each rendering of a chart. Most values leave most manifests as they are: what several renderings have
 * made in the same way is one document, which is read and checked once.
 */
export function listSharedDocuments(
  renderings: readonly Rendering[],
  valuesFile: ValuesFile = () => undefined,
): RenderedDocument[][] {
  const byText = new Map<string, Shared[]>()
  const byRendering = new Map<Rendering, RenderedDocument[]>()
  return renderings.map(rendering => {
    const same = byRendering.get(rendering)
    if (same) return same
    const documents: RenderedDocument[] = []
    byRendering.set(rendering, documents)
    const printed = toPrinted(rendering)
    for (const manifest of [...rendering.manifests, ...rendering.hooks]) {
      const { text } = manifest.content
      const known = byText.get(text) ?? []
      const shared = known.find(it => isShared(it, manifest, printed))
      if (shared) {
        shared.renderings.push(printed)
        documents.push(shared.document)
        continue
      }
      const own = [printed]
      const document = toDocument(manifest, rendering, { renderings: own, valuesFile })
      if (!document) continue
      documents.push(document)
      byText.set(text, [...known, { document, renderings: own }])
    }
    return documents
  })
}

interface Shared {
  readonly document: RenderedDocument
  readonly renderings: Printed[]
}

/** A rendering that makes the same twice has two documents. */
const isShared = ({ document, renderings }: Shared, manifest: Manifest, printed: Printed): boolean =>
  renderings.at(-1) !== printed &&
  document.manifest.path === manifest.path &&
  isSameText(document.manifest.content, manifest.content)

/** Hooks that helm leaves out. */
export const listDroppedDocuments = (rendering: Rendering): RenderedDocument[] =>
  rendering.dropped.flatMap(
    it =>
      toDocument(it, rendering, { renderings: [toPrinted(rendering)], valuesFile: () => undefined }) ?? [],
  )

function toDocument(
  manifest: Manifest,
  { sources }: Rendering,
  around: Around,
): ManifestDocument | undefined {
  const { parsed } = manifest
  const source = sources.get(manifest.path)
  return parsed && source && new ManifestDocument(manifest, source, parsed, around)
}

type Around = Omit<PatchPlace, 'document'>

class ManifestDocument implements RenderedDocument {
  readonly manifest: Manifest
  readonly source: Source
  readonly span: Span
  readonly table: Table
  readonly problems: readonly Problem[]
  private readonly around: Around
  private known: { readonly value: Json } | undefined

  constructor(manifest: Manifest, source: Source, { table, problems }: Parsed, around: Around) {
    this.manifest = manifest
    this.source = source
    this.table = table
    this.problems = problems
    this.around = around
    this.span = { start: 0, end: manifest.content.text.length }
  }

  get value(): Json {
    this.known ??= { value: toJson(this.table, 0) }
    return this.known.value
  }

  place(span: Span): Location {
    return placeInText(this.manifest.content, span) ?? { source: this.source, span: { start: 0, end: 0 } }
  }

  locate(path: Path, part: Part = 'value'): Location {
    return this.place(this.spanOf(path, part))
  }

  origins(span: Span): readonly OriginPlace[] {
    return listOrigins(this.manifest.content, span)
  }

  whole(path: Path): OriginPlace | undefined {
    const at = atRoot(this).get(...path)
    const value = at && findPrintedWhole(this.manifest.content, at)
    return value && toOriginPlace(value)
  }

  /** Templates and values are edited, not what they make. */
  lower(patch: Patch): Lowered {
    return lowerRenderedPatch({ document: this, ...this.around }, patch)
  }

  private spanOf(path: Path, part: Part): Span {
    const { place, steps } = walkPath(this.table, path)
    return partSpan(this.table, place, steps === path.length ? part : 'key')
  }
}
