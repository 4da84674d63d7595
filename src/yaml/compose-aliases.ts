/** Which node each alias of a syntax tree stands for: the nearest anchor of that name above it in the text. */
import { type Alias, isAlias, isCollection, isPair, isScalar } from 'yaml'

export interface Bindings {
  readonly targets: ReadonlyMap<Alias, unknown>
  readonly unbound: readonly Alias[]
  /** Anchors and aliases whose names go-yaml does not take. */
  readonly badNames: readonly { readonly node: Alias; readonly name: string }[]
}

/** Walks in text order. A stack of its own, since the tree may be deep. */
export function bindAliases(root: unknown): Bindings {
  const anchors = new Map<string, unknown>()
  const targets = new Map<Alias, unknown>()
  const unbound: Alias[] = []
  const badNames: { node: Alias; name: string }[] = []
  const pending: unknown[] = [root]
  while (pending.length > 0) {
    const node = pending.pop()
    if (isPair(node)) pending.push(node.value, node.key)
    else if (isAlias(node)) {
      if (!NAME.test(node.source)) badNames.push({ node, name: node.source })
      const target = anchors.get(node.source)
      if (target === undefined) unbound.push(node)
      else targets.set(node, target)
    } else if (isCollection(node) || isScalar(node)) {
      if (node.anchor !== undefined) {
        if (!NAME.test(node.anchor)) badNames.push({ node: node as unknown as Alias, name: node.anchor })
        anchors.set(node.anchor, node)
      }
      if (isCollection(node)) for (let i = node.items.length - 1; i >= 0; i--) pending.push(node.items[i])
    }
  }
  return { targets, unbound, badNames }
}

const NAME = /^[0-9A-Za-z_-]+$/
