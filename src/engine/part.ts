/**
 * A run over much is divided among threads. Each part reads the plain files, since references lead anywhere among them,
 * and judges some; it renders and judges charts of its own. Parts tell each other what their charts make, once.
 */
import { listLinks } from '../graph/links.ts'
import type { Resource } from '../kube/resource.ts'
import type { Source } from '../text/source.ts'
import type { Document } from '../yaml/document.ts'
import type { RenderedChart } from './charts.ts'
import { DEFINITION, listDefinitions } from './definitions.ts'
import { resourcesOf } from './snapshot.ts'

export interface Part {
  /** Folders of the charts of all parts. */
  readonly charts: ReadonlySet<string>
  /** Whether this part judges the file with an id. */
  owns(id: string): boolean
  /** Gives what the charts of the other parts make. Each part calls it once, with what its own ones make. */
  exchange(made: readonly MadeByChart[]): Promise<readonly MadeByChart[]>
}

/** What others need of the renderings of a chart, as texts: nothing else can be handed from thread to thread. */
export interface MadeByChart {
  readonly folder: string
  /** Documents with definitions of custom resources. */
  readonly definitions: readonly Source[]
  /** All that any values make: what plain manifests refer to may be there. */
  readonly objects: readonly Source[]
}

/** What the charts of all other parts make. */
export interface MadeElsewhere {
  /** Documents with definitions, by the folder of the chart. */
  readonly definitions: ReadonlyMap<string, readonly Document[]>
  readonly objects: readonly Resource[]
}

export const NOTHING_ELSEWHERE: MadeElsewhere = { definitions: new Map(), objects: [] }

/** `plain` are the resources outside of charts. */
export async function exchangeMade(
  part: Part,
  charts: readonly RenderedChart[],
  plain: readonly Resource[],
  parse: (sources: readonly Source[]) => Promise<readonly Document[]>,
): Promise<MadeElsewhere> {
  const withObjects = plain.some(mayRefer)
  const made = await part.exchange(charts.flatMap(it => listMade(it, withObjects)))
  const definitions = new Map<string, readonly Document[]>()
  const objects: Resource[] = []
  for (const it of made) {
    definitions.set(it.folder, await parse(it.definitions))
    for (const document of await parse(it.objects)) objects.push(...resourcesOf(document))
  }
  return { definitions, objects }
}

/** Definitions of custom resources refer to webhooks at most, and most to nothing. */
const mayRefer = (it: Resource): boolean => it.kind !== DEFINITION || listLinks(it).length > 0

function listMade({ folder, sets }: RenderedChart, withObjects: boolean): MadeByChart[] {
  const definitions = listInstalled(sets).filter(it => listDefinitions([it]).length > 0)
  const objects = withObjects ? new Set(sets.flatMap(it => it.documents)) : []
  if (definitions.length === 0 && !withObjects) return []
  return [{ folder, definitions: definitions.map(toSource), objects: [...objects].map(toSource) }]
}

/** Every set of values installs the same definitions, or nearly so. */
export const listInstalled = (sets: RenderedChart['sets']): readonly Document[] => sets[0]?.documents ?? []

const toSource = ({ source: { id }, table: { text } }: Document): Source => ({ id, text })
