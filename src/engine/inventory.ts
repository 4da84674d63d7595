/** Files that describe a running cluster: nodes, pods and the rest, as `kubectl get -o json` writes them. */
import { buildCluster, type Cluster, listInventoryObjects } from '../schedule/cluster.ts'
import { buildInventorySnapshot, type InventorySnapshot } from '../schedule/inventory-snapshot.ts'
import type { Location, Source } from '../text/source.ts'
import type { Document } from '../yaml/document.ts'
import type { Path } from '../yaml/json.ts'
import { type FullParser, parseSource } from '../yaml/parse.ts'

export interface PlacedProblem {
  readonly location: Location
  readonly message: string
}

export interface Inventory {
  readonly cluster: Cluster
  /** A file that is not whole is not used in part: nothing can be decided with it. */
  readonly broken: readonly PlacedProblem[]
  readonly problems: readonly PlacedProblem[]
  readonly documents: readonly Document[]
}

/** Undefined when a document needs the full parser and none is given: load it and call again. */
export function toInventory(
  sources: readonly Source[],
  minor: number,
  full?: FullParser,
): Inventory | undefined {
  const documents: Document[] = []
  for (const source of sources) {
    const parsed = parseSource(source, full)
    if (!parsed) return undefined
    for (const it of parsed) documents.push(it)
  }
  const broken = documents.flatMap(document =>
    document.problems
      .filter(it => it.code === 'syntax')
      .map(it => ({ location: document.place(it.span), message: it.message })),
  )
  const cluster = buildCluster(
    documents.map(it => it.value),
    { minor },
  )
  const problems = cluster.problems.map(({ place, message }) => {
    const path = toPath(place)
    const index = documents.length === 1 ? 0 : (path[0] as number)
    const below = documents.length === 1 ? path : path.slice(1)
    return { location: documents[index]!.locate(below), message }
  })
  return { cluster, broken, problems, documents }
}

/** The inventory cut down to what scheduling reads: fit to be kept beside the manifests. */
export const reduceInventory = ({ documents }: Inventory): InventorySnapshot =>
  buildInventorySnapshot(listInventoryObjects(documents.map(it => it.value)))

/** A path as the scheduling engine writes it, `items[3].status["a.b/c"]`, in steps. */
export function toPath(text: string): Path {
  const steps = text.matchAll(/\["(.*?)"\](?=[.[]|$)|\[(\d+)\]|([^.[\]]+)/g)
  return [...steps].map(([, quoted, index, name]) =>
    index === undefined ? (quoted ?? name!) : Number(index),
  )
}
