import { describe, expect, test } from 'vitest'
import { renderFiles } from './render.ts'

const template = (text: string) => ({ 'templates/a.txt': text })
const grow = (step: string) =>
  `{{ $x := "ab" }}{{ $d := dict "a" "b" }}{{ $l := list 1 }}{{ range until 60 }}${step}{{ end }}`

describe('hostile charts end in a finding, soon', () => {
  test.each<[string, string]>([
    ['include without end', '{{ define "r" }}{{ include "r" . }}{{ end }}{{ include "r" . }}'],
    ['template without end', '{{ define "r" }}{{ template "r" . }}{{ end }}{{ template "r" . }}'],
    ['tpl without end', '{{ $t := "{{ tpl .t . }}" }}{{ tpl $t (dict "t" $t "Template" .Template) }}'],
    ['two calls each', '{{ define "r" }}{{ include "r" . }}{{ include "r" . }}{{ end }}{{ include "r" . }}'],
    ['repeat', '{{ repeat 1000000000 "x" }}'],
    ['until', '{{ until 100000000 }}'],
    ['untilStep', '{{ untilStep 0 2000000000 1 }}'],
    ['seq', '{{ seq 1 100000000 }}'],
    ['indent', '{{ indent 1000000000 "a" }}'],
    ['printf widths', '{{ range until 10000 }}{{ printf "%999999d" 1 }}{{ end }}'],
    ['texts that double', grow('{{ $x = print $x $x }}')],
    ['lists that double', grow('{{ $l = concat $l $l }}')],
    [
      'dicts that double, printed',
      `${grow('{{ $d = dict "x" $d "y" $d }}')}`.replace(/\{\{ end \}\}$/, '{{ end }}{{ toYaml $d }}'),
    ],
    ['a dict within itself', '{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ $d }}'],
    ['a dict within itself, copied', '{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ deepCopy $d }}'],
    [
      'dicts within themselves, merged',
      '{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ $e := dict }}{{ $_ := set $e "d" $e }}{{ merge $d $e }}',
    ],
    ['parentheses', `{{ ${'('.repeat(50_000)}1${')'.repeat(50_000)} }}`],
    ['blocks', '{{ if true }}'.repeat(20_000)],
    ['a chain of else', `{{ if 0 }}${'{{ else if 0 }}'.repeat(20_000)}{{ end }}`],
    ['many errors', '{{ @ }}'.repeat(20_000)],
    ['a version of blanks', '{{ semverCompare (printf "%s!" (repeat 500 "1  ")) "1.2.3" }}'],
  ])('%s', (_, text) => {
    const { problems, output } = renderFiles(template(text))
    expect(output).toBeUndefined()
    expect(problems.length).toBeGreaterThan(0)
    expect(problems.length).toBeLessThanOrEqual(20)
  })

  test('the limit names the template', () => {
    const [problem] = renderFiles(template('a\n{{ until 100000000 }}')).problems
    expect(problem?.code).toBe('limit')
    expect(problem?.location?.source.id).toBe('shop/templates/a.txt')
  })

  test('the templates behind one that is stopped are rendered', () => {
    const { problems, files } = renderFiles({
      'templates/a.txt': 'a: first',
      'templates/b.txt': '{{ range until 9999 }}{{ range until 9999 }}{{ . }}{{ end }}{{ end }}',
      'templates/c.txt': 'c: last',
    })
    expect(problems.map(it => [it.code, it.location?.source.id])).toEqual([['limit', 'shop/templates/b.txt']])
    expect([...files.values()].map(it => it.text).sort()).toEqual(['a: first', 'c: last'])
  })

  test.each([
    ['^(a+)+$', `${'a'.repeat(50_000)}!`],
    ['(a*)*b', 'a'.repeat(50_000)],
  ])('the pattern %s takes linear time', (pattern, text) => {
    const { files } = renderFiles({
      ...template(`{{ regexMatch "${pattern}" .Values.text }}`),
      'values.yaml': `text: ${text}\n`,
    })
    expect(files.get('shop/templates/a.txt')?.text).toBe('false')
  })

  test('the patterns of a schema take linear time', () => {
    const schema = { properties: { a: { pattern: '^(a+)+$' } } }
    const { problems } = renderFiles({
      'values.yaml': `a: ${'a'.repeat(50_000)}!\n`,
      'values.schema.json': JSON.stringify(schema),
    })
    expect(problems.map(it => it.code)).toEqual(['values-schema'])
  })

  test.each([
    ['nested', `a: ${'['.repeat(20_000)}`],
    [
      'aliases',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi'].map((it, i) => `${it}: &${it} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]\n`).join('')}`,
    ],
  ])('values that are a bomb: %s', (_, values) => {
    expect(renderFiles({ 'values.yaml': values }).problems.map(it => it.code)).toEqual(['values-invalid'])
  })

  test.each(['a['.concat('9'.repeat(10), ']=1'), `${'a.'.repeat(40)}b=1`])('--set %s', text => {
    expect(renderFiles({}, { sets: [{ kind: 'set', text }] }).problems.map(it => it.code)).toEqual([
      'values-invalid',
    ])
  })

  test('patterns of .helmignore and .Files.Glob do not backtrack', () => {
    const name = 'a'.repeat(250)
    const files = {
      [name]: 'x',
      '.helmignore': `${'*a'.repeat(100)}b\n`,
      ...template(`{{ .Files.Glob "${'*a'.repeat(100)}b" | len }}`),
    }
    expect(renderFiles(files).files.get('shop/templates/a.txt')?.text).toBe('0')
  })

  test('errors hold nothing that a terminal would obey', () => {
    const [problem] = renderFiles(template('{{ fail "\\x1b[31mred\\x07" }}')).problems
    expect(problem?.message).toBe('[31mred')
  })

  test('names of prototypes are names', () => {
    const text =
      '{{ .Values.__proto__ }} {{ .Values.constructor }} {{ dict "__proto__" 1 | toJson }} {{ hasKey .Values "toString" }}'
    const { files } = renderFiles({ ...template(text), 'values.yaml': '__proto__: a\n' })
    expect(files.get('shop/templates/a.txt')?.text).toBe('a  {"__proto__":1} false')
  })
})
