/** Settings without a settings file: each of some rules with its own severity and options, and no other rule. */
import type { Rule } from '../rule.ts'
import type { Config } from './config.ts'

/** `kubernetes`: the minors to check, ascending. */
export function buildPlainConfig(kubernetes: readonly string[], rules: readonly Rule[]): Config {
  const byId = new Map(rules.map(it => [it.id, it]))
  const settings = {
    level: (id: string) => byId.get(id)?.severity ?? ('off' as const),
    options: (id: string) => byId.get(id)?.options?.defaults ?? {},
  }
  return { kubernetes, kubernetesGiven: true, external: [], closed: false, settingsFor: () => settings }
}
