/** How template functions are written down, and how their arguments are checked as Go's reflection does. */
import type { Command } from './ast.ts'
import { GoError } from './errors.ts'
import type { Guard, Origin, Piece } from './origin.ts'
import { plainText, type Text } from './text.ts'
import {
  type Dict,
  isDict,
  isInt,
  isList,
  isString,
  isStruct,
  type List,
  MAP_TYPE,
  nilDict,
  nilList,
  type Struct,
  typeOf,
  type Value,
} from './value.ts'

/** Types of parameters, and what a function gets for them. `text` is a string whose segments the function keeps. */
export interface Parameters {
  string: string
  text: string | Text
  int: number
  uint32: number
  bool: boolean
  float: number
  any: Value
  /** reflect.Value: takes the invalid value, too. */
  reflect: Value
  map: Dict
  list: List
  time: Struct
  certificate: Struct
}
export type Parameter = keyof Parameters

const GO_TYPES: Readonly<Record<Parameter, string>> = {
  string: 'string',
  text: 'string',
  int: 'int',
  uint32: 'uint32',
  bool: 'bool',
  float: 'float64',
  any: 'interface {}',
  reflect: 'reflect.Value',
  map: MAP_TYPE,
  list: '[]interface {}',
  time: 'time.Time',
  certificate: 'sprig.certificate',
}
export const goType = (parameter: Parameter): string => GO_TYPES[parameter]

/** One call: what a function may know about its surroundings. */
export interface Call {
  /** Where the arguments come from, by position. */
  readonly origins: readonly (Origin | undefined)[]
  /** Where the result comes from; a function that passes an argument through sets it. Null: its parts know themselves. */
  origin: Origin | null | undefined
  /** What is called. */
  readonly node: Command
  /** The conditions under which it is called. */
  readonly guard: Guard | undefined
  /** True once the result depends on chance or time. */
  unstable: boolean
  /** What text that this call makes is attributed to: the action, and the value of an argument. */
  piece(origin?: Origin): Piece
  /** Counts work of `amount` characters against the limits. */
  charge(amount: number): void
  readonly engine: EngineAccess
}

/** What `include`, `tpl` and random functions reach. */
export interface EngineAccess {
  include(call: Call, name: string | Text, data: Value, origin: Origin | undefined): Text
  evaluate(call: Call, template: string | Text, data: Value): Text
  /** `fail` and `required` do not fail while linting. */
  readonly lint: boolean
  /** Deterministic stand-in for randomness: the next number in [0, 1). */
  random(): number
  /** The instant that `now` yields, in seconds since 1970. */
  readonly now: number
}

export interface GoFunction {
  readonly params: readonly Parameter[]
  /** The type of any number of arguments behind those; the function gets them as a list, before all others. */
  readonly rest: Parameter | undefined
  /** What it costs to read a character of an argument, where 1 is what most functions take. */
  readonly cost: number
  readonly run: (call: Call, ...args: never[]) => Value
}
export type FunctionTable = Readonly<Record<string, GoFunction>>

type Args<P extends readonly Parameter[]> = { [I in keyof P]: Parameters[P[I]] }

/** A function with fixed parameters. */
export const fn = <const P extends readonly Parameter[]>(
  params: P,
  run: (call: Call, ...args: Args<P>) => Value,
): GoFunction => ({ params, rest: undefined, cost: 1, run: run as unknown as GoFunction['run'] })

/** A function whose last parameter takes any number of arguments. */
export const fnRest = <const P extends readonly Parameter[], R extends Parameter>(
  params: P,
  rest: R,
  run: (call: Call, rest: Parameters[R][], ...args: Args<P>) => Value,
): GoFunction => ({ params, rest, cost: 1, run: run as unknown as GoFunction['run'] })

/** A function that looks at each character of its arguments for long. */
export const costly = (cost: number, called: GoFunction): GoFunction => ({ ...called, cost })

/** Runs a function with arguments that `checkArgument` let pass. */
export function callFunction({ params, rest, run }: GoFunction, call: Call, args: readonly Value[]): Value {
  const take = run as unknown as (call: Call, ...args: unknown[]) => Value
  const fixed = params.length
  if (rest === undefined) {
    // Most take one or two.
    if (fixed === 1) return take(call, convert(args[0], params[0]!))
    if (fixed === 2) return take(call, convert(args[0], params[0]!), convert(args[1], params[1]!))
    return take(call, ...params.map((it, i) => convert(args[i], it)))
  }
  const others: unknown[] = args.slice(fixed)
  for (let i = 0; i < others.length; i++) others[i] = convert(args[fixed + i], rest)
  if (fixed === 0) return take(call, others)
  if (fixed === 1) return take(call, others, convert(args[0], params[0]!))
  return take(call, others, ...params.map((it, i) => convert(args[i], it)))
}

/** The JavaScript form of an argument that `checkArgument` let pass. */
function convert(value: Value, parameter: Parameter): unknown {
  switch (parameter) {
    case 'string':
      return plainText(value as string | Text)
    case 'int':
    case 'uint32':
      return isInt(value) ? Number(value.value) : value
    default:
      return value
  }
}

/** template.validateType: the argument, or the text of Go's error. Nil becomes the nil map or list. */
export function checkArgument(value: Value, parameter: Parameter): Value {
  switch (parameter) {
    case 'any':
      return value === undefined ? null : value
    case 'reflect':
      return value
    case 'string':
    case 'text':
      if (isString(value)) return value
      break
    case 'bool':
      if (typeof value === 'boolean') return value
      break
    case 'float':
      if (typeof value === 'number') return value
      break
    case 'int':
      if (isInt(value) && value.type === 'int') return value
      break
    case 'map':
      if (isDict(value) && (value.type === MAP_TYPE || VALUES_TYPES.has(value.type)))
        return value.type === MAP_TYPE ? value : asPlainMap(value)
      if (value === undefined) return nilDict()
      break
    case 'list':
      if (isList(value) && value.type === '[]interface {}') return value
      if (value === undefined) return nilList()
      break
    case 'time':
    case 'certificate':
      if (isStruct(value) && value.type === GO_TYPES[parameter]) return value
      break
  }
  if (value === undefined) throw new GoError(`invalid value; expected ${GO_TYPES[parameter]}`)
  const got = value === null ? 'interface {}' : typeOf(value)
  throw new GoError(`wrong type for value; expected ${GO_TYPES[parameter]}; got ${got}`)
}

/** Named map types that Go assigns to plain maps: of helm 4 and of helm 3. */
const VALUES_TYPES: ReadonlySet<string> = new Set(['common.Values', 'chartutil.Values'])

/** The same map under its plain type: entries are shared. */
const asPlainMap = ({ methods: _, ...value }: Dict): Dict => ({ ...value, type: MAP_TYPE })
