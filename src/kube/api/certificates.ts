/** Requests for certificates (`pkg/apis/certificates/validation`). */
import { checkDns1123Label, checkDns1123Subdomain, countBytes, type Faults } from '../values/names.ts'
import { decodeBase64 } from './base64.ts'
import {
  type Check,
  child,
  duplicate,
  type Field,
  index,
  invalid,
  notSupported,
  ROOT,
  required,
  tooLong,
} from './field.ts'
import { forEachRepeated } from './field-checks.ts'
import { quote } from './go-text.ts'
import {
  checkMetadataUpdate,
  checkObjectMetadata,
  checkStoredMetadata,
  type MetadataRules,
} from './metadata.ts'
import { type Obj, object, text, texts, toNumber } from './object.ts'

const SPEC = child(ROOT, 'spec')
const ANY_NAME: MetadataRules = { namespaced: false, checkName: () => [], finalizers: 'core' }

const USAGES = [
  'any',
  'cert sign',
  'client auth',
  'code signing',
  'content commitment',
  'crl sign',
  'data encipherment',
  'decipher only',
  'digital signature',
  'email protection',
  'encipher only',
  'ipsec end system',
  'ipsec tunnel',
  'ipsec user',
  'key agreement',
  'key encipherment',
  'microsoft sgc',
  'netscape sgc',
  'ocsp signing',
  's/mime',
  'server auth',
  'signing',
  'timestamping',
]

/** `ValidateCertificateSigningRequestCreate`; an update keeps the stored spec. */
export function checkSigningRequest(check: Check, of: Obj, old: Obj | undefined): void {
  if (old) checkMetadataUpdate(check, of, old, ANY_NAME)
  checkObjectMetadata(check, of, undefined, ANY_NAME)
  const spec = object(old ?? of, 'spec')
  const request = toBytes(spec.request)
  const fault = findRequestFault(request ?? '')
  if (fault !== undefined)
    invalid(check, child(SPEC, 'request'), request === undefined ? null : btoa(request), fault)
  if (!old) checkUsages(check, texts(spec, 'usages'), child(SPEC, 'usages'))
  const signer = text(spec, 'signerName')
  if (signer === 'kubernetes.io/legacy-unknown')
    invalid(
      check,
      child(SPEC, 'signerName'),
      signer,
      'the legacy signerName is not allowed via this API version',
    )
  else checkSignerName(check, signer, child(SPEC, 'signerName'))
  const expiration = toNumber(spec, 'expirationSeconds')
  if (expiration !== undefined && expiration < 600)
    invalid(
      check,
      child(SPEC, 'expirationSeconds'),
      expiration,
      'may not specify a duration less than 600 seconds (10 minutes)',
    )
  checkStoredMetadata(check, of)
}

function checkUsages(check: Check, usages: readonly string[], field: Field): void {
  if (usages.length === 0) required(check, field)
  for (const [at, usage] of usages.entries())
    if (!USAGES.includes(usage)) notSupported(check, index(field, at), usage, USAGES)
  forEachRepeated(usages, (at, usage) => duplicate(check, index(field, at), usage))
}

/** `ParseCSR`, without looking into the request itself. */
function findRequestFault(request: string): string | undefined {
  const pem = PEM_RE.exec(request)
  if (pem?.[1] !== 'CERTIFICATE REQUEST') return 'PEM block type must be CERTIFICATE REQUEST'
  // A certificate request is a DER sequence.
  const der = decodeBase64(pem[2]!.replace(/\s/g, ''))
  return der.charCodeAt(0) === 0x30 ? undefined : wordWrongTag(der)
}

/** What `asn1.Unmarshal` says of something else than a sequence. */
function wordWrongTag(der: string): string {
  if (der === '') return 'asn1: syntax error: sequence truncated'
  const [head, size] = [der.charCodeAt(0), der.charCodeAt(1)]
  const found = `class:${head >> 6} tag:${head & 0x1f} length:${size & 0x7f} isCompound:${(head & 0x20) !== 0}`
  return `asn1: structure error: tags don't match (16 vs {${found}}) ${NO_OPTIONS} certificateRequest @2`
}

const NO_OPTIONS =
  '{optional:false explicit:false application:false private:false defaultValue:<nil> tag:<nil> stringType:0 timeType:0 set:false omitEmpty:false}'

const PEM_RE = /^-----BEGIN ([^\n]*?)-----[ \t\r]*\n([A-Za-z0-9+/=\s]*)\n-----END \1-----/m

/** `ValidateSignerName`. */
function checkSignerName(check: Check, name: string, field: Field): void {
  if (name === '') {
    required(check, field)
    return
  }
  const [domain, path, ...more] = name.split('/')
  if (domain === undefined || path === undefined || more.length > 0) {
    invalid(
      check,
      field,
      name,
      "must be a fully qualified domain and path of the form 'example.com/signer-name'",
    )
    return
  }
  if (countBytes(domain) > 253) tooLong(check, field, 253)
  const labels = domain.split('.')
  checkSegments(check, labels, { field, value: domain }, checkDns1123Label)
  if (labels.length < 2)
    invalid(check, field, domain, 'should be a domain with at least two segments separated by dots')
  checkSegments(check, path.split('.'), { field, value: path }, checkDns1123Subdomain)
  if (countBytes(name) > 571) tooLong(check, field, 571)
}

/** The faults of the first segment that has any. */
function checkSegments(
  check: Check,
  segments: readonly string[],
  place: { readonly field: Field; readonly value: string },
  faults: (segment: string) => Faults,
): void {
  for (const segment of segments) {
    const found = faults(segment)
    for (const fault of found)
      invalid(check, place.field, place.value, `validating label ${quote(segment)}: ${fault}`)
    if (found.length > 0) return
  }
}

/** A `[]byte`, a character a byte: what is encoded in a text, or a list of numbers. Undefined where it is unset. */
const toBytes = (value: unknown): string | undefined =>
  typeof value === 'string'
    ? decodeBase64(value)
    : Array.isArray(value)
      ? value.map(it => (typeof it === 'number' ? String.fromCharCode(it & 0xff) : '\0')).join('')
      : undefined
