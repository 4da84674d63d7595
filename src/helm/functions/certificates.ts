/** sprig's keys and certificates: PEM-shaped stand-ins, except buildCustomCert, which passes on what it is given. */
import { type Call, type FunctionTable, fn } from '../template/call.ts'
import { GoError } from '../template/errors.ts'
import { formatValue } from '../template/format.ts'
import { plainText, type Text } from '../template/text.ts'
import { decodeUtf8 } from '../template/utf8.ts'
import { isString, type List, type Struct } from '../template/value.ts'
import { decodeBase64, encodeBase64 } from './encoding.ts'
import { randomBytes, unstable } from './random.ts'

export const certificateFunctions: FunctionTable = {
  genPrivateKey: fn(['string'], (call, type) => privateKey(call, type)),
  genCA: fn(['string', 'int'], call => standIn(call)),
  genCAWithKey: fn(['string', 'int', 'string'], (call, _name, _days, key) => standIn(call, checkKey(key))),
  genSelfSignedCert: fn(['string', 'list', 'list', 'int'], (call, _name, ips, names) => {
    checkNames(ips, names)
    return standIn(call)
  }),
  genSelfSignedCertWithKey: fn(
    ['string', 'list', 'list', 'int', 'string'],
    (call, _name, ips, names, _days, key) => {
      checkNames(ips, names)
      return standIn(call, checkKey(key))
    },
  ),
  genSignedCert: fn(['string', 'list', 'list', 'int', 'certificate'], (call, _name, ips, names) => {
    checkNames(ips, names)
    return standIn(call)
  }),
  genSignedCertWithKey: fn(
    ['string', 'list', 'list', 'int', 'certificate', 'string'],
    (call, _name, ips, names, _days, _ca, key) => {
      checkNames(ips, names)
      return standIn(call, checkKey(key))
    },
  ),
  buildCustomCert: fn(['string', 'string'], (_, certificate, key) => custom(certificate, key)),
}

/** Blocks by the name of the key type; lengths are those of real ones. */
const KEYS: ReadonlyMap<string, readonly [string, number]> = new Map([
  ['', ['RSA PRIVATE KEY', 2348]],
  ['rsa', ['RSA PRIVATE KEY', 2348]],
  ['dsa', ['DSA PRIVATE KEY', 830]],
  ['ecdsa', ['EC PRIVATE KEY', 121]],
  ['ed25519', ['PRIVATE KEY', 48]],
])

function privateKey(call: Call, type: string): Text | string {
  const known = KEYS.get(type)
  return known ? unstable(call, pem(call, known[0], known[1])) : `Unknown type ${type}`
}

function pem(call: Call, label: string, size: number): string {
  const body = encodeBase64(randomBytes(call, size)).match(/.{1,64}/g)!
  return `-----BEGIN ${label}-----\n${body.join('\n')}\n-----END ${label}-----\n`
}

function certificateStruct(cert: Text | string, key: Text | string): Struct {
  return {
    tag: 'struct',
    type: 'sprig.certificate',
    fields: new Map([
      ['Cert', cert],
      ['Key', key],
    ]),
  }
}

function standIn(call: Call, key?: string): Struct {
  call.charge(5000)
  const cert = unstable(call, pem(call, 'CERTIFICATE', 780))
  return certificateStruct(cert, key ?? unstable(call, pem(call, 'RSA PRIVATE KEY', 1190)))
}

function checkKey(key: string): string {
  if (!/-----BEGIN [A-Z ]+-----/.test(key)) throw new GoError('parsing private key: no PEM data in input')
  return key
}

function checkNames(ips: List, names: List): void {
  for (const it of ips.items) {
    if (!isString(it)) throw new GoError(`error parsing ip: ${formatValue(it)} is not a string`)
    if (!isAddress(plainText(it))) throw new GoError(`error parsing ip: ${plainText(it)}`)
  }
  for (const it of names.items)
    if (!isString(it))
      throw new GoError(`error processing alternate dns name: ${formatValue(it)} is not a string`)
}

function isAddress(text: string): boolean {
  if (/^[0-9.]+$/.test(text)) {
    const parts = text.split('.')
    return parts.length === 4 && parts.every(it => /^(0|[1-9][0-9]{0,2})$/.test(it) && Number(it) < 256)
  }
  return text.length < 50 && /^[0-9a-fA-F:]*:[0-9a-fA-F:.]*$/.test(text) && text.split('::').length <= 2
}

function custom(certificate: string, key: string): Struct {
  const cert = decodeBase64(certificate)
  if (typeof cert === 'number') throw new GoError('unable to decode base64 certificate')
  const secret = decodeBase64(key)
  if (typeof secret === 'number') throw new GoError('unable to decode base64 private key')
  if (!/-----BEGIN [A-Z ]+-----/.test(decodeUtf8(cert))) throw new GoError('unable to decode certificate')
  if (!/-----BEGIN [A-Z ]+-----/.test(decodeUtf8(secret)))
    throw new GoError('error parsing private key: no PEM data in input')
  return certificateStruct(decodeUtf8(cert), decodeUtf8(secret))
}
