/**
 * Names in templates, one string for all places that name the same: charts write the same few thousand again and again, and
 * a string that was looked up before has its hash.
 */

const names = new Map<string, string>()
const paths = new Map<string, readonly string[]>()

/** Of more than these, all are forgotten: nothing else bounds what comes in through a language server. */
const MOST_KNOWN = 20_000
const LONGEST = 100

/** The name at `[start, end)`. */
export function toName(text: string, start: number, end: number): string {
  const slice = text.slice(start, end)
  const known = names.get(slice)
  if (known !== undefined) return known
  if (slice.length > LONGEST) return slice
  const name = copyOf(slice)
  if (names.size >= MOST_KNOWN) names.clear()
  names.set(name, name)
  return name
}

/** The names in `.image.tag`, which is at `[start, end)`; a list that all such places share. */
export function toFields(text: string, start: number, end: number): readonly string[] {
  const slice = text.slice(start, end)
  const known = paths.get(slice)
  if (known) return known
  const fields: string[] = []
  for (let from = start + 1; from <= end; ) {
    const dot = text.indexOf('.', from)
    const to = dot < 0 || dot > end ? end : dot
    fields.push(toName(text, from, to))
    from = to + 1
  }
  if (slice.length > LONGEST) return fields
  if (paths.size >= MOST_KNOWN) paths.clear()
  paths.set(copyOf(slice), fields)
  return fields
}

/** A slice would keep the whole text that it was cut from. Names hold nothing that JSON would escape. */
const copyOf = (name: string): string => JSON.parse(`"${name}"`) as string
