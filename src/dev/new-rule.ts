/** `npm run new-rule -- CATEGORY/RULE-ID`: a rule that runs, its page of cases, and what is generated from all rules. */
import { existsSync } from 'node:fs'
import { deriveAll } from './gen/derive.ts'
import { writeGenerated } from './gen/generated-file.ts'
import { scaffoldRule } from './gen/rule-scaffold.ts'

async function addRule(name: string): Promise<void> {
  const files = scaffoldRule(name)
  const fault =
    typeof files === 'string'
      ? files
      : files.filter(it => existsSync(it.path)).map(it => `${it.path} exists already`)[0]
  if (typeof files === 'string' || fault !== undefined) {
    console.error(fault)
    process.exitCode = 2
    return
  }
  const written = writeGenerated(files)
  await deriveAll()
  for (const path of written) console.log(path)
  console.log('Now make the rule yours, then: npx vitest run test/rules.test.ts')
}

await addRule(process.argv[2] ?? '')
