/** The licences of the packages that a bundle holds. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Metafile } from 'esbuild'

/** Text of a notices file, packages in order of their names. A package without a licence text stops the build. */
export function formatNotices(metafiles: readonly Metafile[]): string {
  const folders = new Set(metafiles.flatMap(it => Object.keys(it.inputs).flatMap(toPackageFolder)))
  const notices = [...folders].sort().map(folder => {
    const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))
    const file = readdirSync(folder).find(it => /^licen[cs]e/i.test(it))
    if (!file) throw new Error(`${folder} has no licence file`)
    return `${name} ${version} (${license})\n\n${readFileSync(path.join(folder, file), 'utf8').trim()}\n`
  })
  return notices.join(`\n${'-'.repeat(78)}\n\n`)
}

function toPackageFolder(file: string): string[] {
  const match = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)
  return match ? [match[0]] : []
}
