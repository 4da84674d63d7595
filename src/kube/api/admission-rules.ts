/** What webhooks and policies of admission share: rules, match conditions, matched resources. */
import { checkDns1123Subdomain, checkPathSegment } from '../values/names.ts'
import type { ExpressionScope } from './expressions.ts'
import {
  type Check,
  child,
  descend,
  duplicate,
  type Field,
  index,
  invalid,
  invalids,
  notSupported,
  ROOT,
  required,
  tooMany,
  warn,
} from './field.ts'
import { checkLabelName, checkLabelSelector, checkOptionalEnum, requireText } from './field-checks.ts'
import { checkObjectMetadata, type MetadataRules } from './metadata.ts'
import { type Obj, object, objects, text, texts, toObject } from './object.ts'

const OPERATIONS = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE']
const SCOPES = ['*', 'Cluster', 'Namespaced']
export const FAILURE_POLICIES = ['Fail', 'Ignore']
export const MATCH_POLICIES = ['Equivalent', 'Exact']
const ADMISSION: MetadataRules = {
  namespaced: false,
  checkName: checkDns1123Subdomain,
  finalizers: 'any',
  generation: 'reset',
}

/** `genericvalidation.ValidateObjectMeta` and, on creation, `ValidateStaticSuffix`. */
export function checkAdmissionMetadata(check: Check, of: Obj): void {
  checkObjectMetadata(check, of, undefined, ADMISSION)
}

/** `WarningsForStaticSuffix`. */
export function warnAboutAdmission(check: Check, of: Obj): void {
  if (check.minor >= 36 && text(object(of, 'metadata'), 'name').endsWith('.static.k8s.io'))
    warn(
      check,
      descend(ROOT, 'metadata', 'name'),
      'names ending with ".static.k8s.io" are reserved for static manifest-based configurations and cannot be managed via the API',
    )
}

/** `validateRuleWithOperations`. */
export function checkRule(check: Check, rule: Obj, field: Field): void {
  const operations = texts(rule, 'operations')
  const place = child(field, 'operations')
  if (operations.length === 0) required(check, place)
  checkAlone(check, operations, place, 'operations')
  for (const [at, operation] of operations.entries())
    if (!OPERATIONS.includes(operation)) notSupported(check, index(place, at), operation, OPERATIONS)
  const groups = texts(rule, 'apiGroups')
  if (groups.length === 0) required(check, child(field, 'apiGroups'))
  checkAlone(check, groups, child(field, 'apiGroups'), 'API groups')
  const versions = texts(rule, 'apiVersions')
  if (versions.length === 0) required(check, child(field, 'apiVersions'))
  checkAlone(check, versions, child(field, 'apiVersions'), 'API versions')
  for (const [at, version] of versions.entries())
    if (version === '') required(check, index(child(field, 'apiVersions'), at))
  checkResources(check, texts(rule, 'resources'), child(field, 'resources'))
  checkOptionalEnum(check, rule, { field, name: 'scope' }, SCOPES)
}

function checkAlone(check: Check, list: readonly string[], field: Field, what: string): void {
  if (list.length > 1 && list.includes('*'))
    invalid(check, field, list, `if '*' is present, must not specify other ${what}`)
}

/** `validateResources`. */
function checkResources(check: Check, resources: readonly string[], field: Field): void {
  if (resources.length === 0) required(check, field)
  const allOf = new Set<string>()
  const inAll = new Set<string>()
  let isPlain = false
  for (const [at, it] of resources.entries()) {
    const place = index(field, at)
    if (it === '') {
      required(check, place)
      continue
    }
    const slash = it.indexOf('/')
    if (slash < 0) {
      isPlain = it !== '*'
      continue
    }
    const resource = it.slice(0, slash)
    const sub = it.slice(slash + 1)
    if (allOf.has(resource))
      invalid(check, place, it, `if '${resource}/*' is present, must not specify ${it}`)
    if (inAll.has(sub)) invalid(check, place, it, `if '*/${sub}' is present, must not specify ${it}`)
    if (sub === '*') allOf.add(resource)
    if (resource === '*') inAll.add(sub)
  }
  if (resources.length > 1 && resources.includes('*/*'))
    invalid(check, field, resources, "if '*/*' is present, must not specify other resources")
  if (resources.includes('*') && isPlain)
    invalid(
      check,
      field,
      resources,
      "if '*' is present, must not specify other resources without subresources",
    )
}

const CONDITIONS_LIMIT = 64

/** `validateMatchConditions`. */
export function checkMatchConditions(
  check: Check,
  of: Obj,
  parent: Field,
  scope: ExpressionScope | undefined,
): void {
  const conditions = objects(of, 'matchConditions')
  const list = child(parent, 'matchConditions')
  if (conditions.length > CONDITIONS_LIMIT) tooMany(check, list, conditions.length, CONDITIONS_LIMIT)
  const names = new Set<string>()
  for (const [at, condition] of conditions.entries()) {
    const field = index(list, at)
    const expression = text(condition, 'expression').trim()
    if (expression === '') required(check, child(field, 'expression'))
    else checkExpression(check, expression, child(field, 'expression'), scope?.check(expression, 'match'))
    const name = requireText(check, condition, field, 'name')
    if (name !== '') checkLabelName(check, name, child(field, 'name'))
    if (name !== '' && names.has(name)) duplicate(check, child(field, 'name'), name)
    names.add(name)
  }
}

/** `convertCELErrorToValidationError`. */
export function checkExpression(check: Check, source: string, field: Field, fault: string | undefined): void {
  if (fault !== undefined) invalid(check, field, source, fault)
}

/** `validateMatchResources` after defaulting. */
export function checkMatchResources(check: Check, match: Obj, field: Field): void {
  checkOptionalEnum(check, match, { field, name: 'matchPolicy' }, MATCH_POLICIES)
  checkSelectors(check, match, field)
  for (const name of ['resourceRules', 'excludeResourceRules'])
    for (const [at, rule] of objects(match, name).entries())
      checkNamedRule(check, rule, index(child(field, name), at))
}

/** The selectors of namespaces and objects. */
export function checkSelectors(check: Check, of: Obj, field: Field): void {
  for (const name of ['namespaceSelector', 'objectSelector']) {
    const selector = toObject(of, name)
    if (selector) checkLabelSelector(check, selector, child(field, name))
  }
}

/** `validateNamedRuleWithOperations`. */
function checkNamedRule(check: Check, rule: Obj, field: Field): void {
  const names = texts(rule, 'resourceNames')
  const place = child(field, 'resourceNames')
  const seen = new Set<string>()
  for (const [at, name] of names.entries()) {
    invalids(check, index(place, at), name, checkPathSegment(name))
    if (seen.has(name)) duplicate(check, index(place, at), name)
    seen.add(name)
  }
  checkRule(check, rule, field)
}
