/** A rule's page as Markdown: what, why, an example and its mended form, links. */
import type { RuleInfo } from '../config/catalogue.ts'

export function formatRulePage({
  id,
  title,
  severity,
  category,
  presets,
  why,
  bad,
  good,
  see,
}: RuleInfo): string {
  const sets =
    presets.length === 0 ? 'only in `strict`' : `presets ${presets.map(it => `\`${it}\``).join(', ')}`
  const parts = [`# ${id}`, `**${title}** (${severity}, ${category}; ${sets})`, dedent(why)]
  if (bad !== undefined) parts.push('Found in:', formatYaml(bad))
  if (good !== undefined) parts.push('Mended:', formatYaml(good))
  if (see.length > 0) parts.push(see.map(it => `- <${it}>`).join('\n'))
  return `${parts.join('\n\n')}\n`
}

const formatYaml = (text: string): string => `\`\`\`yaml\n${dedent(text)}\n\`\`\``

/** Rule files indent their texts with the code around them. */
function dedent(text: string): string {
  const lines = text
    .replace(/^\s*\n/, '')
    .trimEnd()
    .split('\n')
  const margins = lines.filter(it => it.trim() !== '').map(it => it.length - it.trimStart().length)
  const margin = Math.min(...margins, text.length)
  return lines.map(it => it.slice(margin)).join('\n')
}
