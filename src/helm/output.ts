/** What `helm template` prints: definitions, manifests and hooks with a line before each that names its file. */
import type { Source, Span } from '../text/source.ts'
import { sourceOf } from './chart.ts'
import { type ChartNode, pathOf } from './chart-tree.ts'
import { extension } from './functions/paths.ts'
import type { Manifest } from './manifests.ts'
import { derive } from './template/derivation.ts'
import type { DerivedOrigin } from './template/origin.ts'
import { plainText, type Text, TextBuilder, textOfFile, trimSpace } from './template/text.ts'

/** The output with the origin of each character. */
export interface MappedOutput {
  readonly text: Text
  /** In order, without gaps. */
  readonly documents: readonly MappedDocument[]
}

export interface MappedDocument extends Span {
  readonly path: string
  /** What decides whether the parts of its file are there, and so how the file is split and sorted. */
  readonly decided: DerivedOrigin | undefined
}

/** A file of `crds/`, which is printed as it is. */
export interface Crd {
  readonly path: string
  readonly source: Source
}

interface Parts {
  readonly manifests: readonly Manifest[]
  readonly hooks: readonly Manifest[]
}

export function formatOutput(crds: readonly Crd[], { manifests, hooks }: Parts): string {
  let text = ''
  for (const { path, source } of crds) text += `${header(path)}${source.text}\n`
  for (const { path, content } of manifests) text += `${header(path)}${content.text}\n`
  text = `${plainText(trimSpace(text))}\n`
  for (const { path, content } of hooks) text += `${header(path)}${content.text}\n`
  return text
}

/** What is printed, and the files it is made of: whole, by the name of the template. */
export interface OutputParts extends Parts {
  readonly crds: readonly Crd[]
  readonly files: ReadonlyMap<string, Text>
  /** Chart.yaml: the origin of an empty line where a chart renders nothing. */
  readonly about: Source
}

/** The same text with its origins: a header is the work of what made the first line below it. */
export function mapOutput({ crds, manifests, hooks, files, about }: OutputParts): MappedOutput {
  const printed: MappedDocument[] = []
  const builder = new TextBuilder()
  const add = (into: TextBuilder, path: string, content: Text): void => {
    const start = into.text.length
    const first = content.segments[0]!.piece
    // What stands between two documents belongs to both.
    const before = printed.at(-1)?.decided
    into.add(SEPARATOR, { ...first, literal: false, derived: derive(first.derived, before) as DerivedOrigin })
    into.add(sourceLine(path), { ...first, literal: false })
    into.append(content, first)
    into.add('\n', { ...content.segments.at(-1)!.piece, literal: false })
    printed.push({ path, start, end: into.text.length, decided: files.get(path)?.decided })
  }
  for (const { path, source } of crds) add(builder, path, textOfFile(path, source))
  for (const { path, content } of manifests) add(builder, path, content)
  const output = new TextBuilder()
  const text = trimSpace(builder.build()) as Text
  const last = text.segments.at(-1)?.piece ?? textOfFile(about.id, about).segments[0]!.piece
  output.append(text, last)
  output.add('\n', { ...last, literal: false })
  const end = printed.length
  for (const { path, content } of hooks) add(output, path, content)
  const documents = printed.map((it, i) => (i === end - 1 ? { ...it, end: text.text.length + 1 } : it))
  return { text: output.build(), documents }
}

const SEPARATOR = '---\n'
const sourceLine = (path: string): string => `# Source: ${path}\n`
const header = (path: string): string => SEPARATOR + sourceLine(path)

/** Definitions of custom resources of a chart and those below it. */
export function listCrds(node: ChartNode): Crd[] {
  const own = node.chart.files
    .filter(it => it.name.startsWith('crds/') && ['.yaml', '.yml', '.json'].includes(extension(it.name)))
    .map(it => ({ path: `${pathOf(node)}/${it.name}`, source: sourceOf(it) }))
  return [...own, ...node.children.flatMap(listCrds)]
}
