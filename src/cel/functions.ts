/** How functions are declared: overloads with types for the checker and code for the evaluator. */
import type { Type } from './types.ts'
import type { Value } from './values.ts'

export interface Overload {
  readonly name: string
  /** `a.f(b)`: the first parameter is the target. */
  readonly isMethod: boolean
  readonly params: readonly Type[]
  readonly result: Type
  /** Undefined for operators, which the evaluator knows itself. */
  readonly call: ((...args: readonly Value[]) => Value) | undefined
}

/** All overloads of an environment, by name. */
export type Functions = ReadonlyMap<string, readonly Overload[]>

/** Code is called only with values of its parameters' types, so it names the classes of values that it takes. */
type Code<A extends readonly (Value | undefined)[]> = (...args: A) => Value

export const method = <A extends readonly (Value | undefined)[]>(
  name: string,
  params: readonly Type[],
  result: Type,
  call: Code<A>,
): Overload => ({ name, isMethod: true, params, result, call: call as unknown as Overload['call'] })

export const global = <A extends readonly (Value | undefined)[]>(
  name: string,
  params: readonly Type[],
  result: Type,
  call: Code<A>,
): Overload => ({ name, isMethod: false, params, result, call: call as unknown as Overload['call'] })

/** An operator or another function that the evaluator knows itself. */
export const builtin = (name: string, params: readonly Type[], result: Type): Overload => ({
  name,
  isMethod: false,
  params,
  result,
  call: undefined,
})

/** The overload with type parameters of its own, for one call. */
export function withOwnParams(
  { params, result }: Overload,
  newParam: () => Type,
): Pick<Overload, 'params' | 'result'> {
  const own = new Map<string, Type>()
  const rename = (type: Type): Type => {
    if (type.kind !== 'param')
      return type.parameters.length === 0 ? type : { ...type, parameters: type.parameters.map(rename) }
    const known = own.get(type.name) ?? newParam()
    own.set(type.name, known)
    return known
  }
  return { params: params.map(rename), result: rename(result) }
}
