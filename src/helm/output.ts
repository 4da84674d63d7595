/** What `helm template` prints: definitions, manifests and hooks with a line before each that names its file. */
import type { Source } from '../text/source.ts'
import { sourceOf } from './chart.ts'
import { type ChartNode, pathOf } from './chart-tree.ts'
import { extension } from './functions/paths.ts'
import type { Manifest } from './manifests.ts'
import type { Piece } from './template/origin.ts'
import { plainText, type Text, TextBuilder, trimSpace } from './template/text.ts'

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

/** The same text with its origins: a header is the work of what made the first line below it. */
export function mapOutput(crds: readonly Crd[], { manifests, hooks }: Parts): Text {
  const builder = new TextBuilder()
  for (const { path, source } of crds) {
    const piece = pieceOfFile(path, source)
    builder.add(header(path), { ...piece, literal: false })
    builder.add(source.text, piece, 0)
    builder.add('\n', { ...piece, literal: false })
  }
  for (const it of manifests) addManifest(builder, it)
  const output = new TextBuilder()
  const trimmed = trimSpace(builder.build()) as Text
  const last = trimmed.segments.at(-1)?.piece
  if (last) {
    output.append(trimmed, last)
    output.add('\n', { ...last, literal: false })
  } else output.text = '\n'
  for (const it of hooks) addManifest(output, it)
  return output.build()
}

function addManifest(builder: TextBuilder, { path, content }: Manifest): void {
  const first = content.segments[0]!.piece
  const last = content.segments.at(-1)!.piece
  builder.add(header(path), { ...first, literal: false })
  builder.append(content, first)
  builder.add('\n', { ...last, literal: false })
}

const header = (path: string): string => `---\n# Source: ${path}\n`

const pieceOfFile = (name: string, source: Source): Piece => ({
  template: { name, text: source.text, file: source, made: undefined },
  span: { start: 0, end: source.text.length },
  frame: { parent: undefined, name, call: undefined },
  literal: true,
  value: undefined,
  derived: undefined,
  guard: undefined,
  unstable: false,
})

/** Definitions of custom resources of a chart and those below it. */
export function listCrds(node: ChartNode): Crd[] {
  const own = node.chart.files
    .filter(it => it.name.startsWith('crds/') && ['.yaml', '.yml', '.json'].includes(extension(it.name)))
    .map(it => ({ path: `${pathOf(node)}/${it.name}`, source: sourceOf(it) }))
  return [...own, ...node.children.flatMap(listCrds)]
}
