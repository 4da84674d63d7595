/** Numbers and booleans that are not written the way they read: `0x10`, `1e3`, `on`. */
import { type At, atNode } from './cursor.ts'
import { scalarValue } from './decode.ts'
import { writtenSpan } from './locate.ts'
import { NULL, STRING, scalarType } from './scalars.ts'
import { KIND_MASK, NEXT, SEQ, STRIDE } from './table.ts'

/** Those among the values below a cursor, itself first, in source order. There are few, and the others get no cursor. */
export function listRespelled(root: At): readonly At[] {
  const { table } = root.document
  const { nodes, text } = table
  const found: At[] = []
  const end = nodes[root.node + NEXT]!
  for (let node = root.node; node < end; node += STRIDE) {
    if ((nodes[node]! & KIND_MASK) <= SEQ) continue
    const type = scalarType(table, node)
    if (type === STRING || type === NULL) continue
    const written = writtenSpan(table, node)
    if (text.slice(written.start, written.end) === String(scalarValue(table, node))) continue
    const at = atNode(root, node)
    // The cursor of a key is that of its value.
    if (at?.node === node) found.push(at)
  }
  return found
}
