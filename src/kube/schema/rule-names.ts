/** Names of fields as expressions write them: `Escape` and `Unescape` of apiserver/pkg/cel/escaping.go. */

const RESERVED: ReadonlySet<string> = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
)

const ESCAPES: Readonly<Record<string, string>> = {
  __: '__underscores__',
  '.': '__dot__',
  '-': '__dash__',
  '/': '__slash__',
}

/** Undefined for names that expressions cannot write. */
export function escapeName(name: string): string | undefined {
  if (RESERVED.has(name)) return `__${name}__`
  if (PLAIN.test(name) && !name.includes('__')) return name
  if (!/^[a-zA-Z_./-][a-zA-Z0-9_./-]*$/.test(name)) return undefined
  return name.replaceAll(/__|[./-]/g, it => ESCAPES[it]!)
}

/** Under which names expressions find a field: since 1.31 words of CEL may also stand as they are. */
export function listFieldNames(name: string): readonly string[] {
  const escaped = escapeName(name)
  if (escaped === undefined) return []
  return RESERVED.has(name) ? [escaped, name] : [escaped]
}

const PLAIN = /^[a-zA-Z_][a-zA-Z0-9_]*$/

/** The name behind an escaped one. */
export const unescapeName = (name: string): string =>
  /^__(?!underscores__|dot__|dash__|slash__)[a-z]+__$/.test(name) && RESERVED.has(name.slice(2, -2))
    ? name.slice(2, -2)
    : name.replaceAll(/__(underscores|dot|dash|slash)__/g, (_, word: string) => UNESCAPES[word]!)

const UNESCAPES: Readonly<Record<string, string>> = { underscores: '__', dot: '.', dash: '-', slash: '/' }
