import { describe, expect, test } from 'vitest'
import { lineColumn, renderFiles } from './render.ts'

/** Problems of one template as `line:column message`. */
function problemsOf(template: string): string[] {
  return renderFiles({ 'templates/a.yaml': template }).problems.map(
    it =>
      `${it.location ? lineColumn(it.location.source.text, it.location.span.start) : '-'} ${it.message.replace(/^parse error at \([^)]*\): /, '')}`,
  )
}

describe('syntax errors stand where they are', () => {
  test.each<[string, string[]]>([
    ['a\n{{ nope 1 }}', ['2:4 function "nope" not defined']],
    ['{{ .Values.foo-bar }}', [`1:15 bad character U+002D '-'`]],
    ['a: 1\n{{- if .x }}\nb', ['2:1 unexpected EOF']],
    ['a\n{{ end }}', ['2:4 unexpected {{end}}']],
    ['{{ $x }}', ['1:4 undefined variable "$x"']],
    ['x {{ "a\n" }}', ['1:6 unterminated quoted string in action started']].map(it => it) as [
      string,
      string[],
    ],
    ['{{ ( 1 }}', ['1:8 unclosed left paren']],
    ['{{ 1 | 2 }}', ['1:8 non executable command in pipeline stage 2']],
  ])('%j', (template, expected) => {
    const found = problemsOf(template)
    expect(found).toHaveLength(expected.length)
    found.forEach((it, i) => {
      expect(it.startsWith(expected[i]!.replace(' in action started', ''))).toBe(true)
    })
  })

  test('reading goes on behind an error', () => {
    expect(problemsOf('{{ nope }}\n{{ if true }}\n{{ .a-b }}\n{{ end }}\n{{ $y }}')).toEqual([
      '1:4 function "nope" not defined',
      `3:6 bad character U+002D '-'`,
      '5:4 undefined variable "$y"',
    ])
  })
})

describe('execution errors', () => {
  test('other templates are still rendered and checked', () => {
    const { problems, files, output } = renderFiles({
      'templates/a.yaml': '{{ .Values.no.thing }}',
      'templates/b.yaml': 'x: 1\ny: {{ fail "stop" }}',
      'templates/c.yaml': 'kind: Pod',
    })
    expect(problems.map(it => `${it.code} ${it.message}`).sort()).toEqual([
      'template-error nil pointer evaluating interface {}.thing',
      'template-fail stop',
    ])
    expect(files.get('shop/templates/c.yaml')?.text).toBe('kind: Pod')
    expect(output).toBeUndefined()
  })

  test('the innermost template is the place, the includes are related', () => {
    const [problem] = renderFiles({
      'templates/_h.tpl': '{{ define "h" }}\n  {{ required "name it" .Values.name }}\n{{ end }}',
      'templates/a.yaml': 'a: b\nc: {{ include "h" . }}\n',
    }).problems
    expect(problem?.location?.source.id).toBe('shop/templates/_h.tpl')
    expect(lineColumn(problem!.location!.source.text, problem!.location!.span.start)).toBe('2:6')
    expect(
      problem?.related.map(
        it =>
          `${it.message} ${it.location.source.id} ${lineColumn(it.location.source.text, it.location.span.start)}`,
      ),
    ).toEqual(['included as "h" shop/templates/a.yaml 2:7'])
    expect(problem?.helmText).toBe('execution error at (shop/templates/a.yaml:2:6): name it')
  })

  test.each([
    ['a text', 'greeting: "hi {{ .Values.no.name }}"\n'],
    ['a block', 'greeting: |\n  hi\n  x: {{ .Values.no.name }}\n'],
  ])('an error in %s for tpl stands in the values file', (_, values) => {
    const [problem] = renderFiles({
      'values.yaml': values,
      'templates/a.yaml': '{{ tpl .Values.greeting . }}',
    }).problems
    expect(problem?.message).toBe('nil pointer evaluating interface {}.name')
    expect(problem?.location?.source.id).toBe('shop/values.yaml')
    const { start, end } = problem!.location!.span
    expect(values.slice(start, end)).toBe('.Values.no.name')
    expect(problem?.related.map(it => it.message)).toEqual(['evaluated by tpl'])
  })

  test('helm 3 words errors on one line', () => {
    const [problem] = renderFiles({ 'templates/a.yaml': '{{ .Values.no.x }}' }, { compat: 'helm-3' }).problems
    expect(problem?.helmText).toBe(
      'template: shop/templates/a.yaml:1:10: executing "shop/templates/a.yaml" at <.Values.no.x>: nil pointer evaluating interface {}.x',
    )
  })

  test('linting forgives fail and required', () => {
    const { problems } = renderFiles(
      { 'templates/a.yaml': 'a: "{{ fail "x" }}{{ required "y" nil }}"' },
      { lint: true },
    )
    expect(problems).toEqual([])
  })
})
