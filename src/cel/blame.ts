/**
 * Which parts of the input made an expression false: the expression is replayed, and every value of it knows the way to
 * it. Of `&&` the false side is to blame, of `all` the elements that fail, of a comparison both sides.
 */
import {
  type Call,
  CONDITIONAL,
  type Expr,
  type Fold,
  INDEX,
  LOGICAL_AND,
  LOGICAL_OR,
  OPTIONAL_INDEX,
} from './ast.ts'
import { listKeys } from './equality.ts'
import { compile } from './evaluate.ts'
import type { Replay } from './expression.ts'
import { CostExceeded, Fault, Unknown } from './fault.ts'
import type { Evaluate } from './frame.ts'
import { Optional, toKey, type Value } from './values.ts'

/** Steps into the value of a variable: names as the expression writes them, keys, indices. */
export type Origin = readonly (string | number)[]

/** A value, and the ways to where it comes from. */
interface Bound {
  readonly value: Value
  readonly origins: readonly Origin[]
}

type Bindings = ReadonlyMap<string, Bound>

/** What a replay may cost: it is a courtesy, and must not take longer than the evaluation did. */
const LIMIT = 1_000_000

/**
 * The parts of one variable (`self`) that a failing expression looked at last; deeper ones in place of those around
 * them. Empty when there are none, or when finding out would cost too much.
 */
export function findBlame(
  replay: Replay,
  values: readonly (Value | undefined)[],
  variable: string,
): readonly Origin[] {
  const bindings = new Map<string, Bound>()
  replay.variables.forEach((name, i) => {
    const value = values[i]
    if (value !== undefined) bindings.set(name, { value, origins: name === variable ? [[]] : [] })
  })
  try {
    return settle(new BlameScanner(replay).blame(replay.expr, bindings))
  } catch (thrown) {
    if (thrown instanceof CostExceeded || thrown instanceof RangeError) return []
    throw thrown
  }
}

/** Without repetitions, and without what lies around something that is blamed too. */
function settle(origins: readonly Origin[]): readonly Origin[] {
  const byText = new Map(origins.map(it => [JSON.stringify(it).slice(0, -1), it]))
  const texts = [...byText.keys()]
  return texts
    .filter(
      text =>
        !texts.some(
          other => other !== text && other.startsWith(text) && (text === '[' || other[text.length] === ','),
        ),
    )
    .map(text => byText.get(text)!)
}

class BlameScanner {
  private readonly replay: Replay
  private readonly compiled = new Map<number, Evaluate>()
  private cost = 0
  private work = 0

  constructor(replay: Replay) {
    this.replay = replay
  }

  /** The value of a part of the expression; undefined where it has none. */
  private run(expr: Expr, bindings: Bindings): Value | undefined {
    const names = [...bindings.keys()]
    let count = names.length
    // A node always stands in the same scope, so it is compiled once.
    const evaluate =
      this.compiled.get(expr.id) ??
      compile(expr, {
        ...this.replay.scope,
        slots: new Map(names.map((name, i) => [name, i])),
        locals: new Map(),
        lazy: new Map(),
        newSlot: () => count++,
      })
    this.compiled.set(expr.id, evaluate)
    const { cost, work } = this
    const frame = {
      slots: names.map(it => bindings.get(it)!.value),
      cost,
      work,
      limit: LIMIT,
      unknown: undefined,
    }
    try {
      return evaluate(frame)
    } catch (thrown) {
      if (thrown instanceof Fault || thrown instanceof Unknown) return undefined
      throw thrown
    } finally {
      this.cost = frame.cost + 1
      this.work = frame.work
    }
  }

  /** Why the expression is not true. */
  blame(expr: Expr, bindings: Bindings): readonly Origin[] {
    if (expr.kind === 'fold') return this.blameFold(expr, bindings)
    if (expr.kind === 'has') return this.origins(expr, bindings)
    if (expr.kind === 'bind') return this.blame(expr.body, this.bound(expr, bindings))
    if (expr.kind !== 'call') return this.origins(expr, bindings)
    const [left, right] = expr.args
    if (expr.name === LOGICAL_AND || expr.name === LOGICAL_OR) {
      const sides = [left!, right!]
      const decisive = sides.filter(it => this.run(it, bindings) === false)
      const isTold = expr.name === LOGICAL_AND && decisive.length > 0
      return (isTold ? decisive : sides.filter(it => this.run(it, bindings) !== true)).flatMap(it =>
        this.blame(it, bindings),
      )
    }
    if (expr.name === CONDITIONAL) {
      const condition = this.run(left!, bindings)
      if (typeof condition !== 'boolean') return this.blame(left!, bindings)
      return this.blame(condition ? right! : expr.args[2]!, bindings)
    }
    if (expr.name === '!_') return this.excuse(left!, bindings)
    const operands = expr.target ? [expr.target, ...expr.args] : expr.args
    const failed = operands.filter(it => this.run(it, bindings) === undefined)
    return failed.length > 0 ? failed.flatMap(it => this.blame(it, bindings)) : this.origins(expr, bindings)
  }

  /** Why the expression is true, where that is wrong. */
  private excuse(expr: Expr, bindings: Bindings): readonly Origin[] {
    if (expr.kind === 'fold' && expr.name === 'exists')
      return this.elements(expr, bindings)
        .filter(it => this.run(expr.body, it) === true)
        .flatMap(it => this.excuse(expr.body, it))
    if (expr.kind === 'call') {
      const [left, right] = expr.args
      if (expr.name === '!_') return this.blame(left!, bindings)
      if (expr.name === LOGICAL_AND) return [left!, right!].flatMap(it => this.excuse(it, bindings))
      if (expr.name === LOGICAL_OR)
        return [left!, right!]
          .filter(it => this.run(it, bindings) === true)
          .flatMap(it => this.excuse(it, bindings))
    }
    return this.origins(expr, bindings)
  }

  private blameFold(expr: Fold, bindings: Bindings): readonly Origin[] {
    if (expr.name === 'all') {
      const elements = this.elements(expr, bindings)
      const wrong = elements.filter(it => this.run(expr.body, it) === false)
      const failed = wrong.length > 0 ? wrong : elements.filter(it => this.run(expr.body, it) !== true)
      return failed.flatMap(it => {
        const found = this.blame(expr.body, it)
        // A predicate that looks past its element still fails for it.
        const own = it.get(expr.variables.at(-1)!)!.origins
        return own.length > 0 && !found.some(one => isBelow(one, own[0]!)) ? own : found
      })
    }
    if (expr.name === 'existsOne') {
      const right = this.elements(expr, bindings).filter(it => this.run(expr.body, it) === true)
      const more = right.slice(1).flatMap(it => it.get(expr.variables.at(-1)!)!.origins)
      if (more.length > 0) return more
    }
    return this.origins(expr.range, bindings)
  }

  /** The bindings for each element of a range. */
  private elements({ range, variables }: Fold, bindings: Bindings): readonly Bindings[] {
    const value = this.run(range, bindings)
    const isMap = value instanceof Map
    if (!isMap && !Array.isArray(value)) return []
    const steps: readonly Value[] = isMap ? listKeys(value) : (value as readonly Value[]).map((_, i) => i)
    const origins = this.elementOrigins(range, bindings, steps.length)
    return steps.map((step, i) => {
      const key = toKey(step)!
      const item = isMap ? (value.get(key) as Value) : (value as readonly Value[])[i]!
      const own = origins[i] ?? []
      const single = isMap ? step : item
      const bound = new Map(bindings)
      variables.forEach((name, at) => {
        const isFirstOfTwo = variables.length === 2 && at === 0
        bound.set(name, { value: isFirstOfTwo ? step : variables.length === 2 ? item : single, origins: own })
      })
      return bound
    })
  }

  /** Where each element of a list or map comes from. */
  private elementOrigins(expr: Expr, bindings: Bindings, count: number): readonly (readonly Origin[])[] {
    if (expr.kind === 'call' && expr.name === '_+_')
      return expr.args.flatMap(it => this.elementOrigins(it, bindings, this.lengthOf(it, bindings)))
    if (expr.kind === 'fold' && expr.name === 'filter')
      return this.elements(expr, bindings)
        .filter(it => this.run(expr.body, it) === true)
        .map(it => it.get(expr.variables[0]!)!.origins)
    if (expr.kind === 'fold' && (expr.name === 'map' || expr.name === 'transformList'))
      return this.elements(expr, bindings)
        .filter(it => !expr.filter || this.run(expr.filter, it) === true)
        .map(it => this.origins(expr.body, it))
    if (expr.kind === 'list') return expr.items.map(it => this.origins(it, bindings))
    const value = this.run(expr, bindings)
    const steps =
      value instanceof Map
        ? [...value.keys()].map(it => (typeof it === 'number' ? it : String(it)))
        : undefined
    const ways = this.origins(expr, bindings)
    return Array.from({ length: count }, (_, i) => ways.map(it => [...it, steps ? steps[i]! : i]))
  }

  private lengthOf(expr: Expr, bindings: Bindings): number {
    const value = this.run(expr, bindings)
    return Array.isArray(value) ? value.length : 0
  }

  /** The ways to the values that an expression is made of. */
  private origins(expr: Expr, bindings: Bindings): readonly Origin[] {
    switch (expr.kind) {
      case 'literal':
      case 'struct':
        return []
      case 'ident':
        return bindings.get(expr.name)?.origins ?? []
      case 'select':
      case 'has':
        return this.origins(expr.operand, bindings).map(it => [...it, expr.field])
      case 'list':
        return expr.items.flatMap(it => this.origins(it, bindings))
      case 'map':
        return expr.entries.flatMap(it => this.origins(it.value, bindings))
      case 'fold':
        return this.origins(expr.range, bindings)
      case 'bind':
        return this.origins(expr.body, this.bound(expr, bindings))
      case 'call':
        return this.callOrigins(expr, bindings)
    }
  }

  private callOrigins(expr: Call, bindings: Bindings): readonly Origin[] {
    const { name, target, args } = expr
    const [left, right, third] = args
    if ((name === INDEX || name === OPTIONAL_INDEX) && left && right) {
      const key = this.run(right, bindings)
      const step = typeof key === 'number' || typeof key === 'string' ? key : undefined
      const ways = this.origins(left, bindings)
      return step === undefined ? ways : ways.map(it => [...it, step])
    }
    if (name === CONDITIONAL && third)
      return this.origins(this.run(left!, bindings) === true ? right! : third, bindings)
    if (name === 'orValue' && target && left) {
      const held = this.run(target, bindings)
      const isHeld = held instanceof Optional && held.value !== undefined
      // What is missing is told as such, when nothing else stands for it.
      const ways = isHeld ? this.origins(target, bindings) : this.origins(left, bindings)
      return ways.length > 0 ? ways : this.origins(target, bindings)
    }
    return [...(target ? [target] : []), ...args].flatMap(it => this.origins(it, bindings))
  }

  private bound(expr: Extract<Expr, { kind: 'bind' }>, bindings: Bindings): Bindings {
    const value = this.run(expr.value, bindings)
    const held = expr.name !== 'bind' && value instanceof Optional ? value.value : value
    if (held === undefined) return bindings
    return new Map(bindings).set(expr.variable, { value: held, origins: this.origins(expr.value, bindings) })
  }
}

const isBelow = (origin: Origin, above: Origin): boolean =>
  origin.length >= above.length && above.every((step, i) => origin[i] === step)
