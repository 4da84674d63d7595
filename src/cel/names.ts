/** Names that may have dots, and the namespace in which they are looked up. */

/** The name in the container, then in those around it; with a dot in front, nowhere but at the top. */
export function listQualified(name: string, container: string): readonly string[] {
  if (name.startsWith('.')) return [name.slice(1)]
  if (container === '') return [name]
  const parts = container.split('.')
  return [...parts.map((_, i) => `${parts.slice(0, parts.length - i).join('.')}.${name}`), name]
}
