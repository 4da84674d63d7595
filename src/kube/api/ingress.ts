/** Ingresses and ingress classes. */
import { toIp } from '../values/ip.ts'
import {
  checkDns1123Label,
  checkDns1123Subdomain,
  checkPathSegment,
  checkPortName,
  checkPortNumber,
  checkWildcardDns1123Subdomain,
  countBytes,
} from '../values/names.ts'
import {
  type Check,
  child,
  descend,
  type Field,
  forbidden,
  hidden,
  index,
  invalid,
  invalids,
  notSupported,
  ROOT,
  required,
  tooLong,
} from './field.ts'
import { checkName, IMMUTABLE, requireText } from './field-checks.ts'
import { checkDomainPrefixedPath } from './jobs.ts'
import { CLUSTER, checkObjectMetadata, type MetadataRules, NAMESPACED } from './metadata.ts'
import { isObj, isSet, lookup, number, type Obj, object, objects, text, texts, toText } from './object.ts'
import { checkServiceName } from './services.ts'

const SPEC = child(ROOT, 'spec')
const CLASS_ANNOTATION = 'kubernetes.io/ingress.class'
const METADATA: MetadataRules = { ...NAMESPACED, generation: 'reset' }

/** `ValidateIngressCreate`, `ValidateIngressUpdate`. */
export function checkIngress(check: Check, of: Obj, old: Obj | undefined): void {
  if (old) checkObjectMetadata(check, of, old, METADATA)
  checkObjectMetadata(check, of, undefined, METADATA)
  const spec = object(of, 'spec')
  const rules = objects(spec, 'rules')
  if (rules.length === 0 && !isObj(spec.defaultBackend))
    invalid(
      check,
      SPEC,
      Array.isArray(spec.rules) ? [] : null,
      'either `defaultBackend` or `rules` must be specified',
    )
  if (isObj(spec.defaultBackend)) checkBackend(check, spec.defaultBackend, child(SPEC, 'defaultBackend'))
  for (const [at, rule] of rules.entries()) checkRule(check, rule, index(child(SPEC, 'rules'), at))
  checkTls(check, objects(spec, 'tls'), child(SPEC, 'tls'))
  const className = toText(spec, 'ingressClassName')
  if (className !== undefined)
    invalids(check, child(SPEC, 'ingressClassName'), className, checkDns1123Subdomain(className))
  const annotation = lookup(object(object(of, 'metadata'), 'annotations'), CLASS_ANNOTATION)
  if (!old && annotation !== undefined && className !== undefined && annotation !== className) {
    const place = child({ ...child(hidden(ROOT, 'metadata'), 'annotations') }, CLASS_ANNOTATION)
    invalid(check, place, annotation, 'must match `ingressClassName` when both are specified')
  }
}

function checkHost(check: Check, host: string, field: Field): void {
  const faults = host.includes('*') ? checkWildcardDns1123Subdomain(host) : checkDns1123Subdomain(host)
  invalids(check, field, host, faults)
}

function checkRule(check: Check, rule: Obj, field: Field): void {
  const host = text(rule, 'host')
  if (host !== '') {
    if (toIp(host)) invalid(check, child(field, 'host'), host, 'must be a DNS name, not an IP address')
    checkHost(check, host, child(field, 'host'))
  }
  if (!isObj(rule.http)) return
  const paths = objects(rule.http, 'paths')
  const list = descend(field, 'http', 'paths')
  if (paths.length === 0) required(check, list)
  for (const [at, path] of paths.entries()) checkPath(check, path, index(list, at))
}

const FORBIDDEN_PARTS = ['//', '/./', '/../', '%2f', '%2F']
const FORBIDDEN_ENDS = ['/..', '/.']

/** `validateHTTPIngressPath`. */
function checkPath(check: Check, it: Obj, field: Field): void {
  const type = toText(it, 'pathType')
  if (type === undefined) {
    required(check, child(field, 'pathType'), 'pathType must be specified')
    return
  }
  const path = text(it, 'path')
  const place = child(field, 'path')
  if (type === 'Exact' || type === 'Prefix') {
    if (!path.startsWith('/')) invalid(check, place, path, 'must be an absolute path')
    for (const part of FORBIDDEN_PARTS)
      if (path.includes(part)) invalid(check, place, path, `must not contain '${part}'`)
    for (const end of FORBIDDEN_ENDS)
      if (path.endsWith(end)) invalid(check, place, path, `cannot end with '${end}'`)
  } else if (type === 'ImplementationSpecific') {
    if (path !== '' && !path.startsWith('/')) invalid(check, place, path, 'must be an absolute path')
  } else notSupported(check, child(field, 'pathType'), type, ['Exact', 'ImplementationSpecific', 'Prefix'])
  checkBackend(check, object(it, 'backend'), child(field, 'backend'))
}

/** `validateIngressBackend`. */
function checkBackend(check: Check, backend: Obj, field: Field): void {
  const { resource, service } = backend
  if (isObj(resource) && isObj(service))
    invalid(check, field, '', 'cannot set both resource and service backends')
  else if (isObj(resource)) checkTypedReference(check, resource, child(field, 'resource'))
  else if (isObj(service)) checkServiceBackend(check, service, field)
  else invalid(check, field, '', 'resource or service backend is required')
}

function checkServiceBackend(check: Check, service: Obj, field: Field): void {
  const name = text(service, 'name')
  const place = descend(field, 'service', 'name')
  if (name === '') required(check, place)
  else invalids(check, place, name, checkServiceName(name, check))
  const port = object(service, 'port')
  const portName = text(port, 'name')
  const portNumber = number(port, 'number')
  if (portName !== '' && portNumber !== 0)
    invalid(check, field, '', 'cannot set both port name & port number')
  else if (portName !== '')
    invalids(check, descend(field, 'service', 'port', 'name'), portName, checkPortName(portName))
  else if (portNumber !== 0)
    invalids(check, descend(field, 'service', 'port', 'number'), portNumber, checkPortNumber(portNumber))
  else required(check, field, 'port name or number is required')
}

/** `validateIngressTypedLocalObjectReference`. */
function checkTypedReference(check: Check, reference: Obj, field: Field): void {
  const group = toText(reference, 'apiGroup')
  if (group !== undefined) invalids(check, child(field, 'apiGroup'), group, checkDns1123Subdomain(group))
  for (const name of ['kind', 'name']) requireSegment(check, reference, field, name)
}

/** A text that must be there and fit into a URL. */
export function requireSegment(check: Check, of: Obj, field: Field, name: string): void {
  const value = requireText(check, of, field, name)
  if (value !== '') invalids(check, child(field, name), value, checkPathSegment(value))
}

function checkTls(check: Check, listed: readonly Obj[], field: Field): void {
  for (const [at, tls] of listed.entries()) {
    for (const [position, host] of texts(tls, 'hosts').entries())
      checkHost(check, host, index(child(index(field, at), 'hosts'), position))
    checkName(check, tls, { field: index(field, at), name: 'secretName' }, checkDns1123Subdomain)
  }
}

export function warnAboutIngress(check: Check, of: Obj, old: Obj | undefined): void {
  if (old) return
  const annotations = object(object(of, 'metadata'), 'annotations')
  if (lookup(annotations, CLASS_ANNOTATION) !== undefined && !isSet(object(of, 'spec'), 'ingressClassName'))
    check.warnings.push(
      `annotation "${CLASS_ANNOTATION}" is deprecated, please use 'spec.ingressClassName' instead`,
    )
}

const CLASS_METADATA: MetadataRules = { ...CLUSTER, generation: 'reset' }

/** `ValidateIngressClass`, `ValidateIngressClassUpdate`. */
export function checkIngressClass(check: Check, of: Obj, old: Obj | undefined): void {
  const spec = object(of, 'spec')
  const controller = text(spec, 'controller')
  if (old) {
    checkObjectMetadata(check, of, old, CLASS_METADATA)
    if (controller !== text(object(old, 'spec'), 'controller'))
      invalid(check, child(SPEC, 'controller'), controller, IMMUTABLE)
  }
  checkObjectMetadata(check, of, undefined, CLASS_METADATA)
  if (countBytes(controller) > 250) tooLong(check, child(SPEC, 'controller'), 250)
  checkDomainPrefixedPath(check, controller, child(SPEC, 'controller'))
  if (isObj(spec.parameters)) checkParameters(check, spec.parameters, child(SPEC, 'parameters'))
}

/** `validateIngressClassParametersReference`. */
function checkParameters(check: Check, parameters: Obj, field: Field): void {
  checkTypedReference(check, parameters, field)
  const scope = toText(parameters, 'scope') ?? 'Cluster'
  const namespace = toText(parameters, 'namespace')
  const place = child(field, 'namespace')
  if (scope === 'Namespace') {
    if (namespace === undefined) required(check, place, "`parameters.scope` is set to 'Namespace'")
    else invalids(check, place, namespace, checkDns1123Label(namespace))
  } else if (scope !== 'Cluster') notSupported(check, child(field, 'scope'), scope, ['Cluster', 'Namespace'])
  else if (namespace !== undefined) forbidden(check, place, "`parameters.scope` is set to 'Cluster'")
}
