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

export interface OpenApiResource {
  readonly kind?: string
  readonly namespaced?: boolean
}

export interface MinorSource {
  readonly minor: number
  readonly definitions: ReadonlyMap<string, OpenApiSchema>
  /** By group/version path (`api/v1`, `apis/apps/v1`): resources by plural. */
  readonly resources: Readonly<Record<string, Readonly<Record<string, OpenApiResource>>>>
}

interface SourceFile {
  readonly version: string
  readonly documents: Readonly<Record<string, Readonly<Record<string, OpenApiSchema>>>>
  readonly 'paths-scope': MinorSource['resources']
}

/** All minors below `folder/openapi-v3`, ascending. */
export function readMinors(folder: string): MinorSource[] {
  const below = path.join(folder, 'openapi-v3')
  return readdirSync(below)
    .filter(it => it.endsWith('.json.gz') || it.endsWith('.json'))
    .map(it => toMinorSource(readJson(path.join(below, it)) as SourceFile))
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
  for (const document of Object.values(file.documents))
    for (const [name, schema] of Object.entries(document)) {
      const known = definitions.get(name)
      // Documents of one minor repeat definitions; the one that says most is the one to keep.
      if (!known || fields(schema) > fields(known)) definitions.set(name, schema)
    }
  return { minor, definitions, resources: file['paths-scope'] }
}

const fields = (schema: OpenApiSchema): number => Object.keys(schema.properties ?? {}).length
