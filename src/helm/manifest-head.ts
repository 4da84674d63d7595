/** What Helm reads of a manifest: kind, name and annotations, decoded as strictly as Go does (SimpleHead). */
import type { Parsed } from '../yaml/chunk.ts'
import { scalarValue } from '../yaml/decode.ts'
import { internKey, keyText } from '../yaml/keys.ts'
import {
  AUX,
  findValue,
  isMap,
  isSeq,
  KIND_MASK,
  MAP,
  NEXT,
  SEQ,
  START,
  STRIDE,
  type Table,
} from '../yaml/table.ts'
import { formatFloat32 } from './template/number.ts'
import { listSyntaxProblems, parseDocument } from './values-yaml.ts'

export interface Head {
  /** The manifest as it was read; undefined where there is nothing but comments. */
  readonly parsed: Parsed | undefined
  readonly kind: string
  readonly annotations: ReadonlyMap<string, string> | undefined
  /** Why Helm refuses the manifest. */
  readonly problem:
    | { readonly message: string; readonly offset: number; readonly helmText?: string }
    | undefined
}

const APIVERSION = internKey('apiVersion')
const KIND = internKey('kind')
const METADATA = internKey('metadata')
const NAME = internKey('name')
const ANNOTATIONS = internKey('annotations')

export function readHead(text: string): Head {
  const parsed = parseDocument(text)
  if (!parsed) return { parsed, ...NOTHING }
  const [broken] = listSyntaxProblems(text, parsed)
  if (!broken) return { parsed, ...new HeadReader(parsed.table).read() }
  const { message, helmText, span } = broken
  return { parsed, ...NOTHING, problem: { message, offset: span.start, helmText } }
}

type Fields = Omit<Head, 'parsed'>

const NOTHING: Fields = { kind: '', annotations: undefined, problem: undefined }

/** Numbers and booleans where Go wants a string: sigs.k8s.io/yaml writes them out. */
export function formatScalar(value: string | number | boolean): string {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return String(value)
  return Number.isInteger(value) && Math.abs(value) < 2 ** 63
    ? BigInt(value).toString()
    : formatFloat32(value)
}

class Refusal extends Error {
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

class HeadReader {
  private readonly table: Table

  constructor(table: Table) {
    this.table = table
  }

  read(): Fields {
    try {
      if (!isMap(this.table, 0)) {
        if (isSeq(this.table, 0) || scalarValue(this.table, 0) !== null)
          this.mismatch(0, 'value', 'util.SimpleHead')
        return NOTHING
      }
      this.text(findValue(this.table, 0, APIVERSION), 'struct field SimpleHead.apiVersion')
      const kind = this.text(findValue(this.table, 0, KIND), 'struct field SimpleHead.kind')
      const metadata = this.map(
        findValue(this.table, 0, METADATA),
        'struct field SimpleHead.metadata',
        'struct { Name string "json:\\"name\\""; Annotations map[string]string "json:\\"annotations\\"" }',
      )
      if (metadata < 0) return { kind, annotations: undefined, problem: undefined }
      this.text(findValue(this.table, metadata, NAME), 'struct field .metadata.name')
      return {
        kind,
        annotations: this.annotations(findValue(this.table, metadata, ANNOTATIONS)),
        problem: undefined,
      }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const { message, offset } = error
      return { ...NOTHING, problem: { message, offset } }
    }
  }

  private mismatch(node: number, where: string, wanted: string): never {
    const message = `error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${this.kindAt(node)} into Go ${where} of type ${wanted}`
    throw new Refusal(message, this.table.nodes[node + START]!)
  }

  private kindAt(node: number): string {
    const kind = this.table.nodes[node]! & KIND_MASK
    if (kind === MAP) return 'object'
    if (kind === SEQ) return 'array'
    const value = scalarValue(this.table, node)
    return typeof value === 'boolean' ? 'bool' : typeof value === 'number' ? 'number' : 'string'
  }

  private isNull(node: number): boolean {
    return (
      node < 0 ||
      (!isMap(this.table, node) && !isSeq(this.table, node) && scalarValue(this.table, node) === null)
    )
  }

  private text(node: number, where: string): string {
    if (this.isNull(node)) return ''
    if (isMap(this.table, node) || isSeq(this.table, node)) this.mismatch(node, where, 'string')
    return formatScalar(scalarValue(this.table, node)!)
  }

  private map(node: number, where: string, wanted: string): number {
    if (this.isNull(node)) return -1
    return isMap(this.table, node) ? node : this.mismatch(node, where, wanted)
  }

  private annotations(node: number): ReadonlyMap<string, string> | undefined {
    const map = this.map(node, 'struct field .metadata.annotations', 'map[string]string')
    if (map < 0) return undefined
    const { nodes } = this.table
    const texts = new Map<string, string>()
    const end = nodes[map + NEXT]!
    for (let key = map + STRIDE; key < end; key = nodes[key + STRIDE + NEXT]!)
      texts.set(keyText(nodes[key + AUX]!), this.text(key + STRIDE, 'struct field .metadata.annotations'))
    return texts
  }
}
