/**
 * Map keys as small integers. The same text has the same id everywhere in the process, so that a schema or a rule
 * finds a field by comparing integers. Ids are never given back: their number is that of the distinct keys ever read.
 */

const SEED = 0x811c9dc5

let capacity = 1 << 13
let slots = new Int32Array(capacity)
let hashes = new Int32Array(capacity >> 1)
const texts: string[] = ['']
const ids = new Map<string, number>()
/** By id: the id of the key that the same text means when it stands unquoted (`on` means `true`). */
let meanings = new Int32Array(capacity >> 1)

/**
 * How an unquoted key reads, undefined where kubectl refuses it; set once by the module that knows the scalar rules,
 * before anything is parsed.
 */
let resolvePlain: (text: string) => string | undefined = text => text
export const setPlainKeyResolver = (resolve: (text: string) => string | undefined): void => {
  resolvePlain = resolve
}

/** One step of the hash over the units of a key; start with `hashStart`. */
export const hashStart = SEED | 0
export const hashStep = (hash: number, unit: number): number => Math.imul(hash ^ unit, 0x01000193)

export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = hashStart
  for (let at = start; at < end; at++) hash = hashStep(hash, bytes[at]!)
  return hash
}

/** The id of a key text. */
export function internKey(text: string): number {
  const known = ids.get(text)
  if (known !== undefined) return known
  const id = texts.length
  texts.push(text)
  ids.set(text, id)
  addSlot(id, hashOf(text))
  const meaning = resolvePlain(text)
  if (meaning !== undefined) meanings[id] = meaning === text ? id : internKey(meaning)
  return id
}

/** The id of the ASCII bytes `[start, end)`, whose hash the caller has computed with `hashStep` on the way. */
export function internBytes(bytes: Uint8Array, start: number, end: number, hash: number): number {
  const mask = capacity - 1
  for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
    const id = slots[slot]!
    if (id === 0) break
    if (hashes[id] === hash && sameText(texts[id]!, bytes, start, end)) return id
  }
  let text = ''
  for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at]!)
  return internKey(text)
}

export const keyText = (id: number): string => texts[id]!

/**
 * The id of the key that an unquoted key text means: `y` and `on` are the key `true` for the API server. 0 where
 * kubectl refuses the key.
 */
export const plainMeaning = (id: number): number => meanings[id]!

function sameText(text: string, bytes: Uint8Array, start: number, end: number): boolean {
  if (text.length !== end - start) return false
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[start + i]) return false
  return true
}

function hashOf(text: string): number {
  let hash = hashStart
  for (let i = 0; i < text.length; i++) hash = hashStep(hash, text.charCodeAt(i))
  return hash
}

function addSlot(id: number, hash: number): void {
  if (id >= hashes.length) grow()
  hashes[id] = hash
  place(id, hash)
}

function place(id: number, hash: number): void {
  const mask = capacity - 1
  let slot = hash & mask
  while (slots[slot] !== 0) slot = (slot + 1) & mask
  slots[slot] = id
}

function grow(): void {
  const count = hashes.length
  capacity *= 2
  slots = new Int32Array(capacity)
  hashes = grown(hashes, capacity >> 1)
  meanings = grown(meanings, capacity >> 1)
  for (let id = 1; id < count; id++) place(id, hashes[id]!)
}

function grown(array: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length)
  larger.set(array)
  return larger
}
