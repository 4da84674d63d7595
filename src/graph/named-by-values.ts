/** Names that a chart takes from its values as they stand. */
import type { At } from '../yaml/cursor.ts'

/**
 * True when a name is what one key of a values file says: the users of the chart name an object that they have, and the
 * chart would print the same name where it makes the object itself.
 */
export function isNamedByValues(at: At): boolean {
  const origins = at.document.origins?.(at.span()).filter(it => it.kind === 'values') ?? []
  const [origin] = origins
  if (origins.length !== 1 || !origin) return false
  const { source, span } = origin.location
  const text = source.text.slice(span.start, span.end).replace(/^(["'])(.*)\1$/, '$2')
  return !source.id.endsWith('Chart.yaml') && text === at.text()
}
