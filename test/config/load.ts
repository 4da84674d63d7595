/** Loads configurations from texts, with a small catalogue of rules. */
import type { RuleInfo } from '../../src/config/catalogue.ts'
import { type ConfigFlags, type LoadedConfig, loadConfig } from '../../src/config/load-config.ts'
import { memoryHost } from '../../src/host/memory.ts'
import { UserError } from '../../src/host/user-error.ts'
import { loadFullParser } from '../../src/yaml/parse.ts'

const facts = { category: 'reliability', title: 'A rule', why: 'Because', see: [] } as const

export const rules: readonly RuleInfo[] = [
  { ...facts, id: 'image-tag-mutable', severity: 'warning', presets: ['recommended', 'reliability'] },
  { ...facts, id: 'cpu-limit-missing', severity: 'info', presets: [] },
  { ...facts, id: 'schema-unknown-field', severity: 'error', presets: ['recommended', 'schema'] },
  { ...facts, id: 'schema-wrong-type', severity: 'error', presets: ['recommended', 'schema'] },
  {
    ...facts,
    id: 'replicas-below-minimum',
    severity: 'info',
    presets: ['reliability'],
    options: {
      schema: {
        type: 'object',
        properties: {
          minimum: { type: 'integer', minimum: 1 },
          kinds: { type: 'array', items: { type: 'string' } },
        },
      },
      defaults: { minimum: 2, kinds: [] },
    },
  },
]
export const versions = ['1.33', '1.34', '1.35', '1.36']

const full = await loadFullParser()

export function load(
  files: Readonly<Record<string, string>>,
  flags: ConfigFlags = {},
  start = '',
): LoadedConfig {
  const texts = new Map(Object.entries(files))
  const host = memoryHost(texts)
  const nested = [...texts.keys()].filter(it => /(?:^|\/)plimsoll\.yaml$/.test(it) && !it.startsWith('/'))
  return loadConfig({ host, cwd: '/home/repo', start, nested, rules, versions, flags, full })!
}

/** The message of the `UserError` that loading ends with, its hint in brackets. */
export function errorOf(files: Readonly<Record<string, string>>, flags: ConfigFlags = {}): string {
  try {
    load(files, flags)
  } catch (error) {
    if (error instanceof UserError) return error.hint ? `${error.message} [${error.hint}]` : error.message
    throw error
  }
  return 'no error'
}
