/** `plimsoll render`: writes what `helm template` writes, or where each line of it comes from. */
import { parseKubeVersion } from '../../helm/capabilities.ts'
import type { HelmProblem } from '../../helm/chart.ts'
import { NotLoaded, setSchemaCheck } from '../../helm/on-demand.ts'
import { type Compat, DEFAULT_OPTIONS, type Rendering, renderChart } from '../../helm/render-chart.ts'
import { encodeUtf8 } from '../../helm/template/utf8.ts'
import { setFullParser } from '../../helm/values-yaml.ts'
import { UserError } from '../../host/user-error.ts'
import { toLine } from '../../report/escape.ts'
import { formatSourceMap } from '../../report/source-map.ts'
import { positionAt } from '../../text/lines.ts'
import type { Location } from '../../text/source.ts'
import { formatPath } from '../../yaml/json.ts'
import { loadFullParser } from '../../yaml/parse.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import type { RenderOptions } from '../flags.ts'
import type { Io } from '../io.ts'
import { readChart } from '../read-chart.ts'
import { readGivenValues } from '../values-options.ts'

export async function render(io: Io, path: string, flags: RenderOptions): Promise<ExitCode> {
  const { kubernetes } = flags
  if (kubernetes !== undefined && !parseKubeVersion(kubernetes))
    throw new UserError(toLine(`invalid kube version '${kubernetes}'`))
  const given = readGivenValues(io.cwd, flags)
  const { chart, problems } = await loading(() => readChart(io.cwd, path))
  const rendering =
    chart &&
    (await loading(() =>
      renderChart(chart, {
        ...DEFAULT_OPTIONS,
        releaseName: flags.release ?? flags.name ?? DEFAULT_OPTIONS.releaseName,
        namespace: flags.namespace,
        values: given.files,
        sets: given.sets,
        kubeVersion: kubernetes,
        apiVersions: flags.apiVersions ?? [],
        includeCrds: flags.includeCrds === true,
        isUpgrade: flags.isUpgrade === true,
        compat: `helm-${flags.helm}` satisfies Compat,
        now: io.now(),
      }),
    ))
  if (rendering?.output === undefined) return reportProblems(io, path, rendering?.problems ?? problems)
  write(io, rendering, flags)
  return exitCodes.clean
}

/** Loads what the work turns out to need, and does it again. */
async function loading<Result>(work: () => Result): Promise<Result> {
  for (;;)
    try {
      return work()
    } catch (error) {
      if (!(error instanceof NotLoaded)) throw error
      if (error.what === 'full-parser') setFullParser(await loadFullParser())
      else setSchemaCheck((await import('../../helm/schema.ts')).checkSchemas)
    }
}

/** Charts may hold what no UTF-8 can, and that goes through as it is. A terminal gets nothing that it would obey. */
function write(io: Io, rendering: Rendering, { map }: RenderOptions): void {
  const output = rendering.output!
  if (map) for (const it of formatSourceMap(rendering.mapped()!)) io.out(it)
  else if (io.isTerminal.out) io.out(output.split('\n').map(toLine).join('\n'))
  else io.out(encodeUtf8(output))
}

/** A flag that is wrong is the caller's fault, a chart that does not render is found to be so. */
function reportProblems(io: Io, path: string, problems: readonly HelmProblem[]): ExitCode {
  const [first] = problems
  if (first?.location?.source.id.startsWith('--')) throw new UserError(toLine(first.message))
  for (const { message, location, related, value } of problems) {
    const place = location ? formatPlace(location) : `${toLine(path)}: `
    io.err(`plimsoll: ${place}${formatMessage(message)}\n`)
    if (value) io.err(`  ${formatPlace(value.location)}${toLine(formatPath(value.path))}\n`)
    for (const it of related) io.err(`  ${formatPlace(it.location)}${formatMessage(it.message)}\n`)
  }
  return exitCodes.findings
}

const formatMessage = (text: string): string => text.trim().split('\n').map(toLine).join('\n  ')

function formatPlace(location: Location): string {
  const { line, column } = positionAt(location.source, location.span.start)
  return `${toLine(location.source.id)}:${line + 1}:${column + 1}: `
}
