/** Names of custom resources: `ValidateCustomResourceDefinitionNames`, group and scope. */
import { checkDns1035Label, checkDns1123Subdomain } from '../values/names.ts'
import { type Check, child, type Field, index, invalid, notSupported, required } from './field.ts'
import { type Obj, object, text, texts } from './object.ts'

/** Names of a definition, defaults filled in (`SetDefaults_CustomResourceDefinitionSpec`). */
export interface DefinedNames {
  readonly plural: string
  readonly singular: string
  readonly kind: string
  readonly listKind: string
}

export function namesOf(spec: Obj): DefinedNames {
  const names = object(spec, 'names')
  const kind = text(names, 'kind')
  return {
    plural: text(names, 'plural'),
    singular: text(names, 'singular') || kind.toLowerCase(),
    kind,
    listKind: text(names, 'listKind') || (kind === '' ? '' : `${kind}List`),
  }
}

/** Group and scope. */
export function checkGroup(check: Check, spec: Obj, field: Field): void {
  const group = text(spec, 'group')
  const place = child(field, 'group')
  const faults = checkDns1123Subdomain(group)
  if (group === '') required(check, place)
  else if (faults.length > 0) invalid(check, place, group, faults.join(','))
  else if (!group.includes('.')) invalid(check, place, group, 'should be a domain with at least one dot')
  checkOneOf(check, text(spec, 'scope'), child(field, 'scope'), ['Cluster', 'Namespaced'])
}

/** `validateEnumStrings`. */
export function checkOneOf(check: Check, value: string, field: Field, accepted: readonly string[]): void {
  if (value === '') required(check, field)
  else if (!accepted.includes(value)) notSupported(check, field, value, accepted)
}

export function checkNames(check: Check, spec: Obj, field: Field): void {
  const names = namesOf(spec)
  const place = child(field, 'names')
  for (const name of ['plural', 'singular', 'kind', 'listKind'] as const)
    if (names[name] === '') required(check, child(place, name))
  const mixed = 'may have mixed case, but should otherwise match: '
  checkLabel(check, names.plural, child(place, 'plural'))
  checkLabel(check, names.singular, child(place, 'singular'))
  checkLabel(check, names.kind, child(place, 'kind'), mixed)
  checkLabel(check, names.listKind, child(place, 'listKind'), mixed)
  const given = object(spec, 'names')
  checkLabels(check, texts(given, 'shortNames'), child(place, 'shortNames'))
  if (names.kind !== '' && names.kind === names.listKind)
    invalid(check, child(place, 'listKind'), names.listKind, 'kind and listKind may not be the same')
  checkLabels(check, texts(given, 'categories'), child(place, 'categories'))
}

function checkLabel(check: Check, name: string, field: Field, mixed = ''): void {
  if (name === '') return
  const faults = checkDns1035Label(mixed === '' ? name : name.toLowerCase())
  if (faults.length > 0) invalid(check, field, name, mixed + faults.join(','))
}

function checkLabels(check: Check, names: readonly string[], field: Field): void {
  for (const [at, name] of names.entries()) {
    const faults = checkDns1035Label(name)
    if (faults.length > 0) invalid(check, index(field, at), name, faults.join(','))
  }
}
