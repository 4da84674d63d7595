/** The command: starts a run and turns its end into an exit code. */
import { processIo } from './io.ts'
import { runCli } from './run-cli.ts'

const argv = process.argv.slice(2)

/** Rendering asks no rules, and to load them takes as long as to render a chart. */
const loadRules = async () => (argv[0] === 'render' ? [] : (await import('../../rules/index.ts')).rules)

loadRules()
  .then(rules => runCli(argv, processIo(), rules))
  .then(code => {
    process.exitCode = code
    // All is written. To let Node give its memory back piece by piece takes up to 30 ms. A language server goes on.
    if (argv[0] !== 'lsp') process.exit()
  })
