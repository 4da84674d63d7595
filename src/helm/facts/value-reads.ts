/**
 * Which values the templates of a chart name, read from their text and not from a run: `.Values.image.tag` in a branch
 * that no values reach counts as well.
 */
import { memo } from '../../text/memo.ts'
import type { Span } from '../../text/source.ts'
import type { CommandNode, Node, Operand, PipeNode, Template } from '../template/ast.ts'

/** One place that names a value. */
export interface ValueRead {
  /** Keys below `.Values`; empty for `.Values` itself. */
  readonly path: readonly string[]
  readonly template: Template
  readonly span: Span
  /**
   * What becomes of it. `printed`: written out, alone or through functions that pass nothing on as nothing. `tested`:
   * a condition. `changed`: a template sets keys in it. `used`: anything else, so that nobody knows what its absence
   * means.
   */
  readonly use: 'printed' | 'tested' | 'used' | 'changed'
  /** What conditions around the place, or operands before it, read. */
  readonly guards: readonly ValueRead[]
  /** Written as `.Values.a.b`, not put together by functions or found in a text. */
  readonly isPlain: boolean
}

/** All that the templates name; nothing of a template with syntax errors is certain, but what is read there is read. */
export function listValueReads(templates: readonly Template[]): readonly ValueRead[] {
  const reads = templates.flatMap(readTemplate)
  return reads.length <= MOST_READS ? reads : [anything(templates[0]!)]
}

/** Charts that name more are hostile, and what they read may be anything. */
const MOST_READS = 20_000

const anything = (template: Template): ValueRead => ({
  path: [],
  template,
  span: { start: 0, end: 0 },
  use: 'changed',
  guards: [],
  isPlain: false,
})

const readTemplate = memo((template: Template): readonly ValueRead[] => {
  const reads: ValueRead[] = []
  new Reader(template, reads).walk(template.body, [])
  return reads.length <= MOST_READS ? reads : [anything(template)]
})

/** Functions whose result for nothing is nothing or a text that says nothing. */
const PASSING: ReadonlySet<string> = new Set(
  'quote squote toString trim trunc trimSuffix trimPrefix trimAll nospace upper lower title replace indent nindent toYaml toJson b64enc int int64 float64 print printf'.split(
    ' ',
  ),
)

const CHANGING: ReadonlySet<string> = new Set(
  'set unset merge mergeOverwrite mustMerge mustMergeOverwrite'.split(' '),
)

const METHODS: ReadonlySet<string> = new Set(['AsMap', 'Encode', 'PathValue', 'Table', 'YAML'])

type Use = ValueRead['use']
type Guards = ValueRead['guards']

/** Behind more conditions than these nothing is sure. */
export const MOST_GUARDS = 100

const join = (guards: Guards, more: Guards): Guards =>
  guards.length > MOST_GUARDS || more.length === 0 ? guards : [...guards, ...more.slice(0, MOST_GUARDS + 1)]

/** Collects the reads of one template; a class because every step needs the same three things. */
class Reader {
  private readonly template: Template
  private readonly reads: ValueRead[]

  constructor(template: Template, reads: ValueRead[]) {
    this.template = template
    this.reads = reads
  }

  walk(nodes: readonly Node[], guards: Guards): void {
    for (const node of nodes)
      switch (node.kind) {
        case 'action':
          this.readPipe(node.pipe, node.pipe.variables.length === 0 ? 'printed' : 'used', guards)
          break
        case 'template':
          if (node.pipe) this.readPipe(node.pipe, 'used', guards)
          break
        case 'if':
        case 'with':
        case 'range': {
          const before = this.reads.length
          this.readPipe(node.pipe, 'tested', guards)
          const inner = join(guards, this.reads.slice(before))
          this.walk(node.body, inner)
          if (node.otherwise) this.walk(node.otherwise, inner)
        }
      }
  }

  private readPipe(pipe: PipeNode, use: Use, guards: Guards): void {
    const passes = pipe.commands.slice(1).every(it => isPassing(it.args[0]))
    const [first, ...others] = pipe.commands
    if (first) this.readCommand(first, passes ? use : 'used', guards)
    for (const it of others) this.readCommand(it, 'used', guards)
  }

  private readCommand(command: CommandNode, use: Use, guards: Guards): void {
    const [first, ...args] = command.args
    const name = first!.kind === 'identifier' ? first!.name : undefined
    if (args.length === 0) this.readOperand(first!, [], use, guards)
    else if (name !== undefined && CHANGING.has(name)) this.readChange(args, guards)
    else if (name === undefined) for (const it of command.args) this.readOperand(it, [], 'used', guards)
    else this.readCall(name, args, { use, guards })
  }

  private readCall(
    name: string,
    args: readonly Operand[],
    { use, guards }: Pick<ValueRead, 'use' | 'guards'>,
  ): void {
    const ownUse = use === 'printed' && !PASSING.has(name) ? 'used' : use
    const steps = listSteps(name, args)
    let around = guards
    for (const arg of args) {
      const before = this.reads.length
      const isMap = steps?.of === arg
      this.readOperand(arg, isMap ? steps.keys : [], isMap ? 'used' : ownUse, around)
      if (name === 'and' || name === 'or') around = join(around, this.reads.slice(before))
    }
  }

  /** `set $ "Values" …` changes all of them. */
  private readChange([changed, key, ...rest]: readonly Operand[], guards: Guards): void {
    this.readOperand(changed!, [], 'changed', guards)
    const isContext = changed!.kind === 'dot' || (changed!.kind === 'variable' && changed!.name === '$')
    if (isContext && (key?.kind !== 'string' || key.value === 'Values'))
      this.add([], changed!, { use: 'changed', guards, isPlain: false })
    for (const it of [...(key ? [key] : []), ...rest]) this.readOperand(it, [], 'used', guards)
  }

  private readOperand(node: Operand, more: readonly string[], use: Use, guards: Guards): void {
    switch (node.kind) {
      case 'field':
      case 'variable':
      case 'chain': {
        if (node.kind === 'chain') this.readOperand(node.operand, [], 'used', guards)
        const at = node.fields.indexOf('Values')
        if (at < 0) break
        const path = [...node.fields.slice(at + 1), ...more]
        // `.Values.AsMap` is all of them, and `.Values.Table "a.b"` some.
        const isPlain = more.length === 0 && !METHODS.has(path[0] ?? '')
        this.add(METHODS.has(path[0] ?? '') ? [] : path, node, { use, guards, isPlain })
        break
      }
      case 'pipe':
        this.readPipe(node, use, guards)
        break
      case 'string':
        for (const path of listNamedValues(String(node.value)))
          this.add(path, node, { use: 'used', guards, isPlain: false })
    }
  }

  private add(
    path: readonly string[],
    { start, end }: Span,
    how: Pick<ValueRead, 'use' | 'guards' | 'isPlain'>,
  ): void {
    if (this.reads.length <= MOST_READS)
      this.reads.push({ path, template: this.template, span: { start, end }, ...how })
  }
}

const isPassing = (operand: Operand | undefined): boolean =>
  operand?.kind === 'identifier' && PASSING.has(operand.name)

/** Functions that step into a map by names: which argument is the map, and the names as far as they are literals. */
function listSteps(name: string, args: readonly Operand[]): { of: Operand; keys: string[] } | undefined {
  switch (name) {
    case 'index':
      return { of: args[0]!, keys: literals(args.slice(1)) }
    case 'get':
    case 'hasKey':
      return { of: args[0]!, keys: literals(args.slice(1, 2)) }
    case 'dig':
      return args.length < 3 ? undefined : { of: args.at(-1)!, keys: literals(args.slice(0, -2)) }
    default:
      return undefined
  }
}

function literals(args: readonly Operand[]): string[] {
  const keys: string[] = []
  for (const it of args) {
    if (it.kind !== 'string') break
    keys.push(String(it.value))
  }
  return keys
}

const NAMED = /\.Values\b((?:\.[A-Za-z_][\w]*)*)/g

/** Values that a text which may become a template names: `{{ .Values.name }}` in a values file. */
export function listNamedValues(text: string): string[][] {
  if (text === 'Values') return [[]]
  return text.includes('.Values') ? [...text.matchAll(NAMED)].map(it => it[1]!.split('.').slice(1)) : []
}

/** True where a read takes this value, or something above it, as a whole. */
export const isReadWhole = (reads: ReadonlySet<string>, path: readonly string[]): boolean => {
  for (let length = 0; length <= path.length; length++)
    if (reads.has(pathKey(path.slice(0, length)))) return true
  return false
}

/** A path as a key of sets. */
export const pathKey = (path: readonly string[]): string => path.join('\0')
