/** Names: what each syntax takes, and the server's words where it does not. */
import { expect, test } from 'vitest'
import {
  checkCIdentifier,
  checkConfigKey,
  checkDns1035Label,
  checkDns1123Label,
  checkDns1123Subdomain,
  checkDns1123SubdomainWithUnderscore,
  checkEnvVarName,
  checkHttpHeaderName,
  checkLabelValue,
  checkPathSegment,
  checkPercent,
  checkPortName,
  checkPortNumber,
  checkQualifiedName,
  checkRelaxedEnvVarName,
  checkWildcardDns1123Subdomain,
  countBytes,
  type Faults,
  maskTrailingDash,
} from '../../../src/kube/values/names.ts'

const LONG = 'a'.repeat(64)

type Case = readonly [check: (value: string) => Faults, valid: readonly string[], invalid: readonly string[]]

const CASES: readonly Case[] = [
  [
    checkDns1123Label,
    ['a', '0', 'a-b', 'a--b', LONG.slice(1)],
    ['', 'A', '-a', 'a-', 'a.b', 'a_b', LONG, 'a\n'],
  ],
  [
    checkDns1123Subdomain,
    ['a', 'a.b', '1.2', 'a-b.c', 'a'.repeat(253)],
    ['', '.a', 'a.', 'a..b', 'A', 'a'.repeat(254)],
  ],
  [checkDns1123SubdomainWithUnderscore, ['_a.b', 'a_b'], ['__a', '.']],
  [checkDns1035Label, ['a', 'a1'], ['1a', '', 'a-', LONG]],
  [checkWildcardDns1123Subdomain, ['*.a', '*.a.b'], ['*', '*.', 'a.b', '*.*.a', 'x*.a']],
  [checkQualifiedName, ['a', 'A_b.c', 'x.y/z', LONG.slice(1)], ['', '/a', 'a/', 'a/b/c', 'X/a', '-a', LONG]],
  [checkLabelValue, ['', 'a', 'A_b.c-d'], ['-', 'a b', 'a/', LONG, 'é']],
  [checkCIdentifier, ['_a1', 'A'], ['', '1a', 'a-b']],
  [checkPortName, ['http', 'a-1', 'x'.repeat(15)], ['', '80', 'a--b', '-a', 'a-', 'x'.repeat(16), 'HTTP']],
  [checkEnvVarName, ['A', '_a', 'a.b', '-x'], ['', '1a', '.', '..', '..a', 'a b']],
  [checkRelaxedEnvVarName, ['1a', 'a b', '.', 'a/b'], ['', 'a=b', 'é', 'a\tb']],
  [checkConfigKey, ['a', '.a', 'A_B', 'a'.repeat(253)], ['', 'a/b', '.', '..', '..a', 'a'.repeat(254)]],
  [checkPercent, ['0%', '250%'], ['', '%', '1', '-1%', '1.5%']],
  [checkHttpHeaderName, ['X-Header', 'a'], ['', 'a_b', 'a b']],
  [checkPathSegment, ['a', '', 'A:b', '...'], ['.', '..', 'a/b', 'a%b']],
]

test.each(CASES)('%o', (check, valid, invalid) => {
  for (const value of valid) expect(check(value), value).toEqual([])
  for (const value of invalid) expect(check(value), value).not.toEqual([])
})

test.each([
  [checkDns1123Label('a.b'), ['must not contain dots']],
  [
    checkDns1123Label('A'),
    [
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
    ],
  ],
  [checkDns1123Label(LONG), ['must be no more than 63 characters']],
  [checkQualifiedName(LONG), ['name part must be no more than 63 bytes']],
  [checkQualifiedName(LONG, 'characters'), ['name part must be no more than 63 characters']],
  [
    checkQualifiedName('').map(it => it.slice(0, 30)),
    ['name part must be non-empty', 'name part must consist of alph'],
  ],
  [checkQualifiedName('/a'), ['prefix part must be non-empty']],
  [checkQualifiedName(`${'a'.repeat(254)}/a`), ['prefix part must be no more than 253 bytes']],
  [checkLabelValue(LONG), ['must be no more than 63 bytes']],
  [checkPortName('-8-'), ['must contain at least one letter (a-z)', 'must not begin or end with a hyphen']],
  [checkPortNumber(0), ['must be between 1 and 65535, inclusive']],
  [checkConfigKey('..a'), ["must not start with '..'"]],
  [checkPathSegment('..'), ["may not be '..'"]],
  [checkPathSegment('a/%'), ["may not contain '/'", "may not contain '%'"]],
])('words %#', (found, expected) => expect(found).toEqual(expected))

test('lengths count bytes', () => {
  expect(countBytes('aé€😀')).toBe(1 + 2 + 3 + 4)
  expect(countBytes('\ud800')).toBe(3)
  expect(checkLabelValue('é'.repeat(32))[0]).toBe('must be no more than 63 bytes')
})

test('a generated name may end with a hyphen', () => {
  expect(maskTrailingDash('web-')).toBe('wea')
  expect(maskTrailingDash('-')).toBe('-')
  expect(maskTrailingDash('web')).toBe('web')
})
