/** An expression from text to something that runs. */

import { memo } from '../text/memo.ts'
import type { Expr } from './ast.ts'
import { type Checked, checkExpression } from './checker.ts'
import type { Environment } from './environment.ts'
import { compile } from './evaluate.ts'
import { CostExceeded, Fault, Unknown } from './fault.ts'
import type { Evaluate, Frame } from './frame.ts'
import type { Issue } from './issue.ts'
import { listLiteralIssues } from './literals.ts'
import { type Parsed, parseExpression } from './parser.ts'
import type { Scope } from './scope.ts'
import type { Type } from './types.ts'
import { TypeValue, type Value } from './values.ts'

export interface Compiled {
  /** Undefined when the text cannot be read. */
  readonly expr: Expr | undefined
  readonly checked: Checked | undefined
  /** What is wrong with it; then it has no program. */
  readonly issues: readonly Issue[]
  readonly program: Program | undefined
}

/** What came of an evaluation, and its cost in units of the server. */
export interface Outcome {
  readonly value: Value | undefined
  /** Why there is no value. */
  readonly stopped: Fault | Unknown | CostExceeded | undefined
  readonly cost: number
}

/** What it takes to run parts of an expression again. */
export interface Replay {
  readonly expr: Expr
  readonly variables: readonly string[]
  readonly scope: Scope
}

export interface RunOptions {
  readonly limit?: number
  /** By number of the variable: those without a value of which nobody knows it here. */
  readonly unknown?: ReadonlyMap<number, Unknown>
}

export interface Program {
  readonly replay: Replay
  /** Values are given in the order of the setting's variables, undefined for those that have none. */
  run(values: readonly (Value | undefined)[], options?: RunOptions): Outcome
}

/** `PerCallLimit` of apiserver/pkg/apis/cel. */
export const CALL_LIMIT = 1_000_000

export interface Setting {
  readonly environment: Environment
  readonly variables: ReadonlyMap<string, Type>
  readonly container?: string
  /** Without a check everything is decided when the expression runs. */
  readonly check?: 'skip'
}

/** Never throws: what is wrong is an issue. */
export function compileExpression(source: string, setting: Setting): Compiled {
  const { environment, variables, container = '' } = setting
  const { expr, issues } = parseOnce(source, environment)
  if (!expr) return { expr, checked: undefined, issues, program: undefined }
  const { functions, types, findMessage } = environment
  const messages = findMessage && { findMessage }
  const checked =
    setting.check === 'skip'
      ? undefined
      : checkExpression(expr, { functions, types, variables, container, ...messages })
  const found =
    checked?.issues.length === 0 && environment.checksLiterals
      ? listLiteralIssues(expr, checked)
      : checked?.issues
  if (found && found.length > 0) return { expr, checked, issues: found, program: undefined }
  return { expr, checked, issues: [], program: toProgram(expr, checked, setting) }
}

/** Definitions repeat a few rules hundreds of times. */
function parseOnce(source: string, environment: Environment): Parsed {
  const known = parsedIn(environment)
  const hit = known.get(source)
  if (hit) return hit
  const parsed = parseExpression(source, environment)
  if (known.size >= MOST_KEPT) known.clear()
  if (source.length <= LONGEST_KEPT) known.set(source, parsed)
  return parsed
}

const parsedIn = memo((_: Environment) => new Map<string, Parsed>())
const MOST_KEPT = 1000
const LONGEST_KEPT = 1000

/** The values that the names of types are. */
const typeValuesOf = memo(
  ({ types }: Environment) => new Map([...types.keys()].map(it => [it, new TypeValue(it)])),
)

function toProgram(expr: Expr, checked: Checked | undefined, setting: Setting): Program {
  const { environment, container = '' } = setting
  const variables = [...setting.variables.keys()]
  let count = variables.length
  const scope: Scope = {
    functions: environment.functions,
    types: typeValuesOf(environment),
    checked,
    container,
    slots: new Map(variables.map((name, i) => [name, i])),
    locals: new Map(),
    lazy: new Map(),
    compile,
    newSlot: () => count++,
  }
  // Rules of definitions are checked, and few of them ever run.
  let run: Evaluate | undefined
  return {
    replay: { expr, variables, scope },
    run(values, { limit = CALL_LIMIT, unknown } = DEFAULTS) {
      const frame: Frame = { slots: values.slice(), unknown, cost: 0, limit, work: 0 }
      try {
        run ??= compile(expr, scope)
        const value = run(frame)
        if (frame.cost > limit) throw new CostExceeded()
        return { value, stopped: undefined, cost: frame.cost }
      } catch (thrown) {
        return { value: undefined, stopped: toStop(thrown), cost: frame.cost }
      }
    },
  }
}

const DEFAULTS: RunOptions = {}

function toStop(thrown: unknown): Fault | Unknown | CostExceeded {
  if (thrown instanceof Fault || thrown instanceof Unknown || thrown instanceof CostExceeded) return thrown
  // A stack that is exhausted comes from values nested too deep, which are hostile.
  if (thrown instanceof RangeError) return new Fault('expression recursion limit exceeded')
  throw thrown
}
