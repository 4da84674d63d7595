/**
 * IP addresses and CIDRs as Go reads them: sloppily (`net.ParseIP` before Go 1.17, which takes leading zeros) for
 * fields that always did, strictly for new ones. Answers to `apimachinery/pkg/util/validation/ip.go`.
 */
import { type Faults, NO_FAULTS } from './names.ts'

export interface Ip {
  /** Four bytes, also for IPv4 addresses mapped into IPv6, or sixteen. */
  readonly bytes: readonly number[]
  /** Written in IPv6 syntax. */
  readonly colons: boolean
  /** Whether a strict parser takes it: no leading zeros. */
  readonly strict: boolean
}

export interface Cidr {
  readonly ip: Ip
  /** Bits of the prefix, counted within `ip.bytes`. */
  readonly prefix: number
  /** The address with all bits behind the prefix cleared. */
  readonly network: Ip
  readonly strict: boolean
}

/** Whether leading zeros, mapped addresses and bits behind the prefix are faults: for legacy fields since 1.36. */
export type Strictness = 'sloppy' | 'strict'

const IP_FAULT = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'
const CIDR_FAULT = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'

/** `netutils.ParseIPSloppy`; undefined when the text is no address. */
export function toIp(text: string): Ip | undefined {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === 46) return toIp4(text)
    if (unit === 58) return toIp6(text)
  }
  return undefined
}

function toIp4(text: string): Ip | undefined {
  const match = /^(\d{1,9})\.(\d{1,9})\.(\d{1,9})\.(\d{1,9})$/.exec(text)
  if (!match) return undefined
  const parts = match.slice(1)
  const bytes = parts.map(Number)
  if (bytes.some(it => it > 255)) return undefined
  return { bytes, colons: false, strict: !parts.some(it => it.length > 1 && it.startsWith('0')) }
}

function toIp6(text: string): Ip | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const left = toGroups(halves[0]!, halves.length === 1)
  const right = halves.length === 2 ? toGroups(halves[1]!, true) : NO_GROUPS
  if (!left || !right) return undefined
  const missing = 16 - left.bytes.length - right.bytes.length
  if (halves.length === 1 ? missing !== 0 : missing < 2) return undefined
  const bytes = [...left.bytes, ...new Array<number>(missing).fill(0), ...right.bytes]
  const mapped = bytes.every((it, at) => (at < 10 ? it === 0 : at >= 12 || it === 255))
  return { bytes: mapped ? bytes.slice(12) : bytes, colons: true, strict: left.strict && right.strict }
}

interface Groups {
  readonly bytes: readonly number[]
  readonly strict: boolean
}

const NO_GROUPS: Groups = { bytes: [], strict: true }

/** Colon-separated groups; the last of the address may be a dotted IPv4 one. */
function toGroups(text: string, last: boolean): Groups | undefined {
  if (text === '') return NO_GROUPS
  const bytes: number[] = []
  const groups = text.split(':')
  let strict = true
  for (const [at, group] of groups.entries()) {
    if (last && at === groups.length - 1 && group.includes('.')) {
      const tail = toIp4(group)
      if (!tail) return undefined
      bytes.push(...tail.bytes)
      strict &&= tail.strict
    } else {
      if (!/^[0-9a-fA-F]{1,12}$/.test(group)) return undefined
      const value = Number.parseInt(group, 16)
      if (value > 0xffff) return undefined
      bytes.push(value >> 8, value & 255)
      strict &&= group.length <= 4
    }
  }
  return bytes.length > 16 ? undefined : { bytes, strict }
}

export const isIp6 = (ip: Ip): boolean => ip.bytes.length === 16

/** `net.IP.String`: dotted, or groups with the longest run of zeros left out. */
export function formatIp({ bytes }: Pick<Ip, 'bytes'>): string {
  if (bytes.length === 4) return bytes.join('.')
  const groups = Array.from({ length: 8 }, (_, at) => (bytes[at * 2]! << 8) | bytes[at * 2 + 1]!)
  let start = -1
  let length = 1
  for (let at = 0; at < 8; at++) {
    let end = at
    while (end < 8 && groups[end] === 0) end++
    if (end - at > length) {
      start = at
      length = end - at
    }
    at = Math.max(at, end - 1)
  }
  const hex = (from: number, to: number): string =>
    groups
      .slice(from, to)
      .map(it => it.toString(16))
      .join(':')
  return start < 0 ? hex(0, 8) : `${hex(0, start)}::${hex(start + length, 8)}`
}

/** `netutils.ParseCIDRSloppy`; undefined when the text is no CIDR. */
export function toCidr(text: string): Cidr | undefined {
  const slash = text.indexOf('/')
  if (slash < 0) return undefined
  const ip = toIp(text.slice(0, slash))
  const bits = text.slice(slash + 1)
  if (!ip || !/^\d{1,9}$/.test(bits)) return undefined
  const written = Number(bits)
  if (written > (ip.colons ? 128 : 32)) return undefined
  const isMapped = ip.colons && ip.bytes.length === 4
  const prefix = isMapped ? Math.max(0, written - 96) : written
  const strict = ip.strict && (bits.length === 1 || !bits.startsWith('0'))
  return { ip, prefix, network: toNetwork(ip, prefix), strict }
}

function toNetwork(ip: Ip, prefix: number): Ip {
  const bytes = ip.bytes.map((byte, at) => {
    const kept = Math.max(0, Math.min(8, prefix - at * 8))
    return byte & (0xff00 >> kept) & 0xff
  })
  return { ...ip, bytes }
}

/** `net.IPNet.String`. */
const formatCidr = ({ network, prefix }: Cidr): string => `${formatIp(network)}/${prefix}`

const isSame = (left: Ip, right: Ip): boolean => left.bytes.every((it, at) => it === right.bytes[at])

/** Whether the network holds the address. */
export const isInCidr = (ip: Ip, cidr: Cidr): boolean =>
  ip.bytes.length === cidr.ip.bytes.length && isSame(toNetwork(ip, cidr.prefix), cidr.network)

/** `IsValidIPForLegacyField`. */
export function checkIp(text: string, strictness: Strictness): Faults {
  const ip = toIp(text)
  if (!ip) return [IP_FAULT]
  if (strictness === 'sloppy') return NO_FAULTS
  if (!ip.strict) return ['must not have leading 0s']
  return isMappedIp(ip) ? ['must not be an IPv4-mapped IPv6 address'] : NO_FAULTS
}

/** An IPv4 address written in IPv6 syntax: `::ffff:10.0.0.1`. */
const isMappedIp = (ip: Ip): boolean => ip.colons && ip.bytes.length === 4

/** `IsValidIP`: strict and in its canonical form. */
export function checkCanonicalIp(text: string): Faults {
  const faults = checkIp(text, 'strict')
  if (faults.length > 0) return faults
  const canonical = formatIp(toIp(text)!)
  return canonical === text ? NO_FAULTS : [`must be in canonical form ("${canonical}")`]
}

/** `IsValidCIDRForLegacyField`. */
export function checkCidr(text: string, strictness: Strictness): Faults {
  const cidr = toCidr(text)
  if (!cidr) return [CIDR_FAULT]
  if (strictness === 'sloppy') return NO_FAULTS
  if (!cidr.strict) return ['must not have leading 0s in IP or prefix length']
  if (isMappedIp(cidr.ip)) return ['must not have an IPv4-mapped IPv6 address']
  return isSame(cidr.ip, cidr.network) ? NO_FAULTS : ['must not have bits set beyond the prefix length']
}

/** `IsValidCIDR`: strict and in its canonical form. */
export function checkCanonicalCidr(text: string): Faults {
  const faults = checkCidr(text, 'strict')
  if (faults.length > 0) return faults
  const canonical = formatCidr(toCidr(text)!)
  return canonical === text ? NO_FAULTS : [`must be in canonical form ("${canonical}")`]
}

const invalidity = (strictness: Strictness): string =>
  strictness === 'strict' ? 'is invalid' : 'will be considered invalid in a future Kubernetes release'

/** `GetWarningsForIP`, without the field in front; sloppy servers word it for the future. */
export function findIpWarning(text: string, strictness: Strictness = 'strict'): string | undefined {
  const ip = toIp(text)
  if (!ip) return undefined
  const canonical = formatIp(ip)
  if (!ip.strict || isMappedIp(ip))
    return `non-standard IP address "${text}" ${invalidity(strictness)}: use "${canonical}"`
  if (ip.colons && canonical !== text)
    return `IPv6 address "${text}" should be in RFC 5952 canonical format ("${canonical}")`
  return undefined
}

/** `GetWarningsForCIDR`, without the field in front. */
export function listCidrWarnings(text: string, strictness: Strictness = 'strict'): readonly string[] {
  const cidr = toCidr(text)
  if (!cidr) return []
  const warnings: string[] = []
  const canonical = formatCidr(cidr)
  if (!isSame(cidr.ip, cidr.network)) {
    const single = `${formatIp(cidr.ip)}/${cidr.ip.bytes.length * 8}`
    warnings.push(
      `CIDR value "${text}" is ambiguous in this context (should be "${canonical}" or "${single}"?)`,
    )
  }
  if (!cidr.strict || isMappedIp(cidr.ip))
    warnings.push(`non-standard CIDR value "${text}" ${invalidity(strictness)}: use "${canonical}"`)
  if (warnings.length === 0 && cidr.ip.colons && canonical !== text)
    warnings.push(`IPv6 CIDR value "${text}" should be in RFC 5952 canonical format ("${canonical}")`)
  return warnings
}
