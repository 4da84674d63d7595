/** Commands and their options. The code of a command is loaded when it is run. */
import { Command, InvalidArgumentError, Option } from 'commander'
import { presets } from '../config/catalogue.ts'
import { UserError } from '../host/user-error.ts'
import { severities } from '../report/severities.ts'
import type { Rule } from '../rule.ts'
import { findNearest } from '../text/suggest.ts'
import type { ExitCode } from './exit-codes.ts'
import { helmVersions } from './flags.ts'
import type { Io } from './io.ts'
import { addValuesOptions } from './values-options.ts'
import { version } from './version.ts'

export function buildProgram(io: Io, rules: readonly Rule[], done: (code: ExitCode) => void): Command {
  const program = new Command('plimsoll')
    .description('Checks Kubernetes manifests and points at the line to edit.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .exitOverride()
    .showSuggestionAfterError()
    .addHelpText('after', '\n"plimsoll lint --help" shows the options of the default command.')
  const add = (usage: string, description: string): Command =>
    program.command(usage, { isDefault: usage.startsWith('lint') }).description(description)

  const lint = add('lint [paths...]', 'check manifests; the default command. "-" reads standard input')
  addSettingsOptions(lint)
  addRuleOptions(lint)
  addNodesOption(lint)
  addCheckOptions(lint)
  addInputOption(lint)
  addColorOptions(lint)
  addValuesOptions(lint)
  addReportOptions(lint)
  lint.action(async (paths, flags) => {
    const { lint: run } = await import('./commands/lint.ts')
    done(await run({ io, rules, paths, flags }))
  })

  const fix = add('fix [paths...]', 'apply safe fixes in place')
    .option('--diff', 'show what would change, and change nothing')
    .option('--unsafe', 'also apply fixes that can change what runs')
  addSettingsOptions(fix)
  addRuleOptions(fix)
  addNodesOption(fix)
  addCheckOptions(fix)
  addValuesOptions(fix)
  refuseOthers(fix, lint)
  fix.action(async (paths, flags) => {
    const { fix: run } = await import('./commands/fix.ts')
    done(await run({ io, rules, paths, flags }))
  })

  const schedule = add(
    'schedule [paths...]',
    'does it fit? places the pods of manifests on the nodes of a cluster',
  )
    .option('--snapshot <file>', 'write the inventory, cut down to what scheduling reads, to a file')
    .option('--format <format[=file]>', 'pretty, json, svg, html', collect)
    .addHelpText('after', SCHEDULE_HELP)
  addSettingsOptions(schedule)
  addNodesOption(schedule)
  addInputOption(schedule)
  addColorOptions(schedule)
  addValuesOptions(schedule)
  refuseOthers(schedule, lint)
  schedule.action(async (paths, flags) => {
    const { schedule: run } = await import('./commands/schedule.ts')
    done(await run({ io, rules, paths, flags }))
  })

  add('explain <rule>', 'what a rule finds, why, and how to mend it').action(async rule => {
    const { explain } = await import('./commands/explain.ts')
    done(await explain(io, rules, rule))
  })

  add('rules', 'list all rules')
    .addOption(
      new Option('--format <format>', 'how to list them').choices(['pretty', 'json']).default('pretty'),
    )
    .action(async flags => {
      const { listRules } = await import('./commands/rules.ts')
      done(await listRules(io, rules, flags.format))
    })

  add('init', 'write a plimsoll.yaml').action(async () => {
    const { init } = await import('./commands/init.ts')
    done(await init(io))
  })

  const render = add('render <chart>', 'what `helm template` prints: a folder or a packaged chart')
    .option('-n, --namespace <name>', 'namespace of the release', 'default')
    .option('--release <name>', 'name of the release')
    .addOption(new Option('--name <name>').hideHelp())
    .option('--kubernetes <version>', 'version that .Capabilities tells: 1.34')
    .option('--api-versions <versions>', 'further API versions that .Capabilities tells', collect)
    .option('--include-crds', 'print the definitions in crds/, too')
    .option('--is-upgrade', 'set .Release.IsUpgrade instead of .Release.IsInstall')
    .addOption(new Option('--helm <version>', 'whose output to write').choices(helmVersions).default('4.1'))
    .option('--map', 'print where each line comes from instead: a JSON object a line')
  addValuesOptions(render)
  render.action(async (chart, flags) => {
    const { render: run } = await import('./commands/render.ts')
    done(await run(io, chart, flags))
  })

  // Editors start servers with options of their own.
  add('lsp', 'language server on standard input and output')
    .option('--node-ipc', 'speak over the channel of a Node parent process')
    .addOption(new Option('--stdio').hideHelp())
    .addOption(new Option('--clientProcessId <id>').hideHelp())
    .action(async flags => {
      const { lsp } = await import('./commands/lsp.ts')
      done(await lsp(rules, flags))
    })

  const config = program.command('config').description('look at the configuration')
  const show = config
    .command('show [path]')
    .description('the settings that hold for a path, and where each comes from')
  addSettingsOptions(show)
  addRuleOptions(show)
  show.action(async (path, flags) => {
    const { showConfig } = await import('./commands/config-show.ts')
    done(await showConfig({ io, rules, path, flags }))
  })

  for (const command of [...program.commands, ...config.commands])
    command
      .copyInheritedSettings(program)
      .addOption(new Option('--debug', 'show stacks of errors').hideHelp())
  return program
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]

/** Options of `lint` that mean nothing to the command are refused as such: unread, they would seem to be obeyed. */
function refuseOthers(command: Command, lint: Command): void {
  for (const { flags, long } of lint.options) {
    if (command.options.some(it => it.long === long)) continue
    const refused = new Option(flags).hideHelp()
    command.addOption(refused).on(`option:${refused.name()}`, () => {
      throw new UserError(`${long} has no effect on ${command.name()}`, 'it is an option of lint')
    })
  }
}

function addSettingsOptions(command: Command): void {
  command
    .option('--kubernetes <version>', 'minor or range of minors to check: 1.34, 1.33-1.36')
    .option('--config <file>', 'take settings from this file alone')
    .option('--no-config', 'take settings from no file')
}

function addRuleOptions(command: Command): void {
  command
    .option('--only <rules>', 'run only these rules, by comma; "*" matches any text', collect)
    .option('--ignore <rules>', 'do not run these rules, by comma', collect)
    .addOption(
      new Option('--preset <preset>', 'run the rules of a preset')
        .choices(presets)
        .argParser((value: string, before: readonly string[] = []) => [...before, toPreset(value)]),
    )
}

const formatMeant = (meant: string | undefined): string =>
  meant === undefined ? '' : `Did you mean "${meant}"? `

function toPreset(value: string): string {
  if (!(presets as readonly string[]).includes(value))
    throw new InvalidArgumentError(
      `${formatMeant(findNearest(value, presets))}Known presets: ${presets.join(', ')}.`,
    )
  return value
}

const SCHEDULE_HELP = `
Verdicts: schedules, stranded (another order would do), impossible (with a proof), undecided; as written, at the peak of
a rollout, and with every autoscaler at its maximum.
Exit code 1: something does not fit as written, or a rollout can never begin.

  kubectl get nodes,pods -A -o json > nodes.json
  plimsoll schedule deploy/ --nodes nodes.json --format html=fit.html`

function addNodesOption(command: Command): void {
  command.option('--nodes <files...>', 'the cluster to place pods on: kubectl get nodes,pods -A -o json')
}

function addCheckOptions(command: Command): void {
  command
    .option('--crds <path>', 'custom resource definitions to check by', collect)
    .option(
      '--schema-location <template>',
      'where JSON Schemas of your own are, asked in turn; "default" for those of plimsoll',
      collect,
    )
    .option('--baseline <file>', 'leave out the findings listed in this file')
    .option('--focus <files...>', 'look at everything, report only what touches these files')
    .option('--since <revision>', 'report only what touches files changed since a Git revision')
    .addOption(
      new Option('--fail-on <severity>', 'lowest severity that fails the run')
        .choices(severities)
        .default('error'),
    )
}

function addInputOption(command: Command): void {
  command.option('--stdin-filename <name>', 'the name of standard input')
}

function addColorOptions(command: Command): void {
  command.option('--color', 'colour the output').option('--no-color', 'do not colour the output')
}

function addReportOptions(command: Command): void {
  command
    .option(
      '--format <format[=file]>',
      'pretty, compact, json, sarif, github, gitlab, junit, checkstyle, tap, markdown, html',
      collect,
    )
    .option('--update-baseline', 'write the findings of this run to the baseline')
    .option('--max-warnings <number>', 'fail when there are more warnings', toCount)
    .option('--quiet', 'report errors only')
    .option('--exit-zero', 'exit with 0 though there are findings')
    .option(
      '--threads <number>',
      'share the work among so many threads; by default as many as pay off',
      toThreads,
    )
}

function toCount(value: string): number {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError('A number is needed.')
  return Number(value)
}

function toThreads(value: string): number {
  const count = toCount(value)
  if (count < 1 || count > 64) throw new InvalidArgumentError('A number from 1 to 64 is needed.')
  return count
}
