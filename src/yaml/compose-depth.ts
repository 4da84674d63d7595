/** Cuts off what is nested too deep before anything recursive sees it. */
import type { CST } from 'yaml'
import { MAX_DEPTH } from './compose-nodes.ts'
import type { Problem } from './document.ts'

/** Empties values below the deepest level that is read, in place, and reports the first. */
export function cutDeep(tokens: readonly CST.Token[], base: number): Problem[] {
  const pending: { token: CST.Token; depth: number }[] = []
  for (const token of tokens)
    if (token.type === 'document' && token.value) pending.push({ token: token.value, depth: 1 })
  let first: number | undefined
  for (let it = pending.pop(); it; it = pending.pop()) {
    const { token, depth } = it
    if (!('items' in token)) continue
    for (const item of token.items as { key?: CST.Token | null; value?: CST.Token }[]) {
      for (const part of ['key', 'value'] as const) {
        const child = item[part]
        if (!child) continue
        if (depth < MAX_DEPTH || !('items' in child)) pending.push({ token: child, depth: depth + 1 })
        else {
          first ??= child.offset
          item[part] = { type: 'scalar', offset: child.offset, indent: token.indent, source: '' }
        }
      }
    }
  }
  if (first === undefined) return []
  const message = `Nested more than ${MAX_DEPTH} levels deep; what is below is not read`
  return [{ code: 'syntax', message, span: { start: base + first, end: base + first + 1 } }]
}
