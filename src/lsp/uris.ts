/** File URIs of clients to paths and back. Clients differ in what they escape, so URIs are compared as paths. */
import { isAbsolute, relative, resolve, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** The path of a `file:` URI; undefined for other schemes and for malformed ones. */
export function toPath(uri: string): string | undefined {
  try {
    return uri.startsWith('file:') ? fileURLToPath(uri) : undefined
  } catch {
    return undefined
  }
}

export const toUri = (root: string, id: string): string => pathToFileURL(resolve(root, id)).href

/** The id of a file below a root: its path with `/`. Undefined outside. */
export function toId(root: string, path: string): string | undefined {
  const below = relative(root, path)
  if (below === '' || below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below)) return undefined
  return sep === '/' ? below : below.replaceAll(sep, '/')
}
