/** What the API server itself would say of a resource, over all checked minors, as findings at cursors. */

import { type CustomVerdict, checkCustomObject, NOT_CHECKED } from '../kube/api/custom.ts'
import { checkDefinitionAt } from '../kube/api/definition-verdict.ts'
import type { Cause } from '../kube/api/field.ts'
import { checkObject, type Verdict } from '../kube/api/verdict.ts'
import type { SchemaCode, SchemaFinding, ServerFinding, ServerWarning } from '../kube/apis.ts'
import type { Resource } from '../kube/resource.ts'
import { toMinor } from '../kube/schema/minors.ts'
import type { CustomType } from '../kube/schema/schemas.ts'
import type { At } from '../yaml/cursor.ts'
import { toJson } from '../yaml/decode.ts'
import type { Path } from '../yaml/json.ts'
import type { Table } from '../yaml/table.ts'
import { DEFINITION } from './definitions.ts'
import type { LateRules } from './late-rules.ts'
import { memoByNode } from './memo-by-node.ts'
import { addDecodeError, mergeFindings } from './merge-findings.ts'
import { isPlaceholderText } from './placeholders.ts'

export interface ServerFindings {
  /** What was found about the schema, now with the words of the causes that say the same. */
  readonly schema: readonly SchemaFinding[]
  readonly causes: readonly ServerFinding[]
  readonly warnings: readonly ServerWarning[]
}

/** A checked minor, and the definitions that may judge the resource there when it is a custom one. */
export interface Checked {
  readonly version: string
  readonly customs: readonly CustomType[]
  readonly rules: LateRules
  readonly checkBuiltin: BuiltinCheck
}

/** The verdict on an object of a built-in kind. */
type BuiltinCheck = (table: Table, node: number) => Verdict | undefined

/** Charts hold the same definitions, so these are judged once. */
export function toBuiltinCheck(version: string, kind: string, rules: LateRules): BuiltinCheck {
  const minor = toMinor(version)!
  if (kind === DEFINITION)
    return memoByNode((table, node) => checkDefinitionAt(table, node, { minor, ...rules.engine }))
  return (table, node) => checkObject(toJson(table, node), { minor, ...rules.engine })
}

/**
 * Nothing more than the schema says where decoding fails: the server then says nothing else. What the schema says of a
 * place is not said again.
 */
export function listServerFindings(
  resource: Resource,
  checked: readonly Checked[],
  schema: readonly SchemaFinding[],
  onFilledIn: () => void,
): ServerFindings {
  const isCustom = checked.some(it => it.customs.length > 0)
  if (schema.some(it => it.code === 'unknown-field' || (!isCustom && NOT_DECODED.has(it.code))))
    return { schema: schema.map(it => addDecodeError(it, resource.root)), causes: [], warnings: [] }
  const causes = new Map<string, { cause: Cause; kubernetes: string[] }>()
  const warnings = new Map<string, string[]>()
  const bySchema = new Set<string>()
  for (const { version, customs, rules, checkBuiltin } of checked) {
    const verdict: Partial<CustomVerdict> | undefined =
      customs.length === 0
        ? checkBuiltin(resource.document.table, resource.root.node)
        : judgeCustom(resource, customs, rules)
    for (const cause of verdict?.causes ?? []) {
      const key = keyOf(cause)
      if (verdict?.bySchema?.has(cause)) bySchema.add(key)
      const known = causes.get(key)
      if (known) known.kubernetes.push(version)
      else causes.set(key, { cause, kubernetes: [version] })
    }
    for (const message of verdict?.warnings ?? [])
      warnings.set(message, [...(warnings.get(message) ?? []), version])
  }
  const all = [...causes.values()].map(({ cause, kubernetes }) => toFinding(resource, cause, kubernetes))
  const found = all.filter(it => !isPlaceholder(it) && !isNamedLater(resource, it))
  if (found.length < all.length) onFilledIn()
  const merged = mergeFindings(schema, found, resource.root)
  // Of alternatives the server lists what each says, and the schema tells all of it in one finding.
  const isTold = (it: ServerFinding): boolean => schema.length > 0 && bySchema.has(keyOf(it))
  return {
    schema: merged.schema,
    causes: merged.causes.filter(it => !isTold(it)),
    warnings: [...warnings].map(([message, kubernetes]) => ({
      ...placeWarning(resource.root, message),
      message,
      kubernetes,
    })),
  }
}

const keyOf = ({ field, message }: Pick<Cause, 'field' | 'message'>): string => `${field} ${message}`

/** What objects of built-in kinds cannot be decoded with. */
const NOT_DECODED: ReadonlySet<SchemaCode> = new Set(['wrong-type', 'value-invalid'])

/** Most warnings begin with the server's path to what they are about. */
function placeWarning(root: At, message: string): Pick<ServerWarning, 'at' | 'part'> {
  const annotation = /^annotation "?([^"\s]+)"? is deprecated/.exec(message)?.[1]
  const path = annotation === undefined ? readPath(message) : ['metadata', 'annotations', annotation]
  const { at } = walk(root, path)
  return at.node === root.node ? { at: root.get('kind') ?? root, part: 'value' } : { at, part: 'key' }
}

/** `spec.containers[0].env[2]: …` */
function readPath(message: string): Path {
  const path: (string | number)[] = []
  for (const [, name, key] of (PATH.exec(message)?.[0] ?? '').matchAll(/([A-Za-z]\w*)|\[([^\]]*)\]/g))
    path.push(name ?? (/^\d+$/.test(key!) ? Number(key) : key!))
  return path
}

const PATH = /^(?:metadata|spec|template)(?:\.[A-Za-z]\w*|\[[^\]]*\])+/

/** Nobody knows which of several definitions will be installed: what fits one of them is no fault. */
function judgeCustom(
  resource: Resource,
  customs: readonly CustomType[],
  { engine }: LateRules,
): CustomVerdict | undefined {
  const { document, root } = resource
  const runRules = engine && { runRules: engine.checkRules }
  let best: CustomVerdict | undefined
  for (const type of customs) {
    const { causes, ...rest } = checkCustomObject({
      table: document.table,
      root: root.node,
      type,
      ...runRules,
    })
    // That rules were not checked says nothing about the object.
    const told = causes.filter(it => it !== NOT_CHECKED)
    if (!best || told.length < best.causes.length) best = { ...rest, causes: told }
  }
  return best
}

function toFinding(
  resource: Resource,
  { reason, field, path, message }: Cause,
  kubernetes: string[],
): ServerFinding {
  const { at, isWhole } = walk(resource.root, path)
  return { reason, field, at, part: isWhole && isScalarAt(at) ? 'value' : 'key', message, kubernetes }
}

/** The key says better than all that stands below it which map or list is meant. */
const isScalarAt = (at: At): boolean => !at.isMap && !at.isList

/** As far down as the document goes. */
function walk(root: At, path: Path): { at: At; isWhole: boolean } {
  let at = root
  for (const step of path) {
    const next = at.get(step)
    if (!next) return { at, isWhole: false }
    at = next
  }
  return { at, isWhole: true }
}

/** `_` is how a Namespace is called whose name a kustomization writes. */
const isNamedLater = ({ kind, name }: Resource, { message }: ServerFinding): boolean =>
  kind === 'Namespace' && name === '_' && message.includes(' "_":')

/** The server names the map where a label is at fault, so the value that it prints counts too. */
const isPlaceholder = ({ at, message }: ServerFinding): boolean => {
  const [, printed = ''] = /^[A-Z][a-z ]+: "((?:[^"\\]|\\.)*)"/.exec(message) ?? []
  return isPlaceholderText(at.text() ?? '') || (!HIDDEN.has(printed) && isPlaceholderText(printed))
}

/** What the server prints in the place of a value. */
const HIDDEN: ReadonlySet<string> = new Set(['<secret contents redacted>', '<value omitted>'])
