/**
 * Reads decoded objects as Go reads its structs: null is absent, an absent text is `""`, an absent list is empty.
 * A value of the wrong type reads as absent, since decoding has reported it before validation begins.
 */

export type Obj = Readonly<Record<string, unknown>>

const EMPTY: Obj = Object.freeze(Object.create(null) as Obj)
const NO_ITEMS: readonly never[] = Object.freeze([])

export const isObj = (value: unknown): value is Obj =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Whether a field is set; for pointers in Go. */
export const isSet = (object: Obj, name: string): boolean =>
  object[name] !== undefined && object[name] !== null

/** A text; `""` when absent. */
export function text(object: Obj, name: string): string {
  const value = object[name]
  return typeof value === 'string' ? value : ''
}

/** A text; undefined when absent, for pointers in Go. */
export function toText(object: Obj, name: string): string | undefined {
  const value = object[name]
  return typeof value === 'string' ? value : undefined
}

/** A number; 0 when absent. */
export function number(object: Obj, name: string): number {
  const value = object[name]
  return typeof value === 'number' ? value : 0
}

/** A number; undefined when absent, for pointers in Go. */
export function toNumber(object: Obj, name: string): number | undefined {
  const value = object[name]
  return typeof value === 'number' ? value : undefined
}

export const isTrue = (object: Obj, name: string): boolean => object[name] === true

/** A boolean; undefined when absent, for pointers in Go. */
export function toFlag(object: Obj, name: string): boolean | undefined {
  const value = object[name]
  return typeof value === 'boolean' ? value : undefined
}

/** A nested object, or the empty one. */
export function object(of: Obj, name: string): Obj {
  const value = of[name]
  return isObj(value) ? value : EMPTY
}

/** A nested object; undefined when absent, for pointers in Go. */
export function toObject(of: Obj, name: string): Obj | undefined {
  const value = of[name]
  return isObj(value) ? value : undefined
}

/** A list of objects; an item that is none (null) reads as the empty object. */
export function objects(of: Obj, name: string): readonly Obj[] {
  const value = of[name]
  if (!Array.isArray(value)) return NO_ITEMS
  for (let at = 0; at < value.length; at++)
    if (!isObj(value[at])) return value.map((it: unknown) => (isObj(it) ? it : EMPTY))
  return value as readonly Obj[]
}

/** A list of texts; an item that is none (null) reads as `""`. */
export function texts(of: Obj, name: string): readonly string[] {
  const value = of[name]
  if (!Array.isArray(value)) return NO_ITEMS
  for (let at = 0; at < value.length; at++)
    if (typeof value[at] !== 'string') return value.map((it: unknown) => (typeof it === 'string' ? it : ''))
  return value as readonly string[]
}

/** A list of numbers; an item that is none (null) reads as 0. */
export function numbers(of: Obj, name: string): readonly number[] {
  const value = of[name]
  if (!Array.isArray(value)) return NO_ITEMS
  return value.map((it: unknown) => (typeof it === 'number' ? it : 0))
}

/** An integer or a text, as `intstr.IntOrString`; absent reads as 0. */
export function intOrString(of: Obj, name: string): number | string {
  const value = of[name]
  return typeof value === 'number' || typeof value === 'string' ? value : 0
}

/** The value of a user's key; never one that every JavaScript object inherits. */
export function lookup(map: Obj, key: string): string | undefined {
  if (!Object.hasOwn(map, key)) return undefined
  const value = map[key]
  return typeof value === 'string' ? value : value === null ? '' : undefined
}

export const has = (map: Obj, key: string): boolean => Object.hasOwn(map, key)

/** A map of texts, as Go decodes it: null values are empty texts. Undefined when it is absent. */
export function toTextMap(of: Obj, name: string): Readonly<Record<string, string>> | undefined {
  const map = of[name]
  if (!isObj(map)) return undefined
  const entries = Object.entries(map).map(
    ([key, value]) => [key, typeof value === 'string' ? value : ''] as const,
  )
  return Object.fromEntries(entries)
}

/** How many items a list or entries a map has. */
export function count(of: Obj, name: string): number {
  const value = of[name]
  if (Array.isArray(value)) return value.length
  return isObj(value) ? Object.keys(value).length : 0
}
