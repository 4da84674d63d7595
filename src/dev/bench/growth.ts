/** Benchmark of how a whole run's cost grows with its input, so that nothing quadratic slips in. */
import { rules } from '../../../rules/index.ts'
import type { Level } from '../../config/config.ts'
import { listFindings } from '../../engine/check.ts'
import { openWorkspace } from '../../engine/workspace.ts'
import type { Json } from '../../rule.ts'
import { readAsset } from '../agreement/assets.ts'
import { createRandom, formatManifest } from './corpus.ts'
import { median } from './process.ts'

const SMALL = 300
const ROUNDS = 3

export interface GrowthRow {
  readonly name: string
  /** Cost of the large input divided by that of the small one. */
  readonly factor: number
}

/** Equal namespaces and labels nearby make the rules about references work. */
export async function rows(): Promise<GrowthRow[]> {
  await timeRun(SMALL)
  const small = await repeat(SMALL)
  return [{ name: `${SMALL} to ${SMALL * 10} files, all rules`, factor: (await repeat(SMALL * 10)) / small }]
}

async function repeat(files: number): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) times.push(await timeRun(files))
  return median(times)
}

/** Milliseconds of reading and checking `files` files that form one set. */
async function timeRun(files: number): Promise<number> {
  const random = createRandom(20_261)
  const sources = Array.from({ length: files }, (_, i) => ({
    id: `app-${i}.yaml`,
    text: formatManifest(i, random),
  }))
  const config = {
    kubernetes: ['1.36'],
    kubernetesGiven: true,
    external: [],
    closed: false,
    settingsFor: () => defaults,
  }
  const start = performance.now()
  const { snapshot } = await openWorkspace({ sources, skipped: [] }, config, rules, readAsset)
  listFindings(snapshot)
  return performance.now() - start
}

/** Every rule at its own severity. */
const defaults = {
  level: (id: string): Level => byId.get(id)?.severity ?? 'off',
  options: (id: string): Json => byId.get(id)?.options?.defaults ?? {},
}
const byId = new Map(rules.map(it => [it.id, it]))
