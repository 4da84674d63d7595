/** Builds functions that fill defaults into objects: each gives a changed copy, or the object itself. */
import { formatQuantity, roundToMilli, toQuantity } from '../values/quantity.ts'
import { isObj, isSet, type Obj } from './object.ts'

export type Fill = (of: Obj) => Obj

export const all =
  (...fills: readonly Fill[]): Fill =>
  of =>
    fills.reduce((it, fill) => fill(it), of)

/** Fields that are pointers in Go: absent or null becomes the default. */
export const unset = (defaults: Obj): Fill => withDefaults(defaults, isSet)

/** Fields that are values in Go: `""` and 0 become the default too. */
export const empty = (defaults: Obj): Fill =>
  withDefaults(defaults, (of, name) => isSet(of, name) && of[name] !== '' && of[name] !== 0)

/** Lists and maps: those without items become the default too. */
export const without = (defaults: Obj): Fill =>
  withDefaults(defaults, (of, name) => isSet(of, name) && Object.keys(of[name] as Obj).length > 0)

const withDefaults =
  (defaults: Obj, has: (of: Obj, name: string) => boolean): Fill =>
  of => {
    let filled: Record<string, unknown> | undefined
    for (const name of Object.keys(defaults))
      if (!has(of, name)) {
        filled ??= { ...of }
        filled[name] = defaults[name]
      }
    return filled ?? of
  }

/** The object at a path, where there is one. */
export function at(path: string, fill: Fill): Fill {
  const dot = path.indexOf('.')
  const name = dot < 0 ? path : path.slice(0, dot)
  const inner = dot < 0 ? fill : at(path.slice(dot + 1), fill)
  return of => {
    const value = of[name]
    return isObj(value) ? { ...of, [name]: inner(value) } : of
  }
}

/** The object at a name, which Go always has: an absent one is empty. */
export const within =
  (name: string, fill: Fill): Fill =>
  of => ({ ...of, [name]: fill(isObj(of[name]) ? (of[name] as Obj) : {}) })

/** All objects of a list. */
export const each =
  (name: string, fill: Fill): Fill =>
  of => {
    const list = of[name]
    if (!Array.isArray(list)) return of
    return { ...of, [name]: list.map((it: unknown) => (isObj(it) ? fill(it) : it)) }
  }

export const when =
  (holds: (of: Obj) => boolean, fill: Fill): Fill =>
  of =>
    holds(of) ? fill(of) : of

/** Quantities as the server stores them: `1000m` is `1`, and nothing is finer than a thousandth. */
export const canonicalQuantities: Fill = of => {
  const entries = Object.entries(of).map(([name, value]) => [name, canonicalQuantity(value)] as const)
  return Object.fromEntries(entries)
}

export function canonicalQuantity(value: unknown): unknown {
  const quantity = toQuantity(value)
  return quantity ? formatQuantity(roundToMilli(quantity)) : value
}
