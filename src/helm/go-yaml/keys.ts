/** Keys of maps as go-yaml v2 decodes them: maps and lists cannot be keys, and what is merged is a map. */
import { quote } from '../../text/go-quote.ts'
import { plainValue } from '../../yaml/scalars.ts'
import { GoYamlError } from './scan.ts'

export interface Tree {
  readonly kind: 'scalar' | 'list' | 'map'
  readonly value: string
  readonly isPlain: boolean
  /** Of maps: keys and values by turns. */
  readonly items: Tree[]
}

/** Throws `GoYamlError` at the first key that cannot be one. */
export function checkKeys(root: Tree): void {
  const open: (Tree | (() => void))[] = [root]
  const seen = new Set<Tree>()
  for (let it = open.pop(); it; it = open.pop()) {
    if (typeof it === 'function') it()
    else if (!seen.has(it)) {
      seen.add(it)
      const { items, kind } = it
      for (let i = items.length - 1; i >= 0; i--) {
        const isKey = kind === 'map' && i % 2 === 0
        if (isKey) open.push(() => checkKey(items[i]!, items[i + 1]!))
        open.push(items[i]!)
      }
    }
  }
}

function checkKey(key: Tree, value: Tree): void {
  if (key.kind !== 'scalar') throw new GoYamlError(`invalid map key: ${formatTree(key, 0)}`)
  if (!key.isPlain || key.value !== '<<' || value.kind === 'map') return
  if (value.kind !== 'list' || value.items.some(it => it.kind !== 'map'))
    throw new GoYamlError('map merge requires map or sequence of maps as the value')
}

/** Deeper trees are not written out. */
const MOST_SHOWN = 50

/** Go's `%#v`. */
function formatTree(tree: Tree, depth: number): string {
  if (depth > MOST_SHOWN) return '…'
  const { kind, items } = tree
  const shown = (it: Tree): string => formatTree(it, depth + 1)
  if (kind === 'list') return `[]interface {}{${items.map(shown).join(', ')}}`
  if (kind === 'scalar') return formatScalar(tree)
  const pairs: string[] = []
  for (let i = 0; i < items.length; i += 2) {
    if (items[i]!.kind !== 'scalar') throw new GoYamlError(`invalid map key: ${shown(items[i]!)}`)
    pairs.push(`${shown(items[i]!)}:${shown(items[i + 1]!)}`)
  }
  return `map[interface {}]interface {}{${pairs.sort().join(', ')}}`
}

function formatScalar({ value, isPlain }: Tree): string {
  const read = isPlain ? plainValue(value) : value
  if (read === null) return 'interface {}(nil)'
  return typeof read === 'string' ? quote(read) : String(read)
}
