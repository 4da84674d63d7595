/** What configuration knows about rules: their names and facts, never what they check. */
import { UserError } from '../host/user-error.ts'
import type { Preset, Rule } from '../rule.ts'
import { findNearest } from '../text/suggest.ts'

export type RuleInfo = Pick<
  Rule,
  'id' | 'category' | 'severity' | 'presets' | 'title' | 'why' | 'see' | 'options'
> &
  Partial<Pick<Rule, 'bad' | 'good'>>

/** What each preset is for, in the order of the documentation. */
export const presetFacts: Readonly<Record<Preset, string>> = {
  recommended: 'Defects, and what reviewers agree on: a finding is almost always worth an edit.',
  schema:
    "The API server's own verdict and nothing else, in the place of a schema validator: errors are what it refuses (text " +
    'that does not decode, unknown fields, wrong types, its validation, APIs that it does not serve), warnings are what it ' +
    'warns about, and kinds for which no schema is known are named. Whether objects fit together is not asked.',
  security: 'What makes it easier to break out of a container or into a cluster.',
  'pss-baseline': 'The Pod Security Standard "baseline": what Pod Security admission refuses at that level.',
  'pss-restricted': 'The Pod Security Standard "restricted", which includes "baseline".',
  reliability: 'What makes workloads fail, hang or disappear while they run.',
  strict: 'Every rule there is.',
  helm: 'What matters to those who write charts.',
}

export const presets = Object.keys(presetFacts) as readonly Preset[]

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
