/** Suppressions that the editor writes: in the right syntax and place, and with the effect that they promise. */
import { describe, expect, test } from 'vitest'
import { listFindings } from '../../src/engine/check.ts'
import { listAllowingLines, listComments } from '../../src/engine/directives.ts'
import type { Finding } from '../../src/engine/finding.ts'
import { suppress } from '../../src/engine/suppress.ts'
import { listIgnores } from '../../src/ide/ignore.ts'
import { containers, defineRule } from '../../src/rule.ts'
import { applyEdits } from '../../src/text/edits.ts'
import { open } from '../engine/open.ts'

const rule = defineRule({
  id: 'image-forbidden',
  category: 'style',
  severity: 'error',
  presets: ['recommended'],
  title: '',
  why: '',
  see: [],
  bad: '',
  good: '',
  on: containers,
  check(container, ctx) {
    const image = container.get('image')
    if (image && String(image.value).includes('bad')) ctx.report(image, 'forbidden')
  },
})

async function find(id: string, text: string) {
  const { snapshot } = await open({ [id]: text }, [rule])
  const found = suppress(listFindings(snapshot), { snapshot, rules: [rule], today: '2026-01-01' }).findings
  return { findings: found.filter(it => it.rule === rule.id), snapshot }
}

/** The texts after each offered action, by its title; each must leave nothing to be found. */
async function listOutcomes(id: string, text: string): Promise<Record<string, string>> {
  const { findings, snapshot } = await find(id, text)
  const documents = snapshot.units.flatMap(it => it.entries.map(entry => entry.document))
  const outcomes: Record<string, string> = {}
  for (const { title, edits } of listIgnores(findings[0] as Finding, documents)) {
    const after = applyEdits({ id, text }, edits)
    expect((await find(id, after)).findings, title).toEqual([])
    outcomes[title] = after
  }
  return outcomes
}

const head = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: app\n'
const onLine = 'Ignore image-forbidden on this line'
const inFile = 'Ignore image-forbidden in this file'
const onPod = 'Ignore image-forbidden for Pod "web"'

describe('a comment', () => {
  test.each([
    [
      'above the line, as far in',
      `${head}      image: bad\n`,
      `${head}      # plimsoll-ignore image-forbidden\n      image: bad\n`,
    ],
    [
      'beside a comment that is there',
      `${head}      image: bad # why\n`,
      `${head}      # plimsoll-ignore image-forbidden\n      image: bad # why\n`,
    ],
    [
      'joined to a suppression above',
      `${head}      # plimsoll-ignore other -- reason\n      image: bad\n`,
      `${head}      # plimsoll-ignore other, image-forbidden -- reason\n      image: bad\n`,
    ],
    [
      'joined to a suppression on the line',
      `${head}      image: bad # plimsoll-ignore other until 2027-01-01\n`,
      `${head}      image: bad # plimsoll-ignore other, image-forbidden until 2027-01-01\n`,
    ],
    [
      'with the line ends of the file',
      `${head}      image: bad\n`.replaceAll('\n', '\r\n'),
      `${head}      # plimsoll-ignore image-forbidden\n      image: bad\n`.replaceAll('\n', '\r\n'),
    ],
    [
      'before a list item',
      `${head.replace('- name: app', '- image: bad')}`,
      `${head.replace('    - name: app', '    # plimsoll-ignore image-forbidden\n    - image: bad')}`,
    ],
  ])('%s', async (_, before, after) => {
    expect((await listOutcomes('pod.yaml', before))[onLine]).toBe(after)
  })

  test('for the file stands first, behind a byte order mark', async () => {
    const text = `\ufeff${head}      image: bad\n`
    const after = `\ufeff# plimsoll-ignore-file image-forbidden\n${head}      image: bad\n`
    expect((await listOutcomes('pod.yaml', text))[inFile]).toBe(after)
  })

  test('for the file is joined to one that is there', async () => {
    const text = `${head}      image: bad\n# plimsoll-ignore-file other\n`
    expect((await listOutcomes('pod.yaml', text))[inFile]).toBe(
      `${head}      image: bad\n# plimsoll-ignore-file other, image-forbidden\n`,
    )
  })
})

test('a template gets a comment that is not rendered', () => {
  const text = 'kind: Pod\nspec:\n  image: {{ .Values.image }}\n'
  const source = { id: 'charts/shop/templates/pod.yaml', text }
  const start = text.indexOf('{{')
  const finding = { rule: rule.id, location: { source, span: { start, end: start + 5 } } } as Finding
  const [ignore] = listIgnores(finding, [])
  const after = applyEdits(source, ignore!.edits)
  expect(after).toBe(text.replace('  image', '  {{- /* plimsoll-ignore image-forbidden */}}\n  image'))
  expect(listComments({ ...source, text: after }, [])).toMatchObject([{ scope: { line: 3 } }])
})

test('a template gets it where an action of several lines begins, as none can stand within', () => {
  const text = 'kind: Pod\nspec:\n  image: {{ printf "%s"\n    .Values.image }}\n'
  const source = { id: 'charts/shop/templates/pod.yaml', text }
  const start = text.indexOf('.Values')
  const finding = { rule: rule.id, location: { source, span: { start, end: start + 5 } } } as Finding
  const [ignore] = listIgnores(finding, [])
  expect(ignore?.title).toBe(onLine)
  const after = applyEdits(source, ignore!.edits)
  expect(after).toBe(text.replace('  image', '  {{- /* plimsoll-ignore image-forbidden */}}\n  image'))
  const mended = { ...source, text: after }
  expect(listComments(mended, [])).toMatchObject([{ scope: { line: 3 } }])
  expect(listAllowingLines(mended, after.indexOf('.Values'))).toEqual([4, 3])
  expect(listAllowingLines(mended, after.indexOf('image:'))).toEqual([3])
})

describe('an annotation', () => {
  test('in JSON, which has no comments', async () => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web' },
      spec: { containers: [{ name: 'app', image: 'bad' }] },
    }
    const outcomes = await listOutcomes('pod.json', JSON.stringify(pod, null, 2))
    expect(Object.keys(outcomes)).toEqual([onPod])
    expect(JSON.parse(outcomes[onPod]!).metadata.annotations).toEqual({ 'plimsoll/ignore': rule.id })
  })

  test('where the line is the middle of a text', async () => {
    const flow = `apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  annotations: { note: "a\n    b" }\nspec: { containers: [{ name: "c\n  d", image: bad }] }\n`
    const outcomes = await listOutcomes('pod.yaml', flow)
    expect(Object.keys(outcomes)).toEqual([onPod, inFile])
    expect(outcomes[onPod]).toContain('plimsoll/ignore')
  })
})
