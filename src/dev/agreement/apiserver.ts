/** Replays manifests put to a real kube-apiserver, and what it said about each: see `usage`. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Cluster } from '../../kube/api/field.ts'
import { type CustomResource, linkCrd } from '../../kube/schema/crd.ts'
import { atRoot } from '../../yaml/cursor.ts'
import type { Document } from '../../yaml/document.ts'
import type { Json, JsonObject } from '../../yaml/json.ts'
import { type FullParser, loadFullParser, parseSource } from '../../yaml/parse.ts'
import { createMeasures, type Measures } from './measures.ts'
import { readOptions } from './options.ts'
import { readPosted } from './posted-text.ts'
import type { Cause } from './server-cause.ts'
import { readTextLines } from './text-lines.ts'
import { type Verdict, verdict } from './verdict.ts'

const USAGE = `usage: npm run agreement -- apiserver CASES.in.jsonl.gz CASES.out.jsonl.gz
  [--show N] [--kubernetes 1.36] [--fail-below PERCENT]
Definitions that cases name stand in crds.jsonl.gz beside the cases. "cel" counts the cases in which rules of
definitions have a say, answers compared to the last line.`

const MEASURES = ['verdict', 'false rejects', 'fields', 'messages', 'warnings', 'cel']
const SANCTIONED = 'refused on purpose: node ports that a dry run takes and a real request does not'

interface Case {
  readonly id: string
  readonly minor: string
  readonly rule?: string
  readonly yaml?: string
  /** What a text was posted as: `apps/v1/Deployment`. */
  readonly target?: string
  readonly crds?: readonly string[]
  /** What was stored before, for an update. */
  readonly old?: JsonObject
}

interface Recorded {
  readonly id: string
  readonly code: number
  readonly message?: string
  readonly causes: readonly Cause[]
  readonly warnings: readonly string[]
}

export async function run(args: string[]): Promise<number> {
  const options = readOptions(args)
  const [input, output] = options.files
  if (input === undefined || output === undefined) {
    console.error(USAGE)
    return 2
  }
  const full = await loadFullParser()
  const crds = await readDefinitions(path.join(path.dirname(input), 'crds.jsonl.gz'), full)
  const measures = createMeasures(options.show, ['false rejects'])
  let sanctioned = 0
  const answers = readTextLines(output)
  for await (const line of readTextLines(input)) {
    const answer = await answers.next()
    if (answer.done) throw new Error(`${output} has fewer lines than ${input}`)
    const recorded = JSON.parse(answer.value) as Recorded
    const { document, given } = readCase(line, full)
    if (given.id !== recorded.id) throw new Error(`${given.id} stands beside ${recorded.id}`)
    const request = {
      version: options.kubernetes ?? given.minor,
      crds: crds(given.crds ?? []),
      cluster: CLUSTER,
      ...(given.target !== undefined && { target: given.target }),
      ...(given.old && { old: given.old }),
    }
    const ours = verdict(document, request)
    if (isTaken(recorded) && isNodePortRefusal(ours)) sanctioned++
    else {
      compare(measures, given, recorded, ours)
      if (hasRules(line, request.crds)) compareWhole(measures, given, recorded, ours)
    }
  }
  console.log(measures.format(MEASURES))
  if (sanctioned > 0) console.log(`${SANCTIONED}: ${sanctioned}`)
  return measures.share('verdict') < options.failBelow ? 1 : 0
}

/** What is known about the cluster that was asked. */
const CLUSTER: Cluster = { serviceFamilies: ['IPv4'], namespaceLabels: {} }

/** A manifest is taken as it is written in the line: a number that JavaScript cannot hold must not be rounded. */
function readCase(line: string, full: FullParser): { document: Document; given: Case } {
  const given = JSON.parse(line) as Case
  if (given.yaml !== undefined) return { document: readPosted(given.yaml, full), given }
  const at = atRoot(parse(line, full)).get('manifest')!
  const { start, end } = at.span()
  return { document: parse(line.slice(start, end), full), given }
}

const parse = (text: string, full: FullParser): Document => parseSource({ id: 'case', text }, full)![0]!

const isTaken = ({ code }: Recorded): boolean => code === 200 || code === 201

/** A dry run allocates no node ports, so it does not see that one is out of range. */
const isNodePortRefusal = ({ causes }: Verdict): boolean =>
  causes.length > 0 && causes.every(it => it.message.includes('provided port is not in the valid range'))

function compare(measures: Measures, given: Case, recorded: Recorded, ours: Verdict): void {
  const label = `${given.id} (${given.rule ?? ''})`
  // Admission refuses for the state of the cluster, before validation: that says nothing about the manifest.
  const isState = recorded.code === 403 || recorded.code === 404
  const accepted = isState || isTaken(recorded)
  const accepts = !ours.failure && ours.decodeError === undefined && ours.causes.length === 0
  const show = () => `${label}\n  recorded ${formatRecorded(recorded)}\n  plimsoll ${formatOurs(ours)}`
  measures.count('verdict', accepted === accepts && ours.failure === undefined, show)
  if (accepted && !isState) measures.count('false rejects', accepts, show)
  if (recorded.code === 422) {
    measures.count('fields', isSameSet(recorded.causes.map(fieldKey), ours.causes.map(fieldKey)), show)
    measures.count('messages', isSameSet(recorded.causes.map(messageKey), ours.causes.map(messageKey)), show)
  }
  if (recorded.warnings.length + ours.warnings.length > 0)
    measures.count('warnings', isSameSet(recorded.warnings, ours.warnings), show)
}

/** Whether rules in CEL have a say: the definition of the object has some, or the object is a definition with some. */
const hasRules = (line: string, crds: readonly CustomResource[]): boolean =>
  line.includes('"x-kubernetes-validations"') ||
  crds.some(it => [...it.versions.values()].some(version => version.hasRules()))

/** Verdict and causes in all, texts to the last line. */
function compareWhole(measures: Measures, given: Case, recorded: Recorded, ours: Verdict): void {
  const show = () => `${given.id}\n  recorded ${formatRecorded(recorded)}\n  plimsoll ${formatOurs(ours)}`
  const isDecodeError = recorded.code === 400 && ours.decodeError !== undefined
  const [theirs, own] = [recorded.causes, ours.causes].map(list =>
    list.map(it => `${fieldKey(it)} ${it.message}`),
  )
  const isSame =
    isTaken(recorded) === (own!.length === 0 && ours.decodeError === undefined) && isSameSet(theirs!, own!)
  measures.count('cel', ours.failure === undefined && (isDecodeError || isSame), show)
}

const fieldKey = ({ reason, field }: Cause): string => `${reason} ${field}`
/** Updates of pods print a difference of many lines after the first. */
const messageKey = (cause: Cause): string => `${fieldKey(cause)} ${cause.message.split('\n')[0]}`

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  const left = new Set(a)
  const right = new Set(b)
  return left.size === right.size && [...left].every(it => right.has(it))
}

const formatRecorded = ({ code, message, causes, warnings }: Recorded): string =>
  `${code} ${causes.length > 0 ? formatCauses(causes) : (message ?? '')} ${warnings.join(' | ')}`

const formatOurs = ({ failure, decodeError, causes, warnings }: Verdict): string =>
  `${failure ?? decodeError ?? (causes.length > 0 ? formatCauses(causes) : 'accepted')} ${warnings.join(' | ')}`

const formatCauses = (causes: readonly Cause[]): string =>
  causes
    .map(it => `${it.reason.replace('FieldValue', '')} ${it.field}: ${it.message.slice(0, 200)}`)
    .join(' | ')

/** Definitions by name, linked once a set of names. */
async function readDefinitions(
  file: string,
  full: FullParser,
): Promise<(names: readonly string[]) => readonly CustomResource[]> {
  const definitions = new Map<string, CustomResource>()
  if (existsSync(file))
    for await (const line of readTextLines(file)) {
      const document = parse(line, full)
      const resource = linkCrd(document.value)
      if (resource) definitions.set(nameOf(document.value), resource)
    }
  const sets = new Map<string, readonly CustomResource[]>()
  return names => {
    const key = names.join(' ')
    const known = sets.get(key) ?? names.flatMap(it => definitions.get(it) ?? [])
    sets.set(key, known)
    return known
  }
}

const nameOf = (value: Json): string =>
  (value as { readonly metadata: { readonly name: string } }).metadata.name
