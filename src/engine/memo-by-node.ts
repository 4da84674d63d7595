/** Computes once per node of a table. Documents of equal text share their tables, and so what was computed of them. */
import { memo } from '../text/memo.ts'
import type { Table } from '../yaml/table.ts'

export function memoByNode<T>(compute: (table: Table, node: number) => T): (table: Table, node: number) => T {
  const nodesOf = memo((_: Table) => new Map<number, { readonly value: T }>())
  return (table, node) => {
    const known = nodesOf(table)
    let hit = known.get(node)
    if (!hit) {
      hit = { value: compute(table, node) }
      known.set(node, hit)
    }
    return hit.value
  }
}
