/**
 * Paths and errors as `apimachinery/pkg/util/validation/field` makes them: a cause has the server's text for the field,
 * with its quirks, and beside it the real path into the document.
 */
import type { Path } from '../../yaml/json.ts'
import type { Faults } from '../values/names.ts'
import type { OpenScope } from './expressions.ts'
import { formatBadValue } from './go-text.ts'
import type { Obj } from './object.ts'

/** One step of a path, linked to the step above. */
export interface Field {
  readonly parent: Field | undefined
  /** What the server prints for this step; undefined when it leaves the step out. */
  readonly shown: string | undefined
  /** A child is joined by a dot, an index or key stands in brackets. */
  readonly bracketed: boolean
  /** The step in the document; undefined when the server's text has one that the document lacks. */
  readonly step: string | number | undefined
}

/** The object itself. The server prints its path as `<nil>`. */
export const ROOT: Field = { parent: undefined, shown: undefined, bracketed: false, step: undefined }

/** `Path.Child`. */
export const child = (parent: Field, name: string): Field => ({
  parent,
  shown: name,
  bracketed: false,
  step: name,
})
/** `Path.Index`. */
export const index = (parent: Field, at: number): Field => ({
  parent,
  shown: String(at),
  bracketed: true,
  step: at,
})
/** `Path.Key`. */
export const key = (parent: Field, name: string): Field => ({
  parent,
  shown: name,
  bracketed: true,
  step: name,
})
/** A step of the document that the server leaves out of its text. */
export const hidden = (parent: Field, step: string | number): Field => ({
  parent,
  shown: undefined,
  bracketed: false,
  step,
})
/** A step under another name than the document's; without one, a name for nothing. */
export const renamed = (parent: Field, shown: string, step?: string | number): Field => ({
  parent,
  shown,
  bracketed: false,
  step,
})
/** An index or key that the document does not have, or has elsewhere. */
export const renamedKey = (parent: Field, shown: string, step?: string | number): Field => ({
  parent,
  shown,
  bracketed: true,
  step,
})
/** Several children, one below the other. */
export function descend(parent: Field, ...names: readonly string[]): Field {
  let field = parent
  for (const name of names) field = child(field, name)
  return field
}

/** `field.Path.String`. */
export function formatField(field: Field): string {
  let text = ''
  let steps = false
  for (let at: Field | undefined = field; at; at = at.parent) {
    if (at.shown === undefined) continue
    steps = true
    const rest = text === '' || text.startsWith('[') ? text : `.${text}`
    text = at.bracketed ? `[${at.shown}]${rest}` : `${at.shown}${rest}`
  }
  return steps ? text : '<nil>'
}

/** The way into the document. */
export function toPath(field: Field): Path {
  const path: (string | number)[] = []
  for (let at: Field | undefined = field; at; at = at.parent) if (at.step !== undefined) path.push(at.step)
  return path.reverse()
}

export type Reason =
  | 'FieldValueInvalid'
  | 'FieldValueRequired'
  | 'FieldValueNotSupported'
  | 'FieldValueForbidden'
  | 'FieldValueNotFound'
  | 'FieldValueDuplicate'
  | 'FieldValueTypeInvalid'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'InternalError'

/** One reason for which the server refuses an object. */
export interface Cause {
  readonly reason: Reason
  /** The server's text for the place. */
  readonly field: string
  /** Where it is in the document; may name what is absent. */
  readonly path: Path
  /** The server's words, without the field: `Invalid value: "x": must be …`. */
  readonly message: string
}

/** What one verdict is about and gathers. */
export interface Check {
  /** Minor of the server: 36. */
  readonly minor: number
  readonly causes: Cause[]
  readonly warnings: string[]
  readonly cluster: Cluster
  /** Without it expressions of CEL are not compiled. */
  readonly openScope?: OpenScope
  /** Compiles the rules in CEL that a schema of a definition has (`definition-rules.ts`), where that is loaded. */
  readonly checkSchemaRules?: CheckSchemaRules
}

export type CheckSchemaRules = (check: Check, schema: Obj, field: Field) => void

/** What the verdict on an object takes from the cluster it goes to. Nothing is assumed of what is left out. */
export interface Cluster {
  /** Families that Services may have; a cluster with one of them refuses the other. */
  readonly serviceFamilies?: readonly string[]
  /** Of the namespace that the object goes to. */
  readonly namespaceLabels?: Readonly<Record<string, unknown>>
}

/** Nobody reads more, and hostile objects have a fault in each of their million items. */
const MOST_CAUSES = 1000
/** The server prints whole lists for each of their items. */
const LONGEST_VALUE = 0x10000

/** A cause in words of its own; the functions below word it as those of `field.Error` do. */
export function addCause(check: Check, reason: Reason, field: Field, message: string): void {
  if (isFull(check)) return
  check.causes.push({ reason, field: formatField(field), path: toPath(field), message })
}

const isFull = (check: Check): boolean => check.causes.length >= MOST_CAUSES

function formatShown(value: unknown): string {
  if (typeof value !== 'object' || value === null) return shorten(formatBadValue(value))
  const known = shown.get(value) ?? shorten(formatBadValue(value))
  shown.set(value, known)
  return known
}

/** A list is formatted once, however many of its items are at fault. */
const shown = new WeakMap<object, string>()

const shorten = (text: string): string =>
  text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text

const withDetail = (message: string, detail: string): string =>
  detail === '' ? message : `${message}: ${detail}`

/** `field.Required`. */
export function required(check: Check, field: Field, detail = ''): void {
  addCause(check, 'FieldValueRequired', field, withDetail('Required value', detail))
}

/** `field.Forbidden`. */
export function forbidden(check: Check, field: Field, detail: string): void {
  addCause(check, 'FieldValueForbidden', field, withDetail('Forbidden', detail))
}

/** `field.Invalid`. */
export function invalid(check: Check, field: Field, value: unknown, detail: string): void {
  if (isFull(check)) return
  addCause(check, 'FieldValueInvalid', field, withDetail(`Invalid value: ${formatShown(value)}`, detail))
}

/** One cause for each fault of a value. */
export function invalids(check: Check, field: Field, value: unknown, faults: Faults): void {
  for (const fault of faults) invalid(check, field, value, fault)
}

/** `field.NotSupported`. */
export function notSupported(check: Check, field: Field, value: unknown, supported: readonly string[]): void {
  if (isFull(check)) return
  const list = supported.map(formatBadValue).join(', ')
  const detail = list === '' ? '' : `supported values: ${list}`
  addCause(
    check,
    'FieldValueNotSupported',
    field,
    withDetail(`Unsupported value: ${formatShown(value)}`, detail),
  )
}

/** `field.Duplicate`. */
export function duplicate(check: Check, field: Field, value: unknown, detail = ''): void {
  if (isFull(check)) return
  const message = withDetail(`Duplicate value: ${formatShown(value)}`, detail)
  addCause(check, 'FieldValueDuplicate', field, message)
}

/** `field.NotFound`. */
export function notFound(check: Check, field: Field, value: unknown, detail = ''): void {
  addCause(check, 'FieldValueNotFound', field, withDetail(`Not found: ${formatShown(value)}`, detail))
}

/** `field.TooLong`. */
export function tooLong(check: Check, field: Field, limit: number): void {
  addCause(check, 'FieldValueTooLong', field, `Too long: may not be more than ${limit} bytes`)
}

/** `field.TooMany`. */
export function tooMany(check: Check, field: Field, actual: number, limit: number): void {
  addCause(check, 'FieldValueTooMany', field, `Too many: ${actual}: must have at most ${limit} items`)
}

/** More than this the server cannot send: see `warning-limit.ts`. */
const MOST_WARNINGS = 4096

export const isFullOfWarnings = (check: Check): boolean => check.warnings.length >= MOST_WARNINGS

/** A warning that names the field. */
export function warn(check: Check, field: Field, message: string): void {
  if (!isFullOfWarnings(check)) check.warnings.push(`${formatField(field)}: ${message}`)
}
