/** Calls that are macros, as nodes of their own. */
import type { Call, Expr, FoldName, Ident } from './ast.ts'
import type { Issue } from './issue.ts'

/** A macro by its name and the number of its arguments. */
export type MacroName = `${string}/${number}`

const FOLDS: ReadonlyMap<string, FoldName> = new Map([
  ['all', 'all'],
  ['exists', 'exists'],
  ['exists_one', 'existsOne'],
  ['existsOne', 'existsOne'],
  ['map', 'map'],
  ['filter', 'filter'],
  ['transformList', 'transformList'],
  ['transformMap', 'transformMap'],
  ['transformMapEntry', 'transformMapEntry'],
  ['sortBy', 'sortBy'],
])

/** Macros with two variables, when they have three arguments or more. */
const PAIRS: ReadonlySet<string> = new Set([
  'all',
  'exists',
  'existsOne',
  'transformList',
  'transformMap',
  'transformMapEntry',
])

/** The call, or what it stands for when its name is one of the macros. Wrong arguments become issues. */
export function expandMacro(
  call: Call,
  macros: ReadonlySet<MacroName>,
  nextId: () => number,
  issues: Issue[],
): Expr {
  const { name, target, args } = call
  const isBind = target?.kind === 'ident' && target.name === 'cel' && name === 'bind'
  if (!macros.has(`${isBind ? 'cel.bind' : name}/${args.length}`)) return call
  if (name === 'has') return target ? call : toHas(call, nextId, issues)
  if (!target) return call
  if (isBind) {
    const [variable, value, body] = args as [Expr, Expr, Expr]
    return toBind(call, { variable, value, body }, nextId, issues)
  }
  if (name === 'optMap' || name === 'optFlatMap') {
    const [variable, body] = args as [Expr, Expr]
    return toBind(call, { variable, value: target, body }, nextId, issues)
  }
  return toFold(call, target, nextId, issues)
}

function toHas(call: Call, nextId: () => number, issues: Issue[]): Expr {
  const [arg] = call.args
  const { start, end } = call
  if (arg?.kind === 'select' && !arg.isOptional) {
    const { operand, field } = arg
    return { kind: 'has', id: nextId(), operand, field, start, end, at: call.at }
  }
  issues.push({ at: arg!.at, message: 'invalid argument to has() macro' })
  return call
}

function toBind(
  call: Call,
  parts: { readonly variable: Expr; readonly value: Expr; readonly body: Expr },
  nextId: () => number,
  issues: Issue[],
): Expr {
  const { variable, value, body } = parts
  const { start, end, at } = call
  if (!isSimpleName(variable)) {
    const what =
      call.name === 'bind'
        ? 'cel.bind() variable names must be simple identifiers'
        : `${call.name}() variable name must be a simple identifier`
    issues.push({ at: variable.at, message: what })
    return call
  }
  const name = call.name as 'bind' | 'optMap' | 'optFlatMap'
  return { kind: 'bind', id: nextId(), name, variable: variable.name, value, body, start, end, at }
}

function toFold(call: Call, range: Expr, nextId: () => number, issues: Issue[]): Expr {
  const { args, start, end, at } = call
  const name = FOLDS.get(call.name)!
  const isPair = PAIRS.has(name) && args.length > 2
  const variables: string[] = []
  for (const it of args.slice(0, isPair ? 2 : 1))
    if (isSimpleName(it)) variables.push(it.name)
    else issues.push({ at: it.at, message: 'argument must be a simple name' })
  if (isPair && variables.length === 2 && variables[0] === variables[1])
    issues.push({ at: args[1]!.at, message: `duplicate variable name: ${variables[0]}` })
  const rest = args.slice(isPair ? 2 : 1)
  const filter = rest.length > 1 ? rest[0] : undefined
  const body = rest.at(-1)!
  return { kind: 'fold', id: nextId(), name, range, variables, filter, body, start, end, at }
}

const isSimpleName = (expr: Expr): expr is Ident => expr.kind === 'ident' && !expr.isAbsolute
