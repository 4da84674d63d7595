/**
 * Computes once per immutable input. There is nothing to invalidate: a changed file is a new object. The last input is
 * remembered apart, because callers tend to ask for one input many times in a row.
 */
export function memo<K extends object, V>(compute: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, V>()
  let last: K | undefined
  let lastValue: V | undefined
  return key => {
    if (key === last) return lastValue as V
    let value = known.get(key)
    if (value === undefined && !known.has(key)) {
      value = compute(key)
      known.set(key, value)
    }
    last = key
    lastValue = value
    return value as V
  }
}
