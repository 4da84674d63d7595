/** One workspace folder: its files, its settings, and the engine's workspace over both, kept in step with the editor. */
import { configName } from '../config/load-config.ts'
import type { Snapshot } from '../engine/snapshot.ts'
import { openWorkspace, type Workspace } from '../engine/workspace.ts'
import type { Host } from '../host/host.ts'
import { ignoreFiles } from '../host/ignored.ts'
import { createFiles, type Extent, type ProjectFiles } from './files.ts'
import {
  type ConfigProblem,
  type Kit,
  type LoadedSettings,
  loadSettings,
  type Overrides,
} from './load-settings.ts'
import { createQueue, yieldToMessages } from './queue.ts'
import { readCluster } from './read-cluster.ts'

/** What is known about a project at one moment. */
export interface Check {
  readonly snapshot: Snapshot
  /** Why the settings in force are older than the files say. */
  readonly problem: ConfigProblem | undefined
}

export interface Project {
  /** Absolute path; ids are relative to it. */
  readonly root: string
  /** Takes the text of an editor; undefined: the editor is closed, and the file on disk holds. */
  edit(id: string, text: string | undefined): void
  /** A file has changed, come or gone on disk. */
  touch(id: string): void
  /** Settings of the editor have changed. */
  override(overrides: Overrides): void
  /** Everything that is known by now; one check at a time. */
  check(): Promise<Check>
}

export interface ProjectRequest {
  readonly root: string
  readonly disk: Host
  readonly extent: Extent
  readonly kit: Kit
  readonly overrides: Overrides
}

/** What has changed since the last check. */
interface Stale {
  readonly ids: Set<string>
  /** Files may have come that nobody has named. */
  files: boolean
  settings: boolean
  /** A packaged chart is not followed: everything is opened anew. */
  archives: boolean
}

const fresh = (): Stale => ({ ids: new Set(), files: false, settings: false, archives: false })

/** Nothing is read before the first check. */
export function createProject(request: ProjectRequest): Project {
  const files = createFiles(request.disk, request.extent)
  const queue = createQueue()
  let { overrides } = request
  let stale = fresh()
  let state: State | undefined

  async function settle(): Promise<Check> {
    const now = stale
    stale = fresh()
    const surroundings = { ...request, overrides, files }
    try {
      state = state && !now.archives ? await follow(state, now, surroundings) : await start(surroundings)
    } catch (error) {
      stale = { ...stale, files: true, settings: true, archives: now.archives }
      throw error
    }
    await yieldToMessages()
    return { snapshot: state.workspace.snapshot, problem: state.problem }
  }

  function note(id: string): void {
    stale.ids.add(id)
    if (isNamed(id, [configName])) stale.settings = true
    if (isNamed(id, ignoreFiles)) stale.files = true
  }

  return {
    root: request.root,
    edit(id, text) {
      files.setOpen(id, text)
      note(id)
    },
    touch(id) {
      if (files.isOpen(id)) return
      if (state?.workspace.snapshot.sources.has(id) !== true) stale.files = true
      if (id.endsWith('.tgz')) stale.archives = true
      note(id)
    },
    override(next) {
      overrides = next
      stale.settings = true
    },
    check: () => queue.run(settle),
  }
}

const isNamed = (id: string, names: readonly string[]): boolean =>
  names.some(it => id === it || id.endsWith(`/${it}`))

interface State {
  readonly workspace: Workspace
  readonly problem: ConfigProblem | undefined
  /** Files that describe the cluster, and so are no manifests. */
  readonly nodes: readonly string[]
}

type Surroundings = ProjectRequest & { readonly files: ProjectFiles }

async function start(around: Surroundings): Promise<State> {
  const { files, kit } = around
  const { sources, blobs } = files.readAll()
  const { config, problem, nodes } = await readSettings(
    around,
    sources.map(it => it.id),
  )
  const settings = config ?? (await readDefaults(around))
  const cluster = await readCluster(around.root, nodes, settings)
  const manifests = sources.filter(it => !nodes.includes(it.id))
  const workspace = await openWorkspace(
    { sources: manifests, blobs, skipped: [], ...cluster.input },
    settings,
    kit.rules,
    kit.readAsset,
  )
  return { workspace, problem: problem ?? cluster.problem, nodes }
}

/** With broken settings those before stay in force. */
async function follow(state: State, stale: Stale, around: Surroundings): Promise<State> {
  const { workspace, nodes } = state
  if (nodes.some(it => stale.ids.has(it))) return start(around)
  const { sources } = workspace.snapshot
  const changes = around.files
    .listChanges(sources, stale.files ? 'everywhere' : stale.ids)
    .filter(it => !nodes.includes(it.id))
  if (changes.length > 0) await workspace.update(changes)
  if (!stale.settings) return state
  const settings = await readSettings(around, [...workspace.snapshot.sources.keys()])
  const { config, problem } = settings
  if (!config) return { ...state, problem }
  // Another cluster, or another version of it, is read anew.
  if (nodes.length + settings.nodes.length > 0) return start(around)
  await workspace.configure(config, around.kit.rules)
  return { ...state, problem }
}

function readSettings(around: Surroundings, ids: readonly string[]): Promise<LoadedSettings> {
  const { files, root, kit, overrides } = around
  const nested = ids.filter(it => it.endsWith(`/${configName}`))
  return loadSettings({ host: files.host, root, nested, kit, overrides })
}

/** Broken settings at the start must not keep everything unchecked. */
async function readDefaults({ files, root, kit }: Surroundings) {
  const { config } = await loadSettings({
    host: files.host,
    root,
    nested: [],
    kit,
    overrides: { file: 'none' },
  })
  return config!
}
