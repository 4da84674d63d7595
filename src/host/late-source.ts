/** Texts that are decoded when somebody asks for them. */
import { Buffer } from 'node:buffer'
import type { Source } from '../text/source.ts'

/** `bytes` are UTF-8. */
export function lateSource(id: string, bytes: Uint8Array): Source {
  let text: string | undefined
  return {
    id,
    get text() {
      text ??= Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString()
      return text
    },
  }
}
