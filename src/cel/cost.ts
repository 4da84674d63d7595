/**
 * What an expression may cost at most, before it runs: `checker/cost.go` of cel-go, with the sizes that schemas give and
 * the costs of Kubernetes' libraries (apiserver/pkg/cel/library/cost.go). Macros count as what cel-go expands them to.
 */
import {
  type Bind,
  type Call,
  CONDITIONAL,
  type Expr,
  type Fold,
  INDEX,
  LOGICAL_AND,
  LOGICAL_OR,
} from './ast.ts'
import { LIST_CREATION, MAP_CREATION, STRUCT_CREATION, TRAVERSAL } from './call-cost.ts'
import type { Checked } from './checker.ts'
import { add, type Estimate, fixed, MOST, multiply, NOTHING, scale, UNKNOWN, union } from './cost-estimate.ts'
import { type CallNode, estimateLibraryCall } from './cost-libraries.ts'
import type { Overload } from './functions.ts'
import { countRunes } from './operators.ts'
import type { Type } from './types.ts'

/** The greatest size of a value by the way to it: `['self', 'spec', '@items']`; undefined where nothing is known. */
export type SizeOf = (path: readonly string[]) => number | undefined

/** The cost of a checked expression, from the least to the most. */
export const estimateCost = (expr: Expr, checked: Checked, sizeOf: SizeOf): Estimate =>
  new CostScanner(checked, sizeOf).cost(expr)

/** The sizes of keys and values of a container. */
interface EntrySize {
  readonly container: 'list' | 'map'
  readonly key: Estimate
  readonly value: Estimate
}

interface Variable {
  readonly path: readonly string[]
  readonly size: Estimate | undefined
  readonly entry: EntrySize | undefined
}

class CostScanner {
  private readonly checked: Checked
  private readonly sizeOf: SizeOf
  private readonly paths = new Map<number, readonly string[]>()
  private readonly sizes = new Map<number, Estimate>()
  private readonly entries = new Map<number, EntrySize>()
  private readonly variables = new Map<string, Variable[]>()

  constructor(checked: Checked, sizeOf: SizeOf) {
    this.checked = checked
    this.sizeOf = sizeOf
  }

  cost(expr: Expr): Estimate {
    switch (expr.kind) {
      case 'literal':
        return NOTHING
      case 'ident':
        this.paths.set(expr.id, this.variable(expr.name)?.path ?? [expr.name])
        return fixed(1)
      case 'select': {
        const operand = this.cost(expr.operand)
        const kind = this.typeOf(expr.operand)?.kind
        this.paths.set(expr.id, [...this.pathOf(expr.operand), expr.field])
        if (expr.isOptional) return add(operand, fixed(1))
        return kind === 'map' || kind === 'object' || kind === 'param' ? add(operand, fixed(1)) : operand
      }
      case 'has':
        return this.cost(expr.operand)
      case 'call':
        return this.call(expr)
      case 'list':
        return this.container(expr.id, 'list', [], expr.items)
      case 'map': {
        const keys = expr.entries.map(it => it.key)
        const values = expr.entries.map(it => it.value)
        return this.container(expr.id, 'map', keys, values)
      }
      case 'struct':
        return expr.fields.reduce((sum, it) => add(sum, this.cost(it.value)), fixed(STRUCT_CREATION))
      case 'fold':
        return this.fold(expr)
      case 'bind':
        return this.bind(expr)
    }
  }

  private typeOf(expr: Expr): Type | undefined {
    return this.checked.types.get(expr.id)
  }

  private variable(name: string): Variable | undefined {
    return this.variables.get(name)?.at(-1)
  }

  private push(name: string, variable: Variable): void {
    const stack = this.variables.get(name) ?? []
    stack.push(variable)
    this.variables.set(name, stack)
  }

  private pathOf(expr: Expr): readonly string[] {
    const variable = expr.kind === 'ident' ? this.variable(expr.name) : undefined
    return variable?.path ?? this.paths.get(expr.id) ?? []
  }

  private container(
    id: number,
    kind: 'list' | 'map',
    keys: readonly Expr[],
    values: readonly Expr[],
  ): Estimate {
    let sum = fixed(kind === 'list' ? LIST_CREATION : MAP_CREATION)
    for (const it of [...keys, ...values]) sum = add(sum, this.cost(it))
    const sizes = (exprs: readonly Expr[]): Estimate =>
      exprs.length === 0 ? NOTHING : exprs.map(it => this.sizeOrUnknown(it)).reduce(union)
    const key = kind === 'list' ? fixed(1) : sizes(keys)
    this.entries.set(id, { container: kind, key, value: sizes(values) })
    return sum
  }

  private size(expr: Expr): Estimate | undefined {
    const known = this.sizes.get(expr.id) ?? literalSize(expr)
    if (known) return known
    const path = this.pathOf(expr)
    const most = path.length === 0 ? undefined : this.sizeOf(path)
    if (most !== undefined) {
      const size = { min: 0, max: most }
      this.sizes.set(expr.id, size)
      return size
    }
    const type = this.typeOf(expr)
    if (type && isScalar(type)) return fixed(1)
    return expr.kind === 'ident' ? this.variable(expr.name)?.size : undefined
  }

  private sizeOrUnknown(expr: Expr): Estimate {
    return this.size(expr) ?? UNKNOWN
  }

  private entry(expr: Expr): EntrySize | undefined {
    const known = this.entries.get(expr.id)
    return known ?? (expr.kind === 'ident' ? this.variable(expr.name)?.entry : undefined)
  }

  private call(expr: Call): Estimate {
    const { name, target, args, id } = expr
    if (name === 'dyn' && args[0]) {
      const cost = add(fixed(1), this.cost(args[0]))
      this.copySizes(id, args[0])
      return cost
    }
    const costs = args.map(it => this.cost(it))
    const overloads = this.checked.overloads.get(id) ?? []
    if (overloads.length === 0) return NOTHING
    const isMethod = target !== undefined && overloads[0]!.isMethod
    const before = isMethod ? this.cost(target) : NOTHING
    const argCost = costs.reduce(add, NOTHING)
    let cost: Estimate = { min: MOST, max: 0 }
    let size: Estimate | undefined
    for (const overload of overloads) {
      const own = this.overloadCost(expr, overload, isMethod ? target : undefined, costs)
      cost = union(cost, own.includesArgs ? own.cost : add(own.cost, argCost))
      if (own.size) size = size ? union(size, own.size) : own.size
      const container = overload.params[0]?.kind
      if (name === INDEX && args[0] && (container === 'list' || container === 'map')) {
        size = this.entry(args[0])?.value
        this.paths.set(id, [...this.pathOf(args[0]), container === 'list' ? '@items' : '@values'])
      }
      size ??= this.size(expr)
    }
    if (size) this.sizes.set(id, size)
    return add(before, cost)
  }

  private overloadCost(
    expr: Call,
    overload: Overload,
    target: Expr | undefined,
    costs: readonly Estimate[],
  ): { readonly cost: Estimate; readonly size?: Estimate | undefined; readonly includesArgs?: true } {
    const node = target && this.node(target)
    const args = expr.args.map(it => this.node(it))
    const library = estimateLibraryCall({ name: overload.name, overload, target: node, args }, this.sizeOf)
    if (library) return library
    const { args: exprs } = expr
    const [left, right] = exprs
    const [leftCost, rightCost] = costs
    if ((expr.name === LOGICAL_AND || expr.name === LOGICAL_OR) && leftCost && rightCost)
      return { cost: { min: leftCost.min, max: add(leftCost, rightCost).max }, includesArgs: true }
    if (expr.name === CONDITIONAL) return this.conditional(expr, costs)
    const isSum = expr.name === '_+_' && ['string', 'bytes', 'list'].includes(overload.params[0]!.kind)
    if (isSum && left && right) {
      const size = add(this.sizeOrUnknown(left), this.sizeOrUnknown(right))
      const a = this.entry(left)
      const b = this.entry(right)
      if (a && b) this.entries.set(expr.id, joinEntries(a, b))
      return { cost: overload.params[0]!.kind === 'list' ? fixed(1) : scale(size, TRAVERSAL), size }
    }
    return { cost: fixed(1) }
  }

  private conditional(expr: Call, costs: readonly Estimate[]) {
    const [, yes, no] = expr.args as readonly [Expr, Expr, Expr]
    const a = this.entry(yes)
    const b = this.entry(no)
    if (a && b) this.entries.set(expr.id, joinEntries(a, b))
    const cost = add(costs[0]!, union(costs[1]!, costs[2]!))
    return { cost, size: union(this.sizeOrUnknown(yes), this.sizeOrUnknown(no)), includesArgs: true } as const
  }

  private node(expr: Expr): CallNode {
    const path = this.pathOf(expr)
    const type = this.typeOf(expr)
    const literal = expr.kind === 'literal' && typeof expr.value === 'number' ? expr.value : undefined
    return { path, type, size: this.size(expr), literal }
  }

  private copySizes(id: number, from: Expr): void {
    const size = this.size(from)
    const entry = this.entry(from)
    if (size) this.sizes.set(id, size)
    if (entry) this.entries.set(id, entry)
  }

  private bind(expr: Bind): Estimate {
    // The range of the comprehension that a binding becomes is an empty list.
    const value = add(fixed(expr.name === 'bind' ? LIST_CREATION : 1), this.cost(expr.value))
    const { value: bound } = expr
    this.push(expr.variable, {
      path: this.pathOf(bound),
      size: this.size(bound),
      entry: this.entry(bound),
    })
    const body = this.cost(expr.body)
    this.variables.get(expr.variable)!.pop()
    this.copySizes(expr.id, expr.body)
    return add(value, body)
  }

  private fold(expr: Fold): Estimate {
    const { range, variables } = expr
    const rangeCost = this.cost(range)
    const entry = this.entry(range)
    const container = entry?.container ?? (this.typeOf(range)?.kind === 'list' ? 'list' : 'map')
    const path = this.pathOf(range)
    const key = container === 'list' ? '@indices' : '@keys'
    const value = container === 'list' ? '@items' : '@values'
    const single =
      container === 'list' ? { step: '@items', size: entry?.value } : { step: '@keys', size: entry?.key }
    const steps =
      variables.length === 2
        ? [
            { step: key, size: entry?.key },
            { step: value, size: entry?.value },
          ]
        : [single]
    variables.forEach((name, i) => {
      this.push(name, { path: [...path, steps[i]!.step], size: steps[i]!.size, entry: undefined })
    })
    const filter = expr.filter && this.cost(expr.filter)
    const body = this.cost(expr.body)
    const element = this.size(expr.body)
    const first = { path: [...path, steps[0]!.step], size: steps[0]!.size }
    for (const name of variables) this.variables.get(name)!.pop()
    const { start, step, end } = expandedCost(expr, { filter, body })
    const count = this.sizeOrUnknown(range)
    this.setFoldSize(expr, count, expr.name === 'filter' ? this.sizeAt(first) : element)
    return [start, end, multiply(count, step)].reduce(add, rangeCost)
  }

  private sizeAt({
    path,
    size,
  }: {
    path: readonly string[]
    size: Estimate | undefined
  }): Estimate | undefined {
    const most = this.sizeOf(path)
    return most === undefined ? size : { min: 0, max: most }
  }

  private setFoldSize(expr: Fold, count: Estimate, element: Estimate | undefined): void {
    if (expr.name === 'all' || expr.name === 'exists' || expr.name === 'existsOne') {
      this.sizes.set(expr.id, fixed(1))
      return
    }
    this.sizes.set(expr.id, count)
    const isMap = expr.name === 'transformMap' || expr.name === 'transformMapEntry'
    const value = { min: 0, max: (element ?? UNKNOWN).max }
    if (!isMap) this.entries.set(expr.id, { container: 'list', key: fixed(1), value })
  }
}

interface FoldParts {
  readonly filter: Estimate | undefined
  readonly body: Estimate
}

/** Of the comprehension that cel-go makes of a macro: before the loop, for each element, after it. */
function expandedCost(
  { name }: Fold,
  { filter, body }: FoldParts,
): { start: Estimate; step: Estimate; end: Estimate } {
  const end = fixed(1)
  switch (name) {
    case 'all':
      return { start: NOTHING, step: { min: 3, max: body.max + 3 }, end }
    case 'exists':
      return { start: NOTHING, step: { min: 4, max: body.max + 4 }, end }
    case 'existsOne':
      return { start: NOTHING, step: add(body, { min: 1, max: 2 }), end: fixed(2) }
    case 'filter':
      return { start: fixed(LIST_CREATION), step: add(body, { min: 1, max: LIST_CREATION + 3 }), end }
    case 'transformMap':
      return { start: fixed(MAP_CREATION), step: chosen(filter, add(body, fixed(3))), end }
    case 'transformMapEntry':
      return { start: fixed(MAP_CREATION), step: chosen(filter, add(body, fixed(2))), end }
    default:
      return { start: fixed(LIST_CREATION), step: chosen(filter, add(body, fixed(LIST_CREATION + 2))), end }
  }
}

/** What is done for elements that pass a filter; for others the result so far is read. */
const chosen = (filter: Estimate | undefined, step: Estimate): Estimate =>
  filter ? add(filter, union(step, fixed(1))) : step

const joinEntries = (a: EntrySize, b: EntrySize): EntrySize => ({
  container: a.container,
  key: union(a.key, b.key),
  value: union(a.value, b.value),
})

function literalSize(expr: Expr): Estimate | undefined {
  if (expr.kind === 'list') return fixed(expr.items.length)
  if (expr.kind === 'map') return fixed(expr.entries.length)
  if (expr.kind !== 'literal') return undefined
  const { value } = expr
  if (typeof value === 'string') return fixed(countRunes(value))
  return fixed(value instanceof Uint8Array ? value.length : 1)
}

const SCALARS: ReadonlySet<string> = new Set(['bool', 'double', 'duration', 'int', 'timestamp', 'uint'])

const isScalar = (type: Type): boolean =>
  SCALARS.has(type.kind) || (type.kind === 'optional' && isScalar(type.parameters[0]!))
