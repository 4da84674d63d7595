/** `.gitignore` and `.plimsollignore` files with Git's meaning: deeper files win, a later pattern beats an earlier one. */
import { join, relative, sep } from 'node:path'
import createIgnore, { type Ignore } from 'ignore'

/** The ignore files that hold in a folder: its own one first, then those of the folders above. */
export interface IgnoreRules {
  readonly folder: string
  readonly patterns: Ignore
  readonly above: IgnoreRules | undefined
}

export const ignoreFiles = ['.gitignore', '.plimsollignore']

/** Undefined `read` results are absent files. Returns `above` when the folder has no ignore file of its own. */
export function addIgnoreFiles(
  folder: string,
  above: IgnoreRules | undefined,
  read: (path: string) => string | undefined,
): IgnoreRules | undefined {
  const texts = ignoreFiles.map(it => read(join(folder, it))).filter(it => it !== undefined)
  return texts.length === 0 ? above : { folder, patterns: createIgnore().add(texts.join('\n')), above }
}

export function isIgnored(rules: IgnoreRules | undefined, path: string, kind: 'file' | 'folder'): boolean {
  for (let it = rules; it; it = it.above) {
    const below = relative(it.folder, path)
    const tested = it.patterns.test(
      (sep === '/' ? below : below.replaceAll(sep, '/')) + (kind === 'folder' ? '/' : ''),
    )
    if (tested.ignored) return true
    if (tested.unignored) return false
  }
  return false
}
