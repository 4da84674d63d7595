/**
 * The OpenAPI v3 documents of one minor as Kubernetes publishes them (`api/openapi-spec/v3/` of its repository) or a
 * server hands them out (`kubectl get --raw /openapi/v3/apis/apps/v1`): any JSON files below a folder.
 */
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { type OpenApiSchema, readJson, type SourceFile } from './kubernetes-source.ts'

interface OpenApiDocument {
  readonly components?: { readonly schemas?: Readonly<Record<string, OpenApiSchema>> }
  readonly paths?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/** `/apis/apps/v1/namespaces/{namespace}/deployments`: the collection of a resource. */
const COLLECTION = /^\/(api\/v1|apis\/[^/]+\/[^/]+)(\/namespaces\/\{namespace\})?\/([a-z]+)$/

/** The documents below a folder that is named by its minor. */
export function readDocuments(folder: string): SourceFile {
  const documents: Record<string, Readonly<Record<string, OpenApiSchema>>> = {}
  const scopes: Record<string, Record<string, { kind?: string; namespaced: boolean }>> = {}
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!/\.json(?:\.gz)?$/.test(name)) continue
    const { components, paths } = readJson(path.join(folder, name)) as OpenApiDocument
    for (const [place, operations] of Object.entries(paths ?? {})) {
      const [, group, namespaced, plural] = COLLECTION.exec(place) ?? []
      const kind = kindOf(operations)
      if (!group || !plural || !kind) continue
      documents[group] = components?.schemas ?? {}
      const resources = (scopes[group] ??= {})
      // A namespaced resource has a collection over all namespaces too.
      resources[plural] = {
        kind,
        namespaced: namespaced !== undefined || resources[plural]?.namespaced === true,
      }
    }
  }
  return { version: path.basename(folder), documents, 'paths-scope': scopes }
}

/** The kind that is created or listed at a path. */
function kindOf(operations: Readonly<Record<string, unknown>>): string | undefined {
  for (const verb of ['post', 'get']) {
    const operation = operations[verb] as
      | { readonly 'x-kubernetes-group-version-kind'?: { readonly kind: string } }
      | undefined
    const kind = operation?.['x-kubernetes-group-version-kind']?.kind
    if (kind) return kind
  }
  return undefined
}
