/** Equality as the server sees it when it compares an update with what is stored (`apiequality.Semantic`). */
import { isObj } from './object.ts'

/** Null, absent, an empty list and an empty map are all the same; so are an absent field and a null one. */
export function isSame(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (isNothing(left) || isNothing(right)) return isNothing(left) && isNothing(right)
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((it, at) => isSame(it, right[at]))
  if (!isObj(left) || !isObj(right)) return false
  for (const name of Object.keys(left))
    if (!isSame(left[name], own(right, name)) && !isZero(name, left[name], own(right, name))) return false
  for (const name of Object.keys(right))
    if (!Object.hasOwn(left, name) && !isNothing(right[name]) && !isZero(name, undefined, right[name]))
      return false
  return true
}

/** Fields that are maps in Go, of which an empty one equals none; an empty struct does not. */
const MAPS: ReadonlySet<string> = new Set([
  'annotations',
  'labels',
  'limits',
  'matchLabels',
  'nodeSelector',
  'overhead',
  'parameters',
  'requests',
  'volumeAttributes',
])

/** Fields that are no pointers in Go, so that false equals none. */
const FLAGS: ReadonlySet<string> = new Set([
  'hostIPC',
  'hostNetwork',
  'hostPID',
  'readOnly',
  'stdin',
  'stdinOnce',
  'tty',
])

/** Texts and numbers that are no pointers in Go, so that an empty one and 0 equal none. */
const PLAIN: ReadonlySet<string> = new Set([
  'hostIP',
  'hostPort',
  'hostname',
  'priorityClassName',
  'serviceAccountName',
  'subPath',
  'subPathExpr',
  'subdomain',
  'value',
  'workingDir',
])

const isZero = (name: string, left: unknown, right: unknown): boolean =>
  isEmptyMap(name, left, right) ||
  (FLAGS.has(name) && left !== true && right !== true) ||
  (PLAIN.has(name) && !left && !right)

const isEmptyMap = (name: string, left: unknown, right: unknown): boolean =>
  MAPS.has(name) && hasNoKeys(left) && hasNoKeys(right)

const hasNoKeys = (value: unknown): boolean =>
  value === undefined || value === null || (isObj(value) && Object.keys(value).length === 0)

const own = (of: Readonly<Record<string, unknown>>, name: string): unknown =>
  Object.hasOwn(of, name) ? of[name] : undefined

const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || (Array.isArray(value) && value.length === 0)
