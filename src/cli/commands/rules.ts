/** `plimsoll rules`: the catalogue. */
import { isInPreset, presets } from '../../config/catalogue.ts'
import { ownRules } from '../../engine/own-rules.ts'
import type { Io } from '../io.ts'
import { type ExitCode, exitCodes, type LoadRules } from '../run-cli.ts'

export async function listRules(io: Io, loadRules: LoadRules, format: 'pretty' | 'json'): Promise<ExitCode> {
  const rules = [...(await loadRules()), ...ownRules].map(it => ({
    id: it.id,
    category: it.category,
    severity: it.severity,
    presets: presets.filter(preset => isInPreset(it, preset)),
    title: it.title,
  }))
  if (format === 'json') io.out(`${JSON.stringify(rules, undefined, 2)}\n`)
  else {
    const width = Math.max(...rules.map(it => it.id.length))
    const lines = rules.map(it => {
      const on = it.presets.includes('recommended') ? '*' : ' '
      return `${on} ${it.id.padEnd(width)}  ${it.severity.padEnd(7)}  ${it.title}\n`
    })
    io.out(`${lines.join('')}\n${rules.length} rules; * marks those of the preset "recommended"\n`)
  }
  return exitCodes.clean
}
