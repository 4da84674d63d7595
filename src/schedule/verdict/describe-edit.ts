/** An edit in words, for reports and messages. */

import type { Edit } from './edits.ts'

/** `change containers[0].resources.requests.cpu from 5 to 4`; no full stop. */
export function describeEdit({ path, from, to }: Pick<Edit, 'path' | 'from' | 'to'>): string {
  if (to === 'removed') return `remove ${path}: ${from}`
  return from === '' ? `add ${path}: ${to}` : `change ${path} from ${from} to ${to}`
}
