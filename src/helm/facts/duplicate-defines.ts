/** Named templates that are defined twice with different bodies: the last one that Helm parses wins without a word. */
import type { Location } from '../../text/source.ts'
import type { Template } from '../template/ast.ts'
import type { ChartParts } from './chart-parts.ts'

export interface DuplicateDefine {
  readonly name: string
  /** The definition that loses. */
  readonly location: Location
  readonly winner: Location
}

/** Of definitions in the chart's own files; a sub-chart that is there twice brings its own twice, and that is no news. */
export function listDuplicateDefines({ chart, sets: [first] }: ChartParts): DuplicateDefine[] {
  const byName = new Map<string, Template[]>()
  const templates = first?.rendering.templates ?? []
  for (let i = 0; i < templates.length; i++) {
    const it = templates[i]!
    if (!it.nameSpan || it.isEmpty || !it.source.file) continue
    const same = byName.get(it.name)
    if (same) same.push(it)
    else byName.set(it.name, [it])
  }
  const own = `${chart?.metadata.name}/templates/`
  const found: DuplicateDefine[] = []
  byName.forEach((all, name) => {
    if (all.length === 1) return
    const winner = all.at(-1)!
    for (const loser of all.slice(0, -1)) {
      const isOwn = [winner, loser].some(it => it.source.name.startsWith(own))
      if (isOwn && winner.source.file !== loser.source.file && bodyOf(winner) !== bodyOf(loser))
        found.push({ name, location: placeOf(loser), winner: placeOf(winner) })
    }
  })
  return found
}

const placeOf = ({ source, nameSpan }: Template): Location => ({ source: source.file!, span: nameSpan! })

/** What stands in the definition, blanks made equal. */
function bodyOf({ source, body }: Template): string {
  const start = body[0]!.start
  return source.text.slice(start, body.at(-1)!.end).replaceAll(/\s+/g, ' ').trim()
}
