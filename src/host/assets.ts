/** Data that comes with the package: `schemas/…`. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** From this file in `src/host/`, and from a bundle in `dist/`. */
const root = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../../' : '../', import.meta.url))

/** Undefined when there is no file of that name. */
export function readAsset(name: string): string | undefined {
  try {
    return readFileSync(root + name, 'utf8')
  } catch {
    return undefined
  }
}
