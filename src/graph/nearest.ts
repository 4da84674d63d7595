/** Which of several objects with one identity is meant: that of the nearest folder. */
import type { Resource } from '../kube/resource.ts'

/**
 * Those in the folder that shares most with that of `from`. Repositories hold the same names for several environments,
 * one a folder; an object of one environment belongs to the others of it.
 */
export function nearestTo(from: Resource | undefined, resources: readonly Resource[]): readonly Resource[] {
  if (!from || resources.length < 2) return resources
  const home = foldersOf(from)
  let best: Resource[] = []
  let most = -1
  for (const it of resources) {
    const depth = sharedDepth(home, foldersOf(it))
    if (depth < most) continue
    if (depth > most) best = []
    most = depth
    best.push(it)
  }
  return best
}

const foldersOf = ({ document }: Resource): readonly string[] => document.source.id.split('/').slice(0, -1)

function sharedDepth(a: readonly string[], b: readonly string[]): number {
  let depth = 0
  while (depth < a.length && a[depth] === b[depth]) depth++
  return depth
}

/**
 * True when two resources are surely applied together: they stand in one file, or one chart renders both. Files beside
 * each other may be alternatives, as folders of examples hold them.
 */
export const areTogether = (a: Resource, b: Resource): boolean =>
  a.document.source === b.document.source || (isRendered(a) && isRendered(b))

/** A unit holds the rendering of one chart only. */
const isRendered = ({ document }: Resource): boolean => document.table.text !== document.source.text

/** True when both stand in the same folder. */
export function inSameFolder(a: Resource, b: Resource): boolean {
  const [x, y] = [a.document.source.id, b.document.source.id]
  return x === y || x.slice(0, x.lastIndexOf('/') + 1) === y.slice(0, y.lastIndexOf('/') + 1)
}
