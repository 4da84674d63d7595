/** `plimsoll explain`: the page of a rule. */

import { findNearestRule, isInPreset, presets, type RuleInfo, suggestion } from '../../config/catalogue.ts'
import { ownRules } from '../../engine/own-rules.ts'
import { readAsset } from '../../host/assets.ts'
import { UserError } from '../../host/user-error.ts'
import type { Rule } from '../../rule.ts'
import { dedent } from '../../text/dedent.ts'
import type { JsonObject } from '../../yaml/json.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import type { Io } from '../io.ts'

export async function explain(io: Io, rules: readonly Rule[], name: string): Promise<ExitCode> {
  const all = [...rules, ...ownRules]
  const rule = all.find(it => it.id === name)
  if (!rule)
    throw new UserError(
      `no rule is called "${name}"`,
      suggestion(findNearestRule(all, name)) ?? '"plimsoll rules" lists them',
    )
  const run = rules.find(it => it.id === name)
  io.out(formatRule(rule, run && (await askServer(run))))
  return exitCodes.clean
}

/** What the API server itself says of the bad example, where the rule is about its verdict. */
async function askServer(rule: Rule): Promise<string | undefined> {
  if (rule.category !== 'api' && rule.category !== 'schema') return undefined
  const { findSample, formatServerWords } = await import('../../engine/find-sample.ts')
  const server = (await findSample(rule, readAsset))?.server
  return server && formatServerWords(server)
}

function formatRule(rule: RuleInfo, server: string | undefined): string {
  const inPresets = presets.filter(it => isInPreset(rule, it)).join(', ')
  const sections = [
    `${rule.id} (${rule.severity}, ${rule.category})\n${rule.title}`,
    dedent(rule.why).trimEnd(),
    `Presets: ${inPresets}`,
    ...formatOptions(rule),
    ...(rule.bad === undefined ? [] : [`Found in:\n\n${indent(dedent(rule.bad).trimEnd())}`]),
    ...(server === undefined ? [] : [`The API server itself says:\n${indent(server)}`]),
    ...(rule.good === undefined ? [] : [`Mended:\n\n${indent(dedent(rule.good).trimEnd())}`]),
    ...(rule.see.length > 0 ? [`See:\n${indent(rule.see.join('\n'))}`] : []),
    `Allow it at one place by a comment:\n${indent(`# plimsoll-ignore ${rule.id} -- reason`)}`,
  ]
  return `${sections.join('\n\n')}\n`
}

function formatOptions({ options }: RuleInfo): string[] {
  if (!options) return []
  const defaults = options.defaults as JsonObject
  const properties = ((options.schema as JsonObject).properties ?? {}) as Readonly<Record<string, JsonObject>>
  const lines = Object.entries(properties).map(([name, it]) => {
    const description = typeof it.description === 'string' ? ` ${it.description}` : ''
    return `${name}:${description} (default ${JSON.stringify(defaults[name])})`
  })
  return [`Options:\n${indent(lines.join('\n'))}`]
}

const indent = (text: string): string => text.replaceAll(/^(?=.)/gm, '  ')
