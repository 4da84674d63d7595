/** Gives every node of an expression its type and every call its overloads, with the messages of cel-go's checker. */
import {
  areAssignable,
  isAssignable,
  isDynamic,
  mostGeneral,
  newSubstitutions,
  type Substitutions,
  substitute,
} from './assign.ts'
import type { Bind, Call, Expr, Fold, Ident, ListLiteral, MapLiteral, Select, StructLiteral } from './ast.ts'
import { type FoldName, INDEX, OPTIONAL_INDEX } from './ast.ts'
import { foldType } from './fold-type.ts'
import { type Functions, type Overload, withOwnParams } from './functions.ts'
import type { Issue } from './issue.ts'
import { listQualified } from './names.ts'
import { nameOf } from './parser.ts'
import {
  BOOL,
  DYN,
  ERROR,
  formatType,
  INT,
  isSameType,
  listOf,
  mapOf,
  optionalOf,
  param,
  type Type,
  typeOf,
} from './types.ts'
import { typeOfValue } from './values.ts'

export interface Declarations {
  readonly functions: Functions
  /** Types of variables by name, which may have dots. */
  readonly variables: ReadonlyMap<string, Type>
  /** Names of types as values: `int`, `google.protobuf.Duration`. */
  readonly types: ReadonlyMap<string, Type>
  /** The namespace in which names are looked up first: `a.b`. */
  readonly container: string
  /** Types of which literals can be made, by their names. */
  readonly findMessage?: FindMessage
}

export type FindMessage = (name: string) => Message | undefined

/** A type of which literals can be made: `Object{spec: …}`. */
export interface Message {
  readonly type: Type
  field(name: string): Type | undefined
}

export interface Checked {
  readonly type: Type
  /** By node. */
  readonly types: ReadonlyMap<number, Type>
  /** Of calls, by node. */
  readonly overloads: ReadonlyMap<number, readonly Overload[]>
  /** Names of variables and types that identifiers and selections stand for, by node. */
  readonly names: ReadonlyMap<number, string>
  readonly issues: readonly Issue[]
}

export function checkExpression(expr: Expr, declarations: Declarations): Checked {
  return new Checker(declarations).run(expr)
}

/** Macros whose body is a condition. */
const TESTS: ReadonlySet<FoldName> = new Set(['all', 'exists', 'existsOne', 'filter'])

class Checker {
  private readonly declared: Declarations
  private readonly types = new Map<number, Type>()
  private readonly overloads = new Map<number, readonly Overload[]>()
  private readonly names = new Map<number, string>()
  private readonly issues: Issue[] = []
  private readonly subs: Substitutions = newSubstitutions()
  /** Variables of macros, innermost last. */
  private readonly scopes: Map<string, Type>[] = []
  private fresh = 0

  constructor(declared: Declarations) {
    this.declared = declared
  }

  run(expr: Expr): Checked {
    const type = substitute(this.subs, this.check(expr), 'dyn')
    for (const [id, it] of this.types) this.types.set(id, substitute(this.subs, it, 'dyn'))
    const { types, overloads, names, issues } = this
    return { type, types, overloads, names, issues }
  }

  private check(expr: Expr): Type {
    const type = this.typeOf(expr)
    this.types.set(expr.id, type)
    return type
  }

  private typeOf(expr: Expr): Type {
    switch (expr.kind) {
      case 'literal':
        return typeOfValue(expr.value)
      case 'ident':
        return this.ident(expr)
      case 'select':
        return this.select(expr)
      case 'has': {
        this.field(this.check(expr.operand), expr.field, expr.operand.at, expr.at)
        return BOOL
      }
      case 'call':
        return this.call(expr)
      case 'list':
        return this.list(expr)
      case 'map':
        return this.map(expr)
      case 'struct':
        return this.struct(expr)
      case 'fold':
        return this.fold(expr)
      case 'bind':
        return this.bind(expr)
    }
  }

  private issue(at: number, message: string): Type {
    this.issues.push({ at, message })
    return ERROR
  }

  private resolved(type: Type): Type {
    return substitute(this.subs, type, 'keep')
  }

  private newParam(): Type {
    return param(`_var${this.fresh++}`)
  }

  private lookup(id: number, name: string): Type | undefined {
    for (const it of listQualified(name, this.declared.container)) {
      const type = this.declared.variables.get(it)
      const named = type ? undefined : this.declared.types.get(it)
      if (!type && !named) continue
      this.names.set(id, it)
      return type ?? typeOf(named!)
    }
    return undefined
  }

  private local(name: string): Type | undefined {
    for (let at = this.scopes.length - 1; at >= 0; at--) {
      const type = this.scopes[at]!.get(name)
      if (type) return type
    }
    return undefined
  }

  private ident(expr: Ident): Type {
    const { name, isAbsolute, id, at } = expr
    const local = isAbsolute ? undefined : this.local(name)
    const shown = isAbsolute ? `.${name}` : name
    return (
      local ??
      this.lookup(id, shown) ??
      this.issue(
        isAbsolute ? at + 1 : at,
        `undeclared reference to '${shown}' (in container '${this.declared.container}')`,
      )
    )
  }

  private select(expr: Select): Type {
    const name = expr.isOptional ? undefined : nameOf(expr)
    if (name !== undefined && this.local(name.slice(0, name.indexOf('.'))) === undefined) {
      const known = this.lookup(expr.id, name)
      if (known) return known
    }
    const operand = this.resolved(this.check(expr.operand))
    const type = this.field(operand, expr.field, expr.operand.at, expr.at)
    const isOptional = expr.isOptional || operand.kind === 'optional'
    return isOptional && type.kind !== 'optional' ? optionalOf(type) : type
  }

  /** The type of a field of a value; of an optional, of the value in it. */
  private field(operand: Type, name: string, operandAt: number, at: number): Type {
    const target = this.resolved(operand)
    const inner = target.kind === 'optional' ? this.resolved(target.parameters[0]!) : target
    switch (inner.kind) {
      case 'map':
        return inner.parameters[1]!
      case 'object': {
        const type = inner.fields?.get(name)
        return type ?? this.issue(at, `undefined field '${name}'`)
      }
      case 'param':
        isAssignable(this.subs, inner, DYN)
        return DYN
      case 'dyn':
      case 'error':
        return DYN
      default:
        return this.issue(
          at >= 0 ? at : operandAt,
          `type '${formatType(inner)}' does not support field selection`,
        )
    }
  }

  private call(expr: Call): Type {
    const { name, target, args, id, at } = expr
    if (name === INDEX || name === OPTIONAL_INDEX || !target) return this.plainCall(expr, name)
    // `a.b.f(x)` may be the function `a.b.f`.
    const qualified = nameOf(target)
    if (qualified !== undefined && this.local(qualified.split('.')[0]!) === undefined)
      for (const it of listQualified(`${qualified}.${name}`, this.declared.container)) {
        const functions = this.declared.functions.get(it)
        if (!functions) continue
        this.names.set(id, it)
        const types = args.map(arg => this.check(arg))
        return this.resolve(
          expr,
          functions.filter(one => !one.isMethod),
          types,
        )
      }
    const types = [this.check(target), ...args.map(arg => this.check(arg))]
    const functions = this.declared.functions.get(name)
    if (!functions) return this.undeclared(name, at)
    return this.resolve(
      expr,
      functions.filter(it => it.isMethod),
      types,
    )
  }

  private plainCall(expr: Call, name: string): Type {
    const types = expr.args.map(it => this.check(it))
    for (const it of listQualified(name, this.declared.container)) {
      const functions = this.declared.functions.get(it)
      if (!functions) continue
      this.names.set(expr.id, it)
      return this.resolve(
        expr,
        functions.filter(one => !one.isMethod),
        types,
      )
    }
    return this.undeclared(name, expr.at)
  }

  private undeclared(name: string, at: number): Type {
    return this.issue(at, `undeclared reference to '${name}' (in container '${this.declared.container}')`)
  }

  private resolve(expr: Call, candidates: readonly Overload[], types: readonly Type[]): Type {
    const fitting: Overload[] = []
    let result: Type | undefined
    for (const it of candidates) {
      const renamed = withOwnParams(it, () => this.newParam())
      if (!areAssignable(this.subs, types, renamed.params)) continue
      fitting.push(it)
      const own = this.resolved(renamed.result)
      if (!result) result = own
      else if (!isDynamic(result) && !isSameType(result, own)) result = DYN
    }
    this.overloads.set(expr.id, fitting)
    if (result) return result
    const shown = types.map(it => formatType(substitute(this.subs, it, 'dyn')))
    const isMethod = expr.target !== undefined && !this.names.has(expr.id)
    const applied = isMethod ? `${shown[0]}.(${shown.slice(1).join(', ')})` : `(${shown.join(', ')})`
    return this.issue(expr.at, `found no matching overload for '${expr.name}' applied to '${applied}'`)
  }

  /** One type for two places of a literal. */
  private join(before: Type | undefined, type: Type): Type {
    if (!before) return type
    if (isAssignable(this.subs, before, type)) return mostGeneral(before, type)
    return DYN
  }

  private list(expr: ListLiteral): Type {
    let element: Type | undefined
    expr.items.forEach((it, i) => {
      const type = this.check(it)
      const own = expr.optional.has(i) ? this.unwrapped(type, it) : type
      element = this.join(element, own)
    })
    return listOf(element ?? this.newParam())
  }

  private unwrapped(type: Type, expr: Expr): Type {
    const resolved = this.resolved(type)
    if (resolved.kind === 'optional') return resolved.parameters[0]!
    if (!isDynamic(resolved))
      this.issue(
        expr.at,
        `expected type 'optional_type(${formatType(resolved)})' but found '${formatType(resolved)}'`,
      )
    return DYN
  }

  private map(expr: MapLiteral): Type {
    let key: Type | undefined
    let value: Type | undefined
    for (const it of expr.entries) {
      key = this.join(key, this.check(it.key))
      const type = this.check(it.value)
      value = this.join(value, it.isOptional ? this.unwrapped(type, it.value) : type)
    }
    return mapOf(key ?? this.newParam(), value ?? this.newParam())
  }

  private struct(expr: StructLiteral): Type {
    const message = this.declared.findMessage?.(expr.name)
    for (const { name, value, isOptional } of expr.fields) {
      const given = this.check(value)
      if (!message) continue
      const field = message.field(name)
      if (!field) this.issue(value.at, `undefined field '${name}'`)
      else if (!isAssignable(this.subs, given, isOptional ? optionalOf(field) : field))
        this.issue(
          value.at,
          `expected type of field '${name}' is '${formatType(field)}' but provided type is '${formatType(given)}'`,
        )
    }
    if (message) return message.type
    const known = this.lookup(expr.id, expr.name)
    return known
      ? this.issue(expr.at, `'${formatType(known)}' is not a type`)
      : this.undeclared(expr.name, expr.at)
  }

  private bind(expr: Bind): Type {
    const value = this.check(expr.value)
    const inner = expr.name === 'bind' ? value : this.optionalValue(value, expr)
    this.scopes.push(new Map([[expr.variable, inner]]))
    const body = this.check(expr.body)
    this.scopes.pop()
    if (expr.name === 'optMap') return optionalOf(body)
    if (expr.name === 'optFlatMap') isAssignable(this.subs, body, optionalOf(this.newParam()))
    return body
  }

  private optionalValue(type: Type, expr: Bind): Type {
    const resolved = this.resolved(type)
    if (resolved.kind === 'optional') return resolved.parameters[0]!
    if (!isDynamic(resolved) && resolved.kind !== 'param')
      this.issue(expr.at, `found no matching overload for 'hasValue' applied to '${formatType(resolved)}.()'`)
    return DYN
  }

  private fold(expr: Fold): Type {
    const range = this.resolved(this.check(expr.range))
    const variables = this.variables(expr, range)
    this.scopes.push(new Map(expr.variables.map((name, i) => [name, variables[i]!])))
    if (expr.filter) this.predicate(expr.filter)
    const body = this.check(expr.body)
    if (TESTS.has(expr.name)) this.predicate(expr.body)
    this.scopes.pop()
    return foldType(expr.name, { body: this.resolved(body), range, variables })
  }

  private variables({ variables, range: { at } }: Fold, range: Type): readonly Type[] {
    const isPair = variables.length === 2
    switch (range.kind) {
      case 'list':
        return isPair ? [INT, range.parameters[0]!] : [range.parameters[0]!]
      case 'map':
        return isPair ? range.parameters : [range.parameters[0]!]
      case 'param':
        isAssignable(this.subs, DYN, range)
        return [DYN, DYN]
      case 'dyn':
      case 'error':
        return [DYN, DYN]
      default:
        this.issue(
          at,
          `expression of type '${formatType(range)}' cannot be range of a comprehension (must be list, map, or dynamic)`,
        )
        return [ERROR, ERROR]
    }
  }

  private predicate(expr: Expr): void {
    const type = this.types.get(expr.id) ?? this.check(expr)
    if (isAssignable(this.subs, BOOL, type)) return
    this.issue(expr.at, `expected type 'bool' but found '${formatType(this.resolved(type))}'`)
  }
}
