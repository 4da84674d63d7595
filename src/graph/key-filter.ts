/** Tells at a glance whether keys or texts can stand below a value: most manifests lack most of them. */
import type { At } from '../yaml/cursor.ts'
import { internKey } from '../yaml/keys.ts'
import { AUX, NEXT, STRIDE, spanOf } from '../yaml/table.ts'

/** A test that is true wherever one of the keys occurs, at any depth, and sometimes where none does. */
export function createKeyFilter(keys: readonly string[]): (at: At) => boolean {
  const ids = keys.map(internKey)
  const wanted = new Uint8Array(Math.max(...ids) + 1)
  for (const id of ids) wanted[id] = 1
  return ({ node, document: { table } }) => {
    const { nodes } = table
    const end = nodes[node + NEXT]!
    for (let at = node + AUX; at < end; at += STRIDE) if (wanted[nodes[at]!] === 1) return true
    return false
  }
}

/**
 * False only when no scalar below a value has the text. What aliases bring in is written elsewhere, so that documents
 * with aliases are always worth a look.
 */
export function mayContain({ node, document: { table } }: At, text: string): boolean {
  const { start, end } = spanOf(table, node)
  return table.aliases !== undefined || table.text.slice(start, end).includes(text)
}
