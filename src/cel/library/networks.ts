/** IP addresses and CIDR ranges, as Go's `net/netip` reads them; zones and mapped addresses are refused. */
import { Fault } from '../fault.ts'
import { global, method, type Overload } from '../functions.ts'
import { BOOL, INT, opaque, STRING, type Type } from '../types.ts'
import { Opaque } from '../values.ts'

export const IP: Type = opaque('net.IP')
export const CIDR: Type = opaque('net.CIDR')

class Address extends Opaque {
  readonly type = IP
  readonly family: 4 | 6
  readonly bits: bigint
  constructor(family: 4 | 6, bits: bigint) {
    super()
    this.family = family
    this.bits = bits
  }
  override equals(other: Opaque): boolean {
    return other instanceof Address && other.family === this.family && other.bits === this.bits
  }
  override get size(): number {
    return this.family === 4 ? 4 : 16
  }
}

class Range extends Opaque {
  readonly type = CIDR
  readonly address: Address
  readonly length: number
  constructor(address: Address, length: number) {
    super()
    this.address = address
    this.length = length
  }
  override equals(other: Opaque): boolean {
    return other instanceof Range && other.length === this.length && other.address.equals(this.address)
  }
  override get size(): number {
    return Math.ceil(this.length / 8)
  }
}

const OCTET = /^(?:0|[1-9]\d{0,2})$/

function parseV4(text: string): bigint | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every(it => OCTET.test(it) && Number(it) < 256)) return undefined
  return parts.reduce((bits, it) => (bits << 8n) | BigInt(it), 0n)
}

function parseV6(text: string): bigint | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head, tail] = halves.map(parseGroups)
  if (!head || (halves.length === 2 && !tail)) return undefined
  const rest = tail ?? []
  const missing = 8 - head.length - rest.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  return [...head, ...Array<number>(missing).fill(0), ...rest].reduce(
    (bits, it) => (bits << 16n) | BigInt(it),
    0n,
  )
}

/** The groups of one side of `::`; an address of version 4 may end it. */
function parseGroups(text: string): number[] | undefined {
  if (text === '') return []
  const parts = text.split(':')
  const groups: number[] = []
  for (const [i, part] of parts.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      groups.push(Number.parseInt(part, 16))
      continue
    }
    const v4 = i === parts.length - 1 ? parseV4(part) : undefined
    if (v4 === undefined) return undefined
    groups.push(Number(v4 >> 16n), Number(v4 & 0xffffn))
  }
  return groups
}

/** Undefined for texts that are no address. */
function parseAddress(text: string): Address | undefined {
  const isV6 = text.includes(':')
  const bits = isV6 ? parseV6(text) : parseV4(text)
  if (bits === undefined) return undefined
  // An address of version 4 in the clothes of version 6 is refused.
  if (isV6 && bits >> 32n === 0xffffn) return undefined
  return new Address(isV6 ? 6 : 4, bits)
}

function addressOf(text: string): Address {
  const address = parseAddress(text)
  if (!address)
    throw new Fault(`IP Address ${JSON.stringify(text)} parse error during conversion from string`)
  return address
}

/** Undefined for texts that are no range. */
function parseRange(text: string): Range | undefined {
  const slash = text.lastIndexOf('/')
  const length = text.slice(slash + 1)
  const address = slash < 0 ? undefined : parseAddress(text.slice(0, slash))
  if (!address || !/^(?:0|[1-9]\d{0,2})$/.test(length) || Number(length) > widthOf(address)) return undefined
  return new Range(address, Number(length))
}

function rangeOf(text: string): Range {
  const range = parseRange(text)
  if (!range)
    throw new Fault(`network address parse error during conversion from string: ${JSON.stringify(text)}`)
  return range
}

const widthOf = ({ family }: Address): number => (family === 4 ? 32 : 128)

function mask({ address, length }: Range): bigint {
  const host = BigInt(widthOf(address) - length)
  return (address.bits >> host) << host
}

const masked = (range: Range): Range =>
  new Range(new Address(range.address.family, mask(range)), range.length)

const containsIp = (range: Range, address: Address): boolean =>
  range.address.family === address.family && mask(new Range(address, range.length)) === mask(range)

const containsRange = (range: Range, other: Range): boolean =>
  range.length <= other.length && containsIp(range, other.address)

/** As RFC 5952 writes it. */
function formatAddress({ family, bits }: Address): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map(it => (bits >> it) & 0xffn).join('.')
  const groups = Array.from({ length: 8 }, (_, i) => Number((bits >> BigInt(112 - 16 * i)) & 0xffffn))
  let start = -1
  let longest = 1
  for (let at = 0; at < 8; at++) {
    let end = at
    while (end < 8 && groups[end] === 0) end++
    if (end - at > longest) {
      longest = end - at
      start = at
    }
    at = Math.max(at, end)
  }
  const text = (from: number, to: number): string =>
    groups
      .slice(from, to)
      .map(it => it.toString(16))
      .join(':')
  return start < 0 ? text(0, 8) : `${text(0, start)}::${text(start + longest, 8)}`
}

const startsWith = ({ family, bits }: Address, v4: string, v6: string): boolean => {
  const range = rangeOf(family === 4 ? v4 : v6)
  return (
    bits >> BigInt(widthOf(range.address) - range.length) ===
    range.address.bits >> BigInt(widthOf(range.address) - range.length)
  )
}

const isUnspecified = ({ bits }: Address): boolean => bits === 0n
const isLoopback = (it: Address): boolean => startsWith(it, '127.0.0.0/8', '::1/128')
const isMulticast = (it: Address): boolean => startsWith(it, '224.0.0.0/4', 'ff00::/8')
const isLinkLocalMulticast = (it: Address): boolean =>
  it.family === 4
    ? startsWith(it, '224.0.0.0/24', '')
    : ((it.bits >> 112n) % 0x1000n) % 0x10n === 2n && it.bits >> 120n === 0xffn
const isLinkLocalUnicast = (it: Address): boolean => startsWith(it, '169.254.0.0/16', 'fe80::/10')
const isGlobalUnicast = (it: Address): boolean =>
  !isUnspecified(it) &&
  !(it.family === 4 && it.bits === 0xffffffffn) &&
  !isLoopback(it) &&
  !isMulticast(it) &&
  !isLinkLocalUnicast(it)

export const networks: readonly Overload[] = [
  global('ip', [STRING], IP, addressOf),
  global('isIP', [STRING], BOOL, (text: string) => parseAddress(text) !== undefined),
  global('ip.isCanonical', [STRING], BOOL, (text: string) => formatAddress(addressOf(text)) === text),
  global('string', [IP], STRING, formatAddress),
  method('family', [IP], INT, ({ family }: Address) => family),
  method('isUnspecified', [IP], BOOL, isUnspecified),
  method('isLoopback', [IP], BOOL, isLoopback),
  method('isLinkLocalMulticast', [IP], BOOL, isLinkLocalMulticast),
  method('isLinkLocalUnicast', [IP], BOOL, isLinkLocalUnicast),
  method('isGlobalUnicast', [IP], BOOL, isGlobalUnicast),
  global('cidr', [STRING], CIDR, rangeOf),
  global('isCIDR', [STRING], BOOL, (text: string) => parseRange(text) !== undefined),
  method('containsIP', [CIDR, STRING], BOOL, (range: Range, text: string) =>
    containsIp(range, addressOf(text)),
  ),
  method('containsIP', [CIDR, IP], BOOL, containsIp),
  method('containsCIDR', [CIDR, STRING], BOOL, (range: Range, text: string) =>
    containsRange(range, rangeOf(text)),
  ),
  method('containsCIDR', [CIDR, CIDR], BOOL, containsRange),
  method('ip', [CIDR], IP, ({ address }: Range) => address),
  method('masked', [CIDR], CIDR, masked),
  method('prefixLength', [CIDR], INT, ({ length }: Range) => length),
  global('string', [CIDR], STRING, ({ address, length }: Range) => `${formatAddress(address)}/${length}`),
]
