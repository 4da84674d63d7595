/** What checks ask of an engine of CEL, which is loaded only where there are expressions. */

/** Where an expression stands, which decides what it may name and must come to. */
export type ExpressionUse =
  | 'validation'
  | 'message'
  | 'match'
  | 'audit'
  | 'variable'
  | 'json-patch'
  | 'apply'
  | 'device'

/** One policy or webhook, whose variables add up. */
export interface ExpressionScope {
  /** What is wrong with an expression in the server's words; undefined when it compiles. */
  check(source: string, use: ExpressionUse): string | undefined
  /** The same for a variable, which the expressions behind it may use. */
  declare(name: string, source: string): string | undefined
}

export interface ScopeOptions {
  /** Minor of Kubernetes: 36. */
  readonly minor: number
  /** `present`: a policy has parameters. */
  readonly params?: 'present'
  /** `present`: a policy has variables. */
  readonly variables?: 'present'
}

export type OpenScope = (options: ScopeOptions) => ExpressionScope
