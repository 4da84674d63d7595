/** Which map or list of the values is printed whole: what a rendered one lacks is to be written there. */
import type { At } from '../yaml/cursor.ts'
import type { Origin, PlainOrigin, ValueOrigin } from './template/origin.ts'
import { segmentIndex, type Text } from './template/text.ts'

/** Texts made by `tpl` within `tpl` are followed this far. */
const MAX_HOPS = 20

/**
 * The value of a values file that makes all of a rendered value, as `toYaml` does. Functions may have left out entries;
 * undefined where there are entries of templates, of several values or under other names.
 */
export function findPrintedWhole(text: Text, at: At): ValueOrigin | undefined {
  const { start, end } = at.span()
  const entries = at.each()
  const isBlock = entries.length > 0 && !/[[{]/.test(text.text[start]!)
  if (!isBlock) {
    const value = valueAt(text, start)
    return value?.kind === 'values' && (end <= start || isSame(valueAt(text, end - 1), value))
      ? value
      : undefined
  }
  let whole: ValueOrigin | undefined
  for (const it of entries) {
    const holder = findHolder(valueAt(text, it.span(at.isMap ? 'key' : 'value').start), it.key!)
    if (!holder || (whole && !isSame(holder, whole))) return undefined
    whole = holder
  }
  return whole
}

/** What made a character of rendered text. */
function valueAt({ segments }: Text, offset: number, hops = 0): PlainOrigin | undefined {
  const segment = segments[segmentIndex(segments, offset)]
  if (!segment) return undefined
  const { piece, at, pad } = segment
  const { made } = piece.template
  if (!piece.literal || !made) return piece.value
  if (segment.offset < 0 || hops > MAX_HOPS) return undefined
  return valueAt(made, piece.span.start + segment.offset + Math.max(0, offset - at - pad), hops + 1)
}

/** Of what prints an entry the map or list that has it under the same key; a text that is printed has many entries. */
function findHolder(value: PlainOrigin | undefined, key: string | number): ValueOrigin | undefined {
  if (value?.kind !== 'values') return undefined
  // An item that is a map begins with the key of its first entry.
  const entry = typeof key === 'number' && value.path.at(-1) !== key ? toValue(value.above) : value
  if (entry?.path.at(-1) === key) return toValue(entry.above)
  return /["'|>]/.test(value.source.text[value.value.start] ?? '') ? value : undefined
}

const toValue = (origin: Origin | undefined): ValueOrigin | undefined =>
  origin?.kind === 'values' ? origin : undefined

const isSame = (a: PlainOrigin | undefined, b: ValueOrigin): boolean =>
  a === b ||
  (a?.kind === 'values' &&
    a.source === b.source &&
    a.path.length === b.path.length &&
    a.path.every((step, i) => step === b.path[i]))
