/** API services (`kube-aggregator/pkg/apis/apiregistration/validation`). */
import {
  checkDns1035Label,
  checkDns1123Subdomain,
  checkPathSegment,
  checkPortNumber,
  type Faults,
} from '../values/names.ts'
import { decodeBase64 } from './base64.ts'
import { type Check, child, invalid, invalids, ROOT, required } from './field.ts'
import { checkName, requireText } from './field-checks.ts'
import { quote } from './go-text.ts'
import { checkMetadataUpdate, checkObjectMetadata, type MetadataRules } from './metadata.ts'
import { isTrue, number, type Obj, object, text, toNumber, toObject } from './object.ts'

const SPEC = child(ROOT, 'spec')

/** `ValidateAPIService`. */
export function checkApiService(check: Check, of: Obj, old: Obj | undefined): void {
  const spec = object(of, 'spec')
  const group = text(spec, 'group')
  const version = text(spec, 'version')
  const rules: MetadataRules = {
    namespaced: false,
    finalizers: 'any',
    checkName: name => checkServiceName(name, `${version}.${group}`),
  }
  if (old) checkMetadataUpdate(check, of, old, rules)
  checkObjectMetadata(check, of, undefined, rules)
  if (group === '' && version !== 'v1')
    required(check, child(SPEC, 'group'), 'only v1 may have an empty group and it better be legacy kube')
  checkName(check, spec, { field: SPEC, name: 'group' }, checkDns1123Subdomain)
  invalids(check, child(SPEC, 'version'), version, checkDns1035Label(version))
  checkRank(check, spec, 'groupPriorityMinimum', 20_000)
  checkRank(check, spec, 'versionPriority', 1000)
  const service = toObject(spec, 'service')
  if (service) checkReachable(check, spec, service)
  else checkLocal(check, spec)
}

function checkServiceName(name: string, expected: string): Faults {
  const faults = checkPathSegment(name)
  if (faults.length > 0 || name === expected) return faults
  return [`must be \`spec.version+"."+spec.group\`: ${quote(expected)}`]
}

function checkRank(check: Check, spec: Obj, name: string, highest: number): void {
  const rank = number(spec, name)
  if (rank <= 0 || rank > highest)
    invalid(check, child(SPEC, name), rank, `must be positive and less than ${highest}`)
}

function checkLocal(check: Check, spec: Obj): void {
  const bundle = decodeBase64(text(spec, 'caBundle')).length
  if (bundle > 0)
    invalid(check, child(SPEC, 'caBundle'), `${bundle} bytes`, 'local APIServices may not have a caBundle')
  if (isTrue(spec, 'insecureSkipTLSVerify'))
    invalid(
      check,
      child(SPEC, 'insecureSkipTLSVerify'),
      true,
      'local APIServices may not have insecureSkipTLSVerify',
    )
}

function checkReachable(check: Check, spec: Obj, service: Obj): void {
  const field = child(SPEC, 'service')
  requireText(check, service, field, 'namespace')
  requireText(check, service, field, 'name')
  const port = toNumber(service, 'port') ?? 443
  const faults = checkPortNumber(port)
  if (faults.length > 0) invalid(check, child(field, 'port'), port, `port is not valid: ${faults.join(', ')}`)
  if (isTrue(spec, 'insecureSkipTLSVerify') && text(spec, 'caBundle') !== '')
    invalid(check, child(SPEC, 'insecureSkipTLSVerify'), true, 'may not be true if caBundle is present')
}
