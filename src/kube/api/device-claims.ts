/** Claims to devices and classes of devices: `pkg/apis/resource/validation`. */
import { checkDns1123Subdomain, checkLabelValue, countBytes } from '../values/names.ts'
import { checkExpression } from './admission-rules.ts'
import {
  checkDeviceEffect,
  checkFullAttributeName,
  checkLabelText,
  checkSet,
  checkSlice,
} from './device-names.ts'
import {
  type Check,
  child,
  descend,
  type Field,
  forbidden,
  index,
  invalid,
  invalids,
  ROOT,
  required,
  tooLong,
} from './field.ts'
import { checkEnum, checkLabelName, checkName, IMMUTABLE, requireText } from './field-checks.ts'
import { asStruct } from './go-struct.ts'
import {
  checkMetadataUpdate,
  checkObjectMetadata,
  checkTemplateMetadata,
  type MetadataRules,
  NAMESPACED,
} from './metadata.ts'
import {
  isObj,
  isTrue,
  lookup,
  number,
  type Obj,
  object,
  objects,
  text,
  texts,
  toObject,
  toText,
} from './object.ts'
import { isExtendedResource } from './resources.ts'
import { isSame } from './semantic-equal.ts'
import { checkDriverName } from './volume-sources.ts'

const SPEC = child(ROOT, 'spec')
const ITEMS_LIMIT = 32
const ALTERNATIVES_LIMIT = 8
const TEXT_LIMIT = 10 * 1024
const REQUEST_TYPE = 'exactly one of `exactly` or `firstAvailable` is required'
const REQUEST_NAME =
  "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'"

/** `ValidateResourceClaim`, `ValidateResourceClaimUpdate`. */
export function checkResourceClaim(check: Check, of: Obj, old: Obj | undefined): void {
  if (isOldForm(of)) return
  if (!old) checkAdminAccess(check, object(object(of, 'spec'), 'devices'))
  checkObjectMetadata(check, of, undefined, NAMESPACED)
  if (!old) checkDevices(check, object(object(of, 'spec'), 'devices'), child(SPEC, 'devices'))
  else {
    checkMetadataUpdate(check, of, old, NAMESPACED)
    checkUnchanged(check, of, old, 'ResourceClaimSpec')
  }
}

/** `ValidateResourceClaimTemplate`, `ValidateResourceClaimTemplateUpdate`. */
export function checkResourceClaimTemplate(check: Check, of: Obj, old: Obj | undefined): void {
  if (isOldForm(of)) return
  checkObjectMetadata(check, of, undefined, NAMESPACED)
  const template = object(of, 'spec')
  if (!old) checkAdminAccess(check, object(object(template, 'spec'), 'devices'))
  checkTemplateMetadata(check, object(template, 'metadata'), child(SPEC, 'metadata'))
  checkDevices(check, object(object(template, 'spec'), 'devices'), descend(SPEC, 'spec', 'devices'))
  if (!old) return
  checkMetadataUpdate(check, of, old, NAMESPACED)
  checkUnchanged(check, of, old, 'ResourceClaimTemplateSpec')
}

const ADMIN_LABEL = 'resource.kubernetes.io/admin-access'

/** `AuthorizedForAdmin`, where the labels of the namespace are known; templates have the path of claims. */
function checkAdminAccess(check: Check, devices: Obj): void {
  const labels = check.cluster.namespaceLabels
  if (!labels || lookup(labels, ADMIN_LABEL) === 'true') return
  const at = objects(devices, 'requests').findIndex(it => isTrue(object(it, 'exactly'), 'adminAccess'))
  if (at < 0) return
  forbidden(
    check,
    child(index(descend(SPEC, 'devices', 'requests'), at), 'adminAccess'),
    `admin access to devices requires the \`${ADMIN_LABEL}: true\` label on the containing namespace`,
  )
}

function checkUnchanged(check: Check, of: Obj, old: Obj, layout: string): void {
  const spec = object(of, 'spec')
  if (!isSame(spec, object(old, 'spec'))) invalid(check, SPEC, asStruct(layout, spec), IMMUTABLE)
}

/** The first beta has requests of another form. */
const isOldForm = (of: Obj): boolean => text(of, 'apiVersion').endsWith('/v1beta1')

const CLASS_RULES: MetadataRules = {
  namespaced: false,
  checkName: checkDns1123Subdomain,
  finalizers: 'core',
  declared: 35,
  generation: 'reset',
}

/** `ValidateDeviceClass`. */
export function checkDeviceClass(check: Check, of: Obj, old: Obj | undefined): void {
  checkObjectMetadata(check, of, undefined, CLASS_RULES)
  if (old) checkMetadataUpdate(check, of, old, CLASS_RULES)
  const spec = object(of, 'spec')
  checkSelectors(check, spec, SPEC)
  checkSlice(
    check,
    objects(spec, 'config'),
    { field: child(SPEC, 'config'), limit: ITEMS_LIMIT },
    (it, field) => checkConfiguration(check, it, field),
  )
  const name = toText(spec, 'extendedResourceName')
  if (name !== undefined && check.minor >= 36 && !isExtendedResource(name))
    invalid(check, child(SPEC, 'extendedResourceName'), name, 'must be a valid extended resource name')
}

/** Names of the requests of a claim, with those of their alternatives. */
type RequestNames = ReadonlySet<string>

function listRequestNames(devices: Obj): RequestNames {
  const names = new Set<string>()
  for (const request of objects(devices, 'requests')) {
    const name = text(request, 'name')
    names.add(name)
    for (const it of objects(request, 'firstAvailable')) names.add(`${name}/${text(it, 'name')}`)
  }
  return names
}

const toName = (it: Obj): string => text(it, 'name')
const toSelf = (it: string): string => it

/** `validateDeviceClaim`. */
function checkDevices(check: Check, devices: Obj, field: Field): void {
  const names = listRequestNames(devices)
  checkSet(
    check,
    objects(devices, 'requests'),
    { field: child(field, 'requests'), limit: ITEMS_LIMIT, toKey: toName, keyName: 'name' },
    (it, place) => checkRequest(check, it, place),
  )
  checkSlice(
    check,
    objects(devices, 'constraints'),
    { field: child(field, 'constraints'), limit: ITEMS_LIMIT },
    (it, place) => checkConstraint(check, it, place, names),
  )
  checkSlice(
    check,
    objects(devices, 'config'),
    { field: child(field, 'config'), limit: ITEMS_LIMIT },
    (it, place) => {
      checkRequestRefs(check, it, place, names)
      checkConfiguration(check, it, place)
    },
  )
}

/** `validateDeviceRequest`. */
function checkRequest(check: Check, request: Obj, field: Field): void {
  checkLabelText(check, text(request, 'name'), child(field, 'name'))
  const exactly = toObject(request, 'exactly')
  const alternatives = objects(request, 'firstAvailable')
  const hasBoth = exactly !== undefined && alternatives.length > 0
  if (hasBoth) invalid(check, field, null, `${REQUEST_TYPE}, but multiple fields are set`)
  else if (!exactly && alternatives.length === 0) required(check, field, REQUEST_TYPE)
  // Up to 1.34 both were looked at all the same.
  if (hasBoth && check.minor >= 35) return
  if (exactly) checkExact(check, exactly, child(field, 'exactly'))
  if (alternatives.length > 0)
    checkSet(
      check,
      alternatives,
      { field: child(field, 'firstAvailable'), limit: ALTERNATIVES_LIMIT, toKey: toName, keyName: 'name' },
      (it, place) => {
        checkLabelText(check, text(it, 'name'), child(place, 'name'))
        checkExact(check, it, place)
      },
    )
}

/** `validateExactDeviceRequest`, and the same of `validateDeviceSubRequest`. */
function checkExact(check: Check, request: Obj, field: Field): void {
  requireText(check, request, field, 'deviceClassName')
  checkName(check, request, { field, name: 'deviceClassName' }, checkDns1123Subdomain)
  checkSelectors(check, request, field)
  const mode = text(request, 'allocationMode') || 'ExactCount'
  const count = number(request, 'count')
  if (mode === 'All' && count !== 0)
    invalid(check, child(field, 'count'), count, "must not be specified when allocationMode is 'All'")
  if (mode === 'ExactCount' && count < 0)
    invalid(check, child(field, 'count'), count, 'must be greater than zero')
  checkEnum(check, request, { field, name: 'allocationMode' }, ['All', 'ExactCount'])
  for (const [at, it] of objects(request, 'tolerations').entries())
    checkDeviceToleration(check, it, index(child(field, 'tolerations'), at))
}

/** `validateSelectorSlice`. */
function checkSelectors(check: Check, of: Obj, field: Field): void {
  const scope = check.openScope?.({ minor: check.minor })
  checkSlice(
    check,
    objects(of, 'selectors'),
    { field: child(field, 'selectors'), limit: ITEMS_LIMIT },
    (it, place) => {
      const cel = toObject(it, 'cel')
      const expression = cel ? text(cel, 'expression') : ''
      const inner = descend(place, 'cel', 'expression')
      if (!cel) required(check, child(place, 'cel'))
      else if (countBytes(expression) > TEXT_LIMIT) tooLong(check, inner, TEXT_LIMIT)
      else checkExpression(check, expression, inner, scope?.check(expression, 'device'))
    },
  )
}

/** `validateDeviceToleration`. */
function checkDeviceToleration(check: Check, toleration: Obj, field: Field): void {
  const name = text(toleration, 'key')
  if (name !== '') checkLabelName(check, name, child(field, 'key'))
  const operator = text(toleration, 'operator') || 'Equal'
  const value = text(toleration, 'value')
  if (operator === 'Exists' && value !== '')
    invalid(check, child(field, 'value'), value, 'must be empty for operator `Exists`')
  if (operator === 'Equal') invalids(check, child(field, 'value'), value, checkLabelValue(value))
  checkEnum(check, toleration, { field, name: 'operator' }, ['Equal', 'Exists'])
  checkDeviceEffect(check, toleration, field)
}

/** `validateDeviceConstraint`. */
function checkConstraint(check: Check, constraint: Obj, field: Field, names: RequestNames): void {
  checkRequestRefs(check, constraint, field, names)
  const match = toText(constraint, 'matchAttribute')
  const distinct = toText(constraint, 'distinctAttribute')
  if (match !== undefined) checkFullAttributeName(check, match, child(field, 'matchAttribute'))
  else if (distinct !== undefined) checkFullAttributeName(check, distinct, child(field, 'distinctAttribute'))
  else if (check.minor < 36) required(check, child(field, 'matchAttribute'))
  else
    required(
      check,
      field,
      'exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are set',
    )
}

/** `validateRequestNameRef` of each of the requests that something is about. */
function checkRequestRefs(check: Check, of: Obj, field: Field, names: RequestNames): void {
  checkSet(
    check,
    texts(of, 'requests'),
    { field: child(field, 'requests'), limit: ITEMS_LIMIT, toKey: toSelf },
    (name, place) => {
      const segments = name.split('/')
      if (segments.length <= 2) for (const it of segments) checkLabelText(check, it, place)
      if (segments.length > 2 || !names.has(name)) invalid(check, place, name, REQUEST_NAME)
    },
  )
}

/** `validateDeviceConfiguration`. */
function checkConfiguration(check: Check, config: Obj, field: Field): void {
  const opaque = toObject(config, 'opaque')
  const place = child(field, 'opaque')
  if (!opaque) {
    required(check, place)
    return
  }
  checkDriverName(check, opaque, place, 'driver')
  const { parameters } = opaque
  const at = child(place, 'parameters')
  if (parameters === undefined || parameters === null) required(check, at)
  else if (countBytes(JSON.stringify(parameters)) > TEXT_LIMIT) tooLong(check, at, TEXT_LIMIT)
  else if (!isObj(parameters)) invalid(check, at, '<value omitted>', 'must be a valid JSON object')
}
