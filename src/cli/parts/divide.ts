/** Which part of a divided run reads and judges which files. */
import { listLocalCharts } from '../../engine/local-charts.ts'
import { chartFileOf, findChart, isPlainYaml, listChartFolders } from '../../engine/project.ts'
import type { Host, ListedFile } from '../../host/host.ts'
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

/** Multiples of what the rendering of one file of a chart takes, a third of a millisecond. */
const COST = {
  /** To judge what a file of a chart makes. */
  judged: 0.3,
  /** To judge a plain file, or one of the definitions in `crds/`, which are long. */
  plain: 1,
  definition: 9,
  /** To start a thread; the first one runs already, and is given that much more where there is so much to do. */
  thread: 120,
} as const

/**
 * Parts wait for each other once, when all charts are rendered, so that both what comes before and what comes after is
 * shared out evenly. Charts stay whole, and with them those that they name as `file://…`. `shared`: files that charts
 * of any part may need. Undefined where a chart cannot be told from plain files before all is read.
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
  const balance = createBalance(count, Math.min(COST.thread, files.length / count / 4))
  const partOf = new Map(
    sumCosts(files, homes, groups).map(([group, cost]) => [group, balance.give(cost)] as const),
  )
  const forAll = new Set(shared)
  const parts = Array.from({ length: count }, () => ({ reads: [] as ListedFile[], owns: new Set(shared) }))
  for (const file of files) {
    const home = homes.get(file.id)
    const owner =
      home === undefined ? balance.give({ render: 0, judge: COST.plain }) : partOf.get(groups.get(home)!)!
    parts[owner]!.owns.add(file.id)
    const isForAll = home === undefined || isPlainYaml(file.id, charts) || forAll.has(file.id)
    parts.forEach((part, i) => {
      if (isForAll || i === owner) part.reads.push(file)
    })
  }
  return { charts, parts }
}

interface Cost {
  render: number
  judge: number
}

/** What each group of charts costs, the dearest first. */
function sumCosts(
  files: readonly ListedFile[],
  homes: ReadonlyMap<string, string | undefined>,
  groups: ReadonlyMap<string, number>,
): [number, Cost][] {
  const costs = new Map<number, Cost>()
  for (const { id } of files) {
    const home = homes.get(id)
    if (home === undefined) continue
    const group = groups.get(home)!
    const cost = costs.get(group) ?? { render: 0, judge: 0 }
    costs.set(group, cost)
    if (isPlainYaml(id, groups)) cost.judge += COST.definition
    else {
      cost.render++
      cost.judge += COST.judged
    }
  }
  return [...costs].sort(([, a], [, b]) => b.render + b.judge - (a.render + a.judge))
}

/** Gives each piece of work to the part with which all are ready soonest. */
function createBalance(count: number, start: number) {
  const loads = Array.from({ length: count }, (_, i): Cost => ({ render: i === 0 ? 0 : start, judge: 0 }))
  const most = (phase: keyof Cost, part: number, more: Cost): number =>
    Math.max(...loads.map((it, i) => it[phase] + (i === part ? more[phase] : 0)))
  return {
    give(cost: Cost): number {
      const ends = loads.map((_, i) => most('render', i, cost) + most('judge', i, cost))
      const soonest = Math.min(...ends)
      const total = ({ render, judge }: Cost): number => render + judge
      const [part] = loads
        .map((_, i) => i)
        .filter(i => ends[i] === soonest)
        .sort((a, b) => total(loads[a]!) - total(loads[b]!)) as [number]
      loads[part]!.render += cost.render
      loads[part]!.judge += cost.judge
      return part
    },
  }
}

/** What says on which charts each depends, read when it is asked; undefined where a chart cannot be read. */
function readAbout(
  charts: ReadonlySet<string>,
  files: readonly ListedFile[],
  host: Host,
): ReadonlyMap<string, Source> | undefined {
  const known = new Map<string, string | undefined>()
  const read = (id: string): string | undefined => {
    if (!known.has(id)) known.set(id, host.read(id).text)
    return known.get(id)
  }
  const about = new Map<string, Source>()
  for (const { id } of files)
    if (/(?:^|\/)(?:Chart|requirements)\.yaml$/.test(id))
      about.set(id, {
        id,
        get text() {
          return read(id) ?? ''
        },
      })
  return [...charts].every(it => read(chartFileOf(it)) !== undefined) ? about : undefined
}

/** The number of its group for each chart: those that name each other have the same. */
function groupCharts(
  charts: ReadonlySet<string>,
  about: ReadonlyMap<string, Source>,
): ReadonlyMap<string, number> {
  const groups = new Map([...charts].map((it, i) => [it, i]))
  for (const chart of charts)
    for (const named of listLocalCharts(chart, about)) {
      const other = groups.get(findChart(charts, chartFileOf(named))!)!
      const own = groups.get(chart)!
      if (own === other) continue
      for (const [it, group] of groups) if (group === other) groups.set(it, own)
    }
  return groups
}
