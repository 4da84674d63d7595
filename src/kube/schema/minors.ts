/** Minors of Kubernetes as numbers and as ranges: `30-33`, `30-` (still there in the newest), `-25` (from the oldest). */

/** `1.30` as 30; undefined when it is no minor of Kubernetes 1. A patch level (`1.30.2`, `v1.30`) is ignored. */
export function toMinor(version: string): number | undefined {
  const match = /^v?1\.(\d{1,3})(?:\.\d+)?$/.exec(version)
  return match ? Number(match[1]) : undefined
}

export const formatMinor = (minor: number): string => `1.${minor}`

/** Whether a minor lies in one of the comma-separated ranges; `""` holds all minors. */
export function isInRanges(ranges: string, minor: number): boolean {
  if (ranges === '') return true
  for (const range of ranges.split(',')) {
    const dash = range.indexOf('-')
    const first = dash === 0 ? 0 : Number(dash < 0 ? range : range.slice(0, dash))
    const last =
      dash < 0 ? first : dash === range.length - 1 ? Number.POSITIVE_INFINITY : Number(range.slice(dash + 1))
    if (minor >= first && minor <= last) return true
  }
  return false
}

/**
 * The shortest ranges that hold exactly those of `all` which are in `some`; `""` when that is all of them.
 * Both ascending; `newest` is the newest minor known at all, behind which a range stays open.
 */
export function formatRanges(some: ReadonlySet<number>, all: readonly number[], newest: number): string {
  if (all.every(it => some.has(it))) return ''
  const ranges: string[] = []
  for (let from = 0; from < all.length; from++) {
    if (!some.has(all[from]!)) continue
    let to = from
    while (to + 1 < all.length && some.has(all[to + 1]!)) to++
    const open = all[to] === newest
    if (from === to && !open) ranges.push(String(all[from]))
    else ranges.push(`${from === 0 ? '' : all[from]}-${open ? '' : all[to]}`)
    from = to
  }
  return ranges.join(',')
}
