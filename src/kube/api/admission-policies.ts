/** Admission policies and their bindings: `pkg/apis/admissionregistration/validation`. */
import {
  checkDns1035Label,
  checkDns1123Subdomain,
  checkPathSegment,
  countBytes,
  NO_FAULTS,
} from '../values/names.ts'
import {
  checkAdmissionMetadata,
  checkExpression,
  checkMatchConditions,
  checkMatchResources,
  FAILURE_POLICIES,
} from './admission-rules.ts'
import type { ExpressionScope, ExpressionUse } from './expressions.ts'
import {
  type Check,
  child,
  descend,
  duplicate,
  type Field,
  forbidden,
  index,
  invalid,
  invalids,
  notSupported,
  ROOT,
  required,
} from './field.ts'
import {
  checkEnum,
  checkLabelName,
  checkLabelSelector,
  checkName,
  checkOptionalEnum,
  requireText,
} from './field-checks.ts'
import { asStruct } from './go-struct.ts'
import { finalName } from './metadata.ts'
import { count, isObj, isSet, type Obj, object, objects, text, texts, toObject } from './object.ts'

const SPEC = child(ROOT, 'spec')
const ANNOTATIONS_LIMIT = 20
const EXPRESSION_LIMIT = 5 * 1024
const MUTATING_OPERATIONS = ['*', 'CONNECT', 'CREATE', 'UPDATE']
const REASONS = ['Forbidden', 'Invalid', 'RequestEntityTooLarge']
const EITHER = 'validations or auditAnnotations must contain at least one item'

/** `ValidateValidatingAdmissionPolicy`. */
export function checkValidatingPolicy(check: Check, of: Obj): void {
  checkAdmissionMetadata(check, of)
  const spec = object(of, 'spec')
  const scope = openPolicyScope(check, spec)
  checkPolicyMatch(check, spec)
  checkMatchConditions(check, spec, SPEC, scope)
  checkVariables(check, spec, scope)
  if (count(spec, 'validations') === 0 && count(spec, 'auditAnnotations') === 0) {
    required(check, child(SPEC, 'validations'), EITHER)
    required(check, child(SPEC, 'auditAnnotations'), EITHER)
    return
  }
  for (const [at, it] of objects(spec, 'validations').entries())
    checkValidation(check, it, index(child(SPEC, 'validations'), at), scope)
  checkAuditAnnotations(check, of, scope)
}

/** What the expressions of a policy may name. */
const openPolicyScope = (check: Check, spec: Obj): ExpressionScope | undefined =>
  check.openScope?.({
    minor: check.minor,
    ...(isObj(spec.paramKind) && { params: 'present' }),
    ...(count(spec, 'variables') > 0 && { variables: 'present' }),
  })

/** What both kinds of policies begin with. */
function checkPolicyMatch(check: Check, spec: Obj): void {
  checkOptionalEnum(check, spec, { field: SPEC, name: 'failurePolicy' }, FAILURE_POLICIES)
  const kind = toObject(spec, 'paramKind')
  if (kind) checkParamKind(check, kind, child(SPEC, 'paramKind'))
  const match = toObject(spec, 'matchConstraints')
  const field = child(SPEC, 'matchConstraints')
  if (!match) {
    required(check, field)
    return
  }
  checkMatchResources(check, match, field)
  if (count(match, 'resourceRules') === 0) required(check, child(field, 'resourceRules'))
}

/** `validateParamKind`. */
function checkParamKind(check: Check, kind: Obj, field: Field): void {
  const version = requireText(check, kind, field, 'apiVersion')
  if (version !== '') checkGroupVersion(check, version, child(field, 'apiVersion'))
  const name = requireText(check, kind, field, 'kind')
  const faults = name === '' ? NO_FAULTS : checkDns1035Label(name.toLowerCase())
  if (faults.length > 0)
    invalid(
      check,
      child(field, 'kind'),
      name,
      `may have mixed case, but should otherwise match: ${faults.join(',')}`,
    )
}

function checkGroupVersion(check: Check, whole: string, field: Field): void {
  const parts = whole === '/' ? [''] : whole.split('/')
  if (parts.length > 2) {
    invalid(check, field, whole, `unexpected GroupVersion string: ${whole}`)
    return
  }
  const version = parts.pop()!
  const group = parts[0] ?? ''
  const groupFaults = group === '' ? NO_FAULTS : checkDns1123Subdomain(group)
  if (groupFaults.length > 0) invalid(check, field, group, groupFaults.join(','))
  const faults = version === '' ? NO_FAULTS : checkDns1035Label(version)
  if (version === '') invalid(check, field, whole, 'version must be specified')
  if (faults.length > 0) invalid(check, field, version, faults.join(','))
}

const CEL_NAME_RE = /^[_a-zA-Z][_a-zA-Z0-9]*$/
const CEL_RESERVED = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
)

/** `validateVariable`. */
function checkVariables(check: Check, spec: Obj, scope: ExpressionScope | undefined): void {
  for (const [at, variable] of objects(spec, 'variables').entries()) {
    const field = index(child(SPEC, 'variables'), at)
    const name = text(variable, 'name')
    if (name.trim() === '') required(check, child(field, 'name'), 'name is not specified')
    else if (!CEL_NAME_RE.test(name) || CEL_RESERVED.has(name))
      invalid(check, child(field, 'name'), name, 'must be a valid CEL identifier')
    const expression = text(variable, 'expression')
    if (expression.trim() === '') required(check, child(field, 'expression'), 'expression is not specified')
    else checkExpression(check, expression, child(field, 'expression'), scope?.declare(name, expression))
  }
}

/** `validateValidation`. */
function checkValidation(
  check: Check,
  validation: Obj,
  field: Field,
  scope: ExpressionScope | undefined,
): void {
  const rule = text(validation, 'expression')
  if (rule.trim() === '') required(check, child(field, 'expression'), 'expression is not specified')
  else checkExpression(check, rule, child(field, 'expression'), scope?.check(rule, 'validation'))
  const expression = text(validation, 'messageExpression')
  const place = child(field, 'messageExpression')
  if (expression !== '' && expression.trim() === '')
    invalid(check, place, expression, 'must be non-empty if specified')
  else if (expression !== '') checkExpression(check, expression, place, scope?.check(expression, 'message'))
  const message = text(validation, 'message')
  if (message !== '' && message.trim() === '')
    invalid(check, child(field, 'message'), message, 'must be non-empty if specified')
  else if (/[\n\r]/.test(message.trim()))
    invalid(check, child(field, 'message'), message, 'must not contain line breaks')
  checkOptionalEnum(check, validation, { field, name: 'reason' }, REASONS)
}

/** `validateAuditAnnotation`. */
function checkAuditAnnotations(check: Check, of: Obj, scope: ExpressionScope | undefined): void {
  const annotations = objects(object(of, 'spec'), 'auditAnnotations')
  const name = finalName(object(of, 'metadata'))
  const list = child(SPEC, 'auditAnnotations')
  if (annotations.length > ANNOTATIONS_LIMIT)
    invalid(
      check,
      list,
      asStruct('[]AuditAnnotation', annotations),
      `must not have more than ${ANNOTATIONS_LIMIT} auditAnnotations`,
    )
  const keys = new Set<string>()
  for (const [at, annotation] of annotations.entries()) {
    const field = index(list, at)
    const own = text(annotation, 'key')
    if (name === '') invalid(check, child(field, 'key'), own, 'requires metadata.name be non-empty')
    else checkLabelName(check, `${name}/${own}`, child(field, 'key'))
    const source = text(annotation, 'valueExpression')
    const expression = source.trim()
    const place = child(field, 'valueExpression')
    if (expression === '') required(check, place, 'valueExpression is not specified')
    else if (countBytes(expression) > EXPRESSION_LIMIT)
      required(check, place, `must not exceed ${EXPRESSION_LIMIT} bytes in length`)
    else checkExpression(check, source, place, scope?.check(expression, 'audit'))
    if (keys.has(own)) duplicate(check, child(field, 'key'), own)
    keys.add(own)
  }
}

/** `ValidateMutatingAdmissionPolicy`. */
export function checkMutatingPolicy(check: Check, of: Obj): void {
  checkAdmissionMetadata(check, of)
  const spec = object(of, 'spec')
  const scope = openPolicyScope(check, spec)
  checkPolicyMatch(check, spec)
  checkMutatingOperations(check, spec, 'matchConstraints')
  checkMatchConditions(check, spec, SPEC, scope)
  checkVariables(check, spec, scope)
  const mutations = objects(spec, 'mutations')
  if (mutations.length === 0)
    required(check, child(SPEC, 'mutations'), 'mutations must contain at least one item')
  for (const [at, it] of mutations.entries())
    checkMutation(check, it, index(child(SPEC, 'mutations'), at), scope)
  const again = requireText(check, spec, SPEC, 'reinvocationPolicy')
  if (again !== '') checkEnum(check, spec, { field: SPEC, name: 'reinvocationPolicy' }, ['IfNeeded', 'Never'])
}

/** Deletions cannot be mutated; the server names no item. */
function checkMutatingOperations(check: Check, spec: Obj, name: string): void {
  const field = descend(SPEC, name, 'resourceRules', 'operations')
  for (const rule of objects(object(spec, name), 'resourceRules'))
    for (const operation of texts(rule, 'operations'))
      if (!MUTATING_OPERATIONS.includes(operation)) notSupported(check, field, operation, MUTATING_OPERATIONS)
}

const PATCHES: readonly (readonly [type: string, own: string, other: string, use: ExpressionUse])[] = [
  ['JSONPatch', 'jsonPatch', 'applyConfiguration', 'json-patch'],
  ['ApplyConfiguration', 'applyConfiguration', 'jsonPatch', 'apply'],
]

/** `validateMutation`. */
function checkMutation(check: Check, mutation: Obj, field: Field, scope: ExpressionScope | undefined): void {
  const type = requireText(check, mutation, field, 'patchType')
  if (type === '') return
  const patch = PATCHES.find(it => it[0] === type)
  if (!patch) {
    notSupported(check, child(field, 'patchType'), type, ['ApplyConfiguration', 'JSONPatch'])
    return
  }
  const [, own, other, use] = patch
  const set = toObject(mutation, own)
  const expression = set ? text(set, 'expression').trim() : ''
  const place = descend(field, own, 'expression')
  if (!set) required(check, child(field, own), `must be specified when patchType is ${type}`)
  else if (expression === '') required(check, place)
  else checkExpression(check, expression, place, scope?.check(expression, use))
  if (isSet(mutation, other))
    invalid(check, child(field, other), `{${other}}`, `must not be specified when patchType is ${type}`)
}

/** `ValidateValidatingAdmissionPolicyBinding`. */
export function checkValidatingBinding(check: Check, of: Obj): void {
  const spec = checkBinding(check, of)
  const actions = texts(spec, 'validationActions')
  const field = child(SPEC, 'validationActions')
  const seen = new Set<string>()
  for (const [at, action] of actions.entries()) {
    if (!['Audit', 'Deny', 'Warn'].includes(action))
      notSupported(check, index(field, at), action, ['Audit', 'Deny', 'Warn'])
    if (seen.has(action)) duplicate(check, index(field, at), action)
    seen.add(action)
  }
  if (actions.includes('Deny') && actions.includes('Warn'))
    invalid(
      check,
      field,
      actions,
      'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)',
    )
  if (actions.length === 0) required(check, field, 'at least one validation action is required')
}

/** `ValidateMutatingAdmissionPolicyBinding`. */
export function checkMutatingBinding(check: Check, of: Obj): void {
  const spec = checkBinding(check, of)
  checkMutatingOperations(check, spec, 'matchResources')
}

function checkBinding(check: Check, of: Obj): Obj {
  checkAdmissionMetadata(check, of)
  const spec = object(of, 'spec')
  requireText(check, spec, SPEC, 'policyName')
  checkName(check, spec, { field: SPEC, name: 'policyName' }, checkDns1123Subdomain)
  const param = toObject(spec, 'paramRef')
  if (param) checkParamRef(check, param, child(SPEC, 'paramRef'))
  const match = toObject(spec, 'matchResources')
  if (match) checkMatchResources(check, match, child(SPEC, 'matchResources'))
  return spec
}

const EXCLUSIVE = 'name and selector are mutually exclusive'

/** `validateParamRef`. */
function checkParamRef(check: Check, param: Obj, field: Field): void {
  const name = text(param, 'name')
  const selector = toObject(param, 'selector')
  if (name !== '') invalids(check, child(field, 'name'), name, checkPathSegment(name))
  if (name !== '' && selector) forbidden(check, child(field, 'name'), EXCLUSIVE)
  if (selector) checkLabelSelector(check, selector, child(field, 'selector'))
  if (name !== '' && selector) forbidden(check, child(field, 'selector'), EXCLUSIVE)
  if (name === '' && !selector) required(check, field, 'one of name or selector must be specified')
  const action = requireText(check, param, field, 'parameterNotFoundAction')
  if (action !== '') checkEnum(check, param, { field, name: 'parameterNotFoundAction' }, ['Deny', 'Allow'])
}
