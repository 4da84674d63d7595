/** From paths and options to a workspace and what is found in it: the part that all commands about manifests share. */
import { posix, relative, resolve, sep } from 'node:path'
import type { RuleInfo } from '../config/catalogue.ts'
import type { LoadedConfig } from '../config/load-config.ts'
import { type Baseline, parseBaseline } from '../engine/baseline.ts'
import { focusOn, listFindings } from '../engine/check.ts'
import { compareFindings, type Finding } from '../engine/finding.ts'
import type { Inventory } from '../engine/inventory.ts'
import { ownRules } from '../engine/own-rules.ts'
import type { Snapshot } from '../engine/snapshot.ts'
import { suppress } from '../engine/suppress.ts'
import { openWorkspace, type Workspace } from '../engine/workspace.ts'
import { readAsset } from '../host/assets.ts'
import { diskHost } from '../host/disk.ts'
import type { Host, Listing } from '../host/host.ts'
import { memoryHost } from '../host/memory.ts'
import { overlayHost } from '../host/overlay.ts'
import { UserError } from '../host/user-error.ts'
import { isJudgedFile } from './empty-handed.ts'
import type { Invocation, RunOptions } from './flags.ts'
import { loadInventory } from './load-inventory.ts'
import { loadSettings } from './load-settings.ts'
import { createProgress, type Progress } from './progress.ts'
import { isPackage, readAll } from './read-all.ts'
import { listProblemFindings, readTexts, type Texts } from './read-input.ts'
import { readSchemaPlaces } from './schema-places.ts'
import { readGivenValues } from './values-options.ts'

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
}

export async function openRun(invocation: Invocation<RunOptions>): Promise<Run> {
  const { io, flags, rules } = invocation
  const progress = createProgress(io)
  const { host, listing } = await listInput(invocation)
  const catalogue = [...rules, ...ownRules]
  const loaded = await loadSettings({ io, flags, host, rules: catalogue, paths: invocation.paths, listing })
  const inventory = await loadInventory({ cwd: io.cwd, given: flags.nodes, loaded })
  const wanted = addNamed(leaveOutInventory(listing, inventory), loaded.files)
  const texts = await readAll({ host, cwd: io.cwd }, wanted, progress)
  const definitions = flags.crds ? readTexts(host, host.list(flags.crds), progress).sources : []
  const skipped = [...listing.skipped, ...loaded.notes]
  progress.step(`checking ${texts.sources.length} files`)
  const givenValues = readGivenValues(io.cwd, flags)
  const input = {
    sources: texts.sources,
    blobs: texts.blobs,
    skipped,
    definitions,
    ...(inventory ? { inventory } : {}),
    ...readSchemas(host, flags),
    givenValues,
  }
  const workspace = await openWorkspace(input, loaded.config, rules, readAsset)
  refuseStrangers(listing, texts, workspace.snapshot)
  if (workspace.snapshot.charts === 0 && (givenValues.files.length > 0 || givenValues.sets.length > 0))
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
  }
}

export interface Found {
  /** In focus, not suppressed. */
  readonly findings: readonly Finding[]
  readonly suppressed: number
}

/** Everything that is found in a snapshot, suppressions and focus applied. */
export function findAll(run: Run, snapshot: Snapshot): Found {
  const problems = listProblemFindings(run.texts.problems, snapshot.config)
  const all = listFindings(snapshot)
  const merged = problems.length === 0 ? all : [...all, ...problems].sort(compareFindings)
  const { findings, suppressed } = suppress(merged, { snapshot, rules: run.rules, today: run.today })
  return { findings: run.focus ? focusOn(findings, run.focus) : findings, suppressed }
}

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

function readSchemas(host: Host, { schemaLocation }: RunOptions) {
  if (!schemaLocation) return {}
  return {
    schemaPlaces: readSchemaPlaces(schemaLocation),
    readSchema: (path: string) => host.read(path).text,
  }
}

/** A named file that holds nothing to check was named by mistake. */
function refuseStrangers({ files }: Listing, { sources }: Texts, snapshot: Snapshot): void {
  for (const file of files) {
    const { id, role, named } = file
    if (!named || role === 'chart' || isPackage(file) || isJudgedFile(snapshot, id)) continue
    const empty = sources.find(it => it.id === id)?.text.trim() === ''
    throw new UserError(
      empty ? `${id} is empty` : `${id} is no manifest`,
      empty ? undefined : 'no document in it has apiVersion and kind',
    )
  }
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
