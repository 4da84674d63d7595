/** Examples of rules about scheduling bring their cluster along, as a file `nodes.yaml`. */
import type { Source } from '../text/source.ts'
import { type Inventory, readInventory } from './inventory.ts'
import type { InventoryFile } from './inventory-json.ts'

const NAME = 'nodes.yaml'

export interface Example {
  readonly sources: readonly Source[]
  readonly inventory?: Inventory
}

export async function openExample(
  files: Iterable<readonly [string, string]>,
  minor: number,
): Promise<Example> {
  const all = [...files].map(([id, text]) => ({ id, text }))
  const nodes = all.find(it => it.id === NAME)
  if (!nodes) return { sources: all }
  const inventory = await readInventory([toFile(nodes)], minor)
  return { sources: all.filter(it => it !== nodes), inventory }
}

/** A text in place of a file. */
export function toFile({ id, text }: Source): InventoryFile {
  const bytes = new TextEncoder().encode(text)
  return {
    id,
    size: bytes.length,
    chunks: () => [bytes],
    slice: (start, end) => bytes.subarray(start, end),
    read: () => ({ text }),
  }
}
