/** From a listing and settings to a workspace: what a run does, and each part of one that is divided. */
import type { LoadedConfig } from '../config/load-config.ts'
import type { Inventory } from '../engine/inventory.ts'
import type { Part } from '../engine/part.ts'
import type { Snapshot } from '../engine/snapshot.ts'
import { openWorkspace, type Workspace } from '../engine/workspace.ts'
import { readAsset } from '../host/assets.ts'
import type { Host, Listing } from '../host/host.ts'
import { UserError } from '../host/user-error.ts'
import { isJudgedFile } from './empty-handed.ts'
import type { Invocation, RunOptions } from './flags.ts'
import type { Progress } from './progress.ts'
import { isPackage, readAll } from './read-all.ts'
import { readTexts, type Texts } from './read-input.ts'
import { readSchemaPlaces } from './schema-places.ts'
import { readGivenValues } from './values-options.ts'

export interface Loading {
  readonly host: Host
  readonly listing: Listing
  readonly loaded: LoadedConfig
  readonly inventory?: Inventory | undefined
  readonly part?: Part | undefined
  readonly progress: Progress
}

export interface Loaded {
  readonly workspace: Workspace
  /** Problems with files that another part owns are left out. */
  readonly texts: Texts
}

export async function loadWorkspace(
  { io, flags, rules }: Invocation<RunOptions>,
  { host, listing, loaded, inventory, part, progress }: Loading,
): Promise<Loaded> {
  const texts = await readAll({ host, cwd: io.cwd }, listing, progress)
  const definitions = flags.crds ? readTexts(host, host.list(flags.crds), progress).sources : []
  progress.step(`checking ${texts.sources.length} files`)
  const givenValues = readGivenValues(io.cwd, flags)
  const input = {
    sources: texts.sources,
    blobs: texts.blobs,
    skipped: [...listing.skipped, ...loaded.notes],
    definitions,
    ...(inventory && { inventory }),
    ...(part && { part }),
    ...readSchemas(host, flags),
    givenValues,
  }
  const workspace = await openWorkspace(input, loaded.config, rules, readAsset)
  const owns = (id: string): boolean => part?.owns(id) ?? true
  const ownFiles = listing.files.filter(it => owns(it.id))
  refuseStrangers(ownFiles, texts, workspace.snapshot)
  return { workspace, texts: { ...texts, problems: texts.problems.filter(it => owns(it.source.id)) } }
}

function readSchemas(host: Host, { schemaLocation }: RunOptions) {
  if (!schemaLocation) return {}
  return {
    schemaPlaces: readSchemaPlaces(schemaLocation),
    readSchema: (path: string) => host.read(path).text,
  }
}

/** A named file that holds nothing to check was named by mistake. */
function refuseStrangers(files: Listing['files'], { sources }: Texts, snapshot: Snapshot): void {
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
