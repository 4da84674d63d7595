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

describe('what helps is said beside the words of Go', () => {
  const values = 'database: { url: a }\nname: x\nempty:\nlist: [1]\n'
  const helpers = '{{ define "shop.labels" }}a{{ end }}'
  test.each([
    ['{{ .Values.db.url }}', 'nil pointer evaluating interface {}.url; .Values.db is not set'],
    [
      '{{ .Values.databse.url }}',
      'nil pointer evaluating interface {}.url; .Values.databse is not set, did you mean "database"?',
    ],
    ['{{ .Values.empty.url }}', 'nil pointer evaluating interface {}.url; .Values.empty is null'],
    ['{{ $v := .Values }}{{ $v.no.a }}', 'nil pointer evaluating interface {}.a; $v.no is not set'],
    ['{{ (get .Values "a").b }}', `can't evaluate field b in type string; (get .Values "a") is a string`],
    ['{{ .Values.name.first }}', `can't evaluate field first in type interface {}; .Values.name is a string`],
    ['{{ .Values.list.a }}', `can't evaluate field a in type interface {}; .Values.list is a list`],

    ['{{ .Capabilities.KubeVersoin }}', 'in type interface {}; did you mean "KubeVersion"?'],
    ['{{ range .Values.name }}{{ end }}', `range can't iterate over x; .Values.name is a string`],
    ['{{ include "shop.lables" . }}', 'associated with template "gotpl"; did you mean "shop.labels"?'],
    ['{{ template "shop.lables" . }}', 'template "shop.lables" not defined; did you mean "shop.labels"?'],
    ['{{ .Values.name | qoute }}', 'function "qoute" not defined; did you mean "quote"?'],
    ['{{ $name := 1 }}{{ $nmae }}', 'undefined variable "$nmae"; did you mean "$name"?'],
    ['{{ if .Values.name }}\na: b\n', 'unexpected EOF; this {{if}} has no {{end}}'],
    ['{{ define "x" }}\na: b\n', 'unexpected EOF; this {{define}} has no {{end}}'],
    ['{{ if 1 }}{{ else }}', 'unexpected EOF; this {{if}} has no {{end}}'],
    ['{{ foo }}', 'function "foo" not defined'],
  ])('%j', (template, expected) => {
    const [problem] = renderFiles({
      'values.yaml': values,
      'templates/_h.tpl': helpers,
      'templates/a.yaml': template,
    }).problems
    expect(problem?.message.slice(-expected.length)).toBe(expected)
    expect(problem?.helmText).not.toMatch(/; |did you mean/)
  })

  test('the value that is of another kind is named', () => {
    const [problem] = renderFiles({
      'values.yaml': 'a: { name: x }\n',
      'templates/a.yaml': '{{ .Values.a.name.first }}',
    }).problems
    expect(problem?.value?.path).toEqual(['a', 'name'])
    expect(problem?.value?.location.span).toEqual({ start: 11, end: 12 })
  })

  test('the beginning of an action is shown that goes on behind its line', () => {
    const [problem] = renderFiles({ 'templates/a.yaml': 'a: {{ .Values.name\nb: c\n' }).problems
    expect(problem?.message).toContain('function "b" not defined')
    expect(problem?.related).toMatchObject([
      { message: 'the action begins here', location: { span: { start: 3, end: 5 } } },
    ])
  })
})

describe('what includes from a file with syntax errors', () => {
  const broken = (action: string) => ({
    'templates/_h.tpl': `{{ define "h" }}a${action}b{{ end }}{{ define "i" }}i{{ end }}`,
    'templates/a.yaml': 'a: {{ include "h" . }}',
    'templates/b.yaml': 'b: {{ tpl "{{ template `i` . }}" . }}',
    'templates/c.yaml': 'c: d',
  })
  test.each([
    ['{{ $x }}', 'undefined variable "$x"'],
    ['{{ range $x }}{{ .y.z }}{{ end }}', 'undefined variable "$x"'],
    ['{{ $x := .a} }}{{ $x }}', "bad character U+007D '}'"],
    ['{{ end }}', 'unexpected {{end}}'],
  ])('%s: is not rendered, which is told, and nothing else is said of it', (action, message) => {
    const { problems, files, unread } = renderFiles(broken(action))
    expect(problems.map(it => it.helmText)).toEqual([`parse error at (shop/templates/_h.tpl:1): ${message}`])
    expect([...files.keys()]).toEqual(['shop/templates/c.yaml'])
    expect(unread.map(it => it.id)).toEqual(['shop/templates/b.yaml', 'shop/templates/a.yaml'])
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
      'template-error nil pointer evaluating interface {}.thing; .Values.no is not set',
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
    expect(problem?.message).toBe('nil pointer evaluating interface {}.name; .Values.no is not set')
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
