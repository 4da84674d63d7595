/** Writes a page for every rule (`docs/rules/`), that of the presets, and the table of rules in the README, from what the rules say of themselves. */
import { existsSync, readFileSync } from 'node:fs'
import type { RuleInfo } from '../../config/catalogue.ts'
import { findSample, formatServerWords } from '../../engine/find-sample.ts'
import type { Finding } from '../../engine/finding.ts'
import { ownRules } from '../../engine/own-rules.ts'
import type { Rule } from '../../rule.ts'
import { dedent } from '../../text/dedent.ts'
import type { JsonObject } from '../../yaml/json.ts'
import { readAsset } from '../agreement/assets.ts'
import type { GeneratedFile } from './generated-file.ts'
import { generatePresetPage } from './preset-docs.ts'

const README = 'README.md'
const TABLE_START = '<!-- rules: begin -->'
const TABLE_END = '<!-- rules: end -->'

/** The pages of all rules; with the README, where there is one that has the two marks. */
export async function generateRuleDocs(rules: readonly Rule[]): Promise<GeneratedFile[]> {
  const samples = new Map<string, Finding | undefined>()
  for (const rule of rules) samples.set(rule.id, await findSample(rule, readAsset))
  const all: readonly RuleInfo[] = [...rules, ...ownRules].toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const pages = all.map(rule => ({
    path: `docs/rules/${rule.id}.md`,
    text: formatPage(rule, samples.get(rule.id)),
  }))
  pages.push(generatePresetPage(all))
  const readme = existsSync(README) ? readFileSync(README, 'utf8') : ''
  const table = replaceTable(readme, formatTable(all, samples))
  return table === undefined ? pages : [...pages, { path: README, text: table }]
}

function formatPage(rule: RuleInfo, sample: Finding | undefined): string {
  const facts = [
    `Severity: ${rule.severity}`,
    `category: ${rule.category}`,
    `presets: ${rule.presets.join(', ') || 'strict alone'}`,
    ...(sample?.fixes.length ? [`fix: ${wordFix(sample)}`] : []),
  ]
  const parts = [
    '<!-- Generated from the rule. Run `npm run gen` after a change. -->',
    `# ${rule.id}`,
    `${rule.title}.`,
    `${facts.join(' · ')}.`,
    dedent(rule.why).trim(),
  ]
  if (rule.bad) parts.push('## Found', fence(rule.bad))
  if (sample) parts.push(`> ${sample.severity}: ${sample.message}`)
  if (sample?.server) parts.push('The API server itself says:', `> ${formatServerWords(sample.server)}`)
  if (rule.good) parts.push('## Not found', fence(rule.good))
  if (rule.options) parts.push('## Options', formatOptions(rule.id, rule.options))
  if (rule.see.length > 0) parts.push('## See', rule.see.map(it => `- <${it}>`).join('\n'))
  parts.push('## Allow it once', fence(`# plimsoll-ignore ${rule.id} -- why it is right here\n`))
  return `${parts.join('\n\n')}\n`
}

const fence = (yaml: string): string => `\`\`\`yaml\n${dedent(yaml)}\`\`\``

const wordFix = (sample: Finding): string => (sample.fixes.some(it => it.safe) ? 'safe' : 'unsafe')

function formatOptions(id: string, { schema, defaults }: NonNullable<RuleInfo['options']>): string {
  const properties = (schema as JsonObject).properties as JsonObject
  const rows = Object.entries(properties).map(([name, it]) => {
    const description = String((it as JsonObject).description ?? '')
    return `| \`${name}\` | ${description} | \`${JSON.stringify((defaults as JsonObject)[name])}\` |`
  })
  const [first] = Object.keys(properties)
  const value = JSON.stringify((defaults as JsonObject)[first!])
  const example = fence(`rules:\n  ${id}: { severity: warning, ${first}: ${value} }\n`)
  return [`| option | meaning | default |\n|---|---|---|\n${rows.join('\n')}`, example].join('\n\n')
}

function formatTable(rules: readonly RuleInfo[], samples: ReadonlyMap<string, Finding | undefined>): string {
  const rows = rules.map(rule => {
    const sample = samples.get(rule.id)
    const fix = sample?.fixes.length ? wordFix(sample) : ''
    const on = rule.presets.includes('recommended') ? 'yes' : ''
    return `| [${rule.id}](docs/rules/${rule.id}.md) | ${rule.title} | ${rule.severity} | ${on} | ${fix} |`
  })
  return ['| rule | finds | severity | recommended | fix |', '|---|---|---|---|---|', ...rows].join('\n')
}

/** Undefined where the text has no marks. */
function replaceTable(text: string, table: string): string | undefined {
  const start = text.indexOf(TABLE_START)
  const end = text.indexOf(TABLE_END)
  if (start < 0 || end < start) return undefined
  return `${text.slice(0, start + TABLE_START.length)}\n${table}\n${text.slice(end)}`
}
