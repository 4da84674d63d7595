/** `Apis` over the packed schemas of the checked minors, the definitions in the input and the packed custom resources. */
import type { ApiStatus, Apis } from '../kube/apis.ts'
import type { Resource } from '../kube/resource.ts'
import { openCatalog } from '../kube/schema/catalog.ts'
import { toMinor } from '../kube/schema/minors.ts'
import {
  type ApiName,
  buildSchemas,
  type CustomType,
  type Schemas,
  type Type,
  validate,
} from '../kube/schema/schemas.ts'
import { memo } from '../text/memo.ts'
import { DEFINITION, layerDefinitions } from './definitions.ts'
import type { ReadAsset } from './input.ts'
import type { LateRules } from './late-rules.ts'
import { memoByNode } from './memo-by-node.ts'
import { type Judge, listFindings, type Typed, withDoubts } from './schema-findings.ts'
import { type Checked, listServerFindings, toBuiltinCheck } from './server-verdicts.ts'
import type { UserSchemas } from './user-schemas.ts'

/** What judges besides the packed schemas. */
export interface Judging {
  readonly users?: UserSchemas
  readonly rules: LateRules
}

export function buildApis(
  versions: readonly string[],
  definitions: readonly Resource[],
  readAsset: ReadAsset,
  { users, rules }: Judging,
): Apis {
  const catalog = openCatalog(readAsset)
  const linked = layerDefinitions(definitions)
  const layers = linked.map(it => buildSchemas(catalog, it))
  const defined = new Set(linked[0]!.map(it => `${it.group}/${it.kind}`))
  const schemas = layers[0]!
  const findTypes = memoByName((apiVersion, kind): readonly Typed[] =>
    versions.map(version => ({ version, judges: listJudges(layers, users, version, { apiVersion, kind }) })),
  )
  const filledIn = new WeakSet<Resource>()
  const listRaw = memo((it: Resource) =>
    listFindings(it, findTypes(it.apiVersion, it.kind), () => filledIn.add(it)),
  )
  const findChecked = memoByName((apiVersion, kind): readonly Checked[] =>
    versions.map(version => ({
      version,
      customs: listCustoms(layers, users, version, { apiVersion, kind }),
      rules,
      checkBuiltin: toBuiltinCheck(version, kind, rules),
    })),
  )
  const isPacked = memoByName((apiVersion, kind) => {
    const isInInput = defined.has(`${groupOf(apiVersion)}/${kind}`)
    const { customs } = findChecked(apiVersion, kind).at(-1)!
    return !isInInput && customs.length > 0
  })
  const judge = memo((it: Resource) => {
    const schema = listRaw(it)
    // A number or a choice that is not known yet decides about other fields.
    if (filledIn.has(it)) return { schema, causes: [], warnings: [] }
    return listServerFindings(it, findChecked(it.apiVersion, it.kind), schema, () => filledIn.add(it))
  })
  const listSchema = memo((it: Resource) => {
    const { schema } = judge(it)
    return isPacked(it.apiVersion, it.kind) ? withDoubts(it, schema) : schema
  })
  const listRuled = (apiVersion: string, kind: string): readonly CustomType[] =>
    findChecked(apiVersion, kind).flatMap(it => it.customs.filter(type => type.version.hasRules()))
  return {
    versions,
    listServerFindings: it => judge(it).causes,
    listServerWarnings: it => judge(it).warnings,
    unusable: users?.problems ?? new Map(),
    listSchemaFindings: listSchema,
    isFilledIn: it => filledIn.has(it),
    hasSchema: ({ apiVersion, kind }) => findTypes(apiVersion, kind).some(it => it.judges.length > 0),
    hasRules: memoByName((apiVersion, kind) => listRuled(apiVersion, kind).length > 0),
    listBrokenRules: (apiVersion, kind) => {
      const { engine } = rules
      const broken = engine && listRuled(apiVersion, kind).flatMap(it => engine.listBrokenRules(it.schema))
      return [...new Set(broken)]
    },
    findStatus: memoByName((apiVersion, kind) => findStatus(schemas, versions, apiVersion, kind)),
    suggestApi: (apiVersion, kind) => suggestApi(schemas, defined, versions.at(-1)!, { apiVersion, kind }),
    isNamespaced: memoByName(
      (apiVersion, kind) => schemas.findScope(versions.at(-1)!, apiVersion, kind)?.namespaced,
    ),
  }
}

/**
 * That the packed copy of a definition lacks a version proves nothing, there are older and newer ones: another version
 * of a custom resource is suggested only where the input defines it.
 */
function suggestApi(schemas: Schemas, defined: ReadonlySet<string>, version: string, wanted: ApiName) {
  const meant = schemas.suggestApi(version, wanted.apiVersion, wanted.kind)
  const group = groupOf(wanted.apiVersion)
  const isOtherVersion = meant?.kind === wanted.kind && groupOf(meant.apiVersion) === group
  const isCustom = isOtherVersion && schemas.findCustomResource(meant.apiVersion, meant.kind) !== undefined
  return isCustom && !defined.has(`${group}/${wanted.kind}`) ? undefined : meant
}

const groupOf = (apiVersion: string): string => apiVersion.slice(0, Math.max(0, apiVersion.lastIndexOf('/')))

/** Schemas of users come first, where their locations say so; higher layers count where the input defines a kind again. */
function listJudges(
  layers: readonly Schemas[],
  users: UserSchemas | undefined,
  version: string,
  { apiVersion, kind }: ApiName,
): Judge[] {
  const type = layers[0]!.findType(version, apiVersion, kind)
  const own = users ? users.find(version, apiVersion, kind, type !== undefined) : 'default'
  if (own !== 'default') return own ? [(table, node) => own.validate(table, node)] : []
  const customs = listDistinct(layers.map(it => it.findType(version, apiVersion, kind)).filter(isCustom))
  const types = type && !isCustom(type) ? [type, ...customs] : customs
  return types.map(it => toJudge(it, kind))
}

/** Charts hold the same definitions, so these are judged once. */
function toJudge(type: Type, kind: string): Judge {
  const judge: Judge = (table, node) => validate(table, node, type)
  return kind === DEFINITION ? memoByNode(judge) : judge
}

/** Several layers have the packed definition, or equal ones: of these the first will do. */
const listDistinct = (types: readonly CustomType[]): CustomType[] =>
  types.filter((it, at) => types.findIndex(other => other.version === it.version) === at)

const isCustom = (type: Type | undefined): type is CustomType => type?.source === 'custom'

/** The definitions of a custom resource, of which one will be installed; none where users have schemas of their own. */
function listCustoms(
  layers: readonly Schemas[],
  users: UserSchemas | undefined,
  version: string,
  { apiVersion, kind }: ApiName,
): readonly CustomType[] {
  const types = layers.map(it => it.findType(version, apiVersion, kind))
  if (users && users.find(version, apiVersion, kind, types[0] !== undefined) !== 'default') return []
  return listDistinct(types.filter(isCustom))
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
