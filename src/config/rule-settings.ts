/** Layers of settings to what holds for the rules in a file, each value with the place it comes from. */
import type { Preset } from '../rule.ts'
import type { Json, JsonObject } from '../yaml/json.ts'
import { defaultPreset, isInPreset, matchRules, type RuleInfo } from './catalogue.ts'
import type { Level, RuleSettings } from './config.ts'
import type { Layer, RuleSetting, Setting } from './config-file.ts'

export interface SettledRule {
  readonly level: Level
  readonly options: JsonObject
  readonly from: string
}

/** What flags say about rules; they win over every file. */
export interface RuleFlags {
  readonly presets?: readonly Preset[]
  /** Only these rules run: ids and patterns. */
  readonly only?: readonly string[]
  readonly ignore?: readonly string[]
}

/** `layers` from weak to strong. */
export function settleRules(
  rules: readonly RuleInfo[],
  layers: readonly Layer[],
  flags: RuleFlags,
): ReadonlyMap<string, SettledRule> {
  const settled = fromPresets(rules, choosePresets(layers, flags))
  for (const layer of layers) for (const setting of bySpecificity(layer.rules)) apply(settled, rules, setting)
  if (flags.only) keepOnly(settled, rules, flags.only)
  for (const name of flags.ignore ?? [])
    apply(settled, rules, { name, level: 'off', options: {}, from: '--ignore' })
  return settled
}

/** The form in which the engine asks. Unknown ids are off. */
export const toRuleSettings = (settled: ReadonlyMap<string, SettledRule>): RuleSettings => ({
  level: (rule: string): Level => settled.get(rule)?.level ?? 'off',
  options: (rule: string): Json => settled.get(rule)?.options ?? {},
})

function choosePresets(layers: readonly Layer[], flags: RuleFlags): Setting<readonly Preset[]> {
  if (flags.presets) return { value: flags.presets, from: '--preset' }
  return layers.findLast(it => it.presets)?.presets ?? { value: [defaultPreset], from: 'default' }
}

function fromPresets(
  rules: readonly RuleInfo[],
  { value, from }: Setting<readonly Preset[]>,
): Map<string, SettledRule> {
  return new Map(
    rules.map(rule => {
      const preset = value.find(it => isInPreset(rule, it))
      const options = (rule.options?.defaults ?? {}) as JsonObject
      const settled: SettledRule =
        preset === undefined
          ? { level: 'off', options, from: `in no preset of ${from}` }
          : { level: rule.severity, options, from: `preset ${preset} (${from})` }
      return [rule.id, settled]
    }),
  )
}

/** Patterns first, the shortest of them first, so that the name that says most is applied last. */
const bySpecificity = (settings: readonly RuleSetting[]): RuleSetting[] =>
  [...settings].sort((a, b) => rank(a.name) - rank(b.name))

const rank = (name: string): number => (name.includes('*') ? name.length : Number.POSITIVE_INFINITY)

function apply(settled: Map<string, SettledRule>, rules: readonly RuleInfo[], setting: RuleSetting): void {
  for (const rule of matchRules(rules, setting.name)) {
    const before = settled.get(rule.id)!
    settled.set(rule.id, {
      level: nextLevel(rule, before.level, setting.level),
      options: { ...before.options, ...setting.options },
      from: setting.from,
    })
  }
}

/** Options alone do not silence or wake a rule. */
function nextLevel(rule: RuleInfo, before: Level, level: Level | 'on' | undefined): Level {
  if (level === 'on') return before === 'off' ? rule.severity : before
  return level ?? before
}

function keepOnly(
  settled: Map<string, SettledRule>,
  rules: readonly RuleInfo[],
  only: readonly string[],
): void {
  const kept = new Set(only.flatMap(it => matchRules(rules, it)).map(it => it.id))
  for (const rule of rules) {
    const before = settled.get(rule.id)!
    const level = !kept.has(rule.id) ? 'off' : before.level === 'off' ? rule.severity : before.level
    if (level !== before.level) settled.set(rule.id, { ...before, level, from: '--only' })
  }
}
