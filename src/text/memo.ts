/** Computes once per immutable input. There is nothing to invalidate: a changed file is a new object. */
export function memo<K extends object, V>(compute: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, { readonly value: V }>()
  return key => {
    let hit = known.get(key)
    if (!hit) {
      hit = { value: compute(key) }
      known.set(key, hit)
    }
    return hit.value
  }
}
