/** `plimsoll rules`: the catalogue. */

import { isInPreset, presets } from '../../config/catalogue.ts'
import { ownRules } from '../../engine/own-rules.ts'
import type { Rule } from '../../rule.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import type { Io } from '../io.ts'

export async function listRules(
  io: Io,
  rules: readonly Rule[],
  format: 'pretty' | 'json',
): Promise<ExitCode> {
  const all = [...rules, ...ownRules].map(it => ({
    id: it.id,
    category: it.category,
    severity: it.severity,
    presets: presets.filter(preset => isInPreset(it, preset)),
    title: it.title,
  }))
  if (format === 'json') io.out(`${JSON.stringify(all, undefined, 2)}\n`)
  else {
    const width = Math.max(...all.map(it => it.id.length))
    const lines = all.map(it => {
      const on = it.presets.includes('recommended') ? '*' : ' '
      return `${on} ${it.id.padEnd(width)}  ${it.severity.padEnd(7)}  ${it.title}\n`
    })
    io.out(`${lines.join('')}\n${all.length} rules; * marks those of the preset "recommended"\n`)
  }
  return exitCodes.clean
}
