/** Names and lists of dynamic resource allocation: `pkg/apis/resource/validation`. */
import { checkCIdentifier, checkDns1123Label, checkDns1123Subdomain, countBytes } from '../values/names.ts'
import {
  type Check,
  child,
  duplicate,
  type Field,
  index,
  invalid,
  invalids,
  key,
  renamedKey,
  tooLong,
  tooMany,
} from './field.ts'
import { checkEnum, forEachRepeated, requireText } from './field-checks.ts'
import type { Obj } from './object.ts'
import { checkDriverText } from './volume-sources.ts'

const ID_LIMIT = 32
const POOL_LIMIT = 253

/** Where a set stands, and what its items are told apart by. */
interface SetPlace<T> {
  readonly field: Field
  readonly limit: number
  readonly toKey: (item: T) => string
  /** The field that repeated items are reported at up to 1.34. */
  readonly keyName?: string
}

/** A set of items by key: none over the limit, each checked, none twice (`validateSet`). */
export function checkSet<T>(
  check: Check,
  items: readonly T[],
  place: SetPlace<T>,
  checkItem: (item: T, field: Field) => void,
): void {
  const { field, limit, toKey, keyName } = place
  if (items.length > limit) {
    tooMany(check, field, items.length, limit)
    return
  }
  for (const [at, item] of items.entries()) checkItem(item, index(field, at))
  forEachRepeated(items.map(toKey), (at, name) => {
    const item = index(field, at)
    duplicate(check, keyName !== undefined && check.minor <= 34 ? child(item, keyName) : item, name)
  })
}

/** `validateSlice`. */
export function checkSlice<T>(
  check: Check,
  items: readonly T[],
  place: { readonly field: Field; readonly limit: number },
  checkItem: (item: T, field: Field) => void,
): void {
  if (items.length > place.limit) tooMany(check, place.field, items.length, place.limit)
  else for (const [at, item] of items.entries()) checkItem(item, index(place.field, at))
}

/** `ValidateDNS1123Label`. */
export function checkLabelText(check: Check, value: string, field: Field): void {
  invalids(check, field, value, checkDns1123Label(value))
}

/** `validatePoolName`. */
export function checkPoolName(check: Check, of: Obj, field: Field): void {
  const name = requireText(check, of, field, 'name')
  if (name === '') return
  const place = child(field, 'name')
  if (countBytes(name) > POOL_LIMIT) tooLong(check, place, POOL_LIMIT)
  for (const part of name.split('/')) invalids(check, place, part, checkDns1123Subdomain(part))
}

/** `validateQualifiedName`: an identifier, after a domain or alone. */
export function checkAttributeName(check: Check, name: string, field: Field): void {
  const slash = name.indexOf('/')
  if (slash < 0) checkIdentifier(check, name, field)
  else if (slash === name.lastIndexOf('/')) {
    const domain = name.slice(0, slash)
    const own = name.slice(slash + 1)
    if (domain === '') invalid(check, field, '', 'the domain must not be empty')
    else checkDriverText(check, domain, field)
    if (own === '') invalid(check, field, '', 'the name must not be empty')
    else checkIdentifier(check, own, field)
  }
}

/** `validateFullyQualifiedName`. */
export function checkFullAttributeName(check: Check, name: string, field: Field): void {
  checkAttributeName(check, name, field)
  if (!name.includes('/'))
    invalid(
      check,
      field,
      name,
      check.minor >= 35
        ? 'a fully qualified name must be a domain and a name separated by a slash'
        : 'must include a domain',
    )
}

function checkIdentifier(check: Check, id: string, field: Field): void {
  if (countBytes(id) > ID_LIMIT) tooLong(check, field, ID_LIMIT)
  invalids(check, field, id, checkCIdentifier(id))
}

/** `fldPath.Key` with the middle of a long key cut out (`truncateIfTooLong`). */
export function shortKey(parent: Field, name: string, limit: number): Field {
  if (name.length <= limit) return key(parent, name)
  const left = limit - 3
  const cut = `${name.slice(0, Math.floor((left + 1) / 2))}...${name.slice(-Math.floor(left / 2))}`
  return renamedKey(parent, cut, name)
}

const EFFECTS = ['NoExecute', 'NoSchedule', 'None']

/** Effects of taints and of tolerations; a toleration may have none. */
export function checkDeviceEffect(check: Check, of: Obj, field: Field): void {
  const effects = check.minor >= 36 ? EFFECTS : EFFECTS.slice(0, 2)
  checkEnum(check, of, { field, name: 'effect' }, effects)
}
