/** The one place where agreement asks plimsoll what an API server would say. */
import { openScope } from '../../kube/api/compile-expressions.ts'
import { checkCustomObject } from '../../kube/api/custom.ts'
import { checkRules } from '../../kube/api/custom-rules.ts'
import { checkDefinitionRules } from '../../kube/api/definition-rules.ts'
import type { Cluster } from '../../kube/api/field.ts'
import { isObj } from '../../kube/api/object.ts'
import { checkObject } from '../../kube/api/verdict.ts'
import { listDeprecations } from '../../kube/api/warn-about-api.ts'
import { openCatalog } from '../../kube/schema/catalog.ts'
import type { CustomResource } from '../../kube/schema/crd.ts'
import { fromJson } from '../../kube/schema/go-value.ts'
import { toMinor } from '../../kube/schema/minors.ts'
import { buildSchemas, type Schemas, validate } from '../../kube/schema/schemas.ts'
import type { Span } from '../../text/source.ts'
import type { Document, Problem } from '../../yaml/document.ts'
import type { JsonObject } from '../../yaml/json.ts'
import { plainValue } from '../../yaml/scalars.ts'
import { readAsset } from './assets.ts'
import { type Cause, formatDecodeProblems, isDecodeProblem, listCauses } from './server-cause.ts'

export interface Verdict {
  readonly causes: readonly Cause[]
  readonly warnings: readonly string[]
  /** The message of a request that does not decode; then there are no causes. */
  readonly decodeError?: string
  /** A bug of ours: the verdict agrees with nothing. */
  readonly failure?: string
}

/** What is asked of the server. */
export interface Request {
  /** `1.36`. */
  readonly version: string
  readonly crds: readonly CustomResource[]
  /** `apps/v1/Deployment`: what a text was posted as, which may leave out its apiVersion and kind. */
  readonly target?: string
  /** What was applied before, for an update. */
  readonly old?: JsonObject
  /** What is known about the cluster that was asked. */
  readonly cluster?: Cluster
}

/** What a server says about the one object of a document. */
export function verdict(document: Document, request: Request): Verdict {
  try {
    return judge(document, request)
  } catch (error) {
    return { causes: [], warnings: [], failure: (error as Error).stack ?? String(error) }
  }
}

function judge(document: Document, request: Request): Verdict {
  const schema = schemaVerdict(document, request)
  const { version, old, cluster } = request
  const minor = toMinor(version) ?? 0
  const options = {
    minor,
    openScope,
    checkSchemaRules: checkDefinitionRules,
    ...(old && { old }),
    ...(cluster && { cluster }),
  }
  if (schema.decodeError !== undefined)
    return {
      ...schema,
      warnings: isObj(document.value) ? listDeprecations(document.value, options.minor) : [],
    }
  const checked = checkObject(withType(document.value as JsonObject, request.target), options)
  if (!checked) return schema
  // Where the server's own checks refuse, they speak for the schema too, whose paths lack the server's quirks. Of an
  // update it may ignore a part.
  return {
    causes: checked.causes.length > 0 || old ? checked.causes : schema.causes,
    warnings: checked.warnings,
  }
}

/** What a body leaves out of its apiVersion and kind, its address says. */
function withType(value: JsonObject, target: string | undefined): JsonObject {
  if (target === undefined || (value.apiVersion && value.kind)) return value
  const at = target.lastIndexOf('/')
  return { apiVersion: target.slice(0, at), kind: target.slice(at + 1), ...value }
}

/** What decoding and the schema say; of custom resources all that is said. */
export function schemaVerdict(document: Document, { version, crds, target = '', old }: Request): Verdict {
  const syntax = document.problems.find(it => it.code === 'syntax')
  if (syntax) return refuse(syntax.message)
  const { value } = document
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse('not an object')
  const { apiVersion, kind } = value as JsonObject
  const type = schemasOf(crds).findType(
    version,
    typeof apiVersion === 'string' && apiVersion !== ''
      ? apiVersion
      : target.slice(0, target.lastIndexOf('/')),
    typeof kind === 'string' && kind !== '' ? kind : target.slice(target.lastIndexOf('/') + 1),
  )
  // An object has no text that a template string could take.
  const shown = typeof kind === 'string' ? kind : JSON.stringify(kind)
  if (!type) return refuse(`no kind "${shown}" is registered for version ${JSON.stringify(apiVersion)}`)
  if (kind && target !== '' && !target.endsWith(`/${shown}`))
    return refuse(
      `${shown} in version ${JSON.stringify(apiVersion)} cannot be handled as a ${target.split('/').at(-1)}`,
    )
  const words = { table: document.table, root: 0, minor: toMinor(version) ?? 0 }
  const problems = validate(document.table, 0, type).filter(it => it.code !== 'repeated-item')
  const decode = problems.filter(it => isDecodeProblem(it, words))
  const decodeError = addRepeatedKeys(
    document,
    decode.length > 0 ? formatDecodeProblems(decode, words) : undefined,
  )
  if (decodeError !== undefined) return refuse(decodeError)
  if (type.source === 'builtin')
    return { causes: problems.flatMap(it => listCauses(it, words)), warnings: [] }
  const { table } = document
  return checkCustomObject({ table, root: 0, type, runRules: checkRules, ...(old && { old: fromJson(old) }) })
}

const STRICT = 'strict decoding error: '

/** Keys that are written twice come first, all in one; what does not decode at all hides them. */
function addRepeatedKeys({ problems, table }: Document, decodeError: string | undefined): string | undefined {
  const repeated = problems.filter(it => it.code === 'duplicate-key' && isOneKey(it, table.text))
  if (repeated.length === 0 || (decodeError !== undefined && !decodeError.startsWith(STRICT)))
    return decodeError
  const lines = repeated.map(({ span: { start, end } }) => {
    const line = table.text.slice(0, start).split('\n').length
    const key = table.text.slice(start, end).replace(/^(["'])(.*)\1$/, '$2')
    return `\n  line ${line}: key ${JSON.stringify(key)} already set in map`
  })
  const more = decodeError === undefined ? '' : `, ${decodeError.slice(STRICT.length)}`
  return `${STRICT}yaml: unmarshal errors:${lines.join('')}${more}`
}

/** The server's YAML reader tells 1 from "1", which become one key of JSON afterwards. */
function isOneKey({ span, related }: Problem, text: string): boolean {
  const typeOf = ({ start, end }: Span) => typeof plainValue(text.slice(start, end))
  return !related || typeOf(span) === typeOf(related.span)
}

const refuse = (decodeError: string): Verdict => ({ causes: [], warnings: [], decodeError })

const catalog = openCatalog(readAsset)
const schemas = new WeakMap<readonly CustomResource[], Schemas>()

function schemasOf(crds: readonly CustomResource[]): Schemas {
  const known = schemas.get(crds) ?? buildSchemas(catalog, crds)
  schemas.set(crds, known)
  return known
}
