/** `npm run agreement [-- SET …]`: replays recorded verdicts of the real programs and prints how often plimsoll says the same. */
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** Each set is a module beside this one that exports `run(args): Promise<number>`, the exit code. */
const SETS = ['apiserver', 'real', 'scheduling', 'e2e', 'helm', 'pss', 'cel']

/** Cases and verdicts that the project keeps: a folder a set. */
const KEPT = 'test/conformance'

interface SetModule {
  run(args: string[]): Promise<number>
}

async function main([name, ...args]: string[]): Promise<number> {
  if (name === undefined) return runKept()
  if (!SETS.includes(name)) {
    console.error(`usage: npm run agreement [-- ${SETS.join('|')} …]`)
    return 2
  }
  const module = await loadSet(name)
  if (!module) {
    console.error(`there is no agreement set "${name}" yet`)
    return 2
  }
  return module.run(args)
}

async function loadSet(name: string): Promise<SetModule | undefined> {
  const module = new URL(`./agreement/${name}.ts`, import.meta.url)
  return existsSync(fileURLToPath(module)) ? ((await import(module.href)) as SetModule) : undefined
}

/** Every pair of cases and verdicts in the project; the worst exit code. */
async function runKept(): Promise<number> {
  let worst = 0
  for (const name of SETS) {
    const folder = path.join(KEPT, name)
    const module = existsSync(folder) ? await loadSet(name) : undefined
    if (!module) continue
    for (const file of readdirSync(folder).filter(it => it.endsWith('.in.jsonl.gz'))) {
      console.log(`\n${name} ${path.basename(file, '.in.jsonl.gz')}`)
      const answers = file.replace('.in.', '.out.')
      worst = Math.max(worst, await module.run([path.join(folder, file), path.join(folder, answers)]))
    }
  }
  return worst
}

process.exitCode = await main(process.argv.slice(2))
