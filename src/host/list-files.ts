/** Finds what there is to check: walks folders, respects ignore files, follows links inside the root only. */
import {
  type Dirent,
  existsSync,
  readdirSync,
  readFileSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import type { ListedFile, Listing, SkippedPath } from './host.ts'
import { addIgnoreFiles, type IgnoreRules, ignoreFiles, isIgnored } from './ignored.ts'
import { isDocumentName, isLeftOut } from './names.ts'
import { formatSystemError } from './system-error.ts'
import { UserError } from './user-error.ts'

export function listFiles(cwd: string, paths: readonly string[]): Listing {
  const walk: Walk = {
    files: new Map(),
    seen: new Map(),
    skipped: [],
    unreadable: [],
    links: [],
    root: realpathSync(cwd),
  }
  for (const path of paths) {
    const absolute = resolve(cwd, path)
    const id = toId(cwd, path)
    if (statOf(absolute, path).isDirectory()) addFolder(walk, absolute, id)
    else addNamed(walk, absolute, id)
  }
  followLinks(walk)
  return {
    files: [...walk.files.values()].sort(byId),
    skipped: walk.skipped.sort(byPath),
    unreadable: walk.unreadable.sort(byPath),
  }
}

interface Walk {
  readonly files: Map<string, ListedFile>
  /** Real path to id, so that a file with two names is checked once. */
  readonly seen: Map<string, string>
  readonly skipped: SkippedPath[]
  readonly unreadable: SkippedPath[]
  /** Links are followed at the end, and only to what was not found under its own name. */
  readonly links: Link[]
  /** Real path of the folder that links must not leave. */
  root: string
}

interface Folder {
  readonly path: string
  readonly real: string
  /** With `/` at the end, or empty. */
  readonly prefix: string
  readonly inChart: boolean
  readonly ignored: IgnoreRules | undefined
}

interface Link {
  readonly path: string
  readonly id: string
  readonly root: string
  readonly inChart: boolean
}

const byId = (a: ListedFile, b: ListedFile): number => (a.id < b.id ? -1 : 1)
const byPath = (a: SkippedPath, b: SkippedPath): number => (a.path < b.path ? -1 : 1)
/** What `join` gives for one name, in a tenth of its time. */
const below = (folder: string, name: string): string =>
  folder.endsWith(sep) ? folder + name : folder + sep + name
const withSlashes = (path: string): string => (sep === '/' ? path : path.replaceAll(sep, '/'))

/** Relative below the working directory; elsewhere as the user wrote it. */
function toId(cwd: string, path: string): string {
  const below = relative(cwd, resolve(cwd, path))
  const outside = below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below)
  return withSlashes(outside && isAbsolute(path) ? resolve(path) : below)
}

function statOf(absolute: string, path: string): Stats {
  try {
    return statSync(absolute)
  } catch (error) {
    const reason = formatSystemError(error)
    throw new UserError(
      reason === 'does not exist' ? `${path} does not exist` : `cannot read ${path}: ${reason}`,
    )
  }
}

/** What says how to read a folder comes with it: the whole chart, when it is a part of one. */
function addFolder(walk: Walk, path: string, id: string): void {
  const chart = findChartAbove(path)
  if (chart === undefined || chart === path) walkRoot(walk, path, id)
  else walkRoot(walk, chart, idAbove(id, path, chart))
}

/** So it does with a file: the chart around it, or the kustomization beside it. */
function addNamed(walk: Walk, path: string, id: string): void {
  const folder = dirname(path)
  const folderId = id.slice(0, -basename(path).length).replace(/\/$/, '')
  const chart = findChartAbove(folder)
  if (chart !== undefined) walkRoot(walk, chart, idAbove(folderId, folder, chart))
  else
    for (const name of ['kustomization.yaml', 'kustomization.yml', 'Kustomization'])
      if (existsSync(join(folder, name)))
        addFile(walk, { path: join(folder, name), id: joinId(folderId, name), inChart: false })
  const real = realpathSync(path)
  const known = walk.seen.get(real) ?? id
  walk.seen.set(real, known)
  walk.files.set(known, { id: known, role: chart === undefined ? 'document' : 'chart', named: true })
}

const joinId = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`)

/** The id of a folder some steps above one whose id is known; its path, when the id does not reach so far. */
function idAbove(id: string, path: string, above: string): string {
  const steps = relative(above, path)
    .split(sep)
    .filter(it => it !== '').length
  const parts = id === '' ? [] : id.split('/')
  if (parts.length < steps || parts.includes('..')) return withSlashes(above)
  return parts.slice(0, parts.length - steps).join('/')
}

function walkRoot(walk: Walk, path: string, id: string): void {
  const real = realpathSync(path)
  const { root } = walk
  if (real !== root && !real.startsWith(root + sep)) walk.root = real
  const prefix = id === '' || id.endsWith('/') ? id : `${id}/`
  walkFolder(walk, { path, real, prefix, inChart: false, ignored: rulesAbove(path) }, 'named')
  walk.root = root
}

function addFile(walk: Walk, { path, id, inChart }: Pick<Link, 'path' | 'id' | 'inChart'>): void {
  if (walk.files.has(id) || walk.seen.has(path)) return
  walk.seen.set(path, id)
  walk.files.set(id, { id, role: inChart ? 'chart' : 'document', named: false })
}

function walkFolder(walk: Walk, folder: Folder, how: 'named' | 'found'): void {
  const entries = entriesOf(walk, folder, how)
  const isChart = entries.some(it => it.name === 'Chart.yaml')
  const inChart = folder.inChart || isChart
  const ignored = entries.some(it => ignoreFiles.includes(it.name))
    ? addIgnoreFiles(folder.path, folder.ignored, readIfThere)
    : folder.ignored
  for (const entry of entries) {
    const path = below(folder.path, entry.name)
    const id = folder.prefix + entry.name
    if (entry.isDirectory()) {
      // Fetched sub-charts are rarely committed, and a chart cannot be rendered without them.
      const rules = isChart && entry.name === 'charts' ? undefined : ignored
      if (isLeftOut(entry.name) || isIgnored(rules, path, 'folder')) continue
      const real = below(folder.real, entry.name)
      walkFolder(walk, { path, real, prefix: `${id}/`, inChart, ignored: rules }, 'found')
    } else if (entry.isSymbolicLink()) {
      if (!isLeftOut(entry.name) && !isIgnored(ignored, path, 'file'))
        walk.links.push({ path, id, root: walk.root, inChart })
    } else if (entry.isFile() && (inChart || isDocumentName(entry.name)) && !isIgnored(ignored, path, 'file'))
      addFile(walk, { path: below(folder.real, entry.name), id, inChart })
  }
}

function entriesOf(walk: Walk, folder: Folder, how: 'named' | 'found'): Dirent[] {
  try {
    return readdirSync(folder.path, { withFileTypes: true })
  } catch (error) {
    const path = folder.prefix.replace(/\/$/, '') || '.'
    const reason = formatSystemError(error)
    if (how === 'named') throw new UserError(`cannot read ${path}: ${reason}`)
    walk.unreadable.push({ path, reason })
    return []
  }
}

/** The list grows while it is worked off: a linked folder may hold links. Each real folder is entered once. */
function followLinks(walk: Walk): void {
  const entered = new Set<string>()
  for (const { path, id, root, inChart } of walk.links) {
    const target = targetOf(path)
    const relevant = target?.stats.isDirectory() || isDocumentName(id)
    if (!target) {
      if (relevant) walk.unreadable.push({ path: id, reason: 'a symbolic link to nothing' })
    } else if (target.real !== root && !target.real.startsWith(root + sep)) {
      if (relevant) walk.skipped.push({ path: id, reason: 'a symbolic link that leaves the root' })
    } else if (!target.stats.isDirectory()) {
      if (relevant || inChart) addFile(walk, { path: target.real, id, inChart })
    } else if (!entered.has(target.real) && !`${dirname(path)}${sep}`.startsWith(target.real + sep)) {
      entered.add(target.real)
      walk.root = root
      walkFolder(walk, { path, real: target.real, prefix: `${id}/`, inChart, ignored: undefined }, 'found')
    }
  }
}

function targetOf(path: string): { readonly real: string; readonly stats: Stats } | undefined {
  try {
    return { real: realpathSync(path), stats: statSync(path) }
  } catch {
    return undefined
  }
}

/** The ignore files of the folders above, up to the repository's; none when they ignore the folder itself. */
function rulesAbove(path: string): IgnoreRules | undefined {
  const above: string[] = []
  if (!existsSync(join(path, '.git')))
    for (let at = dirname(path), last = path; at !== last; last = at, at = dirname(at)) {
      above.unshift(at)
      if (existsSync(join(at, '.git'))) break
      if (dirname(at) === at) above.length = 0
    }
  let rules: IgnoreRules | undefined
  for (const folder of above) {
    rules = addIgnoreFiles(folder, rules, readIfThere)
    const next = above[above.indexOf(folder) + 1] ?? path
    if (isIgnored(rules, next, 'folder')) return undefined
  }
  return rules
}

/** The outermost folder with a Chart.yaml at or above a folder, inside its repository. */
function findChartAbove(folder: string): string | undefined {
  let chart: string | undefined
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, 'Chart.yaml'))) chart = at
    if (existsSync(join(at, '.git')) || dirname(at) === at) return chart
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
