/** Holds the presets of the Pod Security Standards against the fixtures of Pod Security admission: see `USAGE`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { rules } from '../../../rules/index.ts'
import { isInPreset } from '../../config/catalogue.ts'
import { buildPlainConfig } from '../../config/plain-config.ts'
import { listFindings } from '../../engine/check.ts'
import { openWorkspace } from '../../engine/workspace.ts'
import { openCatalog } from '../../kube/schema/catalog.ts'
import type { Preset, Rule } from '../../rule.ts'
import { readAsset } from './assets.ts'
import { createMeasures, type Measures } from './measures.ts'
import { readOptions } from './options.ts'

const USAGE = `usage: npm run agreement -- pss FIXTURES_FOLDER [--show N] [--fail-below PERCENT]
The folder is test/testdata of kubernetes/pod-security-admission: LEVEL/VERSION/pass and LEVEL/VERSION/fail.`

const MEASURES = ['verdict', 'passes silent', 'fails found']

const LEVELS: ReadonlyMap<string, Preset> = new Map([
  ['baseline', 'pss-baseline'],
  ['restricted', 'pss-restricted'],
])

export async function run(args: string[]): Promise<number> {
  const options = readOptions(args)
  const [folder] = options.files
  if (folder === undefined) {
    console.error(USAGE)
    return 2
  }
  const measures = createMeasures(options.show, [])
  const known = new Set(openCatalog(readAsset).versions)
  let left = 0
  for (const [level, preset] of LEVELS)
    for (const name of readdirSync(path.join(folder, level))) {
      const fixtures = listFixtures(path.join(folder, level, name))
      if (known.has(name.slice(1))) await replay(measures, fixtures, preset, name.slice(1))
      else left += fixtures.length
    }
  console.log(measures.format(MEASURES))
  if (left > 0) console.log(`left out, of versions that plimsoll does not know: ${left}`)
  return measures.share('verdict') < options.failBelow ? 1 : 0
}

interface Fixture {
  readonly file: string
  readonly expected: 'pass' | 'fail'
}

const listFixtures = (folder: string): Fixture[] =>
  (['pass', 'fail'] as const).flatMap(expected => {
    const inner = path.join(folder, expected)
    const files = existsSync(inner) ? readdirSync(inner) : []
    return files.filter(it => it.endsWith('.yaml')).map(it => ({ file: path.join(inner, it), expected }))
  })

async function replay(
  measures: Measures,
  fixtures: readonly Fixture[],
  preset: Preset,
  version: string,
): Promise<void> {
  const inPreset = rules.filter(it => it.category === 'security' && isInPreset(it, preset))
  const found = await findAll(fixtures, inPreset, version)
  for (const { file, expected } of fixtures) {
    const said = found.get(file) ?? []
    const agrees = expected === 'pass' ? said.length === 0 : said.length > 0
    const show = () => `${file}\n  recorded ${expected}\n  plimsoll ${said.join(' | ') || 'silent'}`
    measures.count('verdict', agrees, show)
    measures.count(expected === 'pass' ? 'passes silent' : 'fails found', agrees, show)
  }
}

/** Messages by file. */
async function findAll(
  fixtures: readonly Fixture[],
  inPreset: readonly Rule[],
  version: string,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const config = buildPlainConfig([version], inPreset)
  const sources = fixtures.map(it => ({ id: it.file, text: readFileSync(it.file, 'utf8') }))
  const { snapshot } = await openWorkspace({ sources, skipped: [] }, config, inPreset, readAsset)
  const found = new Map<string, string[]>()
  for (const { location, rule, message } of listFindings(snapshot)) {
    const said = found.get(location.source.id)
    if (said) said.push(`${rule}: ${message}`)
    else found.set(location.source.id, [`${rule}: ${message}`])
  }
  return found
}
