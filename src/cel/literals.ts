/** Literals that Kubernetes refuses: durations, timestamps and patterns that can only fail, lists and maps of mixed types. */
import type { Expr } from './ast.ts'
import { parseDuration, parseTimestamp } from './calendar.ts'
import type { Checked } from './checker.ts'
import type { Issue } from './issue.ts'
import { findRegexProblem, toRegex } from './library/regex.ts'
import { DYN, formatType, isSameType, type Type } from './types.ts'
import type { Value } from './values.ts'

export function listLiteralIssues(expr: Expr, checked: Checked): Issue[] {
  const issues: Issue[] = []
  const typeOf = (it: Expr, isOptional: boolean): Type => {
    const type = checked.types.get(it.id) ?? DYN
    return isOptional && type.kind === 'optional' ? type.parameters[0]! : type
  }
  visit(expr, { issues, typeOf, isPrinted: false })
  return issues
}

interface Visit {
  readonly issues: Issue[]
  readonly typeOf: (expr: Expr, isOptional: boolean) => Type
  /** Within a call of `format`, whose list may mix types. */
  readonly isPrinted: boolean
}

function visit(expr: Expr, at: Visit): void {
  const { issues } = at
  if (expr.kind === 'call') {
    const argument = expr.args.at(-1)
    if (argument?.kind === 'literal' && isWrong(expr.name, argument.value))
      issues.push({ at: argument.at, message: `invalid ${expr.name} argument` })
  }
  if (!at.isPrinted && expr.kind === 'list') compareTypes(expr.items, at, i => expr.optional.has(i))
  if (!at.isPrinted && expr.kind === 'map') {
    const { entries } = expr
    compareTypes(
      entries.map(it => it.key),
      at,
      () => false,
    )
    compareTypes(
      entries.map(it => it.value),
      at,
      i => entries[i]!.isOptional,
    )
  }
  const below = expr.kind === 'call' && expr.name === 'format' ? { ...at, isPrinted: true } : at
  for (const it of listChildren(expr)) visit(it, below)
}

/** All of one type, as `ValidateHomogeneousAggregateLiterals` demands. */
function compareTypes(
  exprs: readonly Expr[],
  { issues, typeOf }: Visit,
  isOptional: (index: number) => boolean,
): void {
  if (exprs.length < 2) return
  const wanted = typeOf(exprs[0]!, isOptional(0))
  for (const [i, it] of exprs.entries()) {
    const type = typeOf(it, isOptional(i))
    if (isSameType(wanted, type)) continue
    issues.push({
      at: it.at,
      message: `expected type '${formatType(wanted)}' but found '${formatType(type)}'`,
    })
    return
  }
}

function isWrong(name: string, value: Value): boolean {
  if (name === 'timestamp' && typeof value === 'number')
    return value < -62_135_596_800 || value > 253_402_300_799
  if (typeof value !== 'string') return false
  if (name === 'duration') return parseDuration(value) === undefined
  if (name === 'timestamp') return parseTimestamp(value) === undefined
  return name === 'matches' && toRegex(value) === undefined
}

/** What is wrong with the first pattern of `find` or `findAll` that is a literal: programs are not made of it. */
export function findPatternProblem(expr: Expr): string | undefined {
  if (expr.kind === 'call' && (expr.name === 'find' || expr.name === 'findAll')) {
    const [pattern] = expr.args
    const problem =
      pattern?.kind === 'literal' && typeof pattern.value === 'string'
        ? findRegexProblem(pattern.value)
        : undefined
    if (problem !== undefined) return problem
  }
  for (const it of listChildren(expr)) {
    const problem = findPatternProblem(it)
    if (problem !== undefined) return problem
  }
  return undefined
}

/** The expressions directly below one. */
function listChildren(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'literal':
    case 'ident':
      return []
    case 'select':
    case 'has':
      return [expr.operand]
    case 'call':
      return expr.target ? [expr.target, ...expr.args] : expr.args
    case 'list':
      return expr.items
    case 'map':
      return expr.entries.flatMap(it => [it.key, it.value])
    case 'struct':
      return expr.fields.map(it => it.value)
    case 'fold':
      return expr.filter ? [expr.range, expr.filter, expr.body] : [expr.range, expr.body]
    case 'bind':
      return [expr.value, expr.body]
  }
}
