/** References from variables and files to fields and resources of the pod itself (the downward API). */
import { checkQualifiedName } from '../values/names.ts'
import { formatQuantity, isZeroQuantity, toQuantity } from '../values/quantity.ts'
import { type Check, child, type Field, invalid, invalids, notSupported, required } from './field.ts'
import { lengthUnit } from './field-checks.ts'
import { type Obj, text } from './object.ts'

/** Variables and volumes may name different fields. */
export type DownwardUse = 'variable' | 'volume'

const FIELDS: Readonly<Record<DownwardUse, readonly string[]>> = {
  variable: [
    'metadata.name',
    'metadata.namespace',
    'metadata.uid',
    'spec.nodeName',
    'spec.serviceAccountName',
    'status.hostIP',
    'status.hostIPs',
    'status.podIP',
    'status.podIPs',
  ],
  volume: ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'],
}
/** What `podshelper.ConvertDownwardAPIFieldLabel` knows. */
const CONVERTIBLE: ReadonlySet<string> = new Set([
  ...FIELDS.variable,
  ...FIELDS.volume,
  'spec.restartPolicy',
  'spec.schedulerName',
  'status.phase',
])
const RESOURCES = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
]

/** `validateObjectFieldSelector`. */
export function checkFieldRef(check: Check, ref: Obj, use: DownwardUse, field: Field): void {
  const apiVersion = text(ref, 'apiVersion') || 'v1'
  const path = text(ref, 'fieldPath')
  const place = child(field, 'fieldPath')
  if (path === '') {
    required(check, place)
    return
  }
  const refuse = (why: string): void => invalid(check, place, path, `error converting fieldPath: ${why}`)
  if (apiVersion !== 'v1') {
    refuse(`unsupported pod version: ${apiVersion}`)
    return
  }
  const subscripted = /^([^[]*)\['([\s\S]*)'\]$/.exec(path)
  if (subscripted && subscripted[1] !== '') {
    const [, base, name] = subscripted as unknown as [string, string, string]
    if (base === 'metadata.annotations')
      invalids(check, field, name.toLowerCase(), checkQualifiedName(name.toLowerCase(), lengthUnit(check)))
    else if (base === 'metadata.labels')
      invalids(check, field, name, checkQualifiedName(name, lengthUnit(check)))
    else refuse(`field label does not support subscript: ${path}`)
    return
  }
  const label = path === 'spec.host' ? 'spec.nodeName' : path
  if (!CONVERTIBLE.has(label)) {
    refuse(`field label not supported: ${path}`)
    return
  }
  if (!FIELDS[use].includes(label)) notSupported(check, place, label, FIELDS[use])
}

const isHugePagesPath = (resource: string): boolean =>
  resource.startsWith('limits.hugepages-') || resource.startsWith('requests.hugepages-')

/** `validateContainerResourceFieldSelector`. */
export function checkResourceFieldRef(check: Check, ref: Obj, use: DownwardUse, field: Field): void {
  const resource = text(ref, 'resource')
  if (use === 'volume' && text(ref, 'containerName') === '') required(check, child(field, 'containerName'))
  else if (resource === '') required(check, child(field, 'resource'))
  else if (!RESOURCES.includes(resource) && !isHugePagesPath(resource))
    notSupported(check, child(field, 'resource'), resource, RESOURCES)
  checkDivisor(check, ref, resource, field)
}

const SIZES = '1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei'
const SIZE_DIVISORS: ReadonlySet<string> = new Set(SIZES.split(', '))

/** `validateContainerResourceDivisor`. */
function checkDivisor(check: Check, ref: Obj, resource: string, field: Field): void {
  const divisor = toQuantity(ref.divisor)
  if (!divisor || isZeroQuantity(divisor)) return
  const shown = formatQuantity(divisor)
  const subject = divisorSubject(resource)
  if (subject === undefined) return
  if (subject === 'cpu') {
    if (shown !== '1m' && shown !== '1')
      invalid(
        check,
        child(field, 'divisor'),
        resource,
        "only divisor's values 1m and 1 are supported with the cpu resource",
      )
  } else if (!SIZE_DIVISORS.has(shown))
    invalid(
      check,
      child(field, 'divisor'),
      resource,
      `only divisor's values ${SIZES} are supported with the ${subject} resource`,
    )
}

function divisorSubject(resource: string): string | undefined {
  if (isHugePagesPath(resource)) return 'hugepages'
  const name = /^(?:limits|requests)\.(.*)$/.exec(resource)?.[1]
  if (name === 'ephemeral-storage') return 'local ephemeral storage'
  return name === 'cpu' || name === 'memory' ? name : undefined
}
