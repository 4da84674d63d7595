/** From paths and options to a workspace and what is found in it: the part that all commands about manifests share. */
import { posix, relative, resolve, sep } from 'node:path'
import type { RuleInfo } from '../config/catalogue.ts'
import type { LoadedConfig } from '../config/load-config.ts'
import { type Baseline, parseBaseline } from '../engine/baseline.ts'
import type { Finding } from '../engine/finding.ts'
import type { Inventory } from '../engine/inventory.ts'
import { ownRules } from '../engine/own-rules.ts'
import type { Part } from '../engine/part.ts'
import { type Found, focusOn, type Judged, joinParts, judge, tallyOf } from '../engine/report.ts'
import type { Snapshot } from '../engine/snapshot.ts'
import type { Workspace } from '../engine/workspace.ts'
import { diskHost } from '../host/disk.ts'
import type { Host, ListedFile, Listing } from '../host/host.ts'
import { memoryHost } from '../host/memory.ts'
import { overlayHost } from '../host/overlay.ts'
import { UserError } from '../host/user-error.ts'
import type { Invocation, RunOptions } from './flags.ts'
import { loadInventory } from './load-inventory.ts'
import { loadSettings } from './load-settings.ts'
import { loadWorkspace } from './load-workspace.ts'
import { createProgress, type Progress } from './progress.ts'
import { listProblemFindings, type Texts } from './read-input.ts'
import { hasValues } from './values-options.ts'

export interface Run {
  readonly workspace: Workspace
  readonly loaded: LoadedConfig
  /** The cluster to place pods on. */
  readonly inventory: Inventory | undefined
  /** Every rule that a setting or a suppression may name. */
  readonly rules: readonly RuleInfo[]
  readonly texts: Texts
  readonly baseline: Baseline | undefined
  /** Undefined: everything is reported. */
  readonly focus: ReadonlySet<string> | undefined
  readonly today: string
  readonly progress: Progress
  /** What the other parts of the run find, where it is divided. */
  readonly judgeOthers?: MainPart['judgeOthers']
}

/** The part of a divided run that is done in the main thread. */
export interface MainPart {
  readonly reads: readonly ListedFile[]
  readonly part: Part
  judgeOthers(): Promise<readonly Judged[]>
}

export type DivideRun<Options> = (
  invocation: Invocation<Options>,
  found: { readonly host: Host; readonly listing: Listing; readonly loaded: LoadedConfig },
) => MainPart | undefined

/** `divideRun`: may leave parts of the work to other threads; where there is a cluster, all belongs together. */
export async function openRun<Options extends RunOptions>(
  invocation: Invocation<Options>,
  divideRun: DivideRun<Options> = () => undefined,
): Promise<Run> {
  const { io, flags, rules } = invocation
  const progress = createProgress(io)
  const { host, listing } = await listInput(invocation)
  const catalogue = [...rules, ...ownRules]
  const loaded = await loadSettings({ io, flags, host, rules: catalogue, paths: invocation.paths, listing })
  const inventory = await loadInventory({ cwd: io.cwd, given: flags.nodes, loaded })
  const wanted = addNamed(leaveOutInventory(listing, inventory), loaded.files)
  const own = inventory ? undefined : divideRun(invocation, { host, listing: wanted, loaded })
  const { workspace, texts } = await loadWorkspace(invocation, {
    host,
    listing: own ? { ...wanted, files: own.reads } : wanted,
    loaded,
    inventory,
    part: own?.part,
    progress,
  })
  const charts = own?.part.charts.size ?? workspace.snapshot.charts
  if (charts === 0 && hasValues(flags))
    io.err('plimsoll: values were given, and there is no chart to render with them\n')
  return {
    workspace,
    loaded,
    inventory,
    rules: catalogue,
    texts,
    baseline: readBaseline(host, flags),
    focus: await readFocus(invocation),
    today: io.today(),
    progress,
    ...(own && { judgeOthers: own.judgeOthers }),
  }
}

/** Everything that is found in a snapshot, suppressions and focus applied. */
export function findAll(run: Run, snapshot: Snapshot): Found {
  const found = judgeOwn(run, snapshot)
  return { ...found, findings: inFocus(run, found.findings) }
}

/** The same of the first snapshot, and of all parts of a run that is divided. */
export async function judgeRun(run: Run): Promise<Judged> {
  const { snapshot } = run.workspace
  const own = { ...judgeOwn(run, snapshot), tally: tallyOf(snapshot) }
  const others = await run.judgeOthers?.()
  const all = others ? joinParts([own, ...others], snapshot.rules) : own
  return { ...all, findings: inFocus(run, all.findings) }
}

const judgeOwn = ({ texts, rules, today }: Run, snapshot: Snapshot): Found =>
  judge(snapshot, { rules, today, others: listProblemFindings(texts.problems, snapshot.config) })

const inFocus = ({ focus }: Run, findings: readonly Finding[]): readonly Finding[] =>
  focus ? focusOn(findings, focus) : findings

async function listInput({
  io,
  paths,
  flags,
}: Invocation<RunOptions>): Promise<{ host: Host; listing: Listing }> {
  const disk = diskHost(io.cwd)
  const given = paths.length === 0 ? ['.'] : paths
  if (!given.includes('-')) return { host: disk, listing: disk.list(given) }
  const id = flags.stdinFilename === undefined ? 'stdin.yaml' : toId(io.cwd, flags.stdinFilename)
  const { text, problem } = io.readInput()
  if (text === undefined) throw new UserError(`cannot read standard input: ${problem?.reason}`)
  const others = given.filter(it => it !== '-')
  const open = new Map([[id, text]])
  if (text.trim() === '') throw new UserError('standard input is empty')
  const listing = others.length > 0 ? disk.list(others) : { files: [], skipped: [], unreadable: [] }
  const own = memoryHost(open).list([id]).files
  const files = [...listing.files.filter(it => it.id !== id), ...own].sort((a, b) => (a.id < b.id ? -1 : 1))
  return { host: overlayHost(disk, open), listing: { ...listing, files } }
}

/** What describes the cluster is no manifest, unless it is named itself. */
function leaveOutInventory(listing: Listing, inventory: Inventory | undefined): Listing {
  if (!inventory) return listing
  return { ...listing, files: listing.files.filter(it => it.named || !inventory.files.has(it.id)) }
}

/** Files that settings name, wherever they are. */
function addNamed(listing: Listing, ids: readonly string[]): Listing {
  const known = new Set(listing.files.map(it => it.id))
  const others = ids.filter(it => !known.has(it)).map(id => ({ id, role: 'document', named: false }) as const)
  return others.length === 0 ? listing : { ...listing, files: [...listing.files, ...others] }
}

/** One that is about to be written is not read. */
function readBaseline(host: Host, { baseline: file, updateBaseline }: RunOptions): Baseline | undefined {
  if (file === undefined || updateBaseline) return undefined
  if (!host.exists(file)) throw new UserError(`${file} does not exist`, '--update-baseline writes it')
  const { text, problem } = host.read(file)
  if (text === undefined) throw new UserError(`cannot read ${file}: ${problem?.reason}`)
  const baseline = parseBaseline(text)
  if (!baseline) throw new UserError(`${file} is no baseline`, '--update-baseline writes one')
  return baseline
}

async function readFocus({ io, flags }: Invocation<RunOptions>): Promise<ReadonlySet<string> | undefined> {
  if (!flags.focus && flags.since === undefined) return undefined
  const focus = new Set(flags.focus?.map(it => toId(io.cwd, it)))
  const { exists } = diskHost(io.cwd)
  // Lists of changed files name deleted ones, too: that is told, and no error.
  for (const id of focus) if (!exists(id)) io.err(`plimsoll: --focus: ${id} does not exist\n`)
  if (flags.since !== undefined) {
    const { listChangedFiles } = await import('./git.ts')
    for (const file of listChangedFiles(io.cwd, flags.since)) focus.add(file)
  }
  return focus
}

function toId(cwd: string, path: string): string {
  const below = relative(cwd, resolve(cwd, path))
  return posix.normalize(sep === '/' ? below : below.replaceAll(sep, '/'))
}
