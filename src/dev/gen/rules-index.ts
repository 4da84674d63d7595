/** Writes `rules/index.ts`: static imports, so that bundlers and readers see every rule. */
import { readdirSync } from 'node:fs'
import path from 'node:path'
import type { GeneratedFile } from './generated-file.ts'

/** The files of all rules below a folder, relative to it, in order of their ids. */
function listRuleFiles(folder = 'rules'): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(it => it.replaceAll(path.sep, '/'))
    .filter(it => it.endsWith('.ts') && it.includes('/'))
    .sort((a, b) => compareText(path.posix.basename(a), path.posix.basename(b)))
}

export function generateRulesIndex(files: readonly string[] = listRuleFiles()): GeneratedFile[] {
  const rules = files.map(file => ({ file, name: toName(path.posix.basename(file, '.ts')) }))
  const lines = [
    '/** All rules, in order of their ids. GENERATED from the files beside it: `npm run gen`. */',
    "import type { Rule } from '../src/rule.ts'",
    ...rules
      .toSorted((a, b) => compareText(a.file, b.file))
      .map(({ file, name }) => `import ${name} from './${file}'`),
    '',
    '/** A rule with options of its own type stands here for one with any: settings are checked against its schema. */',
    'export const rules = [',
    ...rules.map(({ name }) => `  ${name},`),
    '] as readonly Rule[]',
    '',
  ]
  return [{ path: 'rules/index.ts', text: lines.join('\n') }]
}

/** `image-tag-mutable` as `imageTagMutable`. */
const toName = (id: string): string =>
  id.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
