import { describe, expect, test } from 'vitest'
import { hostileCharts } from './hostile-charts.ts'
import { lineColumn, renderFiles } from './render.ts'

const template = (text: string) => ({ 'templates/a.txt': text })
/** They look worse than they are. */
const HARMLESS = new Set(['names of prototypes in values'])

describe('hostile charts end in a finding, soon', () => {
  // With a twentieth of the limits, and so in a twentieth of the time: hostile-process.test.ts has them whole.
  test.each([...hostileCharts])('%s', (name, files) => {
    const { problems, output } = renderFiles(files, { limits: { steps: 400_000, characters: 10_000_000 } })
    expect(problems.length).toBeLessThanOrEqual(20)
    if (HARMLESS.has(name)) expect(problems).toEqual([])
    else {
      expect(output).toBeUndefined()
      expect(problems.length).toBeGreaterThan(0)
    }
  })

  test('megabytes of line breaks are nothing', () => {
    const { problems, files } = renderFiles(template('{{ repeat 4000000 "\\n" }}'))
    expect([problems, files.get('shop/templates/a.txt')?.text.trim()]).toEqual([[], ''])
  })

  test('the limit names the template', () => {
    const [problem] = renderFiles(template('a\n{{ until 100000000 }}')).problems
    expect(problem?.code).toBe('limit')
    expect(problem?.location?.source.id).toBe('shop/templates/a.txt')
  })

  const heavy =
    '{{ with . }}{{ range list 1 }}{{ if true }}{{ cat (cat (cat (cat (include "a" $)))) }}{{ end }}{{ end }}{{ end }}'
  test.each([
    ['include', '\n{{ include "a" . }}', '2:4'],
    ['template', '\n{{ template "a" . }}', '2:1'],
    ['tpl', '\n{{ tpl "{{ include \\"a\\" . }}" . }}', '2:4'],
    ['more than the stack holds', `\n${heavy}`, '2:'],
  ])('a template that calls itself by %s is told where it does, as a limit', (_, text, place) => {
    const { problems } = renderFiles(template(`{{ define "a" }}${text}{{ end }}{{ include "a" 1 }}`))
    expect(problems.map(it => it.code)).toEqual(['limit'])
    const { message, location } = problems[0]!
    expect(message).toMatch(/^templates are nested too deeply here: plimsoll follows 400 at most/)
    expect(lineColumn(location!.source.text, location!.span.start)).toContain(place)
  })

  test('templates may call themselves as often as charts do', () => {
    const count = '{{ define "a" }}{{ if . }}{{ include "a" (rest .) }}{{ else }}end{{ end }}{{ end }}'
    const { files } = renderFiles(template(`${count}{{ include "a" (until 390) }}`))
    expect(files.get('shop/templates/a.txt')?.text).toBe('end')
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
