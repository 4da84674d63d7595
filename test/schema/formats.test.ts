import { describe, expect, test } from 'vitest'
import { hasFormat } from '../../src/kube/schema/formats.ts'
import { isBase64, isMicroTime, isQuantity, isTime } from '../../src/kube/schema/go-scalars.ts'
import { compilePattern } from '../../src/kube/schema/pattern.ts'

describe('formats of custom resources', () => {
  const cases: readonly [format: string, good: readonly string[], bad: readonly string[]][] = [
    [
      'uri',
      ['http://a/b?c', '/a/b', 'mailto:x@y', '*', 'http:/a b', 'x:', 'http://[::1]:80', 'x://a:b:80'],
      ['', 'a b', 'a/b', ':a', 'http://a/%zz', 'http://%41', 'http://[7:1]', 'http://a:b:80', 'http://a[b]'],
    ],
    [
      'email',
      ['a@b', 'A B <a@b.c>', '"a b"@c', 'a@b (c (d))', 'A<a@[1.2.3.4]>', 'list: a@b;'],
      ['', 'a', 'a@', '@b', 'a@b c', 'a..b@c', 'a@[1.2.3]', 'a@b (c', '""@a', 'list: a@b, c@d;'],
    ],
    ['hostname', ['a', 'a-b', 'a.b.example', '1a.com'], ['', 'a_b', '-a', 'a-b-c', 'a..b', 'a.b1']],
    ['ipv4', ['1.2.3.4', '01.2.3.4', '::ffff:1.2.3.4'], ['1.2.3', '256.1.1.1', '::1']],
    ['ipv6', ['::1', 'fe80::1', '::ffff:1.2.3.4'], ['1.2.3.4', ':::', '1::2::3', '12345::', '::01.2.3.4']],
    ['ssn', ['123-45-6789', '123 45 6789'], ['123456789']],
    ['cidr', ['10.0.0.0/8', '::/0'], ['10.0.0.0', '10.0.0.0/33', '::/129', 'a/8']],
    ['mac', ['00:11:22:33:44:55', '00-11-22-33-44-55', '0011.2233.4455'], ['00:11', '00:11-22:33:44:55']],
    ['uuid', ['a8098c1a-f86e-11da-bd1a-00112444be1e', 'A8098C1AF86E11DABD1A00112444BE1E'], ['a8098c1a', '']],
    ['uuid4', ['a8098c1a-f86e-41da-bd1a-00112444be1e'], ['a8098c1a-f86e-11da-bd1a-00112444be1e']],
    ['isbn', ['0-306-40615-2', '978-0-306-40615-7'], ['0-306-40615-3', '978']],
    ['creditcard', ['4111 1111 1111 1111'], ['4111 1111 1111 1112', '2221000000000009']],
    ['hexcolor', ['#fff', 'A0B1C2'], ['#ff', '#ggg']],
    ['rgbcolor', ['rgb(0, 128,255)'], ['rgb(0,0,256)']],
    ['byte', ['YQ=='], ['', 'YQ', 'Y Q=']],
    ['date', ['2024-02-29'], ['2023-02-29', '2024-2-1', '2024-13-01']],
    [
      'date-time',
      ['2024-02-29T01:02:03Z', '2024-02-29t01:02:03.5+01:00'],
      ['2024-02-29', '2024-02-29T25:00:00Z'],
    ],
    ['duration', ['1h2m', '1 day', '3 weeks', 'P1D', '0'], ['', 'x', '5 parsecs']],
    ['k8s-short-name', ['a-b'], ['a.b', 'A', '']],
    ['k8s-long-name', ['a.b'], ['A', 'a..b']],
    ['password', ['', 'x'], []],
    ['no-such-format', ['', 'x'], []],
  ]
  test.each(cases)('%s', (format, good, bad) => {
    for (const it of good) expect(hasFormat(format, it, 36), `"${it}"`).toBe(true)
    for (const it of bad) expect(hasFormat(format, it, 36), `"${it}"`).toBe(false)
  })

  test('names of Kubernetes are enforced since 1.36', () => {
    expect(hasFormat('k8s-short-name', 'A', 34)).toBe(true)
  })
})

describe('texts that Go types decode', () => {
  const cases: readonly [
    name: string,
    check: (text: string) => boolean,
    good: readonly string[],
    bad: readonly string[],
  ][] = [
    [
      'quantity',
      isQuantity,
      ['1', '1.5Gi', '100m', '-1', '+.5', '1e3', '1E-2', '5E', '0', ' 1 '],
      ['', '1K', '1mi', '512MB', '1 Gi', '1e', 'a'],
    ],
    [
      'time',
      isTime,
      ['2024-02-29T01:02:03Z', '2024-01-01T00:00:00.123+02:00'],
      ['2024-01-01', '2024-02-30T00:00:00Z', '2024-01-01T00:00:00', ''],
    ],
    [
      'time with microseconds',
      isMicroTime,
      ['2024-01-01T00:00:00.123456Z'],
      ['2024-01-01T00:00:00Z', '2024-01-01T00:00:00.123Z'],
    ],
    ['base64', isBase64, ['', 'YQ==', 'Y\nQ=\r\n='], ['YQ', 'YQ=', 'YQ===', '=', 'Y-==']],
  ]
  test.each(cases)('%s', (_, check, good, bad) => {
    for (const it of good) expect(check(it), `"${it}"`).toBe(true)
    for (const it of bad) expect(check(it), `"${it}"`).toBe(false)
  })
})

describe('patterns are RE2', () => {
  test.each([
    ['b+', 'abc', true],
    ['(?i)^abc$', 'ABC', true],
    ['^(?P<y>[0-9]{4})$', '2024', true],
    ['\\A[a-z]+\\z', 'abc\n', false],
    ['^\\p{L}+$', 'é', true],
    ['^\\Qa.b\\E$', 'axb', false],
    ['^[[:alpha:]]+$', 'ab', true],
    ['^(?=x)', 'anything', true],
  ])('%s on %s: %s', (pattern, text, matches) => {
    expect(compilePattern(pattern).test(text)).toBe(matches)
  })

  test('no search without end', () => {
    const start = performance.now()
    compilePattern('^(([a-z])+.)+[A-Z]([a-z])+$').test('a'.repeat(20_000))
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})
