/** The source data of a generator run: OpenAPI v3 documents of each minor, as a folder holds them. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { toMinor } from '../../kube/schema/minors.ts'

/** A schema as the server publishes it; only the keys that bear on validation are named. */
export interface OpenApiSchema {
  readonly $ref?: string
  readonly type?: string
  readonly format?: string
  readonly properties?: Readonly<Record<string, OpenApiSchema>>
  readonly required?: readonly string[]
  readonly items?: OpenApiSchema
  readonly additionalProperties?: OpenApiSchema
  readonly allOf?: readonly OpenApiSchema[]
  readonly oneOf?: readonly OpenApiSchema[]
  readonly enum?: readonly string[]
  readonly default?: unknown
  readonly 'x-kubernetes-list-type'?: string
  readonly 'x-kubernetes-list-map-keys'?: readonly string[]
  readonly 'x-kubernetes-group-version-kind'?: readonly { group: string; version: string; kind: string }[]
}

export interface KindSource {
  readonly apiVersion: string
  readonly kind: string
  readonly plural: string
  /** Undefined where the documents do not tell. */
  readonly namespaced: boolean | undefined
  /** Short name of its definition. */
  readonly type: string
}

/** What one minor has. */
export interface MinorSource {
  readonly minor: number
  /** By short name; references in them are full names. */
  readonly definitions: ReadonlyMap<string, OpenApiSchema>
  readonly kinds: readonly KindSource[]
}

/** `io.k8s.api.core.v1.Pod` as `core.v1.Pod`: the last steps are unique. */
export const shortName = (name: string): string => name.split('.').slice(-3).join('.')

/** All documents of a minor in one file. */
export interface SourceFile {
  readonly version: string
  readonly documents: Readonly<Record<string, Readonly<Record<string, OpenApiSchema>>>>
  /** By group/version path (`api/v1`, `apis/apps/v1`): resources by plural. */
  readonly 'paths-scope': Readonly<
    Record<string, Readonly<Record<string, { readonly kind?: string; readonly namespaced?: boolean }>>>
  >
}

/**
 * All minors below `folder/openapi-v3`, ascending: a file a minor in the form of `SourceFile`, or a folder named by its
 * minor (`1.38`) with the documents as Kubernetes publishes them.
 */
export function readMinors(folder: string, readDocuments: (folder: string) => SourceFile): MinorSource[] {
  const below = path.join(folder, 'openapi-v3')
  return readdirSync(below, { withFileTypes: true })
    .flatMap(it => {
      const place = path.join(below, it.name)
      if (it.isDirectory()) return [toMinorSource(readDocuments(place))]
      return /\.json(?:\.gz)?$/.test(it.name) ? [toMinorSource(readJson(place) as SourceFile)] : []
    })
    .sort((a, b) => a.minor - b.minor)
}

/** A JSON file, gzipped or not. */
export function readJson(file: string): unknown {
  const bytes = readFileSync(file)
  return JSON.parse((file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'))
}

function toMinorSource(file: SourceFile): MinorSource {
  const minor = toMinor(file.version)
  if (minor === undefined) throw new Error(`"${file.version}" is no minor of Kubernetes`)
  const definitions = new Map<string, OpenApiSchema>()
  const typesByKind = new Map<string, string>()
  for (const document of Object.values(file.documents))
    for (const [fullName, schema] of Object.entries(document)) {
      const name = shortName(fullName)
      const known = definitions.get(name)
      // Documents of one minor repeat definitions; the one that says most is the one to keep.
      if (!known || fields(schema) > fields(known)) definitions.set(name, schema)
      const [only, ...more] = schema['x-kubernetes-group-version-kind'] ?? []
      if (only && more.length === 0) typesByKind.set(kindKey(only), name)
    }
  const kinds = Object.entries(file['paths-scope']).flatMap(([place, resources]) =>
    Object.entries(resources).flatMap(([plural, { kind, namespaced }]) => {
      const apiVersion = place.replace(/^apis?\//, '')
      const type = typesByKind.get(`${apiVersion} ${kind}`)
      return kind && type ? [{ apiVersion, kind, plural, namespaced, type }] : []
    }),
  )
  return { minor, definitions, kinds }
}

const fields = (schema: OpenApiSchema): number => Object.keys(schema.properties ?? {}).length

const kindKey = ({ group, version, kind }: { group: string; version: string; kind: string }): string =>
  `${group === '' ? '' : `${group}/`}${version} ${kind}`
