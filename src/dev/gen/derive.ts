/** Writes what follows from the rules and the code; schema data needs a folder of source data and is not among it. */
import { writeGenerated } from './generated-file.ts'
import { generateRuleDocs } from './rule-docs.ts'
import { generateRulesIndex } from './rules-index.ts'

/** The paths that were written. */
export async function deriveAll(): Promise<string[]> {
  const written = writeGenerated(generateRulesIndex())
  // Imported only now, so that the rules are those of the index just written.
  const { rules } = await import('../../../rules/index.ts')
  const { generateConfigSchema } = await import('./config-schema.ts')
  const { generateCommandPage } = await import('./command-docs.ts')
  return [
    ...written,
    ...writeGenerated(await generateRuleDocs(rules)),
    ...writeGenerated(generateConfigSchema()),
    ...writeGenerated([generateCommandPage()]),
  ]
}
