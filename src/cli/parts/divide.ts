/** Which part of a divided run reads and judges which files. */
import { listLocalCharts } from '../../engine/local-charts.ts'
import { findChart, isPlainYaml, listChartFolders } from '../../engine/project.ts'
import type { Host, ListedFile } from '../../host/host.ts'
import { joinPath } from '../../text/paths.ts'
import type { Source } from '../../text/source.ts'

export interface PartFiles {
  readonly reads: readonly ListedFile[]
  /** Ids of the files that it judges. */
  readonly owns: ReadonlySet<string>
}

export interface Division {
  /** Folders of all charts. */
  readonly charts: ReadonlySet<string>
  readonly parts: readonly PartFiles[]
}

/**
 * Files cost about the same, be they of a chart or plain, so that each part gets as many. Charts stay whole, and with
 * them those that they name as `file://…`. `shared`: files that charts of any part may need. Undefined where a chart
 * cannot be told from plain files before all is read.
 */
export function divide(
  files: readonly ListedFile[],
  {
    count,
    host,
    shared,
  }: { readonly count: number; readonly host: Host; readonly shared: readonly string[] },
): Division | undefined {
  const charts = listChartFolders(files.map(it => it.id))
  const about = readAbout(charts, files, host)
  if (!about) return undefined
  const homes = new Map(files.map(it => [it.id, findChart(charts, it.id)]))
  const groups = groupCharts(charts, about)
  const sizes = new Map<number, number>()
  for (const home of homes.values())
    if (home !== undefined) sizes.set(groups.get(home)!, (sizes.get(groups.get(home)!) ?? 0) + 1)
  const loads = Array.from({ length: count }, () => 0)
  const give = (size: number): number => {
    const part = loads.indexOf(Math.min(...loads))
    loads[part]! += size
    return part
  }
  const bySize = [...sizes].sort(([, a], [, b]) => b - a)
  const partOf = new Map(bySize.map(([group, size]) => [group, give(size)]))
  const reads = loads.map((): ListedFile[] => [])
  const owns = loads.map(() => new Set(shared))
  for (const file of files) {
    const home = homes.get(file.id)
    const owner = home === undefined ? give(1) : partOf.get(groups.get(home)!)!
    owns[owner]!.add(file.id)
    const isForAll = isPlainYaml(file.id, charts) || home === undefined || shared.includes(file.id)
    for (let part = 0; part < count; part++) if (isForAll || part === owner) reads[part]!.push(file)
  }
  return { charts, parts: loads.map((_, i) => ({ reads: reads[i]!, owns: owns[i]! })) }
}

/** What says on which charts each depends; undefined where one cannot be read. */
function readAbout(
  charts: ReadonlySet<string>,
  files: readonly ListedFile[],
  host: Host,
): ReadonlyMap<string, Source> | undefined {
  const about = new Map<string, Source>()
  for (const { id } of files) {
    if (!/(?:^|\/)(?:Chart|requirements)\.yaml$/.test(id)) continue
    const { text } = host.read(id)
    if (text !== undefined) about.set(id, { id, text })
  }
  return [...charts].every(it => about.has(aboutFile(it))) ? about : undefined
}

/** The number of its group for each chart: those that name each other have the same. */
function groupCharts(
  charts: ReadonlySet<string>,
  about: ReadonlyMap<string, Source>,
): ReadonlyMap<string, number> {
  const groups = new Map([...charts].map((it, i) => [it, i]))
  for (const chart of charts)
    for (const named of listLocalCharts(chart, about)) {
      const other = groups.get(findChart(charts, aboutFile(named))!)!
      const own = groups.get(chart)!
      if (own === other) continue
      for (const [it, group] of groups) if (group === other) groups.set(it, own)
    }
  return groups
}

const aboutFile = (folder: string): string => joinPath(folder, 'Chart.yaml')
