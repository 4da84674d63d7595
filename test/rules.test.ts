/** Every rule: its two examples, its facts, and the cases of its page. `PLIMSOLL_UPDATE=1` rewrites `fixed` blocks. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { rules } from '../rules/index.ts'
import type { GeneratedFile } from '../src/dev/gen/generated-file.ts'
import { generateRuleDocs } from '../src/dev/gen/rule-docs.ts'
import { scaffoldRule } from '../src/dev/gen/rule-scaffold.ts'
import { generateRulesIndex } from '../src/dev/gen/rules-index.ts'
import type { Finding } from '../src/engine/finding.ts'
import { ownRules } from '../src/engine/own-rules.ts'
import { applyEdits } from '../src/text/edits.ts'
import { listExampleFiles, withChart } from '../src/text/example-files.ts'
import { check, type Files } from './harness/check.ts'
import { type Block, type Case, readCases } from './harness/markdown.ts'
import { compareWithMarks, readMarks, withoutMarks } from './harness/marks.ts'

const files = new Map(
  readdirSync('rules', { recursive: true, encoding: 'utf8' })
    .map(it => it.replaceAll('\\', '/'))
    .filter(it => it.endsWith('.ts') && it !== 'index.ts')
    .map(it => [path.posix.basename(it, '.ts'), it]),
)
const faultsOf = new Set(['yaml', 'schema', 'api'])

describe.each(rules.map(rule => [rule.id, rule] as const))('%s', (id, rule) => {
  const [bad, good] = [listExampleFiles(rule.bad), listExampleFiles(rule.good)]

  test('is found where its name says', () => {
    expect(files.get(id)).toBe(`${rule.category}/${id}.ts`)
    expect(existsSync(`test/rules/${id}.md`)).toBe(true)
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+){1,5}$/)
  })

  test('is documented', () => {
    expect(rule.see.length).toBeGreaterThan(0)
    expect(rule.see.filter(it => !it.startsWith('https://'))).toEqual([])
    expect(rule.title).toMatch(/^[A-Z"`].*[^.]$/)
    expect(rule.why.trim()).toMatch(/\.$/)
    expect(new Set(rule.presets).size).toBe(rule.presets.length)
    expect(rule.presets).not.toContain('strict')
  })

  test('finds its bad example and nothing in its good one', async () => {
    const found = await run(Object.fromEntries(bad), [id])
    expect(found.map(it => it.rule)).toEqual([id])
    expect(found[0]!.message).not.toMatch(/\.$|should/)
    expect(await run(Object.fromEntries(good), [id])).toEqual([])
    for (const fix of found[0]!.fixes) {
      const fixed = [...bad].map(([file, text]) => [file, applyEdits({ id: file, text }, fix.edits)])
      expect(Object.fromEntries(fixed), fix.title).toEqual(Object.fromEntries(good))
    }
  })

  test('has examples that the API server would take otherwise', async () => {
    const examples = faultsOf.has(rule.category) ? [good] : [bad, good]
    for (const example of examples) {
      const found = await run(Object.fromEntries(example), schemaRules)
      expect(found.filter(it => it.rule !== id).map(wordOf)).toEqual([])
    }
  })
})

describe('what is generated', () => {
  const stale = (files: readonly GeneratedFile[]): string[] =>
    files
      .filter(it => !existsSync(it.path) || readFileSync(it.path, 'utf8') !== it.text)
      .map(it => `${it.path} is stale: npm run gen`)

  test('the index has every rule', () => expect(stale(generateRulesIndex())).toEqual([]))

  test('pages and the table say what the rules say', async () => {
    const files = await generateRuleDocs(rules)
    expect(stale(files)).toEqual([])
    const pages = new Set(files.map(it => it.path))
    expect(readdirSync('docs/rules').filter(it => !pages.has(`docs/rules/${it}`))).toEqual([])
  })

  test('a new rule begins as one that runs', async () => {
    expect(scaffoldRule('security/host-network-used')).toHaveLength(2)
    expect(scaffoldRule('helm/shop-name-odd')).toHaveLength(2)
    expect(scaffoldRule('security/nothing')).toMatch(/two to six words/)
    expect(scaffoldRule('elsewhere/host-network-used')).toMatch(/a category of yaml/)
    expect(scaffoldRule('')).toMatch(/CATEGORY\/RULE-ID/)
  })
})

test('ids are unique', () => {
  const ids = [...rules, ...ownRules].map(it => it.id)
  expect(ids.filter((it, i) => ids.indexOf(it) !== i)).toEqual([])
})

const pages = readdirSync('test/rules').filter(it => it.endsWith('.md'))

describe.each(pages)('%s', page => {
  const id = path.basename(page, '.md')
  const text = readFileSync(`test/rules/${page}`, 'utf8')
  const cases = readCases(text)

  test('belongs to a rule and has cases', () => {
    expect(rules.map(it => it.id)).toContain(id)
    expect(cases.length).toBeGreaterThan(1)
  })

  test.each(cases.map(it => [it.title, it] as const))('%s', async (_, one) => {
    const project = Object.fromEntries(withChart(new Map(one.files.map(it => [it.file, it.text]))))
    const named = one.files.flatMap(it => readMarks(it.text).map(mark => mark.rule))
    const found = await run(project, [...new Set([id, ...named])])
    const faults = Object.entries(project).flatMap(([file, text]) =>
      compareWithMarks(
        text,
        found.filter(it => it.location.source.id === file),
      ).map(it => `${file} ${it}`),
    )
    expect(faults).toEqual([])
    compareFixed(one, found, `test/rules/${page}`)
  })
})

/** `fixed` blocks against the first fix of every finding. */
function compareFixed(one: Case, found: readonly Finding[], page: string): void {
  for (const expected of one.fixed) {
    const { text } = one.files.find(it => it.file === expected.file)!
    const edits = found.flatMap(it => it.fixes[0]?.edits ?? [])
    const result = withoutMarks(applyEdits({ id: expected.file, text }, edits))
    if (process.env.PLIMSOLL_UPDATE) updates.push({ page, block: expected, result })
    else expect(result).toBe(expected.text)
  }
}

const updates: { readonly page: string; readonly block: Block; readonly result: string }[] = []

/** From the end of each page, so that offsets before it hold. */
afterAll(() => {
  for (const { page, block, result } of updates.toSorted((a, b) => b.block.start - a.block.start)) {
    const text = readFileSync(page, 'utf8')
    writeFileSync(page, text.slice(0, block.start) + result + text.slice(block.end))
  }
})

const schemaRules = rules.filter(it => it.category === 'schema' || it.category === 'yaml').map(it => it.id)

/** All rules at their own severity, also those that no preset switches on. */
const run = (project: Files, only: readonly string[]): Promise<readonly Finding[]> =>
  check(project, rules, { presets: ['strict'], only })

const wordOf = (it: Finding): string => `${it.rule}: ${it.message}`
