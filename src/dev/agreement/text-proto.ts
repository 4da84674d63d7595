/** Reads protocol buffers in their text form, without their definitions: names, and what stands behind them. */

export interface Message {
  /** Of every name what was given, in order. */
  readonly fields: ReadonlyMap<string, readonly Field[]>
}

/** A message, a quoted text (as bytes), or a bare word or number. */
export type Field = Message | Uint8Array | string

export function readTextProto(text: string): Message {
  const reader = new TextProtoParser(text)
  return reader.message('')
}

export const isMessage = (field: Field | undefined): field is Message =>
  typeof field === 'object' && !(field instanceof Uint8Array)

/** Messages of a name. */
export const messagesOf = (message: Message, name: string): readonly Message[] =>
  (message.fields.get(name) ?? []).filter(isMessage)

export const messageOf = (message: Message, name: string): Message | undefined => messagesOf(message, name)[0]

/** A text or word; empty when there is none. */
export function textOf(message: Message, name: string): string {
  const field = message.fields.get(name)?.[0]
  if (field instanceof Uint8Array) return new TextDecoder().decode(field)
  return typeof field === 'string' ? field : ''
}

const TOKEN =
  /(?:\s|#[^\n]*)*([A-Za-z_][\w.]*|[-+]?[\w.+-]+|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\[[^\]]*\]|[{}<>:;,[\]])/y

class TextProtoParser {
  private readonly text: string
  private at = 0

  constructor(text: string) {
    this.text = text
  }

  private peek(): string | undefined {
    TOKEN.lastIndex = this.at
    return TOKEN.exec(this.text)?.[1]
  }

  private take(): string {
    TOKEN.lastIndex = this.at
    const match = TOKEN.exec(this.text)
    if (!match) throw new Error(`text proto: nothing to read at ${this.at}`)
    this.at = TOKEN.lastIndex
    return match[1]!
  }

  message(close: string): Message {
    const fields = new Map<string, Field[]>()
    for (;;) {
      const next = this.peek()
      if (next === undefined || next === close) break
      const name = this.take()
      if (name === ';' || name === ',') continue
      const values = fields.get(name) ?? []
      fields.set(name, values)
      if (this.peek() === ':') this.take()
      values.push(...this.value())
    }
    if (close !== '') this.take()
    return { fields }
  }

  private value(): Field[] {
    const token = this.take()
    if (token === '{') return [this.message('}')]
    if (token === '<') return [this.message('>')]
    if (token === '[') {
      const items: Field[] = []
      while (this.peek() !== ']')
        if (this.peek() === ',') this.take()
        else items.push(...this.value())
      this.take()
      return items
    }
    if (token.startsWith('[')) return [token]
    if (!/^["']/.test(token)) return [token]
    const parts = [toBytes(token)]
    while (/^["']/.test(this.peek() ?? '')) parts.push(toBytes(this.take()))
    return [Uint8Array.from(parts.flatMap(it => [...it]))]
  }
}

const ESCAPES: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, a: 7, b: 8, f: 12, v: 11 }

function toBytes(quoted: string): Uint8Array {
  const bytes: number[] = []
  const pattern =
    /\\([0-7]{1,3})|\\x([0-9a-fA-F]{1,2})|\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})|\\(.)|([^\\]+)/gs
  for (const [, octal, hex, short, long, letter, plain] of quoted.slice(1, -1).matchAll(pattern)) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8))
    else if (hex !== undefined) bytes.push(Number.parseInt(hex, 16))
    else if (short !== undefined || long !== undefined)
      bytes.push(...new TextEncoder().encode(String.fromCodePoint(Number.parseInt((short ?? long)!, 16))))
    else if (letter !== undefined) bytes.push(ESCAPES[letter] ?? letter.charCodeAt(0))
    else bytes.push(...new TextEncoder().encode(plain))
  }
  return Uint8Array.from(bytes)
}
