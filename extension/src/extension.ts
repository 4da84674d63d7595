/** The VS Code client: starts the server and shows its state. What is checked, and how, is the server's business. */
import {
  commands,
  type ExtensionContext,
  LanguageStatusSeverity,
  type LogOutputChannel,
  languages,
  Uri,
  window,
  workspace,
} from 'vscode'
import {
  LanguageClient,
  type LanguageClientOptions,
  type ServerOptions,
  TransportKind,
} from 'vscode-languageclient/node'

const selector = ['yaml', 'helm', 'json'].flatMap(language => [
  { scheme: 'file', language },
  { scheme: 'untitled', language },
])

let client: LanguageClient | undefined

export async function activate(context: ExtensionContext): Promise<void> {
  const output = window.createOutputChannel('plimsoll', { log: true })
  const server = context.asAbsolutePath('dist/server.js')
  const started = new LanguageClient('plimsoll', 'plimsoll', serverOptions(server), clientOptions(output))
  client = started
  context.subscriptions.push(
    output,
    commands.registerCommand('plimsoll.restart', () => started.restart()),
    commands.registerCommand('plimsoll.showOutput', () => output.show()),
    commands.registerCommand('plimsoll.fixAll', applySafeFixes),
    commands.registerCommand('plimsoll.explainRule', (rule?: unknown) => explainRule(rule)),
    workspace.registerTextDocumentContentProvider(pageScheme, {
      provideTextDocumentContent: uri => requestPage(started, ruleOf(uri)),
    }),
  )
  showStatus(context, started)
  await started.start()
}

export const deactivate = (): Promise<void> | undefined => client?.stop()

function serverOptions(module: string): ServerOptions {
  const settings = workspace.getConfiguration('plimsoll.server')
  const runtime = settings.get<string | null>('runtime') ?? undefined
  const execArgv = settings.get<string[]>('execArgv') ?? []
  return {
    module,
    transport: TransportKind.ipc,
    options: { execArgv },
    ...(runtime !== undefined && { runtime }),
  }
}

function clientOptions(outputChannel: LogOutputChannel): LanguageClientOptions {
  const settings = workspace.getConfiguration('plimsoll')
  return {
    documentSelector: selector,
    outputChannel,
    initializationOptions: { client: 'plimsoll-vscode', settings },
    diagnosticPullOptions: {
      onChange: settings.get<string>('run') !== 'onSave',
      onSave: true,
      onFocus: true,
    },
  }
}

/** What the server says about itself. */
interface Status {
  readonly kubernetes: readonly string[]
  /** Why settings could not be read. */
  readonly problem?: string
}

function showStatus({ subscriptions }: ExtensionContext, client: LanguageClient): void {
  const item = languages.createLanguageStatusItem('plimsoll', selector)
  item.name = 'plimsoll'
  item.text = 'plimsoll'
  item.command = { title: 'Show Output', command: 'plimsoll.showOutput' }
  subscriptions.push(
    item,
    client.onNotification('plimsoll/status', ({ kubernetes, problem }: Status) => {
      item.text = `plimsoll: Kubernetes ${kubernetes.join(', ')}`
      item.detail = problem ?? 'Versions that manifests are checked against'
      item.severity =
        problem === undefined ? LanguageStatusSeverity.Information : LanguageStatusSeverity.Error
    }),
  )
}

const applySafeFixes = (): Thenable<unknown> =>
  commands.executeCommand('editor.action.codeAction', { kind: 'source.fixAll.plimsoll', apply: 'first' })

/** Pages of rules are documents of their own scheme: `plimsoll-rule:/host-network.md`. */
const pageScheme = 'plimsoll-rule'
const ruleOf = (uri: Uri): string => uri.path.slice(1).replace(/\.md$/, '')

async function requestPage(client: LanguageClient, rule: string): Promise<string> {
  const page = await client.sendRequest<string | null>('plimsoll/explainRule', { rule })
  return page ?? `No rule is called \`${rule}\`.`
}

/** Without a rule given, asks which one of those that have findings. */
async function explainRule(given: unknown): Promise<void> {
  const rule = typeof given === 'string' ? given : await window.showQuickPick(listRulesWithFindings())
  if (rule === undefined) return
  const uri = Uri.from({ scheme: pageScheme, path: `/${rule}.md` })
  await commands.executeCommand('markdown.showPreviewToSide', uri)
}

function listRulesWithFindings(): string[] {
  const diagnostics = languages.getDiagnostics().flatMap(([, items]) => items)
  const codes = diagnostics
    .filter(it => it.source === 'plimsoll')
    .map(it => String(it.code && nameOf(it.code)))
  return [...new Set(codes)].sort()
}

const nameOf = (code: string | number | { value: string | number }): string | number =>
  typeof code === 'object' ? code.value : code
