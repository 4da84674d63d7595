/** What unquoted scalars and keys mean to kubectl, as its reader (sigs.k8s.io/yaml 1.6) was seen to answer. */
import { describe, expect, test } from 'vitest'
import { scalarValue } from '../../src/yaml/decode.ts'
import {
  BOOLEAN,
  INTEGER,
  isAmbiguous,
  isPlainString,
  NULL,
  NUMBER,
  STRING,
  scalarType,
} from '../../src/yaml/scalars.ts'
import { STRIDE, type Table } from '../../src/yaml/table.ts'
import { parse } from './tables.ts'

const VALUE = STRIDE * 2

/** The table of `k: <text>`; the value is its third node. */
const tableOf = (text: string): Table => parse(`k: ${text}\n`)[0]!.table

const words = (text: string): string[] => text.split(' ')

describe('values', () => {
  const cases: readonly (readonly [value: null | boolean | number | string, texts: string])[] = [
    [true, 'y Y yes Yes YES true True TRUE on On ON'],
    [false, 'n N no No NO false False FALSE off Off OFF'],
    [null, '~ null Null NULL'],
    [511, '0777 +0777 00777 0o777 0O777 07_77'],
    [800, '0800 800. 8e2'],
    [9, '09 0x9 0b1001 0B1001 +9'],
    [-16, '-0x10 -020 -16 -0b10000'],
    [1000, '1_000 1e3 1E+3 1__000 0x3E8'],
    [0.5, '.5 +.5 0.5 5e-1 .5_0 0_0.5'],
    [2 ** 64, '18446744073709551615 0xFFFFFFFFFFFFFFFF'],
    [1e21, '1e21 1000000000000000000000'],
  ]
  for (const [value, texts] of cases)
    test(`${value}`, () => {
      for (const text of words(texts))
        expect([text, scalarValue(tableOf(text), VALUE)]).toEqual([text, value])
    })

  test('what stays text', () => {
    const texts =
      'oN tRUE nULL yEs 12:30:45 1:30 2001-01-01 2001-01-01T00:00:00Z 0x 0b 0o8 _1 1.2.3 1e400 . + - -x .e5 ._5 +0xFFFFFFFFFFFFFFFF 0b12 a:b Infinity NaN 100m 1Gi 10.0.0.1'
    for (const text of words(texts).filter(it => it !== '-'))
      expect([text, scalarValue(tableOf(text), VALUE)]).toEqual([text, text])
  })

  test('quotes and tags', () => {
    expect(scalarValue(tableOf('"1"'), VALUE)).toBe('1')
    expect(scalarValue(tableOf("'yes'"), VALUE)).toBe('yes')
    expect(scalarValue(tableOf('!!str 1'), VALUE)).toBe('1')
    expect(scalarValue(tableOf('!!int "0x10"'), VALUE)).toBe(16)
    expect(scalarValue(tableOf('!!bool on'), VALUE)).toBe(true)
    expect(scalarValue(tableOf('!!binary aGk='), VALUE)).toBe('hi')
    expect(scalarValue(tableOf('!foo 5'), VALUE)).toBe('5')
    expect(scalarValue(tableOf('!!str'), VALUE)).toBe('')
  })
})

test('types tell integers from other numbers as JSON does', () => {
  const cases: readonly (readonly [number, string])[] = [
    [INTEGER, '80 0 -1 0777 80.0 1e3 1_000 18446744073709551616 123456789012345678901'],
    [NUMBER, '80.5 1e-3 1e21 .5 1234567890123456789012'],
    [BOOLEAN, 'yes off true'],
    [NULL, '~ null'],
    [STRING, 'a "1" 100m 1.2.3 yess 12:30 1e400'],
  ]
  for (const [type, texts] of cases)
    for (const text of words(texts)) expect([text, scalarType(tableOf(text), VALUE)]).toEqual([text, type])
  expect(scalarType(parse('k:\n')[0]!.table, VALUE)).toBe(NULL)
})

test('what YAML 1.2 reads otherwise', () => {
  for (const text of words('yes no on OFF y 0777 010 1_000 0b11 0O7'))
    expect([text, isAmbiguous(tableOf(text), VALUE)]).toEqual([text, true])
  for (const text of words('true null 1 1.5 0 -1 a "yes" 12:30 0o7 0x10 1e3 08'))
    expect([text, isAmbiguous(tableOf(text), VALUE)]).toEqual([text, false])
})

test('texts that may stand unquoted for every reader', () => {
  for (const text of ['a', 'nginx:1.2', 'http://x', 'a b', '100m', '1.2.3', 'yess'])
    expect([text, isPlainString(text)]).toEqual([text, true])
  for (const text of ['yes', '1', '0777', '1e3', '~', '', '12:30', '2001-01-01', '<<', '=', '0o7', '.inf'])
    expect([text, isPlainString(text)]).toEqual([text, false])
})

test('keys', () => {
  const cases: readonly (readonly [written: string, key: string])[] = [
    ['on', 'true'],
    ['y', 'true'],
    ['no', 'false'],
    ['1.10', '1.1'],
    ['0x10', '16'],
    ['010', '8'],
    ['1e3', '1000'],
    ['08', '8'],
    ['1e6', '1e+06'],
    ['1234567.5', '1.2345675e+06'],
    ['0.00001', '1e-05'],
    ['16777217.0', '1.6777216e+07'],
    ['.inf', '.inf'],
    ['1_0', '10'],
    ['9223372036854775807', '9223372036854775807'],
    ['"on"', 'on'],
    ["'1.10'", '1.10'],
    ['2001-01-01', '2001-01-01'],
    ['!!str 1', '1'],
    ['oN', 'oN'],
  ]
  for (const [written, key] of cases) {
    const [document] = parse(`${written}: v\n`)
    expect([written, document!.problems]).toEqual([written, []])
    expect([written, Object.keys(document!.value as object)]).toEqual([written, [key]])
  }
})

test('keys that kubectl refuses', () => {
  for (const written of ['~', 'null', '18446744073709551615', '[a]', '{a: b}', '{{ x }}', '? [a]\n'])
    expect([written, parse(`${written}: v\n`)[0]!.problems.map(it => it.code)[0]]).toEqual([
      written,
      'syntax',
    ])
})
