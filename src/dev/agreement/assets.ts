/** Packaged data as the development commands read it: from the working folder, which is the root of the project. */
import { existsSync, readFileSync } from 'node:fs'

export const readAsset = (name: string): string | undefined =>
  existsSync(name) ? readFileSync(name, 'utf8') : undefined
