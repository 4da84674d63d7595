/** Expressions as parsed; macros are nodes of their own, so that an explanation can speak of them. */
import type { Value } from './values.ts'

export type Expr =
  | Literal
  | Ident
  | Select
  | Has
  | Call
  | ListLiteral
  | MapLiteral
  | StructLiteral
  | Fold
  | Bind

interface Base {
  /** Number of the node within its expression. */
  readonly id: number
  /** Span in the source. */
  readonly start: number
  readonly end: number
  /** Where messages point to: the operator, the dot of a selection, the parenthesis of a call. */
  readonly at: number
}

export interface Literal extends Base {
  readonly kind: 'literal'
  readonly value: Value
}

export interface Ident extends Base {
  readonly kind: 'ident'
  readonly name: string
  /** Written with a dot in front: variables of macros do not hide it. */
  readonly isAbsolute: boolean
}

export interface Select extends Base {
  readonly kind: 'select'
  readonly operand: Expr
  readonly field: string
  /** `a.?b` */
  readonly isOptional: boolean
}

/** `has(operand.field)` */
export interface Has extends Base {
  readonly kind: 'has'
  readonly operand: Expr
  readonly field: string
}

/** Functions, methods and operators (`_+_`, `_[_]`, `_[?_]`, `_?_:_`, `@in`). */
export interface Call extends Base {
  readonly kind: 'call'
  readonly name: string
  readonly target: Expr | undefined
  readonly args: readonly Expr[]
}

export interface ListLiteral extends Base {
  readonly kind: 'list'
  readonly items: readonly Expr[]
  /** Indices of items that are written `[?x]`. */
  readonly optional: ReadonlySet<number>
}

export interface MapLiteral extends Base {
  readonly kind: 'map'
  readonly entries: readonly { readonly key: Expr; readonly value: Expr; readonly isOptional: boolean }[]
}

export interface StructLiteral extends Base {
  readonly kind: 'struct'
  readonly name: string
  readonly fields: readonly { readonly name: string; readonly value: Expr; readonly isOptional: boolean }[]
}

export type FoldName =
  | 'all'
  | 'exists'
  | 'existsOne'
  | 'map'
  | 'filter'
  | 'transformList'
  | 'transformMap'
  | 'transformMapEntry'
  | 'sortBy'

/** A macro that goes over a list or a map. */
export interface Fold extends Base {
  readonly kind: 'fold'
  readonly name: FoldName
  readonly range: Expr
  /** One variable (items, or keys of a map), or two (index or key, and value). */
  readonly variables: readonly string[]
  /** Only elements for which this holds count; of `map` and `transform…`. */
  readonly filter: Expr | undefined
  /** The predicate, or what an element becomes. */
  readonly body: Expr
}

/** `cel.bind(name, value, body)`; of `optMap` and `optFlatMap`, which bind what an optional holds. */
export interface Bind extends Base {
  readonly kind: 'bind'
  readonly name: 'bind' | 'optMap' | 'optFlatMap'
  readonly variable: string
  readonly value: Expr
  readonly body: Expr
}

export const LOGICAL_AND = '_&&_'
export const LOGICAL_OR = '_||_'
export const CONDITIONAL = '_?_:_'
export const INDEX = '_[_]'
export const OPTIONAL_INDEX = '_[?_]'
