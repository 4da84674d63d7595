/** Object metadata: `apimachinery/pkg/api/validation/objectmeta.go` and the finalizer names of the core API. */
import {
  checkDns1123Label,
  checkDns1123Subdomain,
  checkPathSegment,
  checkQualifiedName,
  countBytes,
  type Faults,
  maskTrailingDash,
} from '../values/names.ts'
import {
  type Check,
  child,
  type Field,
  forbidden,
  hidden,
  index,
  invalid,
  invalids,
  ROOT,
  required,
  tooLong,
} from './field.ts'
import { checkLabels, IMMUTABLE, lengthUnit, NOT_NEGATIVE } from './field-checks.ts'
import { asStruct } from './go-struct.ts'
import { isObj, isSet, isTrue, number, type Obj, object, text, texts } from './object.ts'
import { listOwners } from './owner-references.ts'

/** How names of a kind are checked, and whether its objects live in namespaces. */
export interface MetadataRules {
  readonly namespaced: boolean
  readonly checkName: (name: string, check: Check) => Faults
  /** Kinds of the core API take only standard finalizers without prefix. */
  readonly finalizers?: 'core' | 'any'
  /** The server sets the generation itself before it looks. */
  readonly generation?: 'reset'
  /** From this minor on the rule is declared beside the type, so that only the final name is looked at. */
  readonly declared?: number
  readonly name?: 'optional'
}

/** What most kinds in namespaces ask of their names, and most kinds outside of them. */
export const NAMESPACED: MetadataRules = {
  namespaced: true,
  checkName: checkDns1123Subdomain,
  finalizers: 'core',
}
export const CLUSTER: MetadataRules = {
  namespaced: false,
  checkName: checkDns1123Subdomain,
  finalizers: 'core',
}

const ANNOTATIONS_LIMIT = 256 * 1024
export const STANDARD_FINALIZERS: ReadonlySet<string> = new Set([
  'kubernetes',
  'orphan',
  'foregroundDeletion',
])

/** The name that an object gets: of `generateName` the server makes one before it looks (`SimpleNameGenerator`). */
export function finalName(metadata: Obj): string {
  const name = text(metadata, 'name')
  if (name !== '') return name
  const generated = text(metadata, 'generateName')
  return generated === '' ? '' : `${generated.slice(0, LONGEST_BASE)}xxxxx`
}

const LONGEST_BASE = 58

/** `ValidateObjectMeta`. */
export function checkMetadata(check: Check, metadata: Obj, field: Field, rules: MetadataRules): void {
  const generated = text(metadata, 'generateName')
  const isDeclared = rules.declared !== undefined && check.minor >= rules.declared
  if (generated !== '' && !isDeclared) {
    const faults = rules.checkName(maskTrailingDash(generated), check)
    invalids(check, child(field, 'generateName'), generated, faults)
  }
  const name = text(metadata, 'name')
  // The server makes a name of generateName before it looks.
  if (name === '') {
    if (generated === '' && rules.name !== 'optional')
      required(check, child(field, 'name'), 'name or generateName is required')
    if (generated !== '' && isDeclared)
      invalids(check, child(field, 'name'), finalName(metadata), rules.checkName(finalName(metadata), check))
  } else {
    const faults = rules.checkName(name, check)
    if (faults.length > 0) invalids(check, child(field, 'name'), name, faults)
  }
  // A namespace on a cluster-scoped object is cleared before validation.
  const namespace = text(metadata, 'namespace')
  if (rules.namespaced && namespace !== '')
    invalids(check, child(field, 'namespace'), namespace, checkDns1123Label(namespace))
  const generation = number(metadata, 'generation')
  if (generation < 0 && rules.generation !== 'reset')
    invalid(check, child(field, 'generation'), generation, NOT_NEGATIVE)
  const { labels, annotations } = metadata
  if (isObj(labels)) checkLabels(check, labels, child(field, 'labels'))
  if (isObj(annotations)) checkAnnotations(check, annotations, child(field, 'annotations'))
  checkOwners(check, metadata, field)
  checkFinalizers(check, metadata, field)
  if (rules.finalizers === 'core') checkCoreFinalizers(check, metadata, field)
}

/** `ValidateAnnotations`. */
export function checkAnnotations(check: Check, annotations: Obj, field: Field): void {
  let size = 0
  for (const name in annotations) {
    const value = annotations[name]
    size += name.length + (typeof value === 'string' ? value.length : 0)
    const faults = checkQualifiedName(name.toLowerCase(), lengthUnit(check))
    if (faults.length > 0) invalids(check, hidden(field, name), name, faults)
  }
  if (size * 3 > ANNOTATIONS_LIMIT && sizeOf(annotations) > ANNOTATIONS_LIMIT)
    tooLong(check, field, ANNOTATIONS_LIMIT)
}

function sizeOf(annotations: Obj): number {
  let size = 0
  for (const [name, value] of Object.entries(annotations))
    size += countBytes(name) + (typeof value === 'string' ? countBytes(value) : 0)
  return size
}

/** `ValidateOwnerReferences`: the server leaves the index out. */
function checkOwners(check: Check, metadata: Obj, field: Field): void {
  const owners = listOwners(metadata).kept
  if (owners.length === 0) return
  const list = child(field, 'ownerReferences')
  let controller = ''
  for (const [at, owner] of owners.entries()) {
    const place = hidden(list, at)
    checkOwner(check, owner, place)
    if (!isTrue(owner, 'controller')) continue
    const name = `${text(owner, 'kind')}/${text(owner, 'name')}`
    if (controller === '') controller = name
    else
      invalid(
        check,
        list,
        asStruct('[]OwnerReference', owners),
        `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${name}`,
      )
  }
}

function checkOwner(check: Check, owner: Obj, field: Field): void {
  const apiVersion = text(owner, 'apiVersion')
  const slash = apiVersion.indexOf('/')
  const isMalformed = apiVersion.indexOf('/', slash + 1) > slash && slash >= 0
  const version = isMalformed ? '' : apiVersion.slice(slash + 1)
  if (version === '') invalid(check, child(field, 'apiVersion'), apiVersion, 'version must not be empty')
  for (const name of ['kind', 'name', 'uid'])
    if (text(owner, name) === '') invalid(check, child(field, name), '', 'must not be empty')
  if (apiVersion === 'v1' && text(owner, 'kind') === 'Event')
    invalid(
      check,
      field,
      asStruct('OwnerReference', owner),
      '/v1, Kind=Event is disallowed from being an owner',
    )
}

/** `ValidateFinalizers`: the server leaves the index out. */
function checkFinalizers(check: Check, metadata: Obj, field: Field): void {
  const finalizers = texts(metadata, 'finalizers')
  if (finalizers.length === 0) return
  const list = child(field, 'finalizers')
  for (const [at, finalizer] of finalizers.entries())
    invalids(check, hidden(list, at), finalizer, checkQualifiedName(finalizer, lengthUnit(check)))
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion'))
    invalid(check, list, finalizers, 'finalizer orphan and foregroundDeletion cannot be both set')
}

/** `validateKubeFinalizerName`. */
function checkCoreFinalizers(check: Check, metadata: Obj, field: Field): void {
  for (const [at, finalizer] of texts(metadata, 'finalizers').entries())
    if (!finalizer.includes('/') && !STANDARD_FINALIZERS.has(finalizer))
      invalid(
        check,
        index(child(field, 'finalizers'), at),
        finalizer,
        'name is neither a standard finalizer name nor is it fully qualified',
      )
}

/** `ValidateTemplateObjectMeta`: claim templates carry labels and annotations, nothing else. */
export function checkTemplateMetadata(check: Check, metadata: Obj, field: Field): void {
  checkAnnotations(check, object(metadata, 'annotations'), child(field, 'annotations'))
  checkLabels(check, object(metadata, 'labels'), child(field, 'labels'))
  for (const name of TEMPLATE_FORBIDDEN)
    if (!isZero(metadata[name])) forbidden(check, nameInTemplate(field, name), 'cannot be set')
}

const isZero = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || value === 0

const TEMPLATE_FORBIDDEN: readonly string[] = [
  'name',
  'generateName',
  'namespace',
  'selfLink',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'ownerReferences',
  'finalizers',
  'managedFields',
]

/** The server prints Go's `UID` with a small first letter. */
const nameInTemplate = (field: Field, name: string): Field =>
  name === 'uid' ? { parent: field, shown: 'uID', bracketed: false, step: name } : child(field, name)

/** Checks the metadata of a new object, or of an update to an old one. */
export function checkObjectMetadata(check: Check, of: Obj, old: Obj | undefined, rules: MetadataRules): void {
  const field = child(ROOT, 'metadata')
  if (old) checkMetadataUpdate(check, of, old, rules)
  else checkMetadata(check, object(of, 'metadata'), field, rules)
}

/** `ValidateObjectMetaUpdate`: what names an object stays, the rest is looked at again. */
export function checkMetadataUpdate(check: Check, of: Obj, old: Obj, rules: MetadataRules): void {
  const field = child(ROOT, 'metadata')
  const metadata = object(of, 'metadata')
  const before = object(old, 'metadata')
  for (const name of rules.namespaced ? ['name', 'namespace'] : ['name'])
    if (text(metadata, name) !== text(before, name))
      invalid(check, child(field, name), text(metadata, name), IMMUTABLE)
  const { labels, annotations } = metadata
  if (isObj(labels)) checkLabels(check, labels, child(field, 'labels'))
  if (isObj(annotations)) checkAnnotations(check, annotations, child(field, 'annotations'))
  checkOwners(check, metadata, field)
  if (rules.finalizers === 'core') checkCoreFinalizers(check, metadata, field)
}

/** What the store asks of every update, before the kind is asked (`rest.validateCommonFields`). */
export function checkStoredUpdate(check: Check, of: Obj): void {
  const field = child(ROOT, 'metadata')
  const metadata = object(of, 'metadata')
  checkMetadata(check, metadata, field, {
    namespaced: false,
    checkName: checkPathSegment,
    generation: 'reset',
    name: 'optional',
  })
  // Only a deletion sets these, so that what is stored has none.
  for (const name of DELETION_FIELDS)
    if (isSet(metadata, name)) invalid(check, child(field, name), metadata[name], IMMUTABLE)
}

const DELETION_FIELDS = ['deletionTimestamp', 'deletionGracePeriodSeconds']

/** The object without what the server clears of new ones. */
export function withoutDeletion(of: Obj): Obj {
  const metadata = object(of, 'metadata')
  if (!DELETION_FIELDS.some(it => isSet(metadata, it))) return of
  return {
    ...of,
    metadata: { ...metadata, deletionTimestamp: undefined, deletionGracePeriodSeconds: undefined },
  }
}

/** What the store itself asks of every object: a name that fits into a URL (`rest.BeforeCreate`). */
export function checkStoredMetadata(check: Check, of: Obj): void {
  if (check.causes.length > 0) return
  checkMetadata(check, object(of, 'metadata'), child(ROOT, 'metadata'), {
    namespaced: true,
    checkName: checkPathSegment,
    generation: 'reset',
  })
}
