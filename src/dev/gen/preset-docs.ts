/** Writes the page of presets (`docs/presets.md`): what each is for, and its rules. */
import { defaultPreset, isInPreset, presetFacts, presets, type RuleInfo } from '../../config/catalogue.ts'
import type { GeneratedFile } from './generated-file.ts'

export function generatePresetPage(rules: readonly RuleInfo[]): GeneratedFile {
  const parts = [
    '<!-- Generated from the rules. Run `npm run gen` after a change. -->',
    '# Presets',
    `\`presets\` in \`plimsoll.yaml\`, or \`--preset\`, which may be given several times, says which rules are on; without
either it is \`${defaultPreset}\`. Single rules are switched by \`rules\` in \`plimsoll.yaml\`, \`--only\` and \`--ignore\`.`,
    ...presets.flatMap(preset => [
      `## ${preset}`,
      presetFacts[preset],
      ...(preset === 'strict' ? [] : [listRules(rules.filter(it => isInPreset(it, preset)))]),
    ]),
  ]
  return { path: 'docs/presets.md', text: `${parts.join('\n\n')}\n` }
}

const listRules = (rules: readonly RuleInfo[]): string =>
  rules.map(it => `- [${it.id}](rules/${it.id}.md) (${it.severity}): ${it.title}`).join('\n')
