/** Macros over lists and maps, and bindings. What an element costs besides its own expressions is cel-go's. */
import type { Bind, Fold } from './ast.ts'
import { LIST_CREATION, MAP_CREATION } from './call-cost.ts'
import { compare, listKeys } from './equality.ts'
import { Fault, noSuchOverload } from './fault.ts'
import { charge, type Evaluate, type Frame } from './frame.ts'
import { choose, isAbsorbable } from './logic.ts'
import { toMapKey } from './map-key.ts'
import type { Scope } from './scope.ts'
import { type CelMap, keyValue, Optional, toKey, Uint, UintMap, type Value } from './values.ts'

/** Puts each element of a range into its slots; the visitor ends the walk by returning true. */
type Walk = (frame: Frame, visit: (frame: Frame) => boolean) => void

export function compileFold(expr: Fold, scope: Scope): Evaluate {
  const range = scope.compile(expr.range, scope)
  const slots = expr.variables.map(() => scope.newSlot())
  const inner: Scope = withSlots(scope, expr.variables, slots)
  const body = scope.compile(expr.body, inner)
  const filter = expr.filter && scope.compile(expr.filter, inner)
  const walk = slots.length === 2 ? walkPairs(range, slots[0]!, slots[1]!) : walkSingles(range, slots[0]!)
  const first = slots[0]!
  switch (expr.name) {
    case 'all':
      return compileQuantifier(walk, body, false)
    case 'exists':
      return compileQuantifier(walk, body, true)
    case 'existsOne':
      return compileExistsOne(walk, body)
    case 'filter':
      return compileCollect(walk, body, frame => {
        frame.cost++
        return frame.slots[first]!
      })
    case 'map':
    case 'transformList':
      return compileCollect(walk, filter, body)
    case 'transformMap':
      return compileTransformMap(walk, filter, (frame, map) => {
        frame.cost++
        insert(map, frame.slots[first]!, body(frame))
      })
    case 'transformMapEntry':
      return compileTransformMap(walk, filter, (frame, map) => {
        const entries = body(frame)
        if (!(entries instanceof Map)) throw noSuchOverload()
        for (const [key, value] of entries as CelMap) insert(map, keyValue(entries, key), value)
      })
    case 'sortBy':
      return compileSortBy(range, first, body)
  }
}

function withSlots(scope: Scope, names: readonly string[], slots: readonly number[]): Scope {
  const locals = new Map(scope.locals)
  const lazy = new Map(scope.lazy)
  names.forEach((name, i) => {
    locals.set(name, slots[i]!)
    lazy.delete(name)
  })
  return { ...scope, locals, lazy }
}

function walkSingles(range: Evaluate, slot: number): Walk {
  return (frame, visit) => {
    const value = range(frame)
    if (!Array.isArray(value) && !(value instanceof Map)) throw noSuchOverload()
    const items: readonly Value[] = value instanceof Map ? listKeys(value) : value
    const { slots } = frame
    for (let i = 0; i < items.length; i++) {
      slots[slot] = items[i]!
      if (visit(frame)) return
    }
  }
}

function walkPairs(range: Evaluate, first: number, second: number): Walk {
  return (frame, visit) => {
    const value = range(frame)
    const { slots } = frame
    if (Array.isArray(value)) {
      for (let i = 0; i < value.length; i++) {
        slots[first] = i
        slots[second] = value[i]!
        if (visit(frame)) return
      }
    } else if (value instanceof Map) {
      for (const [key, it] of value as CelMap) {
        slots[first] = keyValue(value, key)
        slots[second] = it
        if (visit(frame)) return
      }
    } else throw noSuchOverload()
  }
}

/** `all` and `exists`: an element that decides outdoes errors of others. */
function compileQuantifier(walk: Walk, body: Evaluate, decisive: boolean): Evaluate {
  // Before each element is asked whether the result stands; after it the result is read.
  const question = decisive ? 3 : 2
  return frame => {
    frame.cost++
    let stopped: unknown
    let isDecided = false
    walk(frame, () => {
      charge(frame, question)
      if (isDecided) return true
      frame.cost++
      try {
        const value = body(frame)
        if (value === decisive) isDecided = true
        else if (value !== !decisive) stopped = choose(stopped, noSuchOverload())
      } catch (thrown) {
        if (!isAbsorbable(thrown)) throw thrown
        stopped = choose(stopped, thrown)
      }
      return false
    })
    if (isDecided) return decisive
    if (stopped !== undefined) throw stopped
    return !decisive
  }
}

function compileExistsOne(walk: Walk, body: Evaluate): Evaluate {
  return frame => {
    frame.cost += 2
    let count = 0
    walk(frame, () => {
      charge(frame, 1)
      if (isTrue(body(frame))) {
        frame.cost++
        count++
      }
      return false
    })
    return count === 1
  }
}

function isTrue(value: Value): boolean {
  if (typeof value !== 'boolean') throw noSuchOverload()
  return value
}

function compileCollect(walk: Walk, filter: Evaluate | undefined, element: Evaluate): Evaluate {
  return frame => {
    frame.cost += LIST_CREATION + 1
    const list: Value[] = []
    walk(frame, () => {
      charge(frame, 1)
      if (filter && !isTrue(filter(frame))) return false
      frame.cost += LIST_CREATION + 1
      list.push(element(frame))
      return false
    })
    return list
  }
}

function compileTransformMap(
  walk: Walk,
  filter: Evaluate | undefined,
  add: (frame: Frame, map: UintMap) => void,
): Evaluate {
  return frame => {
    frame.cost += MAP_CREATION + 1
    const map = new UintMap()
    walk(frame, () => {
      charge(frame, 1)
      if (filter && !isTrue(filter(frame))) return false
      frame.cost++
      add(frame, map)
      return false
    })
    return map
  }
}

function insert(map: UintMap, key: Value, value: Value): void {
  const own = toMapKey(key)
  if (map.has(own)) throw new Fault(`insert failed: key ${String(own)} already exists`)
  map.set(own, value)
  if (key instanceof Uint) map.uints.add(own)
}

function compileSortBy(range: Evaluate, slot: number, body: Evaluate): Evaluate {
  return frame => {
    const items = range(frame)
    if (!Array.isArray(items)) throw noSuchOverload()
    const pairs = (items as readonly Value[]).map(item => {
      charge(frame, LIST_CREATION + 2)
      frame.slots[slot] = item
      return { item, key: body(frame) }
    })
    // Sorting counts as comparing each key with each.
    charge(frame, 2 * pairs.length ** 2 + LIST_CREATION + 1)
    return sortByKeys(pairs)
  }
}

/** Stable; keys must be of one type that has an order. */
export function sortByKeys(pairs: readonly { readonly item: Value; readonly key: Value }[]): Value[] {
  const [first] = pairs
  if (!first) return []
  for (const { key } of pairs) {
    if (toKey(key) === undefined && typeof key !== 'object') throw noSuchOverload()
    if (!haveSameType(first.key, key)) throw new Fault('list elements must have the same type')
    compare(key, key)
  }
  return [...pairs].sort((a, b) => compare(a.key, b.key)).map(it => it.item)
}

const haveSameType = (a: Value, b: Value): boolean =>
  (typeof a === 'bigint' ? 'number' : typeof a) === (typeof b === 'bigint' ? 'number' : typeof b) &&
  (typeof a !== 'object' || a?.constructor === b?.constructor)

/** `cel.bind`, `optMap` and `optFlatMap`: one more name for the body. */
export function compileBind(expr: Bind, scope: Scope): Evaluate {
  const value = scope.compile(expr.value, scope)
  const slot = scope.newSlot()
  if (expr.name === 'bind') return compileLazyBind(expr, scope, value, slot)
  const body = scope.compile(expr.body, withSlots(scope, [expr.variable], [slot]))
  const isFlat = expr.name === 'optFlatMap'
  return frame => {
    const held = value(frame)
    if (!(held instanceof Optional)) throw noSuchOverload()
    if (held.value === undefined) return Optional.none
    frame.slots[slot] = held.value
    const result = body(frame)
    if (!isFlat) return new Optional(result)
    if (result instanceof Optional) return result
    throw noSuchOverload()
  }
}

/** The bound value is computed where it is first needed, as in cel-go: an error in it may never be met. */
function compileLazyBind(expr: Bind, scope: Scope, value: Evaluate, slot: number): Evaluate {
  const lazy = new Map(scope.lazy)
  lazy.set(expr.variable, frame => {
    frame.cost++
    frame.slots[slot] ??= value(frame)
    return frame.slots[slot]
  })
  const body = scope.compile(expr.body, { ...scope, lazy })
  return frame => {
    frame.cost += LIST_CREATION
    frame.slots[slot] = undefined
    return body(frame)
  }
}
