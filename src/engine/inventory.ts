/** Files that describe a running cluster: nodes, pods and the rest, as `kubectl get -o json` writes them. */
import { buildCluster, type Cluster, listInventoryObjects } from '../schedule/cluster.ts'
import { buildInventorySnapshot, reduceObject } from '../schedule/inventory-snapshot.ts'
import { type JsonRecord, readList, readPath, readRecord } from '../schedule/json-fields.ts'
import { type Position, positionAt } from '../text/lines.ts'
import type { Document } from '../yaml/document.ts'
import type { Path } from '../yaml/json.ts'
import { loadFullParser, parseSource } from '../yaml/parse.ts'
import {
  addPositions,
  findPositions,
  type InventoryDocument,
  type InventoryFile,
  locatePaths,
  NO_JSON,
  readJsonInventory,
} from './inventory-json.ts'

/** A problem at a place of an inventory; lines and columns from 0. */
export interface PlacedProblem extends Position {
  readonly file: string
  readonly message: string
}

export interface Inventory {
  readonly cluster: Cluster
  /** Ids of its files. */
  readonly files: ReadonlySet<string>
  /** A file that is not whole is not used in part: nothing can be decided with it. */
  readonly broken: readonly PlacedProblem[]
  /** The first of what is odd; those not listed are counted. */
  readonly problems: readonly PlacedProblem[]
  readonly unlisted: number
  /** What the reader of a verdict should know of the inventory as a whole. */
  readonly notes: readonly string[]
  /** Its documents, cut down to what is read. */
  readonly values: readonly unknown[]
}

/** Reads files whole. Asynchronous only because the full YAML parser is loaded when something needs it. */
export async function readInventory(files: readonly InventoryFile[], minor: number): Promise<Inventory> {
  const readings: Reading[] = []
  for (const it of files) readings.push(await readFile(it))
  const documents = readings.flatMap(reading => reading.documents.map(document => ({ reading, document })))
  const values = documents.map(it => it.document.value)
  const cluster = buildCluster(values, { minor })
  const listed = cluster.problems.slice(0, MOST_PROBLEMS).map(({ place, message }) => {
    const path = toPath(place)
    const index = documents.length === 1 ? 0 : (path[0] as number)
    return { ...documents[index]!, path: documents.length === 1 ? path : path.slice(1), message }
  })
  const problems: PlacedProblem[] = []
  for (const reading of readings) {
    if (reading.documents.length === 0 && reading.broken.length === 0)
      problems.push({ file: reading.file.id, line: 0, column: 0, message: 'the file is empty' })
    const own = listed.filter(it => it.reading === reading)
    const positions = own.length > 0 ? await reading.locate(own) : []
    own.forEach(({ message }, i) => {
      problems.push({ file: reading.file.id, ...positions[i]!, message })
    })
  }
  return {
    cluster,
    files: new Set(files.map(it => it.id)),
    broken: readings.flatMap(it => it.broken),
    problems,
    unlisted: cluster.problems.length - listed.length,
    notes: listNotes(cluster, values),
    values,
  }
}

/** More of the same kind help nobody. */
const MOST_PROBLEMS = 100

interface Place {
  readonly document: InventoryDocument
  readonly path: Path
}

interface Reading {
  readonly file: InventoryFile
  readonly documents: readonly InventoryDocument[]
  readonly broken: readonly PlacedProblem[]
  /** Something about the text was complained of, if only that readers may differ. */
  readonly isOdd: boolean
  locate(places: readonly Place[]): Promise<Position[]>
}

/** JSON first, as kubectl does; what is none may be YAML unless it is too large for a text. */
async function readFile(file: InventoryFile): Promise<Reading> {
  const head = file.slice(0, 1024)
  const isWide = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)
  if (isWide || !looksLikeJson(head)) return readText(file)
  const { documents, fault } = readJsonInventory(file)
  if (fault === undefined)
    return {
      file,
      documents,
      broken: [],
      isOdd: false,
      locate: async places => locatePaths(file, places, await loadFullParser()),
    }
  const other = await readText(file)
  if (!other.isOdd) return other
  const broken = [await placeFault(file, fault)]
  return { file, documents: [], broken, isOdd: true, locate: async () => [] }
}

const looksLikeJson = (head: Uint8Array): boolean =>
  /^\ufeff?\s*[{[]/.test(new TextDecoder('utf-8', { ignoreBOM: true }).decode(head))

/** The scanner knows which object it is, the parser of YAML what is wrong in it. */
async function placeFault(
  file: InventoryFile,
  { offset, message }: { readonly offset: number; readonly message: string },
): Promise<PlacedProblem> {
  const [start] = findPositions(file, [offset])
  const text = new TextDecoder().decode(file.slice(offset, offset + FAULTY))
  const source = { id: file.id, text }
  const [document] = parseSource(source, await loadFullParser()) ?? []
  const problem = message === NO_JSON ? document?.problems.find(it => it.code === 'syntax') : undefined
  if (!problem) return { file: file.id, ...start!, message }
  const within = positionAt(source, problem.span.start)
  return { file: file.id, ...addPositions(start!, within), message: problem.message }
}

/** As much of a broken object is looked at. */
const FAULTY = 256 * 1024

async function readText(file: InventoryFile): Promise<Reading> {
  const nothing = { file, documents: [], locate: async () => [] }
  const fail = (message: string): Reading => ({
    ...nothing,
    isOdd: true,
    broken: [{ file: file.id, line: 0, column: 0, message }],
  })
  const { text, problem } = file.read()
  if (text === undefined)
    return fail(`${problem?.reason ?? 'cannot be read'}; \`kubectl get -o json\` may be of any size`)
  const source = { id: file.id, text }
  const parsed = parseSource(source) ?? parseSource(source, await loadFullParser())!
  const documents = parsed.map(toTextDocument)
  const known = new Map<InventoryDocument, Document>(documents.map((it, i) => [it, parsed[i]!]))
  return {
    file,
    documents,
    isOdd: parsed.some(it => it.problems.length > 0),
    broken: parsed.flatMap(document =>
      document.problems
        .filter(it => it.code === 'syntax')
        .map(it => ({ file: file.id, ...positionAt(source, it.span.start), message: it.message })),
    ),
    locate: async places =>
      places.map(it => positionAt(source, known.get(it.document)!.locate(it.path).span.start)),
  }
}

const toTextDocument = (document: Document): InventoryDocument => ({
  value: reduceObject(document.value),
  find: path => ({ range: document.span, below: path }),
})

function listNotes({ nodes, pods, pending }: Cluster, values: readonly unknown[]): string[] {
  const notes: string[] = []
  if (nodes.length > 0 && pods.length === 0 && pending.length === 0)
    notes.push('the inventory has no pods, so every node counts as empty: kubectl get nodes,pods -A -o json')
  const asleep = listInventoryObjects(values).filter(isAsleep).map(nameOf)
  if (asleep.length > 0)
    notes.push(
      `nodes that are not ready and have no taint that says so, as real ones would: ${formatSome(asleep)}; pods are placed on them all the same`,
    )
  return notes
}

const ASLEEP: readonly unknown[] = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']

function isAsleep(object: JsonRecord): boolean {
  const [ready] = readList(readPath(object.status, 'conditions')).map(readRecord)
  const taints = readList(readPath(object.spec, 'taints')).map(readRecord)
  return (
    object.kind === 'Node' &&
    ready?.type === 'Ready' &&
    ready.status !== 'True' &&
    !taints.some(it => ASLEEP.includes(it.key))
  )
}

const nameOf = (object: JsonRecord): string => `"${String(readPath(object.metadata, 'name'))}"`

const MOST_NAMED = 5

const formatSome = (names: readonly string[]): string =>
  names.length > MOST_NAMED
    ? `${names.slice(0, MOST_NAMED).join(', ')} and ${names.length - MOST_NAMED} more`
    : names.join(', ')

/**
 * The inventory cut down to what scheduling reads, fit to be kept beside the manifests: pieces of JSON, an object a line.
 * All of them together may be more than one text can hold.
 */
export function* listSnapshotPieces({ values }: Inventory): Iterable<string> {
  const { apiVersion, kind } = buildInventorySnapshot([])
  let before = `{ "apiVersion": "${apiVersion}", "kind": "${kind}", "items": [\n`
  for (const object of listInventoryObjects(values))
    for (const item of buildInventorySnapshot([object]).items) {
      yield `${before}${JSON.stringify(item)}`
      before = ',\n'
    }
  yield before === ',\n' ? '\n] }\n' : `${before}] }\n`
}

/** A path as the scheduling engine writes it, `items[3].status["a.b/c"]`, in steps. */
export function toPath(text: string): Path {
  const steps = text.matchAll(/\["(.*?)"\](?=[.[]|$)|\[(\d+)\]|([^.[\]]+)/g)
  return [...steps].map(([, quoted, index, name]) =>
    index === undefined ? (quoted ?? name!) : Number(index),
  )
}
