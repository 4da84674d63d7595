/** Which types stand for which: assignability with type parameters, as `types.go` of cel-go's checker has it. */
import { DYN, isSameType, type Type } from './types.ts'

/** What type parameters stand for, by their names, and what they stood for before, so that attempts can be undone. */
export interface Substitutions {
  readonly types: Map<string, Type>
  readonly trail: (readonly [name: string, before: Type | undefined])[]
}

export const newSubstitutions = (): Substitutions => ({ types: new Map(), trail: [] })

function bind({ types, trail }: Substitutions, name: string, type: Type): void {
  trail.push([name, types.get(name)])
  types.set(name, type)
}

export const isDynamic = (type: Type): boolean => type.kind === 'dyn' || type.kind === 'error'

/** Whether values of `from` may stand where `to` is wanted; on success the substitutions are extended. */
export function isAssignable(subs: Substitutions, from: Type, to: Type): boolean {
  return keepOrUndo(subs, subs.trail.length, assign(subs, from, to))
}

export function areAssignable(subs: Substitutions, from: readonly Type[], to: readonly Type[]): boolean {
  if (from.length !== to.length) return false
  return keepOrUndo(
    subs,
    subs.trail.length,
    from.every((it, i) => assign(subs, it, to[i]!)),
  )
}

/** A failed attempt leaves nothing behind. */
function keepOrUndo({ types, trail }: Substitutions, length: number, works: boolean): boolean {
  while (!works && trail.length > length) {
    const [name, before] = trail.pop()!
    if (before) types.set(name, before)
    else types.delete(name)
  }
  return works
}

function assign(subs: Substitutions, a: Type, b: Type): boolean {
  if (a === b) return true
  if (b.kind === 'param') {
    const valid = standFor(subs, a, b)
    if (valid !== undefined) return valid
  }
  if (a.kind === 'param') return standFor(subs, b, a) ?? false
  if (isDynamic(a) || isDynamic(b)) return true
  if (a.kind === 'null') return b.kind === 'null' || NULLABLE.has(b.kind)
  if (b.kind === 'null') return NULLABLE.has(a.kind)
  // Types as values compare whatever they are about.
  if (a.kind === 'type' && b.kind === 'type') return true
  if (a.kind !== b.kind || a.parameters.length !== b.parameters.length) return false
  if (a.name !== b.name) return false
  return a.parameters.every((it, i) => assign(subs, it, b.parameters[i]!))
}

const NULLABLE: ReadonlySet<string> = new Set(['object', 'opaque', 'optional', 'timestamp', 'duration'])

/** Undefined when nothing can be said: the parameter would refer to itself. */
function standFor(subs: Substitutions, type: Type, parameter: Type): boolean | undefined {
  if (isSameType(type, parameter)) return true
  const known = subs.types.get(parameter.name)
  if (known) {
    if (isSameType(type, known)) return true
    if (!assign(subs, type, known)) return false
    const general = mostGeneral(type, known)
    if (!refersTo(subs, parameter, general)) bind(subs, parameter.name, general)
    return true
  }
  if (refersTo(subs, parameter, type)) return undefined
  bind(subs, parameter.name, type)
  return true
}

function refersTo(subs: Substitutions, parameter: Type, within: Type): boolean {
  if (within.kind === 'param') {
    if (within.name === parameter.name) return true
    const known = subs.types.get(within.name)
    return known !== undefined && refersTo(subs, parameter, known)
  }
  return within.parameters.some(it => refersTo(subs, parameter, it))
}

export const mostGeneral = (a: Type, b: Type): Type => (isLessSpecific(a, b) ? a : b)

function isLessSpecific(a: Type, b: Type): boolean {
  if (isDynamic(a) || a.kind === 'param') return true
  if (isDynamic(b) || b.kind === 'param') return false
  if (a.kind === 'null' && b.kind !== 'null') return false
  if (a.kind !== b.kind || a.parameters.length !== b.parameters.length) return a.kind !== 'null'
  return a.parameters.every((it, i) => isLessSpecific(it, b.parameters[i]!))
}

/** The type with what its parameters stand for; those that stand for nothing stay, or become dyn. */
export function substitute(subs: Substitutions, type: Type, rest: 'keep' | 'dyn'): Type {
  if (type.kind === 'param') {
    const known = subs.types.get(type.name)
    if (known) return substitute(subs, known, rest)
    return rest === 'dyn' ? DYN : type
  }
  if (type.parameters.length === 0) return type
  const parameters = type.parameters.map(it => substitute(subs, it, rest))
  return parameters.every((it, i) => it === type.parameters[i]) ? type : { ...type, parameters }
}
