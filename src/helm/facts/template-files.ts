/** Files of the folder templates/ that Helm renders though they do not look like templates, and where output begins. */
import type { Location } from '../../text/source.ts'
import { sourceOf } from '../chart.ts'
import { extension } from '../functions/paths.ts'
import { placeInText } from '../problems.ts'
import type { ChartFact, ChartParts } from './chart-parts.ts'

/** As `helm lint` takes them. */
const EXTENSIONS: ReadonlySet<string> = new Set(['.yaml', '.yml', '.tpl', '.txt'])

export interface StrangeTemplate {
  readonly location: Location
  readonly extension: string
}

export function listStrangeTemplates({ chart }: ChartParts): StrangeTemplate[] {
  const strange = chart?.templates.filter(it => !EXTENSIONS.has(extension(it.name))) ?? []
  return strange.map(it => ({
    location: { source: sourceOf(it), span: { start: 0, end: 0 } },
    extension: extension(it.name),
  }))
}

/** First lines that are indented: Helm takes the blanks away, but not those of the lines below. */
export function listIndentedStarts({ chart, sets }: ChartParts): ChartFact[] {
  const found: ChartFact[] = []
  const own = `${chart?.metadata.name}/templates/`
  for (const { values, rendering } of sets)
    for (const [name, text] of rendering.files) {
      if (!name.startsWith(own) || !/\.ya?ml$/.test(name)) continue
      const start = text.text.search(/\S/)
      if (start <= 0 || text.text[start - 1] === '\n') continue
      const location = placeInText(text, { start, end: start + 1 })
      if (location) found.push({ location, values: [values] })
    }
  return found
}
