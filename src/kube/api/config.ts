/** ConfigMaps, Secrets and service accounts. */
import { checkConfigKey, countBytes } from '../values/names.ts'
import { decodeBase64 } from './base64.ts'
import {
  type Check,
  child,
  descend,
  type Field,
  forbidden,
  invalid,
  invalids,
  key,
  ROOT,
  renamedKey,
  required,
  tooLong,
} from './field.ts'
import { entry, IMMUTABLE } from './field-checks.ts'
import { parseGoJson } from './go-json.ts'
import { checkObjectMetadata, NAMESPACED } from './metadata.ts'
import { has, isObj, isTrue, lookup, type Obj, object, text } from './object.ts'
import { isSame } from './semantic-equal.ts'

const SIZE_LIMIT = 1024 * 1024
const FROZEN = 'field is immutable when `immutable` is set'

/** `ValidateConfigMap`, `ValidateConfigMapUpdate`. */
export function checkConfigMap(check: Check, of: Obj, old: Obj | undefined): void {
  if (old) {
    checkObjectMetadata(check, of, old, NAMESPACED)
    checkFrozen(check, of, old, ['data', 'binaryData'])
  }
  checkObjectMetadata(check, of, undefined, NAMESPACED)
  const data = object(of, 'data')
  const binary = object(of, 'binaryData')
  let size = 0
  let units = 0
  for (const name in data) {
    checkKey(check, name, entry(ROOT, 'data', name))
    if (has(binary, name))
      invalid(check, entry(ROOT, 'data', name), name, 'duplicate of key present in binaryData')
    units += text(data, name).length
  }
  // A unit has three bytes at most.
  if (units * 3 > SIZE_LIMIT) for (const name in data) size += countBytes(text(data, name))
  for (const name in binary) {
    checkKey(check, name, entry(ROOT, 'binaryData', name))
    size += countDecoded(text(binary, name))
  }
  // The server makes this path from an empty name.
  if (size > SIZE_LIMIT) tooLong(check, renamedKey(ROOT, ''), SIZE_LIMIT)
}

function checkKey(check: Check, name: string, field: Field): void {
  const faults = checkConfigKey(name)
  if (faults.length > 0) invalids(check, field, name, faults)
}

function checkFrozen(check: Check, of: Obj, old: Obj, names: readonly string[]): void {
  if (!isTrue(old, 'immutable')) return
  if (!isTrue(of, 'immutable')) forbidden(check, child(ROOT, 'immutable'), FROZEN)
  for (const name of names)
    if (!isSame(of[name] ?? {}, old[name] ?? {})) forbidden(check, child(ROOT, name), FROZEN)
}

/** Bytes that base64 text stands for. */
function countDecoded(encoded: string): number {
  const digits = encoded.replace(/[\r\n=]/g, '').length
  return Math.floor((digits * 3) / 4)
}

/** The data of a Secret as texts of bytes: `stringData` wins over `data` (`Convert_v1_Secret_To_core_Secret`). */
function toSecretData(secret: Obj): ReadonlyMap<string, string> {
  const data = new Map<string, string>()
  const encoded = object(secret, 'data')
  for (const name in encoded) data.set(name, decodeText(text(encoded, name)))
  const plain = object(secret, 'stringData')
  for (const name in plain) data.set(name, text(plain, name))
  return data
}

function encodeBase64(plain: string): string {
  let binary = ''
  for (const byte of new TextEncoder().encode(plain)) binary += String.fromCharCode(byte)
  return btoa(binary)
}

const UTF_8 = new TextDecoder()

/** Bytes of base64 as one text, read as UTF-8 where it is; a fault has been reported by decoding. */
const decodeText = (encoded: string): string =>
  UTF_8.decode(Uint8Array.from(decodeBase64(encoded.replace(/[\r\n]/g, '')), it => it.charCodeAt(0)))

/** `ValidateSecret`, `ValidateSecretUpdate`. */
export function checkSecret(check: Check, of: Obj, old: Obj | undefined): void {
  const type = text(of, 'type') || 'Opaque'
  if (old) {
    checkObjectMetadata(check, of, old, NAMESPACED)
    if (type !== (text(old, 'type') || 'Opaque')) invalid(check, child(ROOT, 'type'), type, IMMUTABLE)
    checkFrozen(check, withSecretData(of), withSecretData(old), ['data'])
  }
  checkObjectMetadata(check, of, undefined, NAMESPACED)
  let size = 0
  for (const [name, value] of listSecretSizes(of)) {
    checkKey(check, name, entry(ROOT, 'data', name))
    size += value
  }
  if (size > SIZE_LIMIT) tooLong(check, child(ROOT, 'data'), SIZE_LIMIT)
  if (type !== 'Opaque') checkTyped(check, of, type)
}

/** Written texts become part of the data, and are not stored beside it. */
export function withSecretData(secret: Obj): Obj {
  const plain = object(secret, 'stringData')
  const data: Record<string, unknown> = { ...object(secret, 'data') }
  for (const name of Object.keys(plain)) data[name] = encodeBase64(text(plain, name))
  return { ...secret, data, stringData: undefined }
}

function* listSecretSizes(secret: Obj): IterableIterator<readonly [string, number]> {
  const plain = object(secret, 'stringData')
  const encoded = object(secret, 'data')
  for (const name in encoded) if (!has(plain, name)) yield [name, countDecoded(text(encoded, name))]
  for (const name in plain) yield [name, countBytes(text(plain, name))]
}

/** Keys that a type must have; of `basic-auth` one of two. */
function checkTyped(check: Check, secret: Obj, type: string): void {
  const data = toSecretData(secret)
  const need = (name: string): void => {
    if (!data.has(name)) required(check, entry(ROOT, 'data', name))
  }
  switch (type) {
    case 'kubernetes.io/service-account-token': {
      const name = 'kubernetes.io/service-account.name'
      const annotations = object(object(secret, 'metadata'), 'annotations')
      if (!lookup(annotations, name)) required(check, key(descend(ROOT, 'metadata', 'annotations'), name))
      return
    }
    case 'kubernetes.io/dockercfg': {
      checkDockerConfig(check, data, '.dockercfg')
      return
    }
    case 'kubernetes.io/dockerconfigjson': {
      checkDockerConfig(check, data, '.dockerconfigjson')
      return
    }
    case 'kubernetes.io/basic-auth':
      if (data.has('username') || data.has('password')) return
      need('username')
      need('password')
      return
    case 'kubernetes.io/ssh-auth':
      if (!data.get('ssh-privatekey')) required(check, entry(ROOT, 'data', 'ssh-privatekey'))
      return
    case 'kubernetes.io/tls':
      need('tls.crt')
      need('tls.key')
      return
    default:
  }
}

function checkDockerConfig(check: Check, data: ReadonlyMap<string, string>, name: string): void {
  const place = entry(ROOT, 'data', name)
  const value = data.get(name)
  if (value === undefined) {
    required(check, place)
    return
  }
  const parsed = parseGoJson(value)
  const fault = typeof parsed === 'string' ? parsed : findMapFault(parsed.value)
  if (fault !== undefined) invalid(check, place, '<secret contents redacted>', fault)
}

/** `json.Unmarshal` into a map. */
function findMapFault(value: unknown): string | undefined {
  if (isObj(value) || value === null) return undefined
  const kind = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value
  return `json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`
}

/** `warningsForSecret`: the part of `tls.X509KeyPair` that needs no cryptography. */
export function warnAboutSecret(check: Check, of: Obj): void {
  if (text(of, 'type') !== 'kubernetes.io/tls') return
  const data = toSecretData(of)
  const warning = findPemFault(data.get('tls.crt') ?? '', data.get('tls.key') ?? '')
  if (warning !== undefined) check.warnings.push(warning)
}

function findPemFault(certificate: string, privateKey: string): string | undefined {
  const blocks = listPemTypes(certificate)
  if (!blocks.includes('CERTIFICATE')) {
    if (blocks.length === 0) return 'tls: failed to find any PEM data in certificate input'
    if (blocks.length === 1 && blocks[0]!.endsWith('PRIVATE KEY'))
      return 'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched'
    return `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [${blocks.join(' ')}]`
  }
  const keys = listPemTypes(privateKey)
  if (keys.some(it => it === 'PRIVATE KEY' || it.endsWith(' PRIVATE KEY'))) return undefined
  if (keys.length === 0) return 'tls: failed to find any PEM data in key input'
  if (keys.length === 1 && keys[0] === 'CERTIFICATE')
    return 'tls: found a certificate rather than a key in the PEM for the private key'
  return `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [${keys.join(' ')}]`
}

const PEM = /-----BEGIN ([^-\n]+)-----[ \t\r]*\n(?:[^\n]*:[^\n]*\n)*[A-Za-z0-9+/=\s]*?-----END \1-----/g

const listPemTypes = (pem: string): string[] => [...pem.matchAll(PEM)].map(it => it[1]!)

/** `ValidateServiceAccount`. */
export function checkServiceAccount(check: Check, of: Obj, old: Obj | undefined): void {
  if (old) checkObjectMetadata(check, of, old, NAMESPACED)
  checkObjectMetadata(check, of, undefined, NAMESPACED)
}

const ENFORCE_MOUNTABLE = 'kubernetes.io/enforce-mountable-secrets'

export function warnAboutServiceAccount(check: Check, of: Obj, old: Obj | undefined): void {
  const isSetIn = (it: Obj): boolean => has(object(object(it, 'metadata'), 'annotations'), ENFORCE_MOUNTABLE)
  if (isSetIn(of) && !(old && isSetIn(old)) && check.minor >= 32)
    check.warnings.push(
      `metadata.annotations[${ENFORCE_MOUNTABLE}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`,
    )
}
