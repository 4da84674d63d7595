/** Lists as functions see them: any slice, whatever its type. */
import { GoError } from '../template/errors.ts'
import { toText } from '../template/format.ts'
import type { Origin } from '../template/origin.ts'
import type { Text } from '../template/text.ts'
import { isBytes, isList, kindOf, type Value } from '../template/value.ts'

export const NIL_DEREFERENCE = 'runtime error: invalid memory address or nil pointer dereference'

export interface Items {
  readonly items: readonly Value[]
  readonly origins: readonly (Origin | undefined)[] | undefined
}

/** Items of a slice; `verb` as in sprig's error: `Cannot push on type string`. */
export function itemsOf(value: Value, verb: string): Items {
  const found = findItems(value)
  if (found) return found
  if (value === null || value === undefined) throw new GoError(NIL_DEREFERENCE)
  throw new GoError(`Cannot ${verb} type ${kindOf(value)}`)
}

export function findItems(value: Value): Items | undefined {
  if (isList(value)) return value
  if (isBytes(value))
    return {
      items: Array.from(value.bytes, it => ({ tag: 'int', type: 'uint8', value: BigInt(it) }) as const),
      origins: undefined,
    }
  return undefined
}

/** sprig's strslice: items as strings, nil left out; a value that is no list is its only item. */
export function stringItems(value: Value): { text: string | Text; origin: Origin | undefined }[] {
  if (value === null || value === undefined) return []
  const found = findItems(value)
  if (!found) return [{ text: toText(value), origin: undefined }]
  const result: { text: string | Text; origin: Origin | undefined }[] = []
  found.items.forEach((item, i) => {
    if (item !== null && item !== undefined) result.push({ text: toText(item), origin: found.origins?.[i] })
  })
  return result
}
