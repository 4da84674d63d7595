/** `plimsoll config show`: the settings that hold for a path, and where each comes from. */
import { CHART_SETTING } from '../../config/load-config.ts'
import { ownRules } from '../../engine/own-rules.ts'
import { diskHost } from '../../host/disk.ts'
import { joinPath, pathBelow } from '../../text/paths.ts'
import type { JsonObject } from '../../yaml/json.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import type { ConfigOptions, Invocation } from '../flags.ts'
import { loadSettings } from '../load-settings.ts'

export interface ShowInvocation extends Omit<Invocation<ConfigOptions>, 'paths'> {
  readonly path: string | undefined
}

export async function showConfig({ io, rules, path = '.', flags }: ShowInvocation): Promise<ExitCode> {
  const host = diskHost(io.cwd)
  const all = [...rules, ...ownRules]
  const loaded = await loadSettings({ io, flags, host, rules: all, paths: [path], listing: { files: [] } })
  const rows: Row[] = [...loaded.settings]
    .filter(([name]) => holdsFor(name, path))
    .map(([name, it]) => [name, JSON.stringify(it.value), it.from])
  for (const [id, { level, options, from }] of loaded.explain(path)) {
    const settings = Object.keys(options).length > 0 && level !== 'off' ? ` ${formatOptions(options)}` : ''
    rows.push([`rules.${id}`, level + settings, from])
  }
  const title = `${path}: ${loaded.file ?? 'no plimsoll.yaml, only defaults'}\n`
  const notes = loaded.notes.map(it => `${it.path}: ${it.reason}\n`)
  io.out(`${title}${formatTable(rows)}${notes.join('')}`)
  return exitCodes.clean
}

/** Settings of a chart hold for what is in it, and are part of what holds for folders above it. */
function holdsFor(setting: string, path: string): boolean {
  if (!setting.startsWith(CHART_SETTING)) return true
  const chart = setting.slice(CHART_SETTING.length)
  const id = joinPath('', path)
  return pathBelow(chart, id) !== undefined || pathBelow(id, chart) !== undefined
}

type Row = readonly [string, string, string]

const formatOptions = (options: JsonObject): string => JSON.stringify(options)

function formatTable(rows: readonly Row[]): string {
  const widths = [0, 1].map(i => Math.min(60, Math.max(...rows.map(it => it[i]!.length))))
  return rows
    .map(([name, value, from]) => `${name.padEnd(widths[0]!)}  ${value.padEnd(widths[1]!)}  ${from}\n`)
    .join('')
}
