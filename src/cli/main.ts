/** The command: starts a run and turns its end into an exit code. */
import { processIo } from './io.ts'
import { runCli } from './run-cli.ts'

process.exitCode = await runCli(process.argv.slice(2), processIo(), async () => {
  const { rules } = await import('../../rules/index.ts')
  return rules
})
