/** Benchmark of how a whole run's cost grows with its input, so that nothing quadratic slips in. */
import { rules } from '../../../rules/index.ts'
import { buildPlainConfig } from '../../config/plain-config.ts'
import { listFindings } from '../../engine/check.ts'
import { openWorkspace } from '../../engine/workspace.ts'
import type { Source } from '../../text/source.ts'
import { readAsset } from '../agreement/assets.ts'
import { createRandom, formatManifest } from './corpus.ts'
import { median } from './process.ts'
import { formatTwin } from './twins.ts'

const SMALL = 300
const ROUNDS = 3

export interface GrowthRow {
  readonly name: string
  /** Cost of the large input divided by that of the small one. */
  readonly factor: number
}

/** The n-th file of an input. */
type MakeFile = (n: number) => { readonly id: string; readonly text: string }

/**
 * Equal namespaces and labels nearby make the rules about references work; objects of one label in one folder, of one
 * name in folders and of one label in one file are what rules that look at each for each take hours for.
 */
const inputs: readonly (readonly [string, MakeFile])[] = [
  ['of forty teams', inTeams()],
  ['whose objects share labels, in one folder', n => ({ id: `app-${n}.yaml`, text: formatTwin(`web-${n}`) })],
  ['whose objects share names, a folder each', n => ({ id: `env-${n}/app.yaml`, text: formatTwin('web') })],
]

export async function rows(): Promise<GrowthRow[]> {
  const measured: GrowthRow[] = []
  for (const [name, makeFile] of inputs)
    measured.push({
      name: `${SMALL} to ${SMALL * 10} files ${name}`,
      factor: await compare(count => Array.from({ length: count }, (_, n) => makeFile(n))),
    })
  const inOneFile = (count: number): Source[] => [
    { id: 'app.yaml', text: Array.from({ length: count }, (_, n) => formatTwin(`web-${n}`)).join('---\n') },
  ]
  const name = `${SMALL / 3} to ${(SMALL * 10) / 3} times the objects that share labels, in one file`
  measured.push({ name, factor: await compare(count => inOneFile(count / 3)) })
  return measured
}

async function compare(makeSources: (count: number) => Source[]): Promise<number> {
  await timeRun(makeSources(SMALL), 'warm')
  const small = await repeat(makeSources(SMALL))
  return (await repeat(makeSources(SMALL * 10))) / small
}

async function repeat(sources: readonly Source[]): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++)
    times.push(await timeRun(sources, `${sources.length} ${round}`))
  return median(times)
}

function inTeams(): MakeFile {
  let random = createRandom(20_261)
  return n => {
    if (n === 0) random = createRandom(20_261)
    return { id: `app-${n}.yaml`, text: formatManifest(n, random) }
  }
}

/** Milliseconds of reading and checking files that form one set. Equal texts are read once, so each round has its own. */
async function timeRun(files: readonly Source[], round: string): Promise<number> {
  const sources = files.map(({ id, text }) => ({ id, text: `# ${round}\n${text}` }))
  const start = performance.now()
  const { snapshot } = await openWorkspace({ sources, skipped: [] }, config, rules, readAsset)
  listFindings(snapshot)
  return performance.now() - start
}

const config = buildPlainConfig(['1.36'], rules)
