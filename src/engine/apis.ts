/** `Apis` over the packed schemas of the checked minors, the definitions in the input and the packed custom resources. */
import type { ApiStatus, Apis, SchemaCode, SchemaFinding } from '../kube/apis.ts'
import type { Resource } from '../kube/resource.ts'
import { openCatalog } from '../kube/schema/catalog.ts'
import { type CustomResource, linkCrd } from '../kube/schema/crd.ts'
import { toMinor } from '../kube/schema/minors.ts'
import type { SchemaProblem, SchemaProblemCode } from '../kube/schema/problem.ts'
import { wordProblem } from '../kube/schema/problem-words.ts'
import { buildSchemas, type Schemas, validate } from '../kube/schema/schemas.ts'
import { memo } from '../text/memo.ts'
import { atNode } from '../yaml/cursor.ts'
import { scalarText } from '../yaml/decode.ts'
import type { Document } from '../yaml/document.ts'
import { KIND_MASK, SEQ } from '../yaml/table.ts'
import type { ReadAsset } from './input.ts'
import { resourcesOf } from './snapshot.ts'

/** The CustomResourceDefinitions among documents. */
export const listDefinitions = (documents: readonly Document[]): Resource[] =>
  documents.flatMap(document =>
    resourcesOf(document).filter(
      it => it.kind === 'CustomResourceDefinition' && it.group === 'apiextensions.k8s.io',
    ),
  )

export function buildApis(
  versions: readonly string[],
  definitions: readonly Resource[],
  readAsset: ReadAsset,
): Apis {
  const schemas = buildSchemas(openCatalog(readAsset), definitions.flatMap(toCustomResource))
  const findType = memoByName((apiVersion, kind) =>
    versions.map(version => schemas.findType(version, apiVersion, kind)),
  )
  const listProblems = memo((resource: Resource) =>
    listFindings(resource, versions, findType(resource.apiVersion, resource.kind)),
  )
  return {
    versions,
    listSchemaFindings: listProblems,
    hasSchema: ({ apiVersion, kind }) => findType(apiVersion, kind).some(it => it !== undefined),
    findStatus: memoByName((apiVersion, kind) => findStatus(schemas, versions, apiVersion, kind)),
    suggestApi: (apiVersion, kind) => schemas.suggestApi(versions.at(-1)!, apiVersion, kind),
    isNamespaced: (apiVersion, kind) => schemas.findScope(versions.at(-1)!, apiVersion, kind)?.namespaced,
  }
}

/** Definitions are large and most are never asked for, so the schema is read when the first object of the kind is met. */
function toCustomResource({ root }: Resource): CustomResource[] {
  const group = root.text('spec', 'group')
  const kind = root.text('spec', 'names', 'kind')
  if (!group || !kind) return []
  let linked: CustomResource | undefined
  return [
    {
      group,
      kind,
      plural: root.text('spec', 'names', 'plural') ?? '',
      namespaced: root.text('spec', 'scope') !== 'Cluster',
      get versions() {
        linked ??= linkCrd(root.value)
        return linked?.versions ?? new Map()
      },
    },
  ]
}

/** Problems of all minors, each once with the minors it holds for. */
function listFindings(
  resource: Resource,
  versions: readonly string[],
  types: readonly (Parameters<typeof validate>[2] | undefined)[],
): readonly SchemaFinding[] {
  const { table } = resource.document
  const merged = new Map<string, { problem: SchemaProblem; kubernetes: string[] }>()
  types.forEach((type, i) => {
    if (!type) return
    for (const problem of validate(table, resource.root.node, type)) {
      if (isPlaceholder(resource, problem)) continue
      const key = `${problem.code} ${problem.node} ${problem.expected}`
      const known = merged.get(key)
      if (known) known.kubernetes.push(versions[i]!)
      else merged.set(key, { problem, kubernetes: [versions[i]!] })
    }
  })
  return [...merged.values()].flatMap(({ problem, kubernetes }) => {
    const at = atNode(resource.root, problem.node)
    if (!at) return []
    const { part, suggestion } = problem
    return [
      {
        code: CODES[problem.code],
        at,
        part,
        message: wordProblem(problem),
        kubernetes,
        ...(suggestion !== undefined && { suggestion }),
      },
    ]
  })
}

/** `${VAR}`, `$(VAR)`, `{VAR}`, `<name>` and `{{ … }}` are filled in by something else before the server sees the value. */
function isPlaceholder({ document: { table } }: Resource, { node, code }: SchemaProblem): boolean {
  if (code === 'unknown-field' || (table.nodes[node]! & KIND_MASK) <= SEQ) return false
  return /\$\{.*\}|\$\(.*\)|^<.*>$|^\{[A-Z_]+\}$|\{\{.*\}\}/s.test(scalarText(table, node))
}

const CODES: Readonly<Record<SchemaProblemCode, SchemaCode>> = {
  'unknown-field': 'unknown-field',
  type: 'wrong-type',
  null: 'wrong-type',
  required: 'required-missing',
  enum: 'value-not-supported',
  format: 'value-invalid',
  pattern: 'value-invalid',
  range: 'value-invalid',
  length: 'value-invalid',
  count: 'value-invalid',
  combination: 'value-invalid',
  'duplicate-item': 'duplicate-item',
  'repeated-item': 'repeated-item',
}

function findStatus(
  schemas: Schemas,
  versions: readonly string[],
  apiVersion: string,
  kind: string,
): ApiStatus | undefined {
  const lifecycle = schemas.findLifecycle(apiVersion, kind)
  const known = versions.filter(it => schemas.findType(it, apiVersion, kind) !== undefined)
  if (!lifecycle && known.length === 0) return undefined
  const reached = (since: string | undefined) =>
    versions.filter(it => since !== undefined && toMinor(it)! >= toMinor(since)!)
  const removed = reached(lifecycle?.removed)
  const [replacementApi, replacementKind] = lifecycle?.replacement?.split(' ') ?? []
  return {
    known,
    removed,
    future: versions.filter(
      it => lifecycle?.introduced !== undefined && toMinor(it)! < toMinor(lifecycle.introduced)!,
    ),
    deprecated: reached(lifecycle?.deprecated).filter(it => !removed.includes(it)),
    ...(lifecycle?.deprecated && { deprecatedSince: lifecycle.deprecated }),
    ...(lifecycle?.removed && { removedIn: lifecycle.removed }),
    ...(lifecycle?.introduced && { introducedIn: lifecycle.introduced }),
    ...(replacementApi &&
      replacementKind && { replacement: { apiVersion: replacementApi, kind: replacementKind } }),
  }
}

function memoByName<T>(
  compute: (apiVersion: string, kind: string) => T,
): (apiVersion: string, kind: string) => T {
  const known = new Map<string, T>()
  return (apiVersion, kind) => {
    const key = `${apiVersion} ${kind}`
    if (!known.has(key)) known.set(key, compute(apiVersion, kind))
    return known.get(key)!
  }
}
