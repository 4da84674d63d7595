/** Which of several objects with one identity is meant: that of the nearest folder. */
import type { Resource } from '../kube/resource.ts'
import { memo } from '../text/memo.ts'

export type FindNearest<Item> = (from: Resource | undefined, items: readonly Item[]) => readonly Item[]

/**
 * Finds those in the folder that shares most with that of `from`. Repositories hold the same names for several
 * environments, one a folder; an object of one environment belongs to the others of it. A list is looked at once and
 * not for each question: thousands may ask for one that thousands are in.
 */
export function createNearest<Item extends object>(resourceOf: (item: Item) => Resource): FindNearest<Item> {
  const foldersOf = memo((items: readonly Item[]) => groupByFolder(items, resourceOf))
  const areInOneFile = memo((items: readonly Item[]): boolean => {
    const { source } = resourceOf(items[0]!).document
    return items.every(it => resourceOf(it).document.source === source)
  })
  return (from, items) => {
    if (!from || items.length < 2 || areInOneFile(items)) return items
    const folders = foldersOf(items)
    for (let folder = folderOf(from); folder !== ''; folder = parentOf(folder)) {
      const found = folders.get(folder)
      if (found) return found
    }
    return items
  }
}

export const nearestTo = createNearest<Resource>(it => it)

/** What is in each folder or below it. */
function groupByFolder<Item>(
  items: readonly Item[],
  resourceOf: (item: Item) => Resource,
): ReadonlyMap<string, readonly Item[]> {
  const folders = new Map<string, Item[]>()
  for (const item of items)
    for (let folder = folderOf(resourceOf(item)); folder !== ''; folder = parentOf(folder)) {
      const list = folders.get(folder)
      if (list) list.push(item)
      else folders.set(folder, [item])
    }
  return folders
}

/** With the slash behind it. */
export const folderOf = ({ document }: Resource): string => {
  const { id } = document.source
  return id.slice(0, id.lastIndexOf('/') + 1)
}

const parentOf = (folder: string): string =>
  folder.length < 2 ? '' : folder.slice(0, folder.lastIndexOf('/', folder.length - 2) + 1)

/**
 * What is the same for all resources of a unit that are surely applied together, as a key to group them by: they stand in
 * one file, or one chart renders them. Files beside each other may be alternatives, as folders of examples hold them.
 */
export const appliedWith = ({ document }: Resource): object =>
  document.table.text === document.source.text ? document.source : RENDERED

/** A unit holds the rendering of one chart only. */
const RENDERED = {}
