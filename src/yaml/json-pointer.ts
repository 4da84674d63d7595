/** JSON pointers (RFC 6901): `/spec/a~1b` leads to `a/b` below `spec`. */

/** The keys on the way; none for the root. */
export const parsePointer = (pointer: string): string[] => pointer.split('/').slice(1).map(unescapeKey)

const unescapeKey = (step: string): string =>
  step.includes('~') ? step.replaceAll('~1', '/').replaceAll('~0', '~') : step

/** The pointer to a key below what a pointer leads to. */
export const pointerBelow = (pointer: string, key: string): string =>
  `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
