/** Values that users give: what they set, and what arguments come to. */
import { ChartError } from '../chart.ts'
import { applySets, type SetArgument } from '../set-values.ts'
import { type Dict, dict, isDict } from '../template/value.ts'

/** True where the way leads through what is no map, too: it is set, if to something else. */
export function hasPath(values: Dict, path: readonly string[]): boolean {
  let holder: Dict = values
  for (const key of path) {
    if (!holder.entries.has(key)) return false
    const next = holder.entries.get(key)
    if (!isDict(next)) return true
    holder = next
  }
  return true
}

/** Arguments that cannot be read stop the rendering, where that is said. */
export function readArguments(given: readonly SetArgument[]): Dict {
  try {
    return applySets(dict(), given)
  } catch (error) {
    if (error instanceof ChartError) return dict()
    throw error
  }
}
