/** The first error that go-yaml v2 (libyaml; MIT and Apache-2.0) finds in a text, in its words. */
import { checkTree, findInfinite, findNullKey, type Tree } from './check-tree.ts'
import { fail, GoYamlError, GoYamlScanner, type Token, type TokenKind } from './scan.ts'

/** What helm says behind `error converting YAML to JSON: `; undefined when go-yaml reads the first document of the text. */
export function findGoYamlProblem(text: string): string | undefined {
  try {
    const root = new Parser(text).parse()
    if (!root) return undefined
    checkTree(root)
    const nullKey = findNullKey(root)
    if (nullKey !== undefined) return nullKey
    const infinite = findInfinite(root)
    return infinite && `json: unsupported value: ${infinite}`
  } catch (error) {
    if (error instanceof GoYamlError) return `yaml: ${error.message}`
    throw error
  }
}

/** What the parser waits for; it has no recursion, as texts nest as they like. */
type State =
  | 'block-entry'
  | 'indentless-entry'
  | 'block-key'
  | 'block-value'
  | 'flow-entry'
  | 'first-flow-entry'
  | 'pair-key'
  | 'pair-value'
  | 'pair-end'
  | 'flow-key'
  | 'first-flow-key'
  | 'flow-value'
  | 'empty-flow-value'

const ENDS_BLOCK: ReadonlySet<TokenKind> = new Set(['key', 'value', 'block-end'])
const STARTS_DOCUMENT: ReadonlySet<TokenKind> = new Set([
  'version-directive',
  'tag-directive',
  'document-start',
  'document-end',
  'stream-end',
])

class Parser {
  private readonly scanner: GoYamlScanner
  private readonly states: State[] = []
  private readonly open: { readonly tree: Tree; readonly line: number }[] = []
  private readonly anchors = new Map<string, Tree>()
  private readonly ownHandles = new Set<string>()
  /** What they stand for; none is a tag as a whole. */
  private readonly handles = new Map([
    ['', ''],
    ['!', '!'],
    ['!!', 'tag:yaml.org,2002:'],
  ])
  private root: Tree | undefined

  constructor(text: string) {
    this.scanner = new GoYamlScanner(text)
  }

  /** The first document; undefined when there is none. */
  parse(): Tree | undefined {
    if (this.peek().kind === 'stream-end') return undefined
    const isMarked = this.readDirectives()
    if (!isMarked || !STARTS_DOCUMENT.has(this.peek().kind)) {
      this.node('block')
      for (let state = this.states.pop(); state; state = this.states.pop()) this.step(state)
    }
    // The end of the document is looked at, so the token behind it is read.
    this.peek()
    return this.root
  }

  private peek(): Token {
    return this.scanner.peek()
  }

  /** Whether a line of dashes stands at the beginning. */
  private readDirectives(): boolean {
    let hasVersion = false
    let hasAny = false
    for (let token = this.peek(); token.kind.endsWith('-directive'); token = this.peek()) {
      hasAny = true
      if (token.kind === 'version-directive') {
        if (hasVersion) fail('found duplicate %YAML directive', token.line)
        if (token.value !== '1.1') fail('found incompatible YAML document', token.line)
        hasVersion = true
      } else this.addHandle(token)
      this.scanner.skip()
    }
    const token = this.peek()
    if (token.kind === 'document-start') {
      this.scanner.skip()
      return true
    }
    if (hasAny) fail('did not find expected <document start>', token.line)
    return false
  }

  private addHandle({ value, suffix, line }: Token): void {
    if (this.ownHandles.has(value)) fail('found duplicate %TAG directive', line)
    this.ownHandles.add(value)
    this.handles.set(value, suffix)
  }

  private step(state: State): void {
    switch (state) {
      case 'block-entry':
        this.blockEntry()
        break
      case 'indentless-entry':
        this.indentlessEntry()
        break
      case 'block-key':
        this.blockKey()
        break
      case 'block-value':
        this.blockValue()
        break
      case 'first-flow-entry':
      case 'flow-entry':
        this.flowEntry(state)
        break
      case 'pair-key':
        this.pairKey()
        break
      case 'pair-value':
        this.pairValue()
        break
      case 'pair-end':
        this.open.pop()
        this.expect('flow-entry')
        break
      case 'first-flow-key':
      case 'flow-key':
        this.flowKey(state)
        break
      case 'flow-value':
        this.flowValue()
        break
      case 'empty-flow-value':
        this.empty()
        this.expect('flow-key')
        break
    }
  }

  private expect(...states: State[]): void {
    this.states.push(...states)
  }

  private add(tree: Tree): void {
    const holder = this.open.at(-1)
    if (holder) holder.tree.items.push(tree)
    else this.root ??= tree
  }

  private empty(tag?: string): void {
    this.add({ kind: 'scalar', value: '', tag, isPlain: tag === undefined, items: [] })
  }

  private start(kind: 'list' | 'map', line: number, anchor: string | undefined): void {
    const tree: Tree = { kind, value: '', tag: undefined, isPlain: false, items: [] }
    if (anchor !== undefined) this.anchors.set(anchor, tree)
    this.add(tree)
    this.open.push({ tree, line })
  }

  private node(place: 'block' | 'block-or-indentless' | 'flow'): void {
    let token = this.peek()
    const { line } = token
    if (token.kind === 'alias') {
      const target = this.anchors.get(token.value)
      if (!target) throw new GoYamlError(`unknown anchor '${token.value}' referenced`)
      this.add(target)
      this.scanner.skip()
      return
    }
    let anchor: string | undefined
    let tag: Token | undefined
    for (let turn = 0; turn < 2; turn++) {
      if (token.kind === 'anchor' && anchor === undefined) anchor = token.value
      else if (token.kind === 'tag' && !tag) tag = token
      else break
      this.scanner.skip()
      token = this.peek()
    }
    const prefix = tag && this.handles.get(tag.value)
    if (tag && prefix === undefined) fail('found undefined tag handle', tag.line, line)
    const name = tag && prefix + tag.suffix
    if (!this.content(token, place, anchor, name)) {
      if (anchor === undefined && !tag) fail('did not find expected node content', token.line, line)
      this.empty(name)
    }
  }

  private content(token: Token, place: string, anchor: string | undefined, tag: string | undefined): boolean {
    const { kind, line } = token
    const isBlock = place !== 'flow'
    if (place === 'block-or-indentless' && kind === 'block-entry') {
      this.start('list', line, anchor)
      this.expect('indentless-entry')
      return true
    }
    if (kind === 'scalar') {
      const isPlain = token.isPlain && tag === undefined
      const tree: Tree = { kind, value: token.value, tag, isPlain, items: [] }
      if (anchor !== undefined) this.anchors.set(anchor, tree)
      this.add(tree)
    } else if (kind === 'flow-sequence' || kind === 'flow-mapping') {
      this.start(kind === 'flow-sequence' ? 'list' : 'map', line, anchor)
      this.expect(kind === 'flow-sequence' ? 'first-flow-entry' : 'first-flow-key')
    } else if (isBlock && (kind === 'block-sequence' || kind === 'block-mapping')) {
      this.start(kind === 'block-sequence' ? 'list' : 'map', line, anchor)
      this.expect(kind === 'block-sequence' ? 'block-entry' : 'block-key')
    } else return false
    this.scanner.skip()
    return true
  }

  /** Takes the token that ends a collection, or fails. */
  private close(kind: TokenKind, problem: string): void {
    const token = this.peek()
    const { line } = this.open.pop()!
    if (token.kind !== kind) fail(problem, token.line, line)
    this.scanner.skip()
  }

  private blockEntry(): void {
    if (this.peek().kind !== 'block-entry') {
      this.close('block-end', "did not find expected '-' indicator")
      return
    }
    this.scanner.skip()
    this.expect('block-entry')
    const { kind } = this.peek()
    if (kind === 'block-entry' || kind === 'block-end') this.empty()
    else this.node('block')
  }

  private indentlessEntry(): void {
    if (this.peek().kind !== 'block-entry') {
      this.open.pop()
      return
    }
    this.scanner.skip()
    this.expect('indentless-entry')
    const { kind } = this.peek()
    if (kind === 'block-entry' || ENDS_BLOCK.has(kind)) this.empty()
    else this.node('block')
  }

  private blockKey(): void {
    if (this.peek().kind !== 'key') {
      this.close('block-end', 'did not find expected key')
      return
    }
    this.scanner.skip()
    this.expect('block-value')
    if (ENDS_BLOCK.has(this.peek().kind)) this.empty()
    else this.node('block-or-indentless')
  }

  private blockValue(): void {
    this.expect('block-key')
    if (this.peek().kind !== 'value') {
      this.empty()
      return
    }
    this.scanner.skip()
    if (ENDS_BLOCK.has(this.peek().kind)) this.empty()
    else this.node('block-or-indentless')
  }

  private flowEntry(state: State): void {
    if (this.peek().kind !== 'flow-sequence-end' && state === 'flow-entry') {
      if (this.peek().kind !== 'flow-entry') {
        this.close('flow-sequence-end', "did not find expected ',' or ']'")
        return
      }
      this.scanner.skip()
    }
    const { kind, line } = this.peek()
    if (kind === 'flow-sequence-end') {
      this.close(kind, '')
      return
    }
    if (kind === 'key') {
      this.start('map', line, undefined)
      this.scanner.skip()
      this.expect('pair-key')
      return
    }
    this.expect('flow-entry')
    this.node('flow')
  }

  private pairKey(): void {
    const { kind } = this.peek()
    this.expect('pair-value')
    if (kind !== 'value' && kind !== 'flow-entry' && kind !== 'flow-sequence-end') {
      this.node('flow')
      return
    }
    this.scanner.skip()
    this.empty()
  }

  private pairValue(): void {
    this.expect('pair-end')
    if (this.peek().kind !== 'value') {
      this.empty()
      return
    }
    this.scanner.skip()
    const { kind } = this.peek()
    if (kind === 'flow-entry' || kind === 'flow-sequence-end') this.empty()
    else this.node('flow')
  }

  private flowKey(state: State): void {
    if (this.peek().kind !== 'flow-mapping-end' && state === 'flow-key') {
      if (this.peek().kind !== 'flow-entry') {
        this.close('flow-mapping-end', "did not find expected ',' or '}'")
        return
      }
      this.scanner.skip()
    }
    const { kind } = this.peek()
    if (kind === 'flow-mapping-end') {
      this.close(kind, '')
      return
    }
    if (kind !== 'key') {
      this.expect('empty-flow-value')
      this.node('flow')
      return
    }
    this.scanner.skip()
    this.expect('flow-value')
    const behind = this.peek().kind
    if (behind === 'value' || behind === 'flow-entry' || behind === 'flow-mapping-end') this.empty()
    else this.node('flow')
  }

  private flowValue(): void {
    this.expect('flow-key')
    if (this.peek().kind !== 'value') {
      this.empty()
      return
    }
    this.scanner.skip()
    const { kind } = this.peek()
    if (kind === 'flow-entry' || kind === 'flow-mapping-end') this.empty()
    else this.node('flow')
  }
}
