/** How many warnings come through: the recorder of apiserver/pkg/endpoints/filters/warning.go. */

const TOTAL = 4 * 1024
const ITEM = 256
const CONTROL_RE = /\p{Cc}/u

/**
 * What the server sends of its warnings, which are headers: each text once, none with control characters, and when all
 * together are too long, each cut short and no more than fit.
 */
export function limitWarnings(warnings: readonly string[]): readonly string[] {
  if (warnings.length === 0) return warnings
  const distinct = [...new Set(warnings)].filter(it => it !== '')
  if (distinct.length === warnings.length && isShort(distinct)) return distinct
  let written = 0
  let isCut = false
  let sent: string[] = []
  const send = (text: string): void => {
    const runes = [...text]
    const length = isCut ? Math.min(runes.length, ITEM) : runes.length
    if (CONTROL_RE.test(text)) return
    written += length
    sent.push(length < runes.length ? runes.slice(0, length).join('') : text)
  }
  for (const [at, text] of distinct.entries()) {
    if (isCut && written >= TOTAL) break
    if (isCut || CONTROL_RE.test(text) || written + [...text].length <= TOTAL) send(text)
    else {
      isCut = true
      written = 0
      sent = []
      for (const it of distinct.slice(0, at + 1)) send(it)
    }
  }
  return sent
}

/** Whether nothing has to be cut or left out. */
function isShort(warnings: readonly string[]): boolean {
  let length = 0
  for (const it of warnings) {
    length += it.length
    if (CONTROL_RE.test(it)) return false
  }
  return length <= TOTAL
}
