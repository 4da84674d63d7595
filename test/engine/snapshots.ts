/** Snapshots and findings made by hand, for parts of the engine that need no rules. */
import type { RuleInfo } from '../../src/config/catalogue.ts'
import type { Config } from '../../src/config/config.ts'
import type { Finding } from '../../src/engine/finding.ts'
import { ownRules } from '../../src/engine/own-rules.ts'
import { type Entry, resourcesOf, type Snapshot } from '../../src/engine/snapshot.ts'
import type { Source } from '../../src/text/source.ts'
import { loadFullParser, parseSource } from '../../src/yaml/parse.ts'

const full = await loadFullParser()

const facts = { category: 'style', severity: 'warning', presets: [], title: '', why: '', see: [] } as const
export const rules: readonly RuleInfo[] = [
  { ...facts, id: 'image-tag-mutable' },
  { ...facts, id: 'port-wrong' },
  ...ownRules,
]

const config: Config = {
  kubernetes: ['1.36'],
  kubernetesGiven: true,
  external: [],
  closed: false,
  settingsFor: () => ({ level: () => 'warning', options: () => ({}) }),
}

export function snapshotOf(
  files: Readonly<Record<string, string>>,
): Pick<Snapshot, 'sources' | 'units' | 'config'> {
  const sources = Object.entries(files).map(([id, text]): Source => ({ id, text }))
  const entries = sources
    .filter(it => !it.id.includes('templates/'))
    .flatMap(source => parseSource(source, full)!)
    .map((document): Entry => ({ document, role: resourcesOf(document).length > 0 ? 'manifest' : 'other' }))
  return {
    config,
    sources: new Map(sources.map(it => [it.id, it])),
    units: [{ name: '', entries, graph: undefined as never }],
  }
}

/** A finding of a rule at the first place where a text stands in a file. */
export function findingAt(source: Source, text: string, some: Partial<Finding> = {}): Finding {
  const start = source.text.indexOf(text)
  if (start < 0) throw new Error(`no ${JSON.stringify(text)} in ${source.id}`)
  return {
    rule: 'image-tag-mutable',
    severity: 'warning',
    message: `about ${text}`,
    location: { source, span: { start, end: start + text.length } },
    kubernetes: ['1.36'],
    origins: [],
    related: [],
    fixes: [],
    fingerprint: `${source.id}:${text}`,
    ...some,
  }
}
