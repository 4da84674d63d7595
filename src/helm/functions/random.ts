/**
 * sprig's random and cryptographic functions. A rendering must be the same twice, so these are stand-ins: their results
 * have the right form, follow from the engine's seed, and are marked unstable. What is deterministic in sprig is exact.
 */
import { cbc } from '@noble/ciphers/aes.js'
import { hmac } from '@noble/hashes/hmac.js'
import { scrypt } from '@noble/hashes/scrypt.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { type Call, costly, type FunctionTable, fn } from '../template/call.ts'
import { GoError } from '../template/errors.ts'
import type { Text } from '../template/text.ts'
import { decodeUtf8, encodeUtf8 } from '../template/utf8.ts'
import { int } from '../template/value.ts'
import { decodeBase64, encodeBase64 } from './encoding.ts'

const DIGITS = '0123456789'
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const ASCII = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join('')

export const randomFunctions: FunctionTable = {
  randAlphaNum: fn(['int'], (call, count) => randomText(call, count, LETTERS + DIGITS)),
  randAlpha: fn(['int'], (call, count) => randomText(call, count, LETTERS)),
  randNumeric: fn(['int'], (call, count) => randomText(call, count, DIGITS)),
  randAscii: fn(['int'], (call, count) => randomText(call, count, ASCII)),
  randBytes: fn(['int'], (call, count) => unstable(call, encodeBase64(randomBytes(call, count)))),
  randInt: fn(['int', 'int'], (call, low, high) => {
    if (high <= low) throw new GoError('invalid argument to Intn')
    call.unstable = true
    return int(low + Math.floor(call.engine.random() * (high - low)))
  }),
  shuffle: fn(['string'], (call, text) => unstable(call, shuffle(call, text))),
  uuidv4: fn([], call => unstable(call, uuid(call))),
  bcrypt: fn(['string'], call => unstable(call, bcryptLike(call))),
  htpasswd: fn(['string', 'string'], (call, user) =>
    user.includes(':') ? `invalid username: ${user}` : unstable(call, `${user}:${bcryptLike(call)}`),
  ),
  derivePassword: fn(
    ['uint32', 'string', 'string', 'string', 'string'],
    (call, counter, type, password, user, site) => {
      call.charge(30_000_000)
      return derivePassword(counter, type, password, { user, site })
    },
  ),
  encryptAES: fn(['string', 'string'], (call, password, text) => {
    if (text === '') return ''
    call.charge(text.length * 8)
    const iv = randomBytes(call, 16)
    const encrypted = cbc(aesKey(password), iv).encrypt(encodeUtf8(text))
    return unstable(call, encodeBase64(Uint8Array.from([...iv, ...encrypted])))
  }),
  decryptAES: costly(
    50,
    fn(['string', 'string'], (_, password, text) => decrypt(password, text)),
  ),
}

/** A text that says of itself that another run prints something else. */
export function unstable(call: Call, text: string): Text | string {
  call.unstable = true
  call.charge(text.length)
  if (text === '') return ''
  return { tag: 'text', text, segments: [{ at: 0, pad: 0, offset: -1, piece: call.piece() }] }
}

function randomText(call: Call, count: number, alphabet: string): Text | string {
  call.charge(Math.max(0, count) * 4)
  const bytes = new Uint8Array(Math.max(0, count))
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = alphabet.charCodeAt(Math.floor(call.engine.random() * alphabet.length))
  return unstable(call, decodeUtf8(bytes))
}

export function randomBytes(call: Call, count: number): Uint8Array {
  if (count < 0) throw new GoError('runtime error: makeslice: len out of range')
  call.charge(count * 8)
  return Uint8Array.from({ length: count }, () => Math.floor(call.engine.random() * 256))
}

function shuffle(call: Call, text: string): string {
  call.charge(text.length * 4)
  const runes = [...text]
  for (let i = runes.length - 1; i > 0; i--) {
    const j = Math.floor(call.engine.random() * (i + 1))
    ;[runes[i], runes[j]] = [runes[j]!, runes[i]!]
  }
  return runes.join('')
}

function uuid(call: Call): string {
  const hex = [...randomBytes(call, 16)].map(it => it.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`
}

function bcryptLike(call: Call): string {
  let text = '$2a$10$'
  for (let i = 0; i < 53; i++) text += `./${LETTERS}${DIGITS}`[Math.floor(call.engine.random() * 64)]
  return text
}

const aesKey = (password: string): Uint8Array => {
  const key = new Uint8Array(32)
  key.set(encodeUtf8(password).subarray(0, 32))
  return key
}

function decrypt(password: string, text: string): string {
  if (text === '') return ''
  const bytes = decodeBase64(text)
  if (typeof bytes === 'number') throw new GoError(`illegal base64 data at input byte ${bytes}`)
  if (bytes.length < 16)
    throw new GoError(`runtime error: slice bounds out of range [:16] with capacity ${bytes.length}`)
  const body = bytes.subarray(16)
  if (body.length % 16 !== 0) throw new GoError('crypto/cipher: input not full blocks')
  const plain = cbc(aesKey(password), bytes.subarray(0, 16), { disablePadding: true }).decrypt(body)
  const padding = plain.at(-1) ?? 0
  if (padding > plain.length)
    throw new GoError(`runtime error: slice bounds out of range [:${plain.length - padding}]`)
  return decodeUtf8(plain.subarray(0, plain.length - padding))
}

// The Master Password algorithm, version 0.

const SEED = 'com.lyndir.masterpassword'
const TEMPLATES: ReadonlyMap<string, readonly string[]> = new Map([
  ['maximum', ['anoxxxxxxxxxxxxxxxxx', 'axxxxxxxxxxxxxxxxxno']],
  [
    'long',
    (
      'CvcvnoCvcvCvcv CvcvCvcvnoCvcv CvcvCvcvCvcvno CvccnoCvcvCvcv CvccCvcvnoCvcv CvccCvcvCvcvno CvcvnoCvccCvcv ' +
      'CvcvCvccnoCvcv CvcvCvccCvcvno CvcvnoCvcvCvcc CvcvCvcvnoCvcc CvcvCvcvCvccno CvccnoCvccCvcv CvccCvccnoCvcv ' +
      'CvccCvccCvcvno CvcvnoCvccCvcc CvcvCvccnoCvcc CvcvCvccCvccno CvccnoCvcvCvcc CvccCvcvnoCvcc CvccCvcvCvccno'
    ).split(' '),
  ],
  ['medium', ['CvcnoCvc', 'CvcCvcno']],
  ['short', ['Cvcn']],
  ['basic', ['aaanaaan', 'aannaaan', 'aaannaaa']],
  ['pin', ['nnnn']],
])
const CHARACTERS: ReadonlyMap<string, string> = new Map([
  ['V', 'AEIOU'],
  ['C', 'BCDFGHJKLMNPQRSTVWXYZ'],
  ['v', 'aeiou'],
  ['c', 'bcdfghjklmnpqrstvwxyz'],
  ['A', 'AEIOUBCDFGHJKLMNPQRSTVWXYZ'],
  ['a', 'AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz'],
  ['n', DIGITS],
  ['o', "@&%?,=[]_:-+*$#!'^~;()/."],
  ['x', 'AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()'],
])

function derivePassword(
  counter: number,
  type: string,
  password: string,
  { user, site }: { user: string; site: string },
): string {
  const templates = TEMPLATES.get(type)
  if (!templates) return `cannot find password template ${type}`
  const sized = (text: string): number[] => [...bigEndian(encodeUtf8(text).length), ...encodeUtf8(text)]
  const salt = Uint8Array.from([...encodeUtf8(SEED), ...sized(user)])
  const key = scrypt(encodeUtf8(password), salt, { N: 32768, r: 8, p: 2, dkLen: 64 })
  const seed = hmac(
    sha256,
    key,
    Uint8Array.from([...encodeUtf8(SEED), ...sized(site), ...bigEndian(counter)]),
  )
  const template = templates[seed[0]! % templates.length]!
  return [...template].map((it, i) => CHARACTERS.get(it)![seed[i + 1]! % CHARACTERS.get(it)!.length]).join('')
}

const bigEndian = (value: number): number[] => [
  value >>> 24,
  (value >>> 16) & 255,
  (value >>> 8) & 255,
  value & 255,
]
