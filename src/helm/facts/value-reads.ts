/**
 * Which values the templates of a chart name, read from their text and not from a run: `.Values.image.tag` in a branch
 * that no values reach counts as well.
 */
import { memo } from '../../text/memo.ts'
import type { Span } from '../../text/source.ts'
import {
  type ChainNode,
  type Command,
  type CommandNode,
  type FieldNode,
  firstOperand,
  type Node,
  type Operand,
  type Pipeline,
  type VariableNode,
  variablesOf,
} from '../template/ast.ts'

/** One place that names a value. */
export interface ValueRead extends Span {
  /** Keys below `.Values`; empty for `.Values` itself. */
  readonly path: readonly string[]
  /**
   * What becomes of it. `printed`: written out, alone or through functions that pass nothing on as nothing. `tested`:
   * a condition. `changed`: a template sets keys in it. `used`: anything else, so that nobody knows what its absence
   * means.
   */
  readonly use: 'printed' | 'tested' | 'used' | 'changed'
  /** What conditions around the place, or operands before it, read. */
  readonly guards: Guards | undefined
  /** Written as `.Values.a.b`, not put together by functions, found in a text or read of some other dot. */
  readonly isPlain: boolean
}

/** Reads of one condition, in the list of those of its template, and the conditions around it. */
export interface Guards {
  readonly above: Guards | undefined
  readonly reads: readonly ValueRead[]
  readonly from: number
  readonly to: number
  /** With those above. */
  readonly count: number
}

/** Behind more conditions than these nothing is sure. */
const MOST_GUARDS = 100

export const hasManyGuards = ({ guards }: ValueRead): boolean => (guards?.count ?? 0) > MOST_GUARDS

export function hasGuard({ guards }: ValueRead, test: (guard: ValueRead) => boolean): boolean {
  for (let it = guards; it; it = it.above)
    for (let i = it.from; i < it.to; i++) if (test(it.reads[i]!)) return true
  return false
}

/** What the text of a template says, whatever values it gets; nothing of a template with syntax errors is certain. */
export interface TreeFacts {
  readonly reads: readonly ValueRead[]
  /** Names of the templates that it calls; undefined for a name that is no literal. */
  readonly includes: readonly (string | undefined)[]
  readonly comparisons: readonly Comparison[]
}

/** `eq`, `lt` and the like with two operands, and which reads of the template are among them. */
export interface Comparison {
  readonly command: CommandNode
  readonly from: number
  readonly to: number
}

/** Templates and charts that name more are hostile, and what they read may be anything. */
export const MOST_READS = 20_000

export const ANYTHING: TreeFacts = {
  reads: [{ path: [], start: 0, end: 0, use: 'changed', guards: undefined, isPlain: false }],
  includes: [],
  comparisons: [],
}

/** A tree is walked once, however many charts and templates share it. */
export const readTree: (body: readonly Node[]) => TreeFacts = memo(body => {
  const reader = new Reader()
  reader.walk(body, undefined)
  const { reads, includes, comparisons } = reader
  return reads.length <= MOST_READS ? { reads, includes, comparisons } : { ...ANYTHING, includes }
})

/**
 * What functions do with what they get: pass nothing on as nothing or as a text that says nothing, change a map, compare,
 * step into a map by names, or look at one operand after another.
 */
type Role = 'passing' | 'changing' | 'comparing' | 'stepping' | 'joining'

const ROLES: ReadonlyMap<string, Role> = new Map(
  Object.entries({
    passing:
      'quote squote toString trim trunc trimSuffix trimPrefix trimAll nospace upper lower title replace indent nindent toYaml toJson b64enc int int64 float64 print printf',
    changing: 'set unset merge mergeOverwrite mustMerge mustMergeOverwrite',
    comparing: 'eq ne lt le gt ge',
    stepping: 'index get hasKey dig',
    joining: 'and or',
  }).flatMap(([role, names]) => names.split(' ').map(name => [name, role as Role])),
)

const METHODS: ReadonlySet<string> = new Set(['AsMap', 'Encode', 'PathValue', 'Table', 'YAML'])

type Use = ValueRead['use']

/**
 * Collects what one tree says; a class because every step needs the same three lists. Nodes are stepped through by number:
 * there are many, and most code here runs too seldom to be made fast.
 */
class Reader {
  readonly reads: ValueRead[] = []
  readonly includes: (string | undefined)[] = []
  readonly comparisons: Comparison[] = []
  /** In the body of `with` or `range`, where the dot is another: `.Values` may be those of a sub-chart. */
  private isMoved = false

  walk(nodes: readonly Node[], guards: Guards | undefined): void {
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i]!
      switch (node.kind) {
        case 'action':
          this.readPipe(node.pipe, variablesOf(node.pipe).length === 0 ? 'printed' : 'used', guards)
          break
        case 'template':
          this.includes.push(node.name)
          if (node.pipe) this.readPipe(node.pipe, 'used', guards)
          break
        case 'if':
        case 'with':
        case 'range': {
          const before = this.reads.length
          this.readPipe(node.pipe, 'tested', guards)
          const inner = this.join(guards, before)
          const { isMoved } = this
          this.isMoved ||= node.kind !== 'if'
          this.walk(node.body, inner)
          this.isMoved = isMoved
          if (node.otherwise) this.walk(node.otherwise, inner)
        }
      }
    }
  }

  /** The guards, and what was read since. */
  private join(guards: Guards | undefined, from: number): Guards | undefined {
    const { reads } = this
    const count = guards?.count ?? 0
    if (from === reads.length || count > MOST_GUARDS) return guards
    const to = Math.min(reads.length, from + MOST_GUARDS + 1)
    return { above: guards, reads, from, to, count: count + to - from }
  }

  private readPipe(pipe: Pipeline, use: Use, guards: Guards | undefined): void {
    if (pipe.kind !== 'pipe') {
      this.readCommand(pipe, use, guards)
      return
    }
    const { commands } = pipe
    let first = use
    for (let i = 1; i < commands.length; i++) if (!isPassing(firstOperand(commands[i]!))) first = 'used'
    for (let i = 0; i < commands.length; i++) this.readCommand(commands[i]!, i === 0 ? first : 'used', guards)
  }

  private readCommand(command: Command, use: Use, guards: Guards | undefined): void {
    const first = firstOperand(command)
    const isCall = first.kind === 'identifier'
    if (isCall && first.name === 'include')
      this.includes.push(command.kind === 'command' ? literalOf(command.args[1]!) : undefined)
    if (command.kind !== 'command') {
      this.addNamedTemplates(first)
      this.readOperand(first, NO_STEPS, use, guards)
      return
    }
    const { args } = command
    for (let i = 0; i < args.length; i++) this.addNamedTemplates(args[i]!)
    if (isCall) this.readCall(command, ROLES.get(first.name), use, guards)
    else for (let i = 0; i < args.length; i++) this.readOperand(args[i]!, NO_STEPS, 'used', guards)
  }

  private addNamedTemplates(operand: Operand): void {
    if (operand.kind === 'string') this.includes.push(...listNamedTemplates(String(operand.value)))
  }

  private readCall(command: CommandNode, role: Role | undefined, use: Use, guards: Guards | undefined): void {
    const { args } = command
    const ownUse = use === 'printed' && role !== 'passing' ? 'used' : use
    if (role === 'changing') this.readChange(args, guards)
    else if (role === 'stepping') this.readSteps(args, ownUse, guards)
    else if (role === 'joining') this.readJoined(args, ownUse, guards)
    else {
      const from = this.reads.length
      for (let i = 1; i < args.length; i++) this.readOperand(args[i]!, NO_STEPS, ownUse, guards)
      const to = this.reads.length
      if (role === 'comparing' && args.length === 3 && from < to) this.comparisons.push({ command, from, to })
    }
  }

  /** `set $ "Values" …` changes all of them. */
  private readChange(args: readonly Operand[], guards: Guards | undefined): void {
    const changed = args[1]!
    const key = args[2]
    this.readOperand(changed, NO_STEPS, 'changed', guards)
    const isContext = changed.kind === 'dot' || (changed.kind === 'variable' && changed.name === '$')
    if (isContext && (key?.kind !== 'string' || key.value === 'Values'))
      this.add({
        path: NO_STEPS,
        start: changed.start,
        end: changed.end,
        use: 'changed',
        guards,
        isPlain: false,
      })
    for (let i = 2; i < args.length; i++) this.readOperand(args[i]!, NO_STEPS, 'used', guards)
  }

  /** Of a map that is stepped into, the value that is meant is read. */
  private readSteps(args: readonly Operand[], use: Use, guards: Guards | undefined): void {
    const steps = findSteps(args)
    for (let i = 1; i < args.length; i++)
      if (steps?.of === i) this.readOperand(args[i]!, steps.keys, 'used', guards)
      else this.readOperand(args[i]!, NO_STEPS, use, guards)
  }

  private readJoined(args: readonly Operand[], use: Use, guards: Guards | undefined): void {
    let around = guards
    for (let i = 1; i < args.length; i++) {
      const before = this.reads.length
      this.readOperand(args[i]!, NO_STEPS, use, around)
      around = this.join(around, before)
    }
  }

  private readOperand(node: Operand, more: readonly string[], use: Use, guards: Guards | undefined): void {
    switch (node.kind) {
      case 'chain':
        this.readOperand(node.operand, NO_STEPS, 'used', guards)
        this.readFields(node, more, use, guards)
        break
      case 'field':
      case 'variable':
        this.readFields(node, more, use, guards)
        break
      case 'pipe':
        this.readPipe(node, use, guards)
        break
      case 'string':
        for (const path of listNamedValues(String(node.value)))
          this.add({ path, start: node.start, end: node.end, use: 'used', guards, isPlain: false })
    }
  }

  private readFields(
    node: FieldNode | VariableNode | ChainNode,
    more: readonly string[],
    use: Use,
    guards: Guards | undefined,
  ): void {
    const { fields } = node
    const at = fields.indexOf('Values')
    const below = fields.indexOf('Subcharts')
    if (below >= 0 && (at < 0 || below < at)) {
      this.readSubchart(node, [...fields.slice(below), ...more], guards)
      return
    }
    if (at < 0) return
    const own = at === fields.length - 1 ? NO_STEPS : belowValues(fields)
    const path = more.length === 0 ? own : [...own, ...more]
    // `.Values.AsMap` is all of them, and `.Values.Table "a.b"` some.
    const isMethod = path.length > 0 && METHODS.has(path[0]!)
    const { start, end } = node
    const isOwn = node.kind === 'variable' || (node.kind === 'field' && !this.isMoved)
    const isPlain = isOwn && more.length === 0 && !isMethod
    this.add({ path: isMethod ? NO_STEPS : path, start, end, use, guards, isPlain })
  }

  /** `.Subcharts.store.Values.size` is `.Values.store.size`, and with a context all its values are handed on. */
  private readSubchart({ start, end }: Operand, steps: readonly string[], guards: Guards | undefined): void {
    const path: string[] = []
    let at = 0
    for (; steps[at] === 'Subcharts'; at += 2) path.push(...steps.slice(at + 1, at + 2))
    if (at < steps.length && steps[at] !== 'Values') return
    path.push(...steps.slice(at + 1))
    this.add({ path, start, end, use: 'used', guards, isPlain: false })
  }

  private add(read: ValueRead): void {
    if (this.reads.length <= MOST_READS) this.reads.push(read)
  }
}

const NO_STEPS: readonly string[] = []

/** Places that name the same share their list of fields, and with it the path. */
const belowValues = memo((fields: readonly string[]): readonly string[] =>
  fields.slice(fields.indexOf('Values') + 1),
)

const isPassing = (operand: Operand): boolean =>
  operand.kind === 'identifier' && ROLES.get(operand.name) === 'passing'

/** Of a call that steps into a map by names: which argument is the map, and the names as far as they are literals. */
function findSteps(args: readonly Operand[]): { of: number; keys: string[] } | undefined {
  const name = args[0]!.kind === 'identifier' ? args[0]!.name : ''
  if (name === 'dig')
    return args.length < 4 ? undefined : { of: args.length - 1, keys: literals(args.slice(1, -2)) }
  return { of: 1, keys: literals(name === 'index' ? args.slice(2) : args.slice(2, 3)) }
}

function literals(args: readonly Operand[]): string[] {
  const keys: string[] = []
  for (const it of args) {
    if (it.kind !== 'string') break
    keys.push(String(it.value))
  }
  return keys
}

const literalOf = (operand: Operand): string | undefined =>
  operand.kind === 'string' ? String(operand.value) : undefined

/** False where a text cannot name anything, should it become a template; what it does name is found below. */
export const mayName = (text: string): boolean =>
  text.includes('Values') || (text.includes('{{') && (text.includes('include') || text.includes('template')))

const NAMED = /\.Values\b((?:\.[A-Za-z_][\w]*)*)/g

/** Values that a text which may become a template names: `{{ .Values.name }}` in a values file. */
export function listNamedValues(text: string): readonly (readonly string[])[] {
  if (text === 'Values') return [NO_STEPS]
  return text.includes('.Values') ? [...text.matchAll(NAMED)].map(it => it[1]!.split('.').slice(1)) : NO_PATHS
}

const NO_PATHS: readonly (readonly string[])[] = []

/** Names in texts that may become templates. */
export const listNamedTemplates = (text: string): readonly string[] =>
  text.includes('{{')
    ? [...text.matchAll(/\b(?:include|template)\s+["`]([^"`]+)["`]/g)].map(it => it[1]!)
    : NO_STEPS
