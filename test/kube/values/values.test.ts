/** Durations, schedules, addresses, images, counts. */
import { expect, test } from 'vitest'
import { parseSchedule } from '../../../src/kube/values/cron.ts'
import { parseDuration } from '../../../src/kube/values/duration.ts'
import { effectiveTag, isLatest, toImage } from '../../../src/kube/values/image.ts'
import { toPercent, toScaledCount } from '../../../src/kube/values/int-or-string.ts'
import {
  checkCanonicalCidr,
  checkCanonicalIp,
  checkCidr,
  checkIp,
  findIpWarning,
  formatIp,
  isInCidr,
  listCidrWarnings,
  toCidr,
  toIp,
} from '../../../src/kube/values/ip.ts'

test.each([
  ['0', 0],
  ['1h15m30.5s', 4530.5e9],
  ['-1.5h', -5400e9],
  ['.5s', 5e8],
  ['100us', 1e5],
  ['100\u00b5s', 1e5],
  ['10ns', 10],
])('duration %s', (text, nanoseconds) => expect(parseDuration(text)).toBe(nanoseconds))

test.each([
  ['', 'time: invalid duration ""'],
  ['5', 'time: missing unit in duration "5"'],
  ['1x', 'time: unknown unit "x" in duration "1x"'],
  ['.s', 'time: invalid duration ".s"'],
  ['+', 'time: invalid duration "+"'],
])('no duration: %j', (text, message) => expect(parseDuration(text)).toBe(message))

test.each([
  [
    '*/15 0 1,15 * MON-fri',
    [[0, 15, 30, 45], [0], [1, 15], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [1, 2, 3, 4, 5]],
  ],
  ['5/20 ? 1 jan 0', [[5, 25, 45], undefined, [1], [1], [0]]],
  ['@weekly', [[0], [0], undefined, undefined, [0]]],
])('schedule %s', (text, expected) => {
  const schedule = parseSchedule(text)
  if (typeof schedule === 'string' || schedule.every !== undefined) throw new Error(String(schedule))
  for (const [at, field] of expected.entries()) if (field) expect(schedule.fields[at]).toEqual(field)
})

test.each([
  ['', 'empty spec string'],
  ['* * * *', 'expected exactly 5 fields, found 4: [* * * *]'],
  ['60 * * * *', 'end of range (60) above maximum (59): 60'],
  ['* * 0 * *', 'beginning of range (0) below minimum (1): 0'],
  ['5-3 * * * *', 'beginning of range (5) beyond end of range (3): 5-3'],
  ['*/0 * * * *', 'step of range should be a positive number: */0'],
  ['a * * * *', 'failed to parse int from a: strconv.Atoi: parsing "a": invalid syntax'],
  ['1-2-3 * * * *', 'too many hyphens: 1-2-3'],
  ['1/2/3 * * * *', 'too many slashes: 1/2/3'],
  ['@nightly', 'unrecognized descriptor: @nightly'],
  ['@every x', 'failed to parse duration @every x: time: invalid duration "x"'],
])('no schedule: %j', (text, message) => expect(parseSchedule(text)).toBe(message))

test.each([
  ['10.0.0.1', '10.0.0.1'],
  ['010.0.0.1', '10.0.0.1'],
  ['::', '::'],
  ['::1', '::1'],
  ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['::ffff:1.2.3.4', '1.2.3.4'],
  ['64:ff9b::1.2.3.4', '64:ff9b::102:304'],
])('address %s', (text, canonical) => expect(formatIp(toIp(text)!)).toBe(canonical))

test.each([
  '',
  '1.2.3',
  '1.2.3.256',
  '1.2.3.4.5',
  ':',
  ':::',
  '1::2::3',
  'g::',
  '1:2:3:4:5:6:7',
  '::1%eth0',
  'x',
])('no address: %j', text => expect(toIp(text)).toBeUndefined())

test('faults of addresses', () => {
  expect(checkIp('01.2.3.4', 'sloppy')).toEqual([])
  expect(checkIp('01.2.3.4', 'strict')).toEqual(['must not have leading 0s'])
  expect(checkIp('::ffff:1.2.3.4', 'strict')).toEqual(['must not be an IPv4-mapped IPv6 address'])
  expect(checkIp('x', 'sloppy')).toEqual(['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'])
  expect(checkCanonicalIp('2001:DB8::1')).toEqual(['must be in canonical form ("2001:db8::1")'])
  expect(checkCidr('10.0.0.1/8', 'sloppy')).toEqual([])
  expect(checkCidr('10.0.0.1/8', 'strict')).toEqual(['must not have bits set beyond the prefix length'])
  expect(checkCidr('10.0.0.0/08', 'strict')).toEqual(['must not have leading 0s in IP or prefix length'])
  expect(checkCidr('10.0.0.0/33', 'sloppy')).toHaveLength(1)
  expect(checkCanonicalCidr('2001:DB8::/32')).toEqual(['must be in canonical form ("2001:db8::/32")'])
})

test('warnings of addresses', () => {
  expect(findIpWarning('01.2.3.4')).toBe('non-standard IP address "01.2.3.4" is invalid: use "1.2.3.4"')
  expect(findIpWarning('1.2.3.4')).toBeUndefined()
  expect(listCidrWarnings('10.0.0.1/8')).toEqual([
    'CIDR value "10.0.0.1/8" is ambiguous in this context (should be "10.0.0.0/8" or "10.0.0.1/32"?)',
  ])
})

test('networks hold addresses', () => {
  expect(isInCidr(toIp('10.1.2.3')!, toCidr('10.0.0.0/12')!)).toBe(true)
  expect(isInCidr(toIp('10.16.0.0')!, toCidr('10.0.0.0/12')!)).toBe(false)
  expect(isInCidr(toIp('::1')!, toCidr('0.0.0.0/0')!)).toBe(false)
})

test.each([
  ['nginx', 'docker.io', 'library/nginx', 'latest'],
  ['a/b:1', 'docker.io', 'a/b', '1'],
  ['localhost:5000/a', 'localhost:5000', 'a', 'latest'],
  ['ghcr.io/a/b:v1.2', 'ghcr.io', 'a/b', 'v1.2'],
  [`a@sha256:${'0'.repeat(64)}`, 'docker.io', 'library/a', undefined],
  [`quay.io/a/b:1@sha256:${'0'.repeat(64)}`, 'quay.io', 'a/b', '1'],
])('image %s', (reference, registry, repository, tag) => {
  const image = toImage(reference)!
  expect([image.registry, image.repository, effectiveTag(image)]).toEqual([registry, repository, tag])
  expect(isLatest(reference)).toBe(tag === 'latest')
})

test.each(['', 'A', 'a:', 'a b', 'a@x', '/a', 'a//b', ':1'])('no image: %j', text =>
  expect(toImage(text)).toBeUndefined(),
)

test('counts and percentages', () => {
  expect(toPercent('25%')).toBe(25)
  expect(toPercent('25')).toBeUndefined()
  expect(toScaledCount('25%', 10, 'up')).toBe(3)
  expect(toScaledCount('25%', 10, 'down')).toBe(2)
  expect(toScaledCount(4, 10, 'up')).toBe(4)
  expect(toScaledCount('4', 10, 'up')).toBeUndefined()
})
