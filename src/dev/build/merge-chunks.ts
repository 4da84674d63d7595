/** Puts chunks that are always loaded together into one file: opening and resolving a file costs as much as 8 KB of code. */
import type { BundledFile } from './split.ts'

export interface SplitFile extends BundledFile {
  /** Names of the files that it loads at once. */
  readonly needs: readonly string[]
}

const NAME = 'core.js'

/**
 * Merges the chunks that `entry` needs and `small` does not, by the beginnings of the files' names. Each stays a module of
 * its own, run when it is first asked for.
 */
export function mergeChunks(files: readonly SplitFile[], entry: string, small: string): BundledFile[] {
  const apart = closureOf(files, small)
  const merged = [...closureOf(files, entry)].filter(it => it.startsWith('chunk-') && !apart.has(it)).sort()
  const load = (text: string, loader: string): string =>
    merged.reduce(
      (it, name) => it.replaceAll(`require("./${name}")`, `${loader}(${JSON.stringify(name)})`),
      text,
    )
  const modules = files
    .filter(it => merged.includes(it.name))
    .map(({ name, text }) => `${JSON.stringify(name)}:(function(module,exports){${load(text, 'load')}\n})`)
  const core = `const all={${modules.join(',\n')}},done={};
function load(name){const known=done[name];if(known)return known.exports;const module=done[name]={exports:{}};all[name](module,module.exports);return module.exports}
module.exports=load;\n`
  const rest = files
    .filter(it => !merged.includes(it.name))
    .map(({ name, text }) => ({ name, text: load(text, `require("./${NAME}")`) }))
  return [...rest, { name: NAME, text: core }]
}

/** The file whose name begins so, and all that it loads at once, directly or not. */
function closureOf(files: readonly SplitFile[], start: string): ReadonlySet<string> {
  const byName = new Map(files.map(it => [it.name, it]))
  const found = new Set(files.filter(it => it.name.startsWith(start)).map(it => it.name))
  for (const name of found) for (const it of byName.get(name)?.needs ?? []) found.add(it)
  return found
}
