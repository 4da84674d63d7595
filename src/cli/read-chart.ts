/** One chart from the disk as helm reads it: the files that .helmignore leaves, links followed where they stay inside. */
import { readdirSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import { MAX_CHART_SIZE, MAX_FILE_SIZE } from '../helm/archive.ts'
import { type IgnoreRules, parseIgnore } from '../helm/ignore.ts'
import { type LoadedChart, loadChart, loadPackagedChart } from '../helm/load-chart.ts'
import { formatSystemError } from '../host/system-error.ts'
import { UserError } from '../host/user-error.ts'

/** The chart in a folder or an archive. A path that cannot be read at all is a `UserError`. */
export function readChart(cwd: string, path: string): LoadedChart {
  const absolute = resolve(cwd, path)
  const stats = attempt(path, () => statSync(absolute))
  const id = path.replaceAll(sep, '/').replace(/\/+$/, '')
  if (!stats.isDirectory()) {
    if (stats.size > MAX_CHART_SIZE) throw new UserError(`${path} is larger than any chart`)
    return loadPackagedChart(
      attempt(path, () => readFileSync(absolute)),
      id,
    )
  }
  const real = realpathSync(absolute)
  const walk: Walk = {
    files: new Map(),
    roots: [real, realpathSync(cwd)],
    rules: parseIgnore(readIgnoreFile(absolute)).rules,
    size: 0,
  }
  walkFolder(walk, absolute, '', [real])
  return loadChart(walk.files, id === '.' ? '' : id)
}

interface Walk {
  readonly files: Map<string, Uint8Array>
  /** Links must not lead out of these folders. */
  readonly roots: readonly string[]
  readonly rules: IgnoreRules
  size: number
}

/** `inside`: real paths of the folders around, so that a link to one of them ends the walk there. */
function walkFolder(walk: Walk, folder: string, prefix: string, inside: readonly string[]): void {
  const entries = attempt(prefix === '' ? folder : prefix, () => readdirSync(folder, { withFileTypes: true }))
  for (const entry of entries) {
    const id = prefix + entry.name
    const path = join(folder, entry.name)
    const target = targetOf(path, entry.isSymbolicLink() ? undefined : join(inside.at(-1)!, entry.name))
    if (!target) throw new UserError(`cannot read ${id}: a symbolic link to nothing`)
    const { real, stats } = target
    if (walk.rules.ignores(id, stats.isDirectory() ? 'folder' : 'file')) continue
    if (!walk.roots.some(it => real === it || real.startsWith(it + sep)))
      throw new UserError(
        `${id} is a symbolic link that leaves the chart`,
        'run from a folder that holds both, or copy the file',
      )
    if (stats.isDirectory()) {
      if (!inside.includes(real)) walkFolder(walk, path, `${id}/`, [...inside, real])
    } else addFile(walk, { id, path, stats })
  }
}

/** What is too large is not read: an empty file of that size says as much. */
function addFile(walk: Walk, { id, path, stats }: { id: string; path: string; stats: Stats }): void {
  if (!stats.isFile()) throw new UserError(`cannot read ${id}: not a regular file`)
  walk.size += stats.size
  if (stats.size > MAX_FILE_SIZE || walk.size > MAX_CHART_SIZE) {
    walk.files.set(id, new Uint8Array(MAX_FILE_SIZE + 1))
    return
  }
  walk.files.set(
    id,
    attempt(id, () => readFileSync(path)),
  )
}

/** `real` where it is known: asking looks at each folder on the way. */
function targetOf(
  path: string,
  real: string | undefined,
): { readonly real: string; readonly stats: Stats } | undefined {
  try {
    return { real: real ?? realpathSync(path), stats: statSync(path) }
  } catch {
    return undefined
  }
}

function readIgnoreFile(folder: string): string {
  try {
    return readFileSync(join(folder, '.helmignore'), 'utf8')
  } catch {
    return ''
  }
}

function attempt<Result>(path: string, read: () => Result): Result {
  try {
    return read()
  } catch (error) {
    const reason = formatSystemError(error)
    throw new UserError(
      reason === 'does not exist' ? `${path} does not exist` : `cannot read ${path}: ${reason}`,
    )
  }
}
