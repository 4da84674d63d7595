/** What a value of a custom resource breaks of its schema, and where. */
import type { Json, Path } from '../../yaml/json.ts'
import type { GoValue } from './go-value.ts'
import type { SchemaProblemCode } from './problem.ts'

/** A step from the judged value down to another. */
export interface Place {
  readonly above: Place | undefined
  readonly step: string | number
  /** A field that the schema names, or one of the further fields (`additionalProperties`). */
  readonly form: 'named' | 'further' | 'item'
}

export interface Fault {
  readonly code: SchemaProblemCode
  readonly keyword: Keyword
  /** The keyword's argument, or what else the words need. */
  readonly value: Json
  /** Undefined for the judged value itself. */
  readonly place: Place | undefined
  readonly found: GoValue
  /** Of a combining keyword: the faults of the branch that got furthest, of `allOf` those of all branches. */
  readonly inner?: readonly Fault[]
}

export type Keyword =
  | 'type'
  | 'enum'
  | 'required'
  | 'additionalProperties'
  | 'format'
  | 'pattern'
  | 'minLength'
  | 'maxLength'
  | 'minimum'
  | 'maximum'
  | 'exclusiveMinimum'
  | 'exclusiveMaximum'
  | 'multipleOf'
  | 'positiveFactor'
  | 'numberFormat'
  | 'minItems'
  | 'maxItems'
  | 'minProperties'
  | 'maxProperties'
  | 'allOf'
  | 'anyOf'
  | 'oneOf'
  | 'not'
  | 'duplicate'
  | 'listMapItem'

export function pathOf(place: Place | undefined): Path {
  const path: (string | number)[] = []
  for (let at = place; at; at = at.above) path.push(at.step)
  return path.reverse()
}

/**
 * `spec.map.a b[0]`: how kube-openapi names a place, keys of any form after a dot. Only a field that the schema of the
 * judged value itself names comes without one.
 */
export function nameOf(place: Place | undefined): string {
  if (!place) return ''
  const above = nameOf(place.above)
  if (place.form === 'item') return `${above}[${place.step}]`
  return above === '' && place.form === 'named' ? String(place.step) : `${above}.${place.step}`
}
