/** Writes a tree of files into a new temporary folder. */
import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Text, bytes, or `-> target` for a symbolic link; a name that ends in `/` is an empty folder. */
export type Tree = Readonly<Record<string, string | Uint8Array>>

export function writeTree(tree: Tree): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'plimsoll-')))
  for (const [name, content] of Object.entries(tree)) {
    const path = join(folder, name)
    mkdirSync(name.endsWith('/') ? path : dirname(path), { recursive: true })
    if (name.endsWith('/')) continue
    if (typeof content === 'string' && content.startsWith('-> ')) symlinkSync(content.slice(3), path)
    else writeFileSync(path, content)
  }
  return folder
}
