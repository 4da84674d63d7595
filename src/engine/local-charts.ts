/** Charts that others name as `repository: file://…`: what `helm dependency build` would pack from beside them. */
import { joinPath } from '../text/paths.ts'
import type { Source } from '../text/source.ts'

/** On lines of its own, or in brackets. Blanks are taken by one part alone: texts may be megabytes of them. */
const LOCAL = /(?:^[ \t]*(?:- +)?|[{,][ \t]*)repository:[ \t]*["']?file:\/\/([^"'\s#,}]+)/gm
/** A chart of charts of charts; more is a circle or a mistake. */
const DEPTH = 4

/** Folders that the chart of a folder refers to, directly or by one of them, as far as the project has a chart there. */
export function listLocalCharts(folder: string, sources: ReadonlyMap<string, Source>): readonly string[] {
  const found = new Set<string>()
  let fresh = [folder]
  for (let depth = 0; depth < DEPTH && fresh.length > 0; depth++) {
    const named = fresh.flatMap(it => listNamed(it, sources))
    fresh = [...new Set(named)].filter(it => it !== folder && !found.has(it))
    for (const it of fresh) found.add(it)
  }
  return [...found]
}

/** Where a repository `file://…` of the chart in a folder lies; undefined for other repositories. */
export const toLocalFolder = (folder: string, repository: string): string | undefined =>
  repository.startsWith('file://') ? joinPath(folder, repository.slice('file://'.length)) : undefined

function listNamed(folder: string, sources: ReadonlyMap<string, Source>): string[] {
  const texts = ['Chart.yaml', 'requirements.yaml'].map(it => sources.get(joinPath(folder, it))?.text ?? '')
  return texts
    .flatMap(it => [...it.matchAll(LOCAL)])
    .map(([, path]) => joinPath(folder, path!))
    .filter(it => sources.has(joinPath(it, 'Chart.yaml')))
}
