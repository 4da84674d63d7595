/** Literals that can only fail: durations, timestamps and patterns, which cel-go's validators of Kubernetes refuse. */
import type { Expr } from './ast.ts'
import { parseDuration, parseTimestamp } from './calendar.ts'
import type { Issue } from './issue.ts'
import { toRegex } from './library/regex.ts'

export function listLiteralIssues(expr: Expr): Issue[] {
  const issues: Issue[] = []
  visit(expr, issues)
  return issues
}

function visit(expr: Expr, issues: Issue[]): void {
  if (expr.kind === 'call') {
    const argument = expr.args.at(-1)
    if (
      argument?.kind === 'literal' &&
      typeof argument.value === 'string' &&
      isWrong(expr.name, argument.value)
    )
      issues.push({ at: argument.at, message: `invalid ${expr.name} argument` })
  }
  for (const it of listChildren(expr)) visit(it, issues)
}

function isWrong(name: string, text: string): boolean {
  if (name === 'duration') return parseDuration(text) === undefined
  if (name === 'timestamp') return parseTimestamp(text) === undefined
  return name === 'matches' && toRegex(text) === undefined
}

/** The expressions directly below one. */
export function listChildren(expr: Expr): readonly Expr[] {
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
