/** CustomResourceDefinitions: `apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go`. */
import { checkDns1035Label, checkDns1123Subdomain, countBytes } from '../values/names.ts'
import { checkGroup, checkNames, checkOneOf, namesOf } from './definition-names.ts'
import { toInternalSchema } from './definition-node.ts'
import { type Parts, type SharedParts, shareParts } from './definition-parts.ts'
import { listUnusualSchemas } from './definition-survey.ts'
import { checkParts, checkSelectableFields } from './definition-versions.ts'
import {
  type Check,
  child,
  descend,
  type Field,
  forbidden,
  hidden,
  index,
  invalid,
  key,
  ROOT,
  renamed,
  required,
} from './field.ts'
import { IMMUTABLE } from './field-checks.ts'
import { asStruct } from './go-struct.ts'
import { quote } from './go-text.ts'
import { checkObjectMetadata } from './metadata.ts'
import {
  has,
  isObj,
  isSet,
  isTrue,
  type Obj,
  object,
  objects,
  text,
  texts,
  toObject,
  toText,
} from './object.ts'
import { checkClientConfig, isAbsoluteUrl } from './webhook-client.ts'

/** `ValidateCustomResourceDefinition`, `ValidateCustomResourceDefinitionUpdate`. */
export function checkDefinition(check: Check, of: Obj, old: Obj | undefined): void {
  // Servers since 1.22 do not take definitions of v1beta1, which have another form.
  if (text(of, 'apiVersion') !== 'apiextensions.k8s.io/v1') return
  const spec = object(of, 'spec')
  const field = child(ROOT, 'spec')
  const wanted = `${namesOf(spec).plural}.${text(spec, 'group')}`
  checkObjectMetadata(check, of, old, {
    namespaced: false,
    generation: 'reset',
    checkName: name => [
      ...checkDns1123Subdomain(name),
      ...(name === wanted ? [] : ['must be spec.names.plural+"."+spec.group']),
    ],
  })
  checkSpec(check, spec, field)
  if (old) checkImmutable(check, spec, object(old, 'spec'), field)
  checkStoredVersions(check, spec, old)
  checkApproval(check, of, old)
  const keepsUnknown = isTrue(spec, 'preserveUnknownFields')
  if (keepsUnknown && !(old && isTrue(object(old, 'spec'), 'preserveUnknownFields')))
    invalid(
      check,
      child(field, 'preserveUnknownFields'),
      true,
      'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
    )
}

/** `validateCustomResourceDefinitionSpec`. */
function checkSpec(check: Check, spec: Obj, field: Field): void {
  const versions = objects(spec, 'versions')
  const parts = shareParts(versions, field)
  checkGroup(check, spec, field)
  requireSchemas(check, parts, field)
  if (isTrue(spec, 'preserveUnknownFields') && versions.some(hasDefaults))
    invalid(
      check,
      child(field, 'preserveUnknownFields'),
      true,
      'must be false in order to use defaults in the schema',
    )
  for (const [at, version] of versions.entries())
    checkVersion(check, version, { parts, at }, index(child(field, 'versions'), at))
  checkVersionList(check, spec, parts, field)
  checkNames(check, spec, field)
  const isStatusAnywhere = [parts.shared, ...parts.own].some(hasStatus)
  checkParts(check, parts.shared, isStatusAnywhere ? 'with status' : 'without status')
  checkSelectableFields(check, parts.shared, field, 'all versions')
  checkConversion(check, spec, field)
}

/** Every version has a schema. */
function requireSchemas(check: Check, { shared, own }: SharedParts, field: Field): void {
  if (schemaOf(shared)) return
  for (const [at, it] of own.entries())
    if (!schemaOf(it))
      required(check, descend(index(child(field, 'versions'), at), 'schema', 'openAPIV3Schema'))
}

const schemaOf = ({ validation }: Parts): Obj | undefined =>
  validation && toObject(validation.value, 'openAPIV3Schema')

const hasStatus = ({ subresources }: Parts): boolean =>
  subresources !== undefined && isObj(subresources.value.status)

const hasDefaults = (version: Obj): boolean => {
  const schema = toObject(object(version, 'schema'), 'openAPIV3Schema')
  return schema !== undefined && listUnusualSchemas(schema).some(it => isSet(it, 'default'))
}

/** Name, deprecation and what a version does not share. */
function checkVersion(
  check: Check,
  version: Obj,
  { parts, at }: { readonly parts: SharedParts; readonly at: number },
  field: Field,
): void {
  const name = text(version, 'name')
  const faults = checkDns1035Label(name)
  if (faults.length > 0) invalid(check, child(field, 'name'), name, faults.join(','))
  const warning = toText(version, 'deprecationWarning')
  if (warning !== undefined)
    for (const fault of listWarningFaults(warning, isTrue(version, 'deprecated')))
      invalid(check, child(field, 'deprecationWarning'), warning, fault)
  const own = parts.own[at]!
  const status = hasStatus(own) || hasStatus(parts.shared)
  checkParts(check, own, status ? 'with status' : 'without status')
  checkSelectableFields(check, own, field, 'one version')
}

/** `validateDeprecationWarning`. */
function listWarningFaults(warning: string, isDeprecated: boolean): string[] {
  if (!isDeprecated) return ['can only be set for deprecated versions']
  const faults: string[] = []
  if (countBytes(warning) > 256) faults.push('must be <= 256 characters long')
  if (warning === '') faults.push('must not be an empty string')
  let at = 0
  for (const char of warning) {
    if (!PRINTABLE.test(char)) {
      const detail = `non-printable character found at index ${at}`
      faults.push(`must only contain printable UTF-8 characters; ${detail}`)
      break
    }
    at += countBytes(char)
  }
  return faults
}

/** `unicode.IsPrint`. */
const PRINTABLE = /[ \p{L}\p{M}\p{N}\p{P}\p{S}]/u

/** What must hold of the versions together. */
function checkVersionList(check: Check, spec: Obj, parts: SharedParts, field: Field): void {
  const versions = objects(spec, 'versions')
  const names = versions.map(it => text(it, 'name'))
  const shown = asStruct(
    '[]CustomResourceDefinitionVersion',
    Array.isArray(spec.versions) ? versions.map((it, at) => toInternalVersion(it, parts.own[at]!)) : null,
  )
  const place = child(field, 'versions')
  if (new Set(names).size < names.length) invalid(check, place, shown, 'must contain unique version names')
  if (versions.filter(it => isTrue(it, 'storage')).length !== 1)
    invalid(check, place, shown, 'must have exactly one version marked as storage version')
  const first = names[0] ?? ''
  const faults = first === '' ? [] : checkDns1035Label(first)
  if (faults.length > 0) invalid(check, versionField(field), first, faults.join(','))
}

/** The first version is the version of old definitions. */
const versionField = (spec: Field): Field => renamed(hidden(hidden(spec, 'versions'), 0), 'version', 'name')

function toInternalVersion(version: Obj, own: Parts): Obj {
  const schema = schemaOf(own)
  return {
    ...version,
    schema: own.validation && { openAPIV3Schema: schema && toInternalSchema(schema) },
    subresources: own.subresources?.value,
    additionalPrinterColumns: own.columns.value.length > 0 ? own.columns.value : null,
    selectableFields: own.selectable.value.length > 0 ? own.selectable.value : null,
  }
}

/** `validateCustomResourceConversion`: the server has one place for what v1 calls `webhook`. */
function checkConversion(check: Check, spec: Obj, field: Field): void {
  const conversion = toObject(spec, 'conversion')
  if (!conversion) return
  const place = child(field, 'conversion')
  const strategy = text(conversion, 'strategy')
  if (strategy !== 'None' && isTrue(spec, 'preserveUnknownFields'))
    invalid(check, child(place, 'strategy'), strategy, 'must be None if spec.preserveUnknownFields is true')
  checkOneOf(check, strategy, child(place, 'strategy'), ['None', 'Webhook'])
  const webhook = object(conversion, 'webhook')
  const config = toObject(webhook, 'clientConfig')
  const inner = hidden(place, 'webhook')
  const configPlace = renamed(inner, 'webhookClientConfig', 'clientConfig')
  const versionsPlace = child(inner, 'conversionReviewVersions')
  if (strategy === 'Webhook') {
    if (config) checkClientConfig(check, config, configPlace)
    else required(check, configPlace, 'required when strategy is set to Webhook')
    checkReviewVersions(check, texts(webhook, 'conversionReviewVersions'), versionsPlace)
    return
  }
  const detail = 'should not be set when strategy is not set to Webhook'
  if (config) forbidden(check, configPlace, detail)
  if (texts(webhook, 'conversionReviewVersions').length > 0) forbidden(check, versionsPlace, detail)
}

/** `validateConversionReviewVersions`. */
function checkReviewVersions(check: Check, versions: readonly string[], field: Field): void {
  if (versions.length === 0) {
    required(check, field)
    return
  }
  for (const [at, it] of versions.entries()) {
    if (versions.indexOf(it) < at) invalid(check, index(field, at), it, 'duplicate version')
    else for (const fault of checkDns1035Label(it)) invalid(check, index(field, at), it, fault)
  }
  if (!versions.includes('v1') && !versions.includes('v1beta1'))
    invalid(check, field, versions, 'must include at least one of v1, v1beta1')
}

/** The definition is taken for established, so that its kind and scope are settled. */
function checkImmutable(check: Check, spec: Obj, old: Obj, field: Field): void {
  const keep = (place: Field, now: string, before: string): void => {
    if (now !== before) invalid(check, place, now, IMMUTABLE)
  }
  const names = child(field, 'names')
  keep(child(field, 'scope'), text(spec, 'scope'), text(old, 'scope'))
  keep(child(names, 'kind'), namesOf(spec).kind, namesOf(old).kind)
  keep(child(field, 'group'), text(spec, 'group'), text(old, 'group'))
  keep(child(names, 'plural'), namesOf(spec).plural, namesOf(old).plural)
}

/** `ValidateCustomResourceDefinitionStoredVersions`: the server records the version that it stores first. */
function checkStoredVersions(check: Check, spec: Obj, old: Obj | undefined): void {
  // The server fills in the status from the versions.
  const field = renamed(renamed(ROOT, 'status', 'spec'), 'storedVersions', 'versions')
  const storage = storageOf(spec)
  const recorded = old ? texts(object(old, 'status'), 'storedVersions') : []
  const before = old && recorded.length === 0 ? storageOf(object(old, 'spec')).slice(0, 1) : recorded
  const stored = [...new Set([...before, ...storage.slice(0, 1)])]
  if (stored.length === 0) {
    invalid(check, field, null, 'must have at least one stored version')
    return
  }
  for (const name of storage)
    if (!stored.includes(name)) invalid(check, field, stored, `must have the storage version ${name}`)
  const names = new Set(objects(spec, 'versions').map(it => text(it, 'name')))
  for (const [at, name] of stored.entries())
    if (!names.has(name))
      invalid(
        check,
        renamedIndex(field, at),
        name,
        `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`,
      )
}

const renamedIndex = (field: Field, at: number): Field => ({ ...index(field, at), step: undefined })

const storageOf = (spec: Obj): string[] =>
  objects(spec, 'versions')
    .filter(it => isTrue(it, 'storage'))
    .map(it => text(it, 'name'))

const APPROVED = 'api-approved.kubernetes.io'
const PROTECTED = /(?:^|\.)(?:k8s|kubernetes)\.io$/

/** `validateAPIApproval`: groups of the community have their definitions approved. */
function checkApproval(check: Check, of: Obj, old: Obj | undefined): void {
  if (!PROTECTED.test(text(object(of, 'spec'), 'group'))) return
  const approval = approvalOf(of)
  if (
    old &&
    isApproved(approvalOf(old)) === isApproved(approval) &&
    (approval === '') === (approvalOf(old) === '')
  )
    return
  const field = key(descend(ROOT, 'metadata', 'annotations'), APPROVED)
  const see = 'see https://github.com/kubernetes/enhancements/pull/1111'
  const demand = `protected groups must have approval annotation ${quote(APPROVED)}`
  if (approval === '') required(check, field, `${demand}, ${see}`)
  else if (!isApproved(approval))
    invalid(
      check,
      field,
      approval,
      `${demand} with either a URL or a reason starting with "unapproved", ${see}`,
    )
}

function approvalOf(of: Obj): string {
  const annotations = object(object(of, 'metadata'), 'annotations')
  return has(annotations, APPROVED) ? text(annotations, APPROVED) : ''
}

const isApproved = (approval: string): boolean => approval.startsWith('unapproved') || isAbsoluteUrl(approval)
