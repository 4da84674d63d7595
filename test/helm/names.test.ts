import { expect, test } from 'vitest'
import { toFields, toName } from '../../src/helm/template/names.ts'
import { renderFiles } from './render.ts'

test.each(['a', 'aVeryLongNameOfAField', 'ключ', '_', 'x'.repeat(300), '__proto__', 'constructor'])(
  'the name %.20s',
  name => {
    expect(toName(`{{ ${name} }}`, 3, 3 + name.length)).toBe(name)
    const path = `.${name}.b.${name}`
    expect(toFields(`{{ ${path}.more }}`, 3, 3 + path.length)).toEqual([name, 'b', name])
  },
)

test('places that name the same share what they name, until there are too many', () => {
  const first = toFields('.image.tag', 0, 10)
  expect(toFields('{{ .image.tag }}', 3, 13)).toBe(first)
  for (let i = 0; i < 50_000; i++) {
    const path = `.image.t${i}`
    expect(toFields(path, 0, path.length)[1]).toBe(`t${i}`)
  }
  expect(toFields('.image.tag', 0, 10)).toEqual(first)
})

test('a template may name more than is remembered', () => {
  const keys = Array.from({ length: 25_000 }, (_, i) => `k${i}`)
  const text = `${keys.map(it => `{{ $${it} := .Values.${it} }}`).join('')}a: {{ $k0 }}{{ $k24999 }}\n`
  const values = 'k0: first\nk24999: last\n'
  const { files } = renderFiles({ 'values.yaml': values, 'templates/a.yaml': text })
  expect([...files.values()].map(it => it.text)).toEqual(['a: firstlast\n'])
})
