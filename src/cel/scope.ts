/** What is known where a part of an expression stands. */
import type { Expr } from './ast.ts'
import type { Checked } from './checker.ts'
import type { Evaluate } from './frame.ts'
import type { Functions } from './functions.ts'
import type { TypeValue } from './values.ts'

/** What the compiler knows about the names in an expression. */
export interface Scope {
  readonly functions: Functions
  readonly types: ReadonlyMap<string, TypeValue>
  /** Undefined when the expression was not checked: then everything is decided when it runs. */
  readonly checked: Checked | undefined
  readonly container: string
  /** Slots of the variables of the environment. */
  readonly slots: ReadonlyMap<string, number>
  /** Slots of the variables of macros around. */
  readonly locals: ReadonlyMap<string, number>
  /** How variables that are computed on first use are read. */
  readonly lazy: ReadonlyMap<string, Evaluate>
  /** Compiles a part; the compiler itself, which parts cannot import. */
  readonly compile: (expr: Expr, scope: Scope) => Evaluate
  /** Gives out further slots. */
  readonly newSlot: () => number
}
