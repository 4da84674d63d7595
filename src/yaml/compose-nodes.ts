/**
 * Syntax trees of the `yaml` package into the node table: anchors and merge keys expanded by copying, tags applied,
 * and what go-yaml refuses although YAML 1.2 allows it.
 */
import {
  type Alias,
  type CST,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'
import type { Span } from '../text/source.ts'
import { blockLayout } from './block-layout.ts'
import type { Parsed } from './chunk.ts'
import { bindAliases } from './compose-aliases.ts'
import { createMerger, type Entry, listEntries, type Merger } from './compose-merge.ts'
import { scalarText, scalarValue } from './decode.ts'
import type { Problem } from './document.ts'
import { internKey, plainMeaning } from './keys.ts'
import { NodeWriter } from './node-writer.ts'
import type { Scalar as Value } from './scalars.ts'
import {
  DOUBLE_QUOTED,
  EMPTY,
  END,
  ESCAPED,
  FLOW,
  FOLDED,
  KIND_MASK,
  LITERAL,
  MAP,
  MERGED,
  MULTILINE,
  OVERRIDE,
  PLAIN,
  SEQ,
  SHARED,
  SINGLE_QUOTED,
  START,
} from './table.ts'
import { taggedKey, taggedValue } from './tags.ts'

/** Deeper documents are cut off: nothing that reads the table needs to fear for its stack. */
export const MAX_DEPTH = 500

/** Writes the table of a document whose tree begins at `base` in the text. */
export class TreeWriter extends NodeWriter {
  private readonly text: string
  private readonly base: number
  private readonly overrides = new Map<number, Value>()
  private readonly aliases = new Map<number, Span>()
  private targets: ReadonlyMap<Alias, unknown> = new Map()
  private merger: Merger | undefined
  /** Anchored nodes whose copies are being written. */
  private readonly open = new Set<unknown>()
  private written = 0
  private copied = 0
  private tooMany = false
  private depth = 0

  constructor(text: string, base: number) {
    super()
    this.text = text
    this.base = base
  }

  write(root: unknown): Parsed {
    const bound = bindAliases(root)
    this.targets = bound.targets
    this.merger = createMerger(bound.targets, this.keyOf)
    for (const alias of bound.unbound)
      this.report(
        `No anchor \`&${alias.source}\` stands above this alias in the document`,
        this.spanOf(alias),
      )
    for (const { node, name } of bound.badNames)
      this.report(
        `Anchor ${JSON.stringify(name)}: names are made of letters, digits, \`-\` and \`_\``,
        this.spanOf(node),
      )
    this.node(root, this.base, 0)
    const table = {
      text: this.text,
      nodes: this.takeNodes(),
      ...(this.overrides.size > 0 && { overrides: this.overrides }),
      ...(this.aliases.size > 0 && { aliases: this.aliases }),
    }
    return { table, problems: this.problems }
  }

  private report(message: string, span: Span, code: Problem['code'] = 'syntax'): void {
    this.problems.push({ code, message, span })
  }

  private spanOf(node: { readonly range?: readonly number[] | null | undefined }): Span {
    return { start: this.base + (node.range?.[0] ?? 0), end: this.base + (node.range?.[1] ?? 0) }
  }

  /** Writes a value and gives the end of its text. `emptyAt` is where it would stand if it had any. */
  private node(node: unknown, emptyAt: number, flags: number): number {
    if (isAlias(node)) return this.alias(node, flags)
    this.count(flags)
    if (isScalar(node)) return this.scalar(node as Scalar.Parsed, emptyAt, flags)
    if (!isMap(node) && !isSeq(node)) {
      this.addNode(EMPTY | flags, emptyAt, emptyAt, 0)
      return emptyAt
    }
    if (this.depth >= MAX_DEPTH) return this.cutOff(node as YAMLMap.Parsed, flags)
    this.depth++
    const end = isMap(node)
      ? this.map(node as YAMLMap.Parsed, flags)
      : this.sequence(node as YAMLSeq.Parsed, flags)
    this.depth--
    return end
  }

  private cutOff(node: YAMLMap.Parsed, flags: number): number {
    const { start, end } = this.spanOf(node)
    this.report(`Nested more than ${MAX_DEPTH} levels deep; what is below is not read`, {
      start,
      end: start + 1,
    })
    this.addNode(EMPTY | flags, start, start, 0)
    return end
  }

  /** The guard of go-yaml against aliases that multiply (`decoder.unmarshal` in decode.go). */
  private count(flags: number): void {
    this.written++
    if ((flags & SHARED) !== 0) this.copied++
    if (this.tooMany || this.copied <= 100 || this.written <= 1000) return
    if (this.copied / this.written <= allowedAliasRatio(this.written)) return
    this.tooMany = true
    this.report('Aliases repeat too much of this document; kubectl refuses it', {
      start: this.base,
      end: this.base + 1,
    })
  }

  /** A copy of what the anchor stands for; the alias itself where there is nothing to copy. */
  private alias(alias: Alias, flags: number): number {
    const span = this.spanOf(alias)
    const target = this.targets.get(alias)
    if (target !== undefined && this.open.has(target))
      this.report(`Anchor \`&${alias.source}\` contains itself`, span)
    const node = this.top
    if (target === undefined || this.open.has(target) || this.tooMany) {
      this.addNode(PLAIN | flags, span.start, span.end, 0)
      return span.end
    }
    this.open.add(target)
    this.node(target, span.start, flags | SHARED)
    this.open.delete(target)
    this.aliases.set(node, span)
    this.tail = span.end
    return span.end
  }

  private sequence(sequence: YAMLSeq.Parsed, flags: number): number {
    const token = sequence.srcToken as CST.BlockSequence | CST.FlowCollection | undefined
    const isFlow = token?.type !== 'block-seq'
    const dashes = isFlow ? [] : token.items.map(it => it.start.find(part => part.type === 'seq-item-ind'))
    const { start, end } = this.spanOf(sequence)
    const node = this.addNode(SEQ | flags | (isFlow ? FLOW : 0), start, end, 0)
    let last = start
    sequence.items.forEach((item, i) => {
      const dash = dashes[i]
      last = this.node(item, dash ? this.base + dash.offset + 1 : last, flags)
    })
    this.closeNode(node, isFlow ? end : last, sequence.items.length)
    return this.tail
  }

  private map(map: YAMLMap.Parsed, flags: number): number {
    const isFlow = map.srcToken?.type !== 'block-map'
    const span = this.spanOf(map)
    const node = this.addNode(MAP | flags | (isFlow ? FLOW : 0), span.start, span.end, 0)
    const merger = this.merger!
    // A document with too many copies gets no more of them.
    const entries = listEntries(map, merger).filter(it => !(this.tooMany && it.via))
    for (const { message, node: at, code } of merger.problems.splice(0))
      this.report(message, this.spanOf(at), code)
    let last = span.start
    for (const entry of entries) last = Math.max(last, this.entry(entry, flags))
    // Entries of a merge key may stand elsewhere; the map ends with its own last one.
    const end = isFlow ? span.end : Math.max(last, this.ownEnd(map))
    this.closeNode(node, end, entries.length)
    if (entries.length > 1) this.checkKeys(node)
    return end
  }

  private ownEnd(map: YAMLMap.Parsed): number {
    const merge = map.items.at(-1)?.value
    return isAlias(merge) ? this.spanOf(merge).end : 0
  }

  /** A key and its value; gives the end of the text, 0 when it stands elsewhere. */
  private entry({ pair, via }: Entry, mapFlags: number): number {
    const flags = mapFlags | (via ? MERGED : 0) | (via?.alias ? SHARED : 0)
    const alias = via?.alias && this.spanOf(via.alias)
    const { srcToken } = pair
    const colon = srcToken?.sep?.find(it => it.type === 'map-value-ind')
    const mark = srcToken?.start.find(it => it.type === 'explicit-key-ind')
    const keyAt = this.base + (mark ? mark.offset + 1 : (colon?.offset ?? 0))
    const keyNode = this.top
    const keyEnd = this.key(pair.key, keyAt, flags)
    this.checkColon(pair.key, colon)
    const valueNode = this.top
    const end = this.node(pair.value, colon ? this.base + colon.offset + 1 : keyEnd, flags & ~MERGED)
    if (alias) {
      this.aliases.set(keyNode, alias)
      this.aliases.set(valueNode, alias)
    }
    return via ? 0 : end
  }

  /** `{a:,b}` and the like: YAML 1.2 ends the key at the colon, go-yaml goes on. */
  private checkColon(key: unknown, colon: CST.SourceToken | undefined): void {
    if (!colon || !isScalar(key) || key.type !== 'PLAIN') return
    const at = this.base + colon.offset
    if (/[,[\]{}]/.test(this.text[at + 1] ?? ''))
      this.report(
        'Put a blank behind this colon; kubectl takes it for a part of the key',
        { start: at, end: at + 1 },
        'ambiguous',
      )
  }

  /** Writes a key and gives the end of its text. */
  private key(key: unknown, emptyAt: number, flags: number): number {
    const alias = isAlias(key) ? key : undefined
    const target = alias ? this.targets.get(alias) : key
    const node = this.top
    this.count(flags)
    if (target === null || (isScalar(target) && !(alias && this.open.has(target)))) {
      const shared = alias ? flags | SHARED : flags
      if (target === null) this.addNode(EMPTY | shared, emptyAt, emptyAt, 0)
      else this.scalarNode(target as Scalar.Parsed, emptyAt, shared)
      if (alias) this.aliases.set(node, this.spanOf(alias))
      const id = this.keyOf(key)
      if (id === 0) this.reportKey(node)
      this.setAux(node, id === 0 ? internKey(this.textOf(node)) : id)
      return alias ? this.spanOf(alias).end : this.nodes[node + END]!
    }
    const span = this.spanOf((key ?? {}) as Alias)
    this.addNode(PLAIN | flags, span.start, span.end, internKey(this.text.slice(span.start, span.end)))
    if (!alias) this.report(COLLECTION_KEY, span)
    else if (target !== undefined)
      this.report('This alias stands for a map or a list, which cannot be a key', span)
    return span.end
  }

  private reportKey(node: number): void {
    const span = {
      start: this.nodes[node + START]!,
      end: Math.max(this.nodes[node + END]!, this.nodes[node + START]! + 1),
    }
    const text = this.textOf(node)
    if (text === '') this.report('A key is missing before this colon', span)
    else this.report(`kubectl refuses the unquoted key ${text}; quote it`, span)
  }

  /** The id of the key that a node makes, 0 where kubectl refuses it. Stable, so that merges can be compared. */
  private readonly keyOf = (key: unknown): number => {
    const scalar = isAlias(key) ? this.targets.get(key) : key
    if (!isScalar(scalar)) return 0
    const { top } = this
    this.scalarNode(scalar as Scalar.Parsed, this.base, 0)
    const text = this.textOf(top)
    const kind = this.nodes[top]! & KIND_MASK
    this.top = top
    if (scalar.tag !== undefined) {
      const meaning = taggedKey(scalar.tag, text)
      return meaning === undefined ? 0 : internKey(meaning)
    }
    if (kind === EMPTY) return 0
    return kind === PLAIN ? plainMeaning(internKey(text)) : internKey(text)
  }

  private textOf(node: number): string {
    return scalarText({ text: this.text, nodes: this.nodes }, node)
  }

  /** A scalar that is a value. */
  private scalar(scalar: Scalar.Parsed, emptyAt: number, flags: number): number {
    const node = this.top
    this.scalarNode(scalar, emptyAt, flags)
    const end = this.nodes[node + END]!
    const span = { start: this.nodes[node + START]!, end }
    const plain = scalarValue({ text: this.text, nodes: this.nodes }, node)
    const tagged = scalar.tag === undefined ? { value: plain } : taggedValue(scalar.tag, this.textOf(node))
    if ('refused' in tagged)
      this.report(tagged.refused, { start: span.start, end: Math.max(end, span.start + 1) })
    else {
      if (!Object.is(tagged.value, plain)) {
        this.nodes[node] = this.nodes[node]! | OVERRIDE
        this.overrides.set(node, tagged.value)
      }
      if (typeof tagged.value === 'number' && !Number.isFinite(tagged.value))
        this.report(
          `${this.textOf(node)} is a number that JSON does not have; quote it if a text is meant`,
          span,
        )
    }
    return end
  }

  private scalarNode(scalar: Scalar.Parsed, emptyAt: number, flags: number): void {
    const start = this.base + scalar.range[0]
    const end = this.base + scalar.range[1]
    const source = this.text.slice(start, end)
    const lines = /[\r\n\x85\u2028\u2029]/.test(source) ? MULTILINE : 0
    switch (scalar.type) {
      case 'QUOTE_SINGLE': {
        const escaped = source.slice(1, -1).includes("''") ? ESCAPED : 0
        this.addNode(SINGLE_QUOTED | lines | escaped | flags, start, end, 0)
        return
      }
      case 'QUOTE_DOUBLE':
        this.addNode(DOUBLE_QUOTED | lines | (source.includes('\\') ? ESCAPED : 0) | flags, start, end, 0)
        return
      case 'BLOCK_LITERAL':
      case 'BLOCK_FOLDED': {
        const parent = (scalar.srcToken as CST.BlockScalar | undefined)?.indent ?? 0
        const layout = blockLayout(source, parent)
        const kind = scalar.type === 'BLOCK_LITERAL' ? LITERAL : FOLDED
        this.addNode(kind | layout.flags | flags, start, start + layout.length, layout.indent)
        return
      }
      default:
        if (start === end) this.addNode(EMPTY | flags, emptyAt, emptyAt, 0)
        else this.addNode(PLAIN | lines | flags, start, end, 0)
    }
  }
}

const COLLECTION_KEY =
  'A map or list cannot be a key; if this is a template (`{{ … }}`), render it first or quote it'

/** `allowedAliasRatio` in decode.go. */
function allowedAliasRatio(written: number): number {
  if (written <= 400_000) return 0.99
  if (written >= 4_000_000) return 0.1
  return 0.99 - 0.89 * ((written - 400_000) / 3_600_000)
}
