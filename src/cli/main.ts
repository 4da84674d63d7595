/** The command: starts a run and turns its end into an exit code. */
import { rules } from '../../rules/index.ts'
import { processIo } from './io.ts'
import { runCli } from './run-cli.ts'

runCli(process.argv.slice(2), processIo(), rules).then(code => {
  process.exitCode = code
})
