/**
 * Schema locations as kubeconform takes them: a path with the variables of a Go template, one file a kind.
 * Imitates `schemaPath` and `New` of kubeconform's pkg/registry/registry.go.
 */

/** A location that has been read: texts and names of variables in turn. */
export interface SchemaLocation {
  readonly parts: readonly (string | { readonly variable: Variable })[]
}

const VARIABLES = [
  'NormalizedKubernetesVersion',
  'StrictSuffix',
  'ResourceKind',
  'ResourceAPIVersion',
  'Group',
  'KindSuffix',
] as const
type Variable = (typeof VARIABLES)[number]

/** What a location does not end in `json` gets, when it names a folder or a registry. */
const STANDALONE =
  '/{{ .NormalizedKubernetesVersion }}-standalone{{ .StrictSuffix }}/{{ .ResourceKind }}{{ .KindSuffix }}.json'

export interface SchemaTarget {
  /** `1.36` or `1.36.2`. */
  readonly version: string
  readonly apiVersion: string
  readonly kind: string
  /** Unknown fields are faults: the variant of the schemas that says so. */
  readonly mode: 'strict' | 'lenient'
}

/** The location, or a sentence about what is wrong with the template. */
export function parseLocation(template: string): SchemaLocation | string {
  const text = template.endsWith('json') ? template : template.replace(/\/$/, '') + STANDALONE
  const parts: (string | { readonly variable: Variable })[] = []
  let at = 0
  for (;;) {
    const open = text.indexOf('{{', at)
    if (open < 0) break
    const close = text.indexOf('}}', open)
    if (close < 0) return `"${template}" has "{{" without "}}"`
    const name = text
      .slice(open + 2, close)
      .replace(/^-|-$/g, '')
      .trim()
    const variable = VARIABLES.find(it => `.${it}` === name)
    if (!variable)
      return `"${template}" names "${name}", which is no variable; there are ${VARIABLES.map(it => `.${it}`).join(', ')}`
    parts.push(text.slice(at, open), { variable })
    at = close + 2
  }
  parts.push(text.slice(at))
  return { parts }
}

/** The path of the schema of a kind. */
export function expandLocation(location: SchemaLocation, target: SchemaTarget): string {
  const values = variablesOf(target)
  return location.parts.map(it => (typeof it === 'string' ? it : values[it.variable])).join('')
}

function variablesOf({ version, apiVersion, kind, mode }: SchemaTarget): Readonly<Record<Variable, string>> {
  const slash = apiVersion.indexOf('/')
  // Of the core group the first part is the version, and there is no second.
  const group = slash < 0 ? apiVersion : apiVersion.slice(0, slash)
  const own = slash < 0 ? apiVersion : apiVersion.slice(slash + 1)
  const suffix = slash < 0 ? apiVersion : `${group.split('.')[0]}-${own}`
  return {
    NormalizedKubernetesVersion: normalizeVersion(version),
    StrictSuffix: mode === 'strict' ? '-strict' : '',
    ResourceKind: kind.toLowerCase(),
    ResourceAPIVersion: own,
    Group: group,
    KindSuffix: `-${suffix.toLowerCase()}`,
  }
}

/** `v1.36.0` for a minor; what is no version stays (`master`). */
function normalizeVersion(version: string): string {
  const match = /^v?(\d+\.\d+)(\.\d+)?$/.exec(version)
  return match ? `v${match[1]}${match[2] ?? '.0'}` : version
}
