/** What is gathered while a value is judged, and what about. */
import type { Fault, Keyword, Place } from './fault.ts'
import type { GoValue } from './go-value.ts'
import type { SchemaProblemCode } from './problem.ts'
import type { Structural } from './structural.ts'

/** What is gathered about one value, with how many checks came that far. */
export interface Judgement {
  readonly faults: Fault[]
  matched: number
}

export interface Subject {
  readonly minor: number
  readonly schema: Structural
  readonly place: Place | undefined
  /** What was stored in this place; undefined for a new object and where no old value corresponds. */
  readonly old: GoValue | undefined
  readonly form: Form
}

/**
 * Objects are judged by the schema that is served: an int-or-string has two types, and formats count where the server
 * enforces them. Defaults are judged by the schema as it is written, where neither is so.
 */
export type Form = 'served' | 'written'

export interface FaultWords {
  readonly code: SchemaProblemCode
  readonly keyword: Keyword
  readonly value: Fault['value']
}

export function addFault(judgement: Judgement, { place }: Subject, found: GoValue, words: FaultWords): void {
  judgement.faults.push({ ...words, place, found })
}
