/** Roles and bindings (`pkg/apis/rbac/validation`). Names of this API only need to fit into a URL. */
import { checkDns1123Subdomain, checkPathSegment } from '../values/names.ts'
import {
  type Check,
  child,
  descend,
  type Field,
  index,
  invalid,
  invalids,
  notSupported,
  ROOT,
  required,
} from './field.ts'
import { checkLabelSelector, requireText } from './field-checks.ts'
import { asStruct } from './go-struct.ts'
import { checkObjectMetadata, type MetadataRules } from './metadata.ts'
import { isObj, type Obj, object, objects, text, texts } from './object.ts'
import { isSame } from './semantic-equal.ts'

const ROLE: MetadataRules = { namespaced: true, checkName: checkPathSegment, finalizers: 'core' }
const CLUSTER_ROLE: MetadataRules = { ...ROLE, namespaced: false }
const GROUP = 'rbac.authorization.k8s.io'

export function checkRole(check: Check, of: Obj, old: Obj | undefined): void {
  checkObjectMetadata(check, of, undefined, ROLE)
  checkRules(check, objects(of, 'rules'), 'namespace')
  if (old) checkObjectMetadata(check, of, old, ROLE)
}

export function checkClusterRole(check: Check, of: Obj, old: Obj | undefined): void {
  checkObjectMetadata(check, of, undefined, CLUSTER_ROLE)
  checkRules(check, objects(of, 'rules'), 'cluster')
  if (isObj(of.aggregationRule)) checkAggregation(check, of.aggregationRule)
  if (old) checkObjectMetadata(check, of, old, CLUSTER_ROLE)
}

function checkAggregation(check: Check, rule: Obj): void {
  const list = descend(ROOT, 'aggregationRule', 'clusterRoleSelectors')
  const selectors = objects(rule, 'clusterRoleSelectors')
  if (selectors.length === 0)
    required(check, list, 'at least one clusterRoleSelector required if aggregationRule is non-nil')
  for (const [at, selector] of selectors.entries()) {
    const before = check.causes.length
    checkLabelSelector(check, selector, index(list, at))
    // The server prints the selector that it could not make.
    if (check.causes.length > before) invalid(check, index(list, at), null, 'invalid label selector.')
  }
}

/** `ValidatePolicyRule`. */
function checkRules(check: Check, rules: readonly Obj[], scope: 'namespace' | 'cluster'): void {
  for (let at = 0; at < rules.length; at++) {
    const rule = rules[at]!
    const field = index(child(ROOT, 'rules'), at)
    if (texts(rule, 'verbs').length === 0)
      required(check, child(field, 'verbs'), 'verbs must contain at least one value')
    const urls = texts(rule, 'nonResourceURLs')
    if (urls.length > 0) {
      const place = child(field, 'nonResourceURLs')
      if (scope === 'namespace')
        invalid(check, place, urls, 'namespaced rules cannot apply to non-resource URLs')
      if (RESOURCE_FIELDS.some(it => texts(rule, it).length > 0))
        invalid(check, place, urls, 'rules cannot apply to both regular resources and non-resource URLs')
      continue
    }
    if (texts(rule, 'apiGroups').length === 0)
      required(check, child(field, 'apiGroups'), 'resource rules must supply at least one api group')
    if (texts(rule, 'resources').length === 0)
      required(check, child(field, 'resources'), 'resource rules must supply at least one resource')
  }
}

const RESOURCE_FIELDS = ['apiGroups', 'resources', 'resourceNames']

export const checkRoleBinding = (check: Check, of: Obj, old: Obj | undefined): void =>
  checkBinding(check, { of, old }, { rules: ROLE, kinds: ['Role', 'ClusterRole'] })

export const checkClusterRoleBinding = (check: Check, of: Obj, old: Obj | undefined): void =>
  checkBinding(check, { of, old }, { rules: CLUSTER_ROLE, kinds: ['ClusterRole'] })

/** `ValidateRoleBinding`, `ValidateClusterRoleBinding`. */
function checkBinding(
  check: Check,
  { of, old }: { readonly of: Obj; readonly old: Obj | undefined },
  { rules, kinds }: { readonly rules: MetadataRules; readonly kinds: readonly string[] },
): void {
  checkObjectMetadata(check, of, undefined, rules)
  const role = toRoleRef(of)
  const field = child(ROOT, 'roleRef')
  if (role.apiGroup !== GROUP) notSupported(check, child(field, 'apiGroup'), role.apiGroup, [GROUP])
  if (!kinds.includes(role.kind)) notSupported(check, child(field, 'kind'), role.kind, kinds)
  if (role.name === '') required(check, child(field, 'name'))
  else invalids(check, child(field, 'name'), role.name, checkPathSegment(role.name))
  for (const [at, subject] of objects(of, 'subjects').entries())
    checkSubject(check, subject, index(child(ROOT, 'subjects'), at), rules.namespaced)
  if (!old) return
  checkObjectMetadata(check, of, old, rules)
  if (!isSame(role, toRoleRef(old))) invalid(check, field, asStruct('RoleRef', role), 'cannot change roleRef')
}

interface RoleRef {
  readonly apiGroup: string
  readonly kind: string
  readonly name: string
}

/** With the default of its group. */
function toRoleRef(binding: Obj): RoleRef {
  const role = object(binding, 'roleRef')
  return { apiGroup: text(role, 'apiGroup') || GROUP, kind: text(role, 'kind'), name: text(role, 'name') }
}

/** `ValidateRoleBindingSubject`. Groups of users default to that of the API. */
function checkSubject(check: Check, subject: Obj, field: Field, isNamespaced: boolean): void {
  const name = requireText(check, subject, field, 'name')
  const group = text(subject, 'apiGroup')
  switch (text(subject, 'kind')) {
    case 'ServiceAccount':
      if (name !== '') invalids(check, child(field, 'name'), name, checkDns1123Subdomain(name))
      if (group !== '') notSupported(check, child(field, 'apiGroup'), group, [''])
      if (!isNamespaced && text(subject, 'namespace') === '') required(check, child(field, 'namespace'))
      return
    case 'User':
    case 'Group':
      if (group !== '' && group !== GROUP) notSupported(check, child(field, 'apiGroup'), group, [GROUP])
      return
    default:
      notSupported(check, child(field, 'kind'), text(subject, 'kind'), ['ServiceAccount', 'User', 'Group'])
  }
}
