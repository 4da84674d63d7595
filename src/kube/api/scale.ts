/** Replicas of custom resources that can be scaled: `ValidateScaleSpec` and `ValidateScaleStatus`. */
import type { ScalePaths } from '../schema/crd.ts'
import { formatGo, type GoMap, type GoValue, goField, isGoList, isGoMap } from '../schema/go-value.ts'
import { type Check, descend, type Field, invalid, ROOT, renamed } from './field.ts'

const MAX_INT32 = 2n ** 31n - 1n

export function checkScale(check: Check, value: GoMap, scale: ScalePaths): void {
  checkReplicas(check, value, scale.specReplicas)
  checkReplicas(check, value, scale.statusReplicas)
  if (scale.labelSelector === undefined) return
  const found = findNested(value, scale.labelSelector, 'string')
  if (typeof found === 'object') invalid(check, fieldAt(scale.labelSelector), '', found.fault)
}

function checkReplicas(check: Check, value: GoMap, path: string): void {
  const found = findNested(value, path, 'int64')
  if (found === undefined || typeof found === 'string') return
  const field = fieldAt(path)
  if (typeof found === 'object') invalid(check, field, 0, found.fault)
  else if (found < 0n) invalid(check, field, Number(found), 'should be a non-negative integer')
  else if (found > MAX_INT32)
    invalid(check, field, Number(found), `should be less than or equal to ${MAX_INT32}`)
}

/** The server prints the path as it stands in the definition, dot in front included. */
const fieldAt = (path: string): Field => {
  const steps = namesOf(path)
  const last = steps.at(-1)!
  const above = descend(ROOT, ...steps.slice(0, -1))
  return { ...renamed(above, path, last), parent: hide(above) }
}

const hide = (field: Field | undefined): Field | undefined =>
  field && { ...field, shown: undefined, parent: hide(field.parent) }

const namesOf = (path: string): string[] => path.replace(/^\./, '').split('.')

/** `unstructured.NestedInt64`, `NestedString`: undefined where nothing is. */
function findNested(
  map: GoMap,
  path: string,
  type: 'int64' | 'string',
): bigint | string | { readonly fault: string } | undefined {
  const names = namesOf(path)
  let at: GoValue | undefined = map
  for (const [depth, name] of names.entries()) {
    if (at === null) return undefined
    if (!isGoMap(at)) return fault(names.slice(0, depth + 1), at!, 'map[string]interface{}')
    at = goField(at, name)
    if (at === undefined) return undefined
  }
  if (type === 'int64' ? typeof at === 'bigint' : typeof at === 'string') return at as bigint | string
  return fault(names, at!, type)
}

const fault = (names: readonly string[], value: GoValue, expected: string): { readonly fault: string } => ({
  fault: `.${names.join('.')} accessor error: ${formatGo(value)} is of the type ${goTypeOf(value)}, expected ${expected}`,
})

/** `%T`. */
function goTypeOf(value: GoValue): string {
  if (value === null) return '<nil>'
  if (isGoList(value)) return '[]interface {}'
  if (isGoMap(value)) return 'map[string]interface {}'
  if (typeof value === 'bigint') return 'int64'
  if (typeof value === 'number') return 'float64'
  return typeof value === 'boolean' ? 'bool' : 'string'
}
