/** Flow schemas and priority levels: `pkg/apis/flowcontrol/validation`. */
import { checkDns1123Label, checkDns1123Subdomain } from '../values/names.ts'
import {
  type Check,
  child,
  descend,
  type Field,
  forbidden,
  index,
  invalid,
  invalids,
  notSupported,
  ROOT,
  required,
} from './field.ts'
import { checkName, requireText } from './field-checks.ts'
import { asStruct } from './go-struct.ts'
import { CLUSTER, checkObjectMetadata, type MetadataRules } from './metadata.ts'
import { count, isSet, isTrue, number, type Obj, object, objects, text, texts, toObject } from './object.ts'
import { isSame } from './semantic-equal.ts'

const SPEC = child(ROOT, 'spec')
const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'proxy', 'update', 'watch']
const RULES: MetadataRules = { ...CLUSTER, generation: 'reset' }
const HIGHEST_PRECEDENCE = 10_000

/** `ValidateFlowSchema`. */
export function checkFlowSchema(check: Check, of: Obj): void {
  checkObjectMetadata(check, of, undefined, RULES)
  const name = text(object(of, 'metadata'), 'name')
  const spec = { ...object(of, 'spec') }
  spec.matchingPrecedence = number(spec, 'matchingPrecedence') || 1000
  checkFlowSchemaSpec(check, spec, name)
  const fixed = MANDATORY_SCHEMAS.get(name)
  if (fixed && !isSame(spec, fixed))
    invalid(check, SPEC, asStruct('FlowSchemaSpec', spec), `spec of '${name}' must equal the fixed value`)
}

/** `ValidateFlowSchemaSpec`. */
function checkFlowSchemaSpec(check: Check, spec: Obj, name: string): void {
  const precedence = number(spec, 'matchingPrecedence')
  const field = child(SPEC, 'matchingPrecedence')
  if (precedence <= 0) invalid(check, field, precedence, 'must be a positive value')
  if (precedence > HIGHEST_PRECEDENCE)
    invalid(check, field, precedence, `must not be greater than ${HIGHEST_PRECEDENCE}`)
  if (precedence === 1 && name !== 'exempt')
    invalid(check, field, precedence, "only the schema named 'exempt' may have matchingPrecedence 1")
  const method = toObject(spec, 'distinguisherMethod')
  if (method && !['ByNamespace', 'ByUser'].includes(text(method, 'type')))
    notSupported(
      check,
      descend(SPEC, 'distinguisherMethod', 'type'),
      asStruct('FlowDistinguisherMethod', method),
      ['ByNamespace', 'ByUser'],
    )
  const level = text(object(spec, 'priorityLevelConfiguration'), 'name')
  const place = descend(SPEC, 'priorityLevelConfiguration', 'name')
  if (level === '') required(check, place, 'must reference a priority level')
  else invalids(check, place, level, checkDns1123Subdomain(level))
  for (const [at, rule] of objects(spec, 'rules').entries())
    checkPolicyRules(check, rule, index(child(SPEC, 'rules'), at))
}

/** `ValidateFlowSchemaPolicyRulesWithSubjects`. */
function checkPolicyRules(check: Check, rule: Obj, field: Field): void {
  const subjects = objects(rule, 'subjects')
  if (subjects.length === 0)
    required(check, child(field, 'subjects'), 'subjects must contain at least one value')
  for (const [at, subject] of subjects.entries())
    checkSubject(check, subject, index(child(field, 'subjects'), at))
  if (count(rule, 'resourceRules') === 0 && count(rule, 'nonResourceRules') === 0)
    required(check, field, 'at least one of resourceRules and nonResourceRules has to be non-empty')
  for (const [at, it] of objects(rule, 'resourceRules').entries())
    checkResourceRule(check, it, index(child(field, 'resourceRules'), at))
  for (const [at, it] of objects(rule, 'nonResourceRules').entries())
    checkNonResourceRule(check, it, index(child(field, 'nonResourceRules'), at))
}

const SUBJECTS: ReadonlyMap<string, string> = new Map([
  ['ServiceAccount', 'serviceAccount'],
  ['User', 'user'],
  ['Group', 'group'],
])
const OWNERS: readonly (readonly [string, string])[] = [
  ['serviceAccount', 'ServiceAccount'],
  ['user', 'User'],
  ['group', 'Group'],
]

/** `ValidateFlowSchemaSubject`. */
function checkSubject(check: Check, subject: Obj, field: Field): void {
  const kind = text(subject, 'kind')
  const name = SUBJECTS.get(kind)
  if (name === undefined) {
    notSupported(check, child(field, 'kind'), kind, ['Group', 'ServiceAccount', 'User'])
    return
  }
  const own = toObject(subject, name)
  const place = child(field, name)
  if (!own) required(check, place, `${name} is required when subject kind is '${kind}'`)
  else if (name === 'serviceAccount') checkServiceAccountSubject(check, own, place)
  else requireText(check, own, place, 'name')
  for (const [other, owner] of OWNERS)
    if (other !== name && isSet(subject, other))
      forbidden(check, child(field, other), `${other} is forbidden when subject kind is not '${owner}'`)
}

/** `ValidateServiceAccountSubject`. */
function checkServiceAccountSubject(check: Check, subject: Obj, field: Field): void {
  const name = requireText(check, subject, field, 'name')
  if (name !== '*') checkName(check, subject, { field, name: 'name' }, checkDns1123Subdomain)
  requireText(check, subject, field, 'namespace', 'must specify namespace for service account')
  checkName(check, subject, { field, name: 'namespace' }, checkDns1123Label)
}

/** The verbs of a rule, checked: `*` alone or known ones. */
function checkVerbs(check: Check, rule: Obj, field: Field): void {
  const verbs = texts(rule, 'verbs')
  const place = child(field, 'verbs')
  if (verbs.length === 0) required(check, place, 'verbs must contain at least one value')
  else if (verbs.includes('*')) checkAlone(check, verbs, place, 'verbs')
  else if (!verbs.every(it => VERBS.includes(it))) notSupported(check, place, verbs, VERBS)
}

function checkAlone(check: Check, list: readonly string[], field: Field, what: string): void {
  if (list.length > 1 && list.includes('*'))
    invalid(check, field, list, `if '*' is present, must not specify other ${what}`)
}

/** `ValidateFlowSchemaResourcePolicyRule`. */
function checkResourceRule(check: Check, rule: Obj, field: Field): void {
  checkVerbs(check, rule, field)
  const groups = texts(rule, 'apiGroups')
  if (groups.length === 0)
    required(check, child(field, 'apiGroups'), 'resource rules must supply at least one api group')
  checkAlone(check, groups, child(field, 'apiGroups'), 'api groups')
  const resources = texts(rule, 'resources')
  if (resources.length === 0)
    required(check, child(field, 'resources'), 'resource rules must supply at least one resource')
  checkAlone(check, resources, child(field, 'resources'), 'resources')
  checkRuleNamespaces(check, rule, field)
}

function checkRuleNamespaces(check: Check, rule: Obj, field: Field): void {
  const namespaces = texts(rule, 'namespaces')
  const place = child(field, 'namespaces')
  if (namespaces.length === 0 && !isTrue(rule, 'clusterScope'))
    required(check, place, 'resource rules that are not cluster scoped must supply at least one namespace')
  else if (namespaces.includes('*')) checkAlone(check, namespaces, place, 'namespaces')
  else
    for (const [at, name] of namespaces.entries())
      for (const fault of checkDns1123Label(name))
        invalid(
          check,
          index(place, at),
          name,
          `each member of this list must be '*' or a DNS-1123 label; ${fault}`,
        )
}

/** `ValidateFlowSchemaNonResourcePolicyRule`. */
function checkNonResourceRule(check: Check, rule: Obj, field: Field): void {
  checkVerbs(check, rule, field)
  const urls = texts(rule, 'nonResourceURLs')
  const place = child(field, 'nonResourceURLs')
  if (urls.length === 0) required(check, place, 'nonResourceURLs must contain at least one value')
  else if (urls.includes('*')) checkAlone(check, urls, place, 'non-resource URLs')
  else
    for (const [at, url] of urls.entries()) {
      const fault = findUrlFault(url)
      if (fault !== undefined) invalid(check, index(place, at), url, fault)
    }
}

/** `ValidateNonResourceURLPath`. */
function findUrlFault(url: string): string | undefined {
  if (url === '') return 'must not be empty'
  if (url === '/') return undefined
  if (!url.startsWith('/')) return 'must start with slash'
  if (url.includes(' ')) return 'must not contain white-space'
  if (url.includes('//')) return 'must not contain double slash'
  const star = url.indexOf('*')
  const isSuffix = star === url.length - 1 && url.endsWith('/*')
  return star === -1 || isSuffix ? undefined : 'wildcard can only do suffix matching'
}

const rulesFor = (groups: readonly string[]): Obj => ({
  subjects: groups.map(name => ({ kind: 'Group', group: { name } })),
  resourceRules: [
    { verbs: ['*'], apiGroups: ['*'], resources: ['*'], namespaces: ['*'], clusterScope: true },
  ],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
})

/** `MandatoryFlowSchemas`. */
const MANDATORY_SCHEMAS: ReadonlyMap<string, Obj> = new Map<string, Obj>([
  [
    'exempt',
    {
      priorityLevelConfiguration: { name: 'exempt' },
      matchingPrecedence: 1,
      rules: [rulesFor(['system:masters'])],
    },
  ],
  [
    'catch-all',
    {
      priorityLevelConfiguration: { name: 'catch-all' },
      matchingPrecedence: HIGHEST_PRECEDENCE,
      distinguisherMethod: { type: 'ByUser' },
      rules: [rulesFor(['system:unauthenticated', 'system:authenticated'])],
    },
  ],
])
