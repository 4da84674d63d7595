/**
 * Nodes as go-yaml v2 decodes them: maps and lists cannot be keys, what is merged is a map, and a scalar is what its tag
 * says.
 */
import { quote } from '../../text/go-quote.ts'
import { plainValue } from '../../yaml/scalars.ts'
import { decodeBase64, impliedTag, isInfinite, isTimestamp, shortTag } from '../../yaml/tags.ts'
import { GoYamlError } from './scan.ts'

export interface Tree {
  readonly kind: 'scalar' | 'list' | 'map'
  readonly value: string
  /** In full; undefined without one. */
  readonly tag: string | undefined
  readonly isPlain: boolean
  /** Of maps: keys and values by turns. */
  readonly items: Tree[]
}

/** Throws `GoYamlError` at the first node that cannot be what it shall. */
export function checkTree(root: Tree): void {
  const open: (Tree | (() => void))[] = [root]
  const seen = new Set<Tree>()
  for (let it = open.pop(); it; it = open.pop()) {
    if (typeof it === 'function') it()
    else if (!seen.has(it)) {
      seen.add(it)
      const { items, kind } = it
      if (kind === 'scalar') checkTag(it)
      for (let i = items.length - 1; i >= 0; i--) {
        const isKey = kind === 'map' && i % 2 === 0
        if (isKey) open.push(() => checkKey(items[i]!, items[i + 1]!))
        open.push(items[i]!)
      }
    }
  }
}

/** The first key that JSON does not have, in the words of sigs.k8s.io/yaml. */
export function findNullKey(root: Tree): string | undefined {
  for (const { kind, items } of listNodes(root))
    for (let i = 0; kind === 'map' && i < items.length; i += 2)
      if (isNull(items[i]!))
        return `unsupported map key of type: %!s(<nil>), key: <nil>, value: ${isNull(items[i + 1]!) ? '<nil>' : formatTree(items[i + 1]!)}`
  return undefined
}

const isNull = ({ value, isPlain }: Tree): boolean => isPlain && plainValue(value) === null

/** The first number that JSON does not have, as Go writes it. */
export function findInfinite(root: Tree): string | undefined {
  for (const { kind, value, tag, isPlain } of listNodes(root)) {
    const isNumber = isPlain || (tag !== undefined && shortTag(tag) === '!!float')
    if (kind === 'scalar' && isNumber && isInfinite(value)) return wordInfinite(value)
  }
  return undefined
}

/** In their order, keys left out and each once, however many aliases lead to it. */
function* listNodes(root: Tree): Generator<Tree> {
  const open: Tree[] = [root]
  const seen = new Set<Tree>()
  for (let it = open.pop(); it; it = open.pop()) {
    if (seen.has(it)) continue
    seen.add(it)
    yield it
    const { kind, items } = it
    for (let i = items.length - 1; i >= 0; i -= kind === 'map' ? 2 : 1) open.push(items[i]!)
  }
}

function wordInfinite(text: string): string {
  if (/nan$/i.test(text)) return 'NaN'
  return text.startsWith('-') ? '-Inf' : '+Inf'
}

/** `resolve` and `scalar` of decode.go. */
function checkTag({ tag, value }: Tree): void {
  if (tag === undefined) return
  const short = shortTag(tag)
  if (short === '!!binary' && decodeBase64(value) === undefined)
    throw new GoYamlError('!!binary value contains invalid base64 data')
  if (!RESOLVED.has(short)) return
  const implied = impliedTag(value)
  const fits = short === '!!timestamp' ? isTimestamp(value) : implied === short
  if (!fits && !(short === '!!float' && implied === '!!int'))
    throw new GoYamlError(`cannot decode ${implied} \`${value}\` as a ${short}`)
}

const RESOLVED: ReadonlySet<string> = new Set(['!!bool', '!!float', '!!int', '!!null', '!!timestamp'])

function checkKey(key: Tree, value: Tree): void {
  if (key.kind !== 'scalar') throw new GoYamlError(`invalid map key: ${formatTree(key)}`)
  if (!key.isPlain || key.value !== '<<' || value.kind === 'map') return
  if (value.kind !== 'list' || value.items.some(it => it.kind !== 'map'))
    throw new GoYamlError('map merge requires map or sequence of maps as the value')
}

/** Deeper trees, and more nodes, are not written out: aliases make much of little. */
const MOST_SHOWN = { depth: 50, nodes: 10_000 }

/** Go's `%#v`. */
function formatTree(root: Tree): string {
  let count = 0
  const format = (tree: Tree, depth: number): string => {
    if (depth > MOST_SHOWN.depth || ++count > MOST_SHOWN.nodes) return '…'
    const { kind, items } = tree
    const shown = (it: Tree): string => format(it, depth + 1)
    if (kind === 'list') return `[]interface {}{${items.map(shown).join(', ')}}`
    if (kind === 'scalar') return formatScalar(tree)
    const pairs: string[] = []
    for (let i = 0; i < items.length; i += 2) {
      if (items[i]!.kind !== 'scalar') throw new GoYamlError(`invalid map key: ${shown(items[i]!)}`)
      pairs.push(`${shown(items[i]!)}:${shown(items[i + 1]!)}`)
    }
    return `map[interface {}]interface {}{${pairs.sort().join(', ')}}`
  }
  return format(root, 0)
}

function formatScalar({ value, isPlain }: Tree): string {
  const read = isPlain ? plainValue(value) : value
  if (read === null) return 'interface {}(nil)'
  return typeof read === 'string' ? quote(read) : String(read)
}
