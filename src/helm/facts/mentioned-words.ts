/** Which of a few words a text has. */

/** Each as a whole word, of ASCII letters, digits, `_` and `-`. Most words of the text are passed over by their length alone. */
export function listMentioned(texts: readonly string[], wanted: ReadonlySet<string>): Set<string> {
  const mentioned = new Set<string>()
  const lengths = new Set([...wanted].map(it => it.length))
  for (const text of texts) {
    let start = 0
    for (let i = 0; i <= text.length; i++) {
      if (i < text.length && IS_WORD[text.charCodeAt(i)] === 1) continue
      if (i > start && lengths.has(i - start)) {
        const word = text.slice(start, i)
        if (wanted.has(word)) mentioned.add(word)
      }
      start = i + 1
    }
  }
  return mentioned
}

/** By character. */
const IS_WORD = Uint8Array.from({ length: 128 }, (_, code) =>
  /[\w-]/.test(String.fromCharCode(code)) ? 1 : 0,
)
