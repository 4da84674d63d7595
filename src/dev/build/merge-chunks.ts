/** Puts chunks that the same runs load into one file: opening and resolving a file costs as much as 8 KB of code. */
import type { BundledFile } from './split.ts'

export interface SplitFile extends BundledFile {
  /** Names of the files that it loads at once. */
  readonly needs: readonly string[]
}

/**
 * Merges the chunks that the same of `entries` need, files without their hashes; the first of these is what every run
 * loads. Each chunk stays a module of its own, run when it is first asked for.
 */
export function mergeChunks(files: readonly SplitFile[], entries: readonly string[]): BundledFile[] {
  const closures = entries.map(entry => ({ entry, names: closureOf(files, entry) }))
  const packOf = new Map<string, string>()
  for (const { name } of files.filter(it => it.name.startsWith('chunk-'))) {
    const users = closures.filter(it => it.names.has(name)).map(it => it.entry)
    const pack = users.includes(entries[0]!) ? entries[0]! : users.join('-')
    if (pack) packOf.set(name, `for-${pack}.js`)
  }
  const load = (text: string, own?: string): string =>
    text.replaceAll(/\brequire\("\.\/(chunk-[^"]+)"\)/g, (call: string, name: string) => {
      const pack = packOf.get(name)
      return pack ? `${pack === own ? 'load' : `require("./${pack}")`}("${name}")` : call
    })
  const packs = [...new Set(packOf.values())].map(pack => {
    const modules = files
      .filter(it => packOf.get(it.name) === pack)
      .map(({ name, text }) => `${JSON.stringify(name)}:(function(module,exports){${load(text, pack)}\n})`)
    return { name: pack, text: formatPack(modules) }
  })
  const rest = files.filter(it => !packOf.has(it.name))
  return [...rest.map(({ name, text }) => ({ name, text: load(text) })), ...packs]
}

const formatPack = (modules: readonly string[]): string => `const all={${modules.join(',\n')}},done={};
function load(name){const known=done[name];if(known)return known.exports;const module=done[name]={exports:{}};all[name](module,module.exports);return module.exports}
module.exports=load;\n`

/** The file of an entry, and all that it loads at once, directly or not. */
function closureOf(files: readonly SplitFile[], entry: string): ReadonlySet<string> {
  const byName = new Map(files.map(it => [it.name, it]))
  const isEntry = (name: string) => name === `${entry}.js` || name.replace(/-[A-Z0-9]{8}\.js$/, '') === entry
  const found = new Set(files.filter(it => isEntry(it.name)).map(it => it.name))
  for (const name of found) for (const it of byName.get(name)?.needs ?? []) found.add(it)
  return found
}
