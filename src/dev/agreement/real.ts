/** Replays manifests of public repositories, and what kube-apiserver said about each: see `USAGE`. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { listResources } from '../../kube/resource.ts'
import { type CustomResource, linkCrd } from '../../kube/schema/crd.ts'
import { formatCanonical } from '../../schedule/json-fields.ts'
import type { Document } from '../../yaml/document.ts'
import { type FullParser, loadFullParser, parseSource } from '../../yaml/parse.ts'
import { createMeasures, type Measures } from './measures.ts'
import { readOptions } from './options.ts'
import type { Cause } from './server-cause.ts'
import { readTextLines } from './text-lines.ts'
import { type Verdict, verdict } from './verdict.ts'

const USAGE = `usage: npm run agreement -- real VERDICTS.jsonl.gz CHECKOUTS_FOLDER [--show N] [--kubernetes 1.36]
Below the folder: owner/name, owner+name or name. Definitions are named by VERDICTS-crds.jsonl.gz beside the verdicts.`

const MEASURES = ['documents matched', 'verdict', 'false rejects', 'misses', 'fields', 'messages', 'warnings']

/** A document and what the server said. `sha256` is that of its chunk; of an item of a List that of its JSON. */
interface Recorded {
  readonly repo: string
  readonly path: string
  readonly index: number
  readonly item?: number
  readonly sha256: string
  /** `state`: refused because of the cluster, so it says nothing about the manifest. */
  readonly class: 'ok' | 'exists' | 'manifest' | 'state'
  readonly code: number
  readonly message?: string
  readonly causes: readonly Cause[]
  readonly warnings: readonly string[]
  readonly crd?: string
}

interface RecordedCrd {
  readonly name: string
  readonly repo: string
  readonly path: string
  readonly index: number
}

export async function run(args: string[]): Promise<number> {
  const options = readOptions(args)
  const [verdicts, folder] = options.files
  if (verdicts === undefined || folder === undefined) {
    console.error(USAGE)
    return 2
  }
  const checkouts = openCheckouts(folder, await loadFullParser())
  const crds = await readCrds(verdicts.replace(/(\.jsonl(?:\.gz)?)$/, '-crds$1'), checkouts)
  const measures = createMeasures(options.show, ['false rejects', 'misses'])
  for await (const line of readTextLines(verdicts)) {
    const recorded = JSON.parse(line) as Recorded
    if (recorded.class === 'state') continue
    const definitions = crds(recorded.crd)
    // A definition that was rendered from a chart is not in the checkout, so nothing can be said about its objects.
    const document = recorded.crd && definitions.length === 0 ? undefined : checkouts.find(recorded)
    const place = `${recorded.repo} ${recorded.path} #${recorded.index}`
    measures.count('documents matched', document !== undefined, () => place)
    if (!document) continue
    const ours = verdict(document, { version: options.kubernetes ?? '1.36', crds: definitions })
    compare(measures, place, recorded, ours)
  }
  console.log(measures.format(MEASURES))
  return measures.share('verdict') < options.failBelow ? 1 : 0
}

function compare(measures: Measures, place: string, recorded: Recorded, ours: Verdict): void {
  const accepted = recorded.class !== 'manifest'
  const accepts = !ours.failure && ours.decodeError === undefined && ours.causes.length === 0
  const show = () =>
    `${place}\n  recorded ${accepted ? 'accepted' : (recorded.message ?? '').slice(0, 500)}\n  plimsoll ${ours.failure ?? ours.decodeError ?? ours.causes.map(it => `${it.field}: ${it.message}`).join(' | ')}`
  measures.count('verdict', accepted === accepts && ours.failure === undefined, show)
  if (accepted) measures.count('false rejects', accepts, show)
  else {
    measures.count('misses', !accepts && ours.failure === undefined, show)
    measures.count('fields', hasSameFields(recorded, ours), show)
    // Refusals to decode are told in the names of Go's types.
    if (recorded.code === 422) measures.count('messages', hasSameMessages(recorded, ours), show)
  }
  if (recorded.warnings.length + ours.warnings.length > 0)
    measures.count('warnings', isSameSet(recorded.warnings, ours.warnings), show)
}

/**
 * Fields that strict decoding refuses are recorded as causes of their own, repeated keys as one without a field; other
 * faults of decoding name no field either.
 */
function listOurs({ causes, decodeError }: Verdict): readonly Cause[] {
  if (decodeError === undefined) return causes
  const unknown = [...decodeError.matchAll(/unknown field "([^"]*)"/g)]
  const strict = unknown.map(([message, field]) => ({ reason: 'StrictDecoding', field: field!, message }))
  if (decodeError.includes('yaml: unmarshal errors'))
    strict.unshift({ reason: 'StrictDecoding', field: '', message: decodeError })
  return strict.length > 0 ? strict : [{ reason: 'BadRequest', field: '', message: decodeError }]
}

/** Admission looks for the namespace before anything is checked, so a namespace that cannot exist hides all else. */
function hasSameFields({ code, causes }: Recorded, ours: Verdict): boolean {
  if (code === 404) return ours.causes.some(it => it.field === 'metadata.namespace')
  return isSameSet(causes.map(keyOf), listOurs(ours).map(keyOf))
}

/** What the server draws by lot, identifiers of objects, is no part of the comparison. */
function hasSameMessages({ causes }: Recorded, ours: Verdict): boolean {
  const said = ours.causes.map(textOf)
  const known = said.join(' ')
  const recorded = causes.map(it => textOf(it).replaceAll(UUID, id => (known.includes(id) ? id : '<uid>')))
  return isSameSet(recorded, said)
}

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g

const textOf = (cause: Cause): string => `${keyOf(cause)} ${cause.message}`

const keyOf = ({ reason, field }: Cause): string => `${reason} ${field}`

const isSameSet = (a: readonly string[], b: readonly string[]): boolean =>
  new Set(a).size === new Set(b).size && a.every(it => b.includes(it))

interface Checkouts {
  /** The document with the recorded hash, or undefined when the checkout has another text there. */
  find(recorded: Recorded): Document | undefined
  /** The document at a place, whatever its text. */
  at(repo: string, file: string, index: number): Document | undefined
}

function openCheckouts(folder: string, full: FullParser): Checkouts {
  let last: { readonly file: string; readonly chunks: readonly string[] } | undefined
  const chunksOf = (repo: string, file: string): readonly string[] => {
    const found = foldersOf(folder, repo)
      .map(it => path.join(it, file))
      .find(it => existsSync(it) && statSync(it).isFile())
    if (!found) return []
    if (last?.file !== found) last = { file: found, chunks: splitChunks(readFileSync(found, 'utf8')) }
    return last.chunks
  }
  const parse = (text: string): Document | undefined => parseSource({ id: 'chunk', text }, full)?.[0]
  return {
    find({ repo, path: file, sha256, item }) {
      const chunks = chunksOf(repo, file)
      const chunk = item === undefined ? chunks.find(it => hash(it) === sha256) : undefined
      if (chunk !== undefined) return parse(chunk)
      for (const chunk of chunks)
        for (const resource of listItems(parse(chunk))) {
          const text = formatCanonical(resource)
          if (hash(text) === sha256 || hash(escapeUnicode(text)) === sha256) return parse(text)
        }
      return undefined
    },
    at: (repo, file, index) => parse(chunksOf(repo, file)[index] ?? ''),
  }
}

const listItems = (document: Document | undefined) =>
  document ? listResources(document).map(it => it.root.value) : []

/** As JSON encoders write it that keep to ASCII. */
const escapeUnicode = (text: string): string =>
  text.replaceAll(/[\u007f-\uffff]/g, it => `\\u${it.charCodeAt(0).toString(16).padStart(4, '0')}`)

const hash = (text: string): string => createHash('sha256').update(text).digest('hex')

const foldersOf = (folder: string, repo: string): string[] => [
  path.join(folder, repo),
  path.join(folder, repo.replace('/', '+')),
  path.join(folder, repo.slice(repo.indexOf('/') + 1)),
]

/** The texts between lines that begin with `---`, as they are written. */
function splitChunks(text: string): string[] {
  const chunks = ['']
  for (const line of text.split(/(?<=\n)/))
    if (/^---(?:\s|$)/.test(line)) chunks.push('')
    else chunks[chunks.length - 1] += line
  return chunks
}

async function readCrds(
  file: string,
  checkouts: Checkouts,
): Promise<(name: string | undefined) => readonly CustomResource[]> {
  const known = new Map<string, readonly CustomResource[]>()
  if (existsSync(file))
    for await (const line of readTextLines(file)) {
      const { name, repo, path: where, index } = JSON.parse(line) as RecordedCrd
      const document = checkouts.at(repo, where, index)
      const resource = document && linkCrd(document.value)
      if (resource) known.set(name, [resource])
    }
  const none: readonly CustomResource[] = []
  return name => known.get(name ?? '') ?? none
}
