import { describe, expect, test } from 'vitest'
import type { Rendering } from '../../src/helm/render-chart.ts'
import { listSharedDocuments } from '../../src/helm/rendered.ts'
import { walkPath } from '../../src/yaml/locate.ts'
import { spanOf } from '../../src/yaml/table.ts'
import { lineColumn, renderFiles } from './render.ts'

const about = (name: string) => `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n`

function problemsOf(rendering: Rendering): string[] {
  return rendering.problems.map(
    ({ message, location }) =>
      `${location?.source.id} ${location && lineColumn(location.source.text, location.span.start)} ${message}`,
  )
}

describe('files of equal text', () => {
  test('literals are of the file that ran, in one chart and in the next', () => {
    const literal = 'v: {{ default "none" .Values.v }}\n'
    const files = {
      'templates/a.yaml': literal,
      'charts/x/Chart.yaml': about('x'),
      'charts/x/templates/b.yaml': literal,
    }
    for (let round = 0; round < 2; round++) {
      const documents = listSharedDocuments([renderFiles(files)])[0]!
      const places = documents.map(document => {
        const { place } = walkPath(document.table, ['v'])
        const [origin] = document.origins(spanOf(document.table, place.node))
        return origin!.location.source.id
      })
      expect(places.sort()).toEqual(['shop/charts/x/templates/b.yaml', 'shop/templates/a.yaml'])
    }
  })

  test('what ran of one did not run of the other', () => {
    const { templates, reached } = renderFiles({
      'templates/a.yaml': '{{ if .Values.shown }}a: 1{{ end }}\n',
      'charts/x/Chart.yaml': about('x'),
      'charts/x/values.yaml': 'shown: true\n',
      'charts/x/templates/a.yaml': '{{ if .Values.shown }}a: 1{{ end }}\n',
    })
    const ran = templates.map(({ name, body: [node] }) => [
      name,
      node?.kind === 'if' && reached.has(node.body),
    ])
    expect(ran.sort()).toEqual([
      ['shop/charts/x/templates/a.yaml', true],
      ['shop/templates/a.yaml', false],
    ])
  })

  test.each([
    ['a syntax error', '{{ if .Values.shown }}\n{{ (\n }}\n'],
    ['an error of a call', 'a: {{ fail "no" }}\n'],
    ['a name that nobody defines', 'a: {{ include "nobody" . }}\n'],
  ])('%s is told of each file', (_, text) => {
    const problems = problemsOf(
      renderFiles({
        'templates/a.yaml': text,
        'charts/x/Chart.yaml': about('x'),
        'charts/x/templates/b.yaml': text,
      }),
    )
    for (const id of ['shop/templates/a.yaml', 'shop/charts/x/templates/b.yaml']) {
      const own = problems.filter(it => it.startsWith(`${id} `))
      expect(own.length).toBeGreaterThan(0)
      for (const it of own) expect(it).toContain(id.split('/').at(-1))
    }
  })

  test('functions are those of the version that is imitated', () => {
    const files = { 'templates/a.yaml': 'a: {{ mustToYaml .Values }}\n' }
    expect(problemsOf(renderFiles(files, { compat: 'helm-4.1' }))).toEqual([])
    expect(problemsOf(renderFiles(files, { compat: 'helm-3' })).join()).toContain('not defined')
    expect(problemsOf(renderFiles(files, { compat: 'helm-4.1' }))).toEqual([])
  })
})
