import { describe, expect, test } from 'vitest'
import { renderFiles } from './render.ts'

type Draft = 'draft-04' | 'draft-06' | 'draft-07' | '2019-09' | '2020-12'

/** The lines that helm prints for a value of key `p` under a schema. */
function linesOf(draft: Draft, schema: object | boolean, value: unknown): string[] {
  const $schema = draft.startsWith('draft')
    ? `http://json-schema.org/${draft}/schema#`
    : `https://json-schema.org/draft/${draft}/schema`
  const { problems } = renderFiles({
    'values.yaml': JSON.stringify({ p: value }),
    'values.schema.json': JSON.stringify({
      $schema,
      definitions: { text: { type: 'string' } },
      properties: { p: schema },
    }),
  })
  return problems.map(it => (it.helmText ?? it.message).split('\n').at(-1)!)
}

describe('formats are those that helm knows', () => {
  test.each<[string, string, string | undefined]>([
    ['email', 'a@b', undefined],
    ['email', '"q"@x.y', undefined],
    ['email', 'a@[1.2.3.4]', undefined],
    ['email', 'a', 'missing @'],
    ['email', 'a@b_c.d', "invalid domain: invalid character '_'"],
    ['uri', 'http://é', undefined],
    ['uri', 'oci://ghcr.io/x', undefined],
    ['uri', '', 'relative url'],
    ['uri', 'http://x:port', 'parse "http://x:port": invalid port ":port" after host'],
    ['uri-reference', '{a}', undefined],
    ['iri', 'é', 'relative url'],
    ['hostname', 'a.b.', undefined],
    ['hostname', 'a..b', 'label must be 1 to 63 characters long'],
    ['ipv4', '01.2.3.4', 'leading zeros'],
    ['ipv4', '1.2.3.4/24', 'strconv.Atoi: parsing "4/24": invalid syntax'],
    ['ipv6', '::ffff:1.2.3.4', undefined],
    ['ipv6', 'fe80::1%eth0', 'zone id is not a part of ipv6 address'],
    ['ipv6', '1::2::3', 'ParseAddr("1::2::3"): multiple :: in address (at ":3")'],
    ['ipv6', '12345::', 'ParseAddr("12345::"): each group must have 4 or less digits (at "12345::")'],
    ['ipv6', '1:2', 'ParseAddr("1:2"): address string too short'],
    ['ipv6', '::1.2.3', 'ParseAddr("::1.2.3"): IPv4 address too short'],
    ['date', '2020-02-30', 'parsing time "2020-02-30": day out of range'],
    ['date', '2020-1-1', 'parsing time "2020-1-1" as "2006-01-02": cannot parse "1-1" as "01"'],
    ['date-time', '2016-12-31T23:59:60Z', undefined],
    ['date-time', '2020-01-01 00:00:00Z', '11th character must be t or T'],
    ['date-time', '2020-01-01T00:00:60Z', 'invalid time element: invalid leap second'],
    ['time', '12:00:00+01:00', undefined],
    ['time', '25:00:00Z', 'hour/min/sec out of range'],
    ['duration', 'P1Y2M', undefined],
    ['duration', '30s', 'must start with P'],
    ['period', '2020-01-01T00:00:00Z/P1D', undefined],
    ['period', 'P1D', 'missing slash'],
    ['regex', '(', 'error parsing regexp: missing closing ): `(`'],
    ['uuid', 'x', 'must have 5 elements'],
    ['json-pointer', '/~', '~ must be followed by 0 or 1'],
    ['relative-json-pointer', '01', 'starts with zero'],
    ['uri-template', '}', 'nested curly braces'],
    ['semver', '1.2.3-rc.1+b', undefined],
    ['semver', '1.2', 'versionCore must have 3 numbers separated by dot'],
    ['byte', '/', undefined],
    ['password', 'x', undefined],
  ])('%s: %j', (format, value, reason) => {
    const expected = reason === undefined ? [] : [`- at '/p': '${value}' is not valid ${format}: ${reason}`]
    expect(linesOf('draft-07', { format }, value)).toEqual(expected)
  })

  test('newer drafts take them as annotations', () => {
    expect(linesOf('2020-12', { format: 'email' }, 'a')).toEqual([])
  })
})

describe('values are equal as JSON is', () => {
  test.each<[object, unknown, string[]]>([
    [{ const: { a: [1, {}] } }, { a: [1, {}] }, []],
    [{ const: { a: 1, b: 2 } }, { b: 2, a: 1 }, []],
    [{ const: { a: 1 } }, { a: 2 }, ["- at '/p': 'const' failed"]],
    [{ enum: [{ a: 1 }, 2] }, { a: 1 }, []],
    [{ enum: [{ a: 1 }, 2] }, { a: 1, b: 1 }, ["- at '/p': 'enum' failed"]],
    [{ uniqueItems: true }, [{ a: 1 }, { a: 2 }], []],
    [{ uniqueItems: true }, [{ a: 1, b: 2 }, 5, { b: 2, a: 1 }], ["- at '/p': items at 0 and 2 are equal"]],
    [{ uniqueItems: true }, [{ valueOf: 1 }, { constructor: 1 }, { toString: 1 }], []],
    [{ multipleOf: 7.3 }, 1e21, ["- at '/p': multipleOf: got 1×10²¹, want 7.3"]],
    [{ multipleOf: 0.01 }, 0.07, []],
  ])('%j of %j', (schema, value, lines) => {
    expect(linesOf('draft-07', schema, value)).toEqual(lines)
  })
})

describe('words', () => {
  test.each<[Draft, object | boolean, unknown, string[]]>([
    ['draft-07', { maximum: 65535 }, 4318000, ["- at '/p': maximum: got 4.318×10⁰⁶, want 65,535"]],
    ['draft-07', { minimum: 1234.5 }, -0.00001, ["- at '/p': minimum: got -1×10⁻⁰⁵, want 1,234.5"]],
    ['draft-07', { minLength: 1500 }, 'x', ["- at '/p': minLength: got 1, want 1,500"]],
    ['draft-04', { minimum: 3, exclusiveMinimum: true }, 3, ["- at '/p': exclusiveMinimum: got 3, want 3"]],
    ['draft-07', { const: null }, 1, ["- at '/p': value must be <nil>"]],
    ['draft-07', { pattern: '^a\\d"' }, `b"'\\`, [`- at '/p': 'b"\\'\\' does not match pattern '^a\\\\d"'`]],
    [
      'draft-07',
      { additionalProperties: { type: 'string' } },
      { "e'f": 1 },
      ["- at '/p/e\\'f': got number, want string"],
    ],
    [
      'draft-07',
      { propertyNames: { pattern: '^a' } },
      { b: 1 },
      ["- at '': 'b' does not match pattern '^a'", "- at '': invalid propertyName 'b'"],
    ],
    [
      'draft-07',
      { items: [{}], additionalItems: false },
      [1, 2, 3],
      ["- at '/p': last 2 additionalItem(s) not allowed"],
    ],
    ['2020-12', { unevaluatedProperties: false }, { b: 1 }, ["- at '/p/b': false schema"]],
    [
      'draft-07',
      { oneOf: [{}, { type: 'string' }, {}] },
      5,
      ["- at '/p': 'oneOf' failed, subschemas 0, 2 matched"],
    ],
    ['draft-07', { if: false, else: false }, 5, ["- at '/p': false schema"]],
  ])('%s %j of %j', (draft, schema, value, lines) => {
    expect(linesOf(draft, schema, value)).toEqual(lines)
  })

  test('the first of type, const, enum and format that fails is told alone', () => {
    const schema = { type: 'string', enum: ['a'], anyOf: [{ minLength: 2 }] }
    expect(linesOf('draft-07', schema, 5)).toEqual(["- at '/p': got number, want string"])
    expect(linesOf('draft-07', { enum: ['a'], format: 'email' }, 'z')).toEqual([
      "- at '/p': value must be 'a'",
    ])
    expect(linesOf('draft-07', { format: 'email', minLength: 9 }, 'z')).toEqual([
      "- at '/p': 'z' is not valid email: missing @",
    ])
  })

  test.each<[object, unknown]>([
    [{ const: 1 }, 2],
    [{ contains: { type: 'string' } }, [1]],
    [{ propertyNames: { maxLength: 1 } }, { long: 1 }],
    [{ if: false, else: false }, 1],
  ])('draft 4 has no %j', (schema, value) => {
    expect(linesOf('draft-04', schema, value)).toEqual([])
  })
})

describe('patterns are those of Go', () => {
  test.each([
    ['\\u0041', 'invalid escape sequence: `\\u`'],
    ['\\cA', 'invalid escape sequence: `\\c`'],
    ['[^]', 'missing closing ]: `[^]`'],
    ['\\', 'trailing backslash at end of expression: ``'],
  ])('%s is none', (pattern, reason) => {
    const [line] = linesOf('draft-07', { pattern }, 'x')
    expect(line).toContain(`is not valid regex: error parsing regexp: ${reason}`)
  })

  test('a bracket may stand first in a class', () => {
    expect(linesOf('draft-07', { pattern: '^[]a]$' }, ']')).toEqual([])
  })
})

describe('dialects', () => {
  const textOf = ($schema: string, $ref = '#/definitions/text') => {
    const schema = { $schema, definitions: { text: { type: 'string' } }, properties: { p: { $ref } } }
    const files = { 'values.yaml': 'p: 1\n', 'values.schema.json': JSON.stringify(schema) }
    const [problem] = renderFiles(files).problems
    return (problem?.helmText ?? problem?.message)?.split('\n').at(-1)
  }

  test.each([
    'http://json-schema.org/draft-07/schema',
    'https://json-schema.org/draft-07/schema#/',
    'http://json-schema.org/schema#',
    'https://json-schema.org/draft/2020-12/schema#',
  ])('%s', $schema => {
    expect(textOf($schema)).toBe("- at '/p': got number, want string")
  })

  test.each([
    'https://json-schema.org/draft/2021-12/schema',
    'http://json-schema.org/draft-03/schema',
    'draft-07',
  ])('%s is not loaded', $schema => {
    expect(textOf($schema)).toContain(`failing loading "${$schema}"`)
  })

  test.each([
    ['#/definitions/none', 'json-pointer in "file:///values.schema.json#/definitions/none" not found'],
    ['#none', 'anchor in "file:///values.schema.json#none" not found in schema "file:///values.schema.json"'],
    ['./other.json#/x', 'failing loading "file:///other.json"'],
  ])('a reference to %s', ($ref, words) => {
    expect(textOf('http://json-schema.org/draft-07/schema#', $ref)).toContain(words)
  })
})

describe('the file that helm would load first', () => {
  const remote = (name: string) => ({ $ref: `https://example.com/${name}.json#/definitions/R` })
  test.each<[string, object, string]>([
    ['nearest to the root', { properties: { a: { items: remote('deep') }, b: remote('near') } }, 'near'],
    [
      'not in definitions that nothing refers to',
      { definitions: { x: remote('x') }, properties: { a: { items: remote('deep') } } },
      'deep',
    ],
    [
      'in definitions where a reference leads there',
      {
        definitions: { x: remote('x') },
        properties: { a: { $ref: '#/definitions/x' }, b: { items: { items: remote('deep') } } },
      },
      'x',
    ],
    [
      'not beside a reference of older drafts',
      { properties: { a: { ...remote('beside'), items: remote('near') }, b: {} } },
      'beside',
    ],
  ])('%s', (_, schema, name) => {
    const text = JSON.stringify({ $schema: 'http://json-schema.org/draft-07/schema#', ...schema })
    const [problem] = renderFiles({
      'values.yaml': 'a: [[1]]\nb: [[1]]\n',
      'values.schema.json': text,
    }).problems
    expect(problem?.message).toContain(`failing loading "https://example.com/${name}.json"`)
  })
})

test('values of a sub-chart that are none', () => {
  const files = {
    'charts/db/Chart.yaml': 'apiVersion: v2\nname: db\nversion: 1.0.0\n',
    'values.yaml': 'db: text\n',
  }
  expect(renderFiles(files).problems[0]?.helmText).toBe('type mismatch on db: %!t(string=text)')
})
