/** `npm run agreement -- SET …`: replays recorded verdicts of the real programs and prints how often plimsoll says the same. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Each set is a module beside this one that exports `run(args): Promise<number>`, the exit code. */
const SETS = ['apiserver', 'real', 'scheduling', 'e2e', 'helm', 'pss', 'cel']

interface SetModule {
  run(args: string[]): Promise<number>
}

async function main([name, ...args]: string[]): Promise<number> {
  if (name === undefined || !SETS.includes(name)) {
    console.error(`usage: npm run agreement -- ${SETS.join('|')} …`)
    return 2
  }
  const module = new URL(`./agreement/${name}.ts`, import.meta.url)
  if (!existsSync(fileURLToPath(module))) {
    console.error(`there is no agreement set "${name}" yet`)
    return 2
  }
  return ((await import(module.href)) as SetModule).run(args)
}

process.exitCode = await main(process.argv.slice(2))
