/** Addresses as formats take them: `net.ParseIP`, and `ParseIPSloppy` of k8s.io/utils/net, which takes leading zeros. */

type Octet = (text: string) => boolean

const isSloppyOctet: Octet = text => /^[0-9]+$/.test(text) && Number(text) <= 255
const isStrictOctet: Octet = text => /^(?:0|[1-9][0-9]{0,2})$/.test(text) && Number(text) <= 255

const isV4 = (text: string, isOctet: Octet): boolean => {
  const parts = text.split('.')
  return parts.length === 4 && parts.every(isOctet)
}

function isV6(text: string, isOctet: Octet): boolean {
  if (!text.includes(':')) return false
  const halves = text.split('::')
  if (halves.length > 2) return false
  const groups = halves.flatMap(it => (it === '' ? [] : it.split(':')))
  let count = groups.length
  for (const [index, group] of groups.entries()) {
    if (index === groups.length - 1 && group.includes('.')) {
      if (!isV4(group, isOctet)) return false
      count++
    } else if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return false
  }
  return halves.length === 2 ? count < 8 : count === 8
}

/** An address that has a dot: one of IPv6 may end in one of IPv4. */
export const isSloppyIpv4 = (text: string): boolean =>
  text.includes('.') && (isV4(text, isSloppyOctet) || isV6(text, isSloppyOctet))

export const isStrictIpv6 = (text: string): boolean => isV6(text, isStrictOctet)

export const isStrictIp = (text: string): boolean => isV4(text, isStrictOctet) || isStrictIpv6(text)

/** `ParseCIDRSloppy`. */
export function isSloppyCidr(text: string): boolean {
  const slash = text.indexOf('/')
  const address = text.slice(0, slash)
  const length = text.slice(slash + 1)
  if (slash < 0 || !/^[0-9]+$/.test(length)) return false
  if (isV4(address, isSloppyOctet)) return Number(length) <= 32
  return isV6(address, isSloppyOctet) && Number(length) <= 128
}
