/** What configuration knows about rules: their names and facts, never what they check. */
import { UserError } from '../host/user-error.ts'
import { findNearest } from '../kube/schema/suggest.ts'
import type { Preset, Rule } from '../rule.ts'

export type RuleInfo = Pick<
  Rule,
  'id' | 'category' | 'severity' | 'presets' | 'title' | 'why' | 'see' | 'options'
> &
  Partial<Pick<Rule, 'bad' | 'good'>>

/** In the order of the documentation. */
export const presets: readonly Preset[] = [
  'recommended',
  'schema',
  'security',
  'pss-baseline',
  'pss-restricted',
  'reliability',
  'strict',
  'helm',
]

export const defaultPreset: Preset = 'recommended'

export const isInPreset = (rule: RuleInfo, preset: Preset): boolean =>
  preset === 'strict' || rule.presets.includes(preset)

const isPattern = (name: string): boolean => name.includes('*')

/** The rules that a name or a pattern with `*` means. */
export function matchRules<R extends RuleInfo>(rules: readonly R[], name: string): R[] {
  if (!isPattern(name)) return rules.filter(it => it.id === name)
  const pattern = new RegExp(`^${name.split('*').map(escapePattern).join('.*')}$`)
  return rules.filter(it => pattern.test(it.id))
}

const escapePattern = (text: string): string => text.replaceAll(/[^a-z0-9-]/gi, '\\$&')

/** Rule names of a flag, separated by commas or repeated; a name without a rule is a `UserError`. */
export function readRuleNames(rules: readonly RuleInfo[], texts: readonly string[], flag: string): string[] {
  const names = texts.flatMap(it => it.split(',')).map(it => it.trim())
  for (const name of names.filter(it => it !== ''))
    if (matchRules(rules, name).length === 0)
      throw new UserError(`${flag}: unknown rule "${name}"`, suggestion(findNearestRule(rules, name)))
  return names.filter(it => it !== '')
}

export const findNearestRule = (rules: readonly RuleInfo[], name: string): string | undefined =>
  findNearest(
    name,
    rules.map(it => it.id),
  )

export const suggestion = (name: string | undefined): string | undefined =>
  name === undefined ? undefined : `did you mean "${name}"?`
