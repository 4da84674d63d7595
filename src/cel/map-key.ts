/** Values as keys of maps. */
import { Fault } from './fault.ts'
import { type Key, toKey, typeOfValue, Uint, type Value } from './values.ts'

/** Only scalars that are not doubles may be keys. */
export function toMapKey(value: Value): Key {
  const key = typeof value === 'object' && !(value instanceof Uint) ? undefined : toKey(value)
  if (key === undefined) throw new Fault(`unsupported key type: ${typeOfValue(value).name}`)
  return key
}
