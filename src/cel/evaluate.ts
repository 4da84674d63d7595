/** Compiles a checked expression into closures. */
import {
  type Call,
  CONDITIONAL,
  type Expr,
  type Has,
  INDEX,
  type ListLiteral,
  LOGICAL_AND,
  LOGICAL_OR,
  type MapLiteral,
  OPTIONAL_INDEX,
  type Select,
} from './ast.ts'
import { findCallCost, LIST_CREATION, MAP_CREATION, TRAVERSAL, workOf } from './call-cost.ts'
import { compare, isEqual } from './equality.ts'
import { compileBind, compileFold } from './evaluate-folds.ts'
import { Fault, noSuchKey, noSuchOverload } from './fault.ts'
import { charge, type Evaluate, type Frame, spend, weigh } from './frame.ts'
import type { Overload } from './functions.ts'
import { compileAnd, compileConditional, compileNot, compileOr } from './logic.ts'
import { toMapKey } from './map-key.ts'
import { listQualified } from './names.ts'
import {
  add,
  atIndex,
  atOptionalIndex,
  divide,
  isIn,
  modulo,
  multiply,
  negate,
  sizeOf,
  subtract,
} from './operators.ts'
import { nameOf } from './parser.ts'
import type { Scope } from './scope.ts'
import type { Type } from './types.ts'
import { isInt, Optional, SetList, typeOfValue, Uint, UintMap, type Value } from './values.ts'

export function compile(expr: Expr, scope: Scope): Evaluate {
  switch (expr.kind) {
    case 'literal': {
      const { value } = expr
      return () => value
    }
    case 'ident':
      return compileName(expr.isAbsolute ? `.${expr.name}` : expr.name, expr, scope)
    case 'select':
      return compileSelect(expr, scope)
    case 'has':
      return compileHas(expr, scope)
    case 'call':
      return compileCall(expr, scope)
    case 'list':
      return compileList(expr, scope)
    case 'map':
      return compileMap(expr, scope)
    case 'struct':
      return () => {
        throw new Fault(`unknown type: ${expr.name}`)
      }
    case 'fold':
      return compileFold(expr, scope)
    case 'bind':
      return compileBind(expr, scope)
  }
}

function compileName(name: string, expr: Expr, scope: Scope): Evaluate {
  const found = findName(name, expr, scope)
  if (found) return found
  return () => {
    throw new Fault(`no such attribute(s): ${name}`)
  }
}

/** The variable or type of a name, which may have dots. */
function findName(name: string, expr: Expr, scope: Scope): Evaluate | undefined {
  const lazy = scope.lazy.get(name)
  if (lazy) return lazy
  const local = scope.locals.get(name)
  if (local !== undefined) return readSlot(local, name)
  for (const candidate of listCandidates(name, expr, scope)) {
    const slot = scope.slots.get(candidate)
    if (slot !== undefined) return readSlot(slot, name)
    const type = scope.types.get(candidate)
    if (type) return () => type
  }
  return undefined
}

const readSlot =
  (slot: number, name: string): Evaluate =>
  frame => {
    frame.cost++
    const value = frame.slots[slot]
    if (value === undefined) throw frame.unknown?.get(slot) ?? new Fault(`no such attribute(s): ${name}`)
    return value
  }

/** What the checker found, or the name in the container, then in those around it. */
function listCandidates(name: string, { id }: Expr, { checked, container }: Scope): readonly string[] {
  const found = checked?.names.get(id)
  if (found !== undefined) return [found]
  return listQualified(name, container)
}

/** Whether the chain of names begins with a variable of a macro. */
const isLocal = (name: string, scope: Scope): boolean => {
  const first = name.split('.')[0]!
  return scope.locals.has(first) || scope.lazy.has(first)
}

function compileSelect(expr: Select, scope: Scope): Evaluate {
  const name = expr.isOptional ? undefined : nameOf(expr)
  if (name !== undefined && !isLocal(name, scope)) {
    const found = findName(name, expr, scope)
    if (found) return found
  }
  const operand = compile(expr.operand, scope)
  const { field } = expr
  if (expr.isOptional)
    return frame => {
      frame.cost++
      return selectOptional(operand(frame), field)
    }
  return frame => {
    frame.cost++
    const value = operand(frame)
    if (value instanceof Map) {
      const found = value.get(field) as Value | undefined
      if (found !== undefined) return found
      throw noSuchKey(field)
    }
    if (value instanceof Optional) return selectOptional(value, field)
    throw noSuchOverload()
  }
}

function selectOptional(value: Value, field: string): Optional {
  const target = value instanceof Optional ? value.value : value
  if (target === undefined) return Optional.none
  if (!(target instanceof Map)) throw noSuchOverload()
  const found = target.get(field) as Value | undefined
  if (found instanceof Optional) return found
  return found === undefined ? Optional.none : new Optional(found)
}

function compileHas({ operand, field }: Has, scope: Scope): Evaluate {
  const compiled = compile(operand, scope)
  return frame => {
    const value = compiled(frame)
    const target = value instanceof Optional ? value.value : value
    if (target === undefined) return false
    if (target instanceof Map) return target.has(field)
    throw noSuchOverload()
  }
}

function compileList({ items, optional }: ListLiteral, scope: Scope): Evaluate {
  const compiled = items.map(it => compile(it, scope))
  if (optional.size === 0) {
    if (items.every(it => it.kind === 'literal')) {
      const constant = items.map(it => (it.kind === 'literal' ? it.value : null))
      return frame => {
        charge(frame, LIST_CREATION)
        return constant
      }
    }
    return frame => {
      charge(frame, LIST_CREATION)
      return compiled.map(it => it(frame))
    }
  }
  return frame => {
    charge(frame, LIST_CREATION)
    const list: Value[] = []
    compiled.forEach((it, i) => {
      const value = it(frame)
      if (!optional.has(i)) list.push(value)
      else if (!(value instanceof Optional)) throw noSuchOverload()
      else if (value.value !== undefined) list.push(value.value)
    })
    return list
  }
}

function compileMap({ entries }: MapLiteral, scope: Scope): Evaluate {
  const compiled = entries.map(({ key, value, isOptional }) => ({
    key: compile(key, scope),
    value: compile(value, scope),
    isOptional,
  }))
  return frame => {
    charge(frame, MAP_CREATION)
    const map = new UintMap()
    for (const { key, value, isOptional } of compiled) {
      const written = key(frame)
      const own = toMapKey(written)
      const given = value(frame)
      if (isOptional && !(given instanceof Optional)) throw noSuchOverload()
      const stored = isOptional ? (given as Optional).value : given
      if (stored === undefined) continue
      if (map.has(own)) throw new Fault(`Failed with repeated key`)
      map.set(own, stored)
      if (written instanceof Uint) map.uints.add(own)
    }
    return map
  }
}

const BINARY: ReadonlyMap<string, (a: Value, b: Value) => Value> = new Map<
  string,
  (a: Value, b: Value) => Value
>([
  ['_==_', isEqual],
  ['_!=_', (a, b) => !isEqual(a, b)],
  ['_<_', (a, b) => compare(a, b) < 0],
  ['_<=_', (a, b) => compare(a, b) <= 0],
  ['_>_', (a, b) => compare(a, b) > 0],
  ['_>=_', (a, b) => compare(a, b) >= 0],
  ['_+_', add],
  ['_-_', subtract],
  ['_*_', multiply],
  ['_/_', divide],
  ['_%_', modulo],
  ['@in', isIn],
  [INDEX, atIndex],
  [OPTIONAL_INDEX, atOptionalIndex],
])

function compileCall(expr: Call, scope: Scope): Evaluate {
  const { name, target, args } = expr
  if (target) return compileMethod(expr, target, scope)
  const compiled = args.map(it => compile(it, scope))
  const [first, second, third] = compiled
  if (first && second) {
    if (name === LOGICAL_AND) return compileAnd(first, second)
    if (name === LOGICAL_OR) return compileOr(first, second)
    if (third && name === CONDITIONAL) return compileConditional(first, second, third)
    const operator = BINARY.get(name)
    if (operator) return compileOperator(name, operator, first, second)
  } else if (first) {
    if (name === '!_') return compileNot(first)
    if (name === '-_') return frame => negate(counted(frame, first))
  }
  for (const candidate of listCandidates(name, expr, scope)) {
    const overloads = scope.functions.get(candidate)
    if (overloads)
      return compileOverloads(expr, compiled, { name: candidate, overloads, style: 'global', scope })
  }
  return unknownFunction(name)
}

/** A call of one argument that costs one unit. */
const counted = (frame: Frame, first: Evaluate): Value => {
  frame.cost++
  return first(frame)
}

const unknownFunction =
  (name: string): Evaluate =>
  () => {
    throw new Fault(`unbound function: ${name}`)
  }

/** Comparisons of numbers and texts, by far the most frequent, go without a call; others cost by their sizes. */
function compileOperator(
  name: string,
  operator: (a: Value, b: Value) => Value,
  left: Evaluate,
  right: Evaluate,
): Evaluate {
  const slow = compileCosted(name, operator)
  switch (name) {
    case '_==_':
      return frame => {
        const a = left(frame)
        const b = right(frame)
        if (typeof a === 'string' && typeof b === 'string') {
          charge(frame, comparisonCost(a, b))
          return a === b
        }
        if (typeof a !== 'number' || typeof b !== 'number') return slow(frame, a, b)
        frame.cost++
        return a === b
      }
    case '_!=_':
      return frame => {
        const a = left(frame)
        const b = right(frame)
        if (typeof a !== 'string' || typeof b !== 'string') return slow(frame, a, b)
        charge(frame, comparisonCost(a, b))
        return a !== b
      }
    case '_<_':
      return frame => {
        const a = left(frame)
        const b = right(frame)
        if (typeof a !== 'number' || typeof b !== 'number') return slow(frame, a, b)
        frame.cost++
        return a < b
      }
    case '_<=_':
      return frame => {
        const a = left(frame)
        const b = right(frame)
        if (typeof a !== 'number' || typeof b !== 'number') return slow(frame, a, b)
        frame.cost++
        return a <= b
      }
    case '_>_':
      return frame => {
        const a = left(frame)
        const b = right(frame)
        if (typeof a !== 'number' || typeof b !== 'number') return slow(frame, a, b)
        frame.cost++
        return a > b
      }
    case '_>=_':
      return frame => {
        const a = left(frame)
        const b = right(frame)
        if (typeof a !== 'number' || typeof b !== 'number') return slow(frame, a, b)
        frame.cost++
        return a >= b
      }
    default:
      return frame => slow(frame, left(frame), right(frame))
  }
}

/** Of two texts: a code point counts as long as its units, which is not less. */
const comparisonCost = (a: string, b: string): number => Math.ceil(Math.min(a.length, b.length) * TRAVERSAL)

function compileCosted(
  name: string,
  operator: (a: Value, b: Value) => Value,
): (frame: Frame, a: Value, b: Value) => Value {
  const cost = findCallCost(name)
  if (!cost)
    return (frame, a, b) => {
      frame.cost++
      return operator(a, b)
    }
  const isIndex = name === '@in'
  return (frame, a, b) => {
    charge(frame, cost([a, b]))
    if (Array.isArray(a) && name === '_+_') spend(frame, joinWork(a, b))
    else if (typeof a === 'object' && typeof b === 'object')
      spend(frame, isIndex ? weigh(b) : Math.min(weigh(a), weigh(b)))
    return operator(a, b)
  }
}

/** Items of sets are looked for one by one. */
const joinWork = (a: readonly Value[], b: Value): number => {
  const more = Array.isArray(b) ? b.length : 0
  return a instanceof SetList ? a.length * more : a.length + more
}

function compileMethod(expr: Call, target: Expr, scope: Scope): Evaluate {
  const { name, args } = expr
  const compiled = args.map(it => compile(it, scope))
  const qualified = nameOf(target)
  if (qualified !== undefined && !isLocal(qualified, scope)) {
    for (const candidate of listCandidates(`${qualified}.${name}`, expr, scope)) {
      const overloads = scope.functions.get(candidate)
      if (overloads)
        return compileOverloads(expr, compiled, { name: candidate, overloads, style: 'global', scope })
    }
  }
  const overloads = scope.functions.get(name)
  if (!overloads) return unknownFunction(name)
  const all = [compile(target, scope), ...compiled]
  return compileOverloads(expr, all, { name, overloads, style: 'method', scope })
}

interface Candidates {
  readonly name: string
  readonly overloads: readonly Overload[]
  readonly style: 'global' | 'method'
  readonly scope: Scope
}

function compileOverloads(expr: Call, args: readonly Evaluate[], candidates: Candidates): Evaluate {
  const { name, style, scope } = candidates
  const fitting = scope.checked?.overloads.get(expr.id) ?? candidates.overloads
  const overloads = fitting.filter(
    it => it.isMethod === (style === 'method') && it.params.length === args.length,
  )
  if (name === 'size' && overloads.length > 0) return frame => sizeOf(counted(frame, args[0]!))
  const cost = findCallCost(name)
  const [only] = overloads
  if (overloads.length === 1 && only?.call && isCertain(expr, only, scope))
    return compileDirect(only.call, args, name, expr)
  const work = workOf(name)
  const tests = overloads.map(({ params, call }) => ({ tests: params.map(testOf), call }))
  return frame => {
    const values = args.map(it => it(frame))
    const found = tests.find(it => it.tests.every((test, i) => test(values[i]!)))
    if (!found?.call) throw noSuchOverload()
    charge(frame, cost ? cost(values) : 1)
    if (work > 0) spend(frame, weighAll(values) * work)
    return found.call(...values)
  }
}

/** Whether the checker has proved that the arguments have the types of the parameters. */
function isCertain({ target, args }: Call, { params }: Overload, { checked }: Scope): boolean {
  if (!checked) return false
  const all = target && params.length > args.length ? [target, ...args] : args
  return all.every((it, i) => {
    const type = checked.types.get(it.id)
    return params[i]!.kind === 'dyn' || params[i]!.kind === 'param' || type?.kind === params[i]!.kind
  })
}

function compileDirect(
  call: NonNullable<Overload['call']>,
  args: readonly Evaluate[],
  name: string,
  expr: Call,
): Evaluate {
  const cost = findCallCost(name)
  const work = workOf(name)
  const run = cost
    ? (frame: Frame, values: readonly Value[]): Value => {
        charge(frame, cost(values))
        if (work > 0) spend(frame, weighAll(values) * work)
        return call(...values)
      }
    : (frame: Frame, values: readonly Value[]): Value => {
        charge(frame, 1)
        return call(...values)
      }
  const isConstant = !expr.target && args.length > 0 && expr.args.every(it => it.kind === 'literal')
  if (isConstant)
    return compileConstant(frame =>
      run(
        frame,
        args.map(it => it(frame)),
      ),
    )
  const [first, second] = args
  if (first && args.length === 1) return frame => run(frame, [first(frame)])
  if (first && second && args.length === 2) return frame => run(frame, [first(frame), second(frame)])
  return frame =>
    run(
      frame,
      args.map(it => it(frame)),
    )
}

const weighAll = (values: readonly Value[]): number => values.reduce((sum: number, it) => sum + weigh(it), 0)

/** Calls of pure functions with literals (`quantity("1Gi")`) are made once; they cost the same each time. */
function compileConstant(evaluate: Evaluate): Evaluate {
  let known: { readonly value: Value; readonly cost: number } | undefined
  return frame => {
    if (known) {
      charge(frame, known.cost)
      return known.value
    }
    const before = frame.cost
    const value = evaluate(frame)
    known = { value, cost: frame.cost - before }
    return value
  }
}

/** Whether a value may stand for a parameter; of lists the first element is looked at, of maps none. */
function testOf(type: Type): (value: Value) => boolean {
  switch (type.kind) {
    case 'dyn':
    case 'param':
      return () => true
    case 'int':
      return isInt
    case 'string':
      return value => typeof value === 'string'
    case 'opaque':
      return value => typeOfValue(value) === type
    case 'list': {
      const element = testOf(type.parameters[0]!)
      return value => Array.isArray(value) && (value.length === 0 || element(value[0] as Value))
    }
    default:
      return value => typeOfValue(value).kind === type.kind
  }
}
