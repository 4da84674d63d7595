import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { renderFiles } from './render.ts'

/** Templates with what helm makes of them: `[template, output]` or `[template, null, error]`, recorded from helm itself. */
interface Recorded {
  readonly values: unknown
  readonly cases: readonly (readonly [template: string, output: string | null, error?: string])[]
}

const recorded: Recorded = JSON.parse(readFileSync(new URL('./expressions.json', import.meta.url), 'utf8'))

function run(template: string): { output: string | undefined; error: string | undefined } {
  const files = {
    'Chart.yaml': 'apiVersion: v2\nname: p\nversion: 1.0.0\n',
    'values.yaml': JSON.stringify(recorded.values),
    'templates/a.yaml': template,
  }
  const rendering = renderFiles(files)
  const problem = rendering.problems.find(it => it.code.startsWith('template-'))
  return {
    output: rendering.files.get('p/templates/a.yaml')?.text,
    error: problem && (problem.helmText ?? problem.message),
  }
}

describe('templates render as helm renders them', () => {
  for (const [template, output] of recorded.cases)
    if (output !== null)
      test(template, () => {
        expect(run(template)).toEqual({ output, error: undefined })
      })
})

describe('templates fail as helm fails', () => {
  for (const [template, output, error] of recorded.cases)
    if (output === null)
      test(template, () => {
        expect(run(template)).toEqual({ output: undefined, error })
      })
})
