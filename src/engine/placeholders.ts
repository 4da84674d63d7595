/** Values that something else fills in before the server sees them. */

/** `${VAR}`, `$(VAR)`, `{VAR}`, `__VAR__`, `<name>`, `{{ … }}`, and `_`, which stands for the name that kustomize writes. */
export const isPlaceholderText = (text: string): boolean =>
  /\$\{.*\}|\$\(.*\)|<[^<>]+>|^\{[A-Z_]+\}$|__[A-Z][A-Z_]*__|^_$|\{\{.*\}\}/s.test(text)
