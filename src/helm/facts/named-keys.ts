/** Keys of values that something names, as a tree: a path is followed key by key, and no text is put together of it. */

export interface NamedKeys {
  /** It is named itself, not only what is below it. */
  isNamed: boolean
  /** Undefined when nothing below it is named. */
  below: Map<string, NamedKeys> | undefined
}

export const createKeys = (): NamedKeys => ({ isNamed: false, below: undefined })

/** The place of a path, made where it is new. */
export function openKeys(keys: NamedKeys, path: readonly string[]): NamedKeys {
  let place = keys
  for (let i = 0; i < path.length; i++) {
    const key = path[i]!
    place.below ??= new Map()
    let next = place.below.get(key)
    if (!next) place.below.set(key, (next = createKeys()))
    place = next
  }
  return place
}

/** Names everything that others name. */
export function addKeys(keys: NamedKeys, others: NamedKeys): void {
  if (others.isNamed) keys.isNamed = true
  others.below?.forEach((inner, key) => {
    addKeys(openKeys(keys, [key]), inner)
  })
}

/** Undefined where neither the path nor anything below it is named. */
export function findKeys(keys: NamedKeys, path: readonly string[]): NamedKeys | undefined {
  let place: NamedKeys | undefined = keys
  for (const key of path) {
    place = place.below?.get(key)
    if (!place) return undefined
  }
  return place
}

/** True where the path is named, something above it or something below it. */
export function isNear(keys: NamedKeys, path: readonly string[]): boolean {
  let place: NamedKeys | undefined = keys
  for (const key of path) {
    if (place.isNamed) return true
    place = place.below?.get(key)
    if (!place) return false
  }
  return place.isNamed || place.below !== undefined
}
