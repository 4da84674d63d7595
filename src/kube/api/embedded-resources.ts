/** Objects inside of custom resources: `apiextensions-apiserver/pkg/apiserver/schema/objectmeta/validation.go`. */
import { internKey } from '../../yaml/keys.ts'
import { childOf } from '../schema/defaulting.ts'
import { type GoMap, type GoValue, goField, isGoList, isGoMap, toPlain } from '../schema/go-value.ts'
import type { Structural } from '../schema/structural.ts'
import { checkDns1035Label, checkPathSegment, type Faults, NO_FAULTS } from '../values/names.ts'
import { type Check, child, type Field, index, invalid, key, required } from './field.ts'
import { checkMetadata, type MetadataRules } from './metadata.ts'
import { object } from './object.ts'

/** The name may be left out, and stands in a URL when it is there. */
const EMBEDDED: MetadataRules = { namespaced: true, checkName: checkPathSegment, name: 'optional' }

/** Checks type and metadata of every embedded object in a value with defaults filled in. */
export function checkEmbedded(check: Check, schema: Structural, value: GoValue, field: Field): void {
  if (isGoList(value)) {
    const { items } = schema
    if (items) for (const [at, it] of value.entries()) checkEmbedded(check, items, it, index(field, at))
  } else if (isGoMap(value)) {
    if (schema.isEmbedded) checkEmbeddedObject(check, value, field)
    for (const [name, it] of Object.entries(value)) {
      const id = internKey(name)
      const further = childOf(schema, id)
      if (further)
        checkEmbedded(check, further, it, schema.fields.has(id) ? child(field, name) : key(field, name))
    }
  }
}

/** `validateEmbeddedResource`. */
function checkEmbeddedObject(check: Check, map: GoMap, field: Field): void {
  checkTypeText(check, map, child(field, 'apiVersion'), findVersionFaults)
  checkTypeText(check, map, child(field, 'kind'), findKindFaults)
  if (Object.hasOwn(map, 'metadata'))
    checkMetadata(
      check,
      object({ metadata: toPlain(map.metadata!) }, 'metadata'),
      child(field, 'metadata'),
      EMBEDDED,
    )
}

function checkTypeText(check: Check, map: GoMap, field: Field, findFaults: (text: string) => Faults): void {
  const value = goField(map, String(field.step))
  if (value === undefined) required(check, field)
  else if (typeof value !== 'string') invalid(check, field, toPlain(value), 'must be a string')
  else if (value === '') invalid(check, field, value, 'must not be empty')
  else for (const fault of findFaults(value)) invalid(check, field, value, fault)
}

/** `schema.ParseGroupVersion`. */
const findVersionFaults = (text: string): Faults =>
  text !== '/' && text.split('/').length > 2 ? [`unexpected GroupVersion string: ${text}`] : NO_FAULTS

function findKindFaults(text: string): Faults {
  const faults = checkDns1035Label(text.toLowerCase())
  return faults.length === 0
    ? NO_FAULTS
    : [`may have mixed case, but should otherwise match: ${faults.join(',')}`]
}
