/** What a generator makes: the whole text of a file. */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

export interface GeneratedFile {
  /** From the root of the project, with `/`. */
  readonly path: string
  readonly text: string
}

/** Writes files and gives their paths. */
export function writeGenerated(files: readonly GeneratedFile[]): string[] {
  for (const file of files) {
    mkdirSync(path.dirname(file.path), { recursive: true })
    writeFileSync(file.path, file.text)
  }
  return files.map(it => it.path)
}
