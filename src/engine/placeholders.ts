/** Values that something else fills in before the server sees them. */

/** `${VAR}`, `$(VAR)`, `{VAR}`, `__VAR__`, `<name>`, `{{ … }}`. */
export const isPlaceholderText = (text: string): boolean =>
  /\$\{.*\}|\$\(.*\)|<[^<>]+>|^\{[A-Z_]+\}$|__[A-Z][A-Z_]*__|\{\{.*\}\}/s.test(text)
