/** Runs rules over texts as the command does: the same settings, units and suppressions, without a disk. */
import { existsSync, readFileSync } from 'node:fs'
import { type ConfigFlags, loadConfig } from '../../src/config/load-config.ts'
import { openExample } from '../../src/engine/example-inventory.ts'
import type { Finding } from '../../src/engine/finding.ts'
import { ownRules } from '../../src/engine/own-rules.ts'
import { judge } from '../../src/engine/report.ts'
import { openWorkspace } from '../../src/engine/workspace.ts'
import { memoryHost } from '../../src/host/memory.ts'
import { openCatalog } from '../../src/kube/schema/catalog.ts'
import type { Rule } from '../../src/rule.ts'
import { memo } from '../../src/text/memo.ts'
import { loadFullParser } from '../../src/yaml/parse.ts'

const full = await loadFullParser()
const assets = new Map<string, string | undefined>()

export function readAsset(name: string): string | undefined {
  if (!assets.has(name)) assets.set(name, existsSync(name) ? readFileSync(name, 'utf8') : undefined)
  return assets.get(name)
}
const { versions } = openCatalog(readAsset)

export type Files = Readonly<Record<string, string>>

/** Rules are told apart by identity, so one list is made for each set of names. */
const withNames = memo((_rules: readonly Rule[]) => new Map<string, readonly Rule[]>())

/** Findings of those rules that `flags.only` names, all when it names none. A `plimsoll.yaml` among the files counts. */
export async function check(
  files: Files,
  rules: readonly Rule[],
  flags: ConfigFlags = {},
): Promise<readonly Finding[]> {
  const host = memoryHost(new Map(Object.entries(files)))
  const loaded = loadConfig({ host, cwd: '/repo', start: '', nested: [], rules, versions, flags, full })!
  const texts = Object.entries(files).filter(([id]) => id !== 'plimsoll.yaml')
  const example = await openExample(texts, Number(loaded.config.kubernetes.at(-1)!.split('.')[1]))
  const only = flags.only ? pick(rules, flags.only) : rules
  const workspace = await openWorkspace({ ...example, skipped: [] }, loaded.config, only, readAsset)
  const known = [...rules, ...ownRules]
  return judge(workspace.snapshot, { rules: known, today: '2026-11-21' }).findings
}

function pick(rules: readonly Rule[], names: readonly string[]): readonly Rule[] {
  const known = withNames(rules)
  const key = [...names].sort().join()
  if (!known.has(key))
    known.set(
      key,
      rules.filter(it => names.includes(it.id)),
    )
  return known.get(key)!
}
