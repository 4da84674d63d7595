/** Durations as Go writes them: `1h15m30.5s`. */

const UNITS: ReadonlyMap<string, number> = new Map([
  ['ns', 1],
  ['us', 1e3],
  ['\u00b5s', 1e3],
  ['\u03bcs', 1e3],
  ['ms', 1e6],
  ['s', 1e9],
  ['m', 60e9],
  ['h', 3600e9],
])
const PART = /(\d*)(\.?)(\d*)([^.\d]*)/y

/** `time.ParseDuration`: nanoseconds, exact to 2⁵³, or Go's message about what is wrong. */
export function parseDuration(text: string): number | string {
  const invalid = `time: invalid duration ${JSON.stringify(text)}`
  let at = text.startsWith('-') || text.startsWith('+') ? 1 : 0
  if (text.slice(at) === '0') return 0
  if (at === text.length) return invalid
  let total = 0
  while (at < text.length) {
    PART.lastIndex = at
    const [matched, whole, point, fraction, unit] = PART.exec(text) as unknown as [
      string,
      string,
      string,
      string,
      string,
    ]
    if (whole === '' && fraction === '') return invalid
    if (unit === '') return `time: missing unit in duration ${JSON.stringify(text)}`
    const size = UNITS.get(unit)
    if (size === undefined)
      return `time: unknown unit ${JSON.stringify(unit)} in duration ${JSON.stringify(text)}`
    total += Number(`${whole || '0'}${point}${fraction}`) * size
    at += matched.length
  }
  if (total > 2 ** 63) return invalid
  return text.startsWith('-') ? -total : total
}
