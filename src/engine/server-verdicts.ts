/** What the API server itself would say of a resource, over all checked minors, as findings at cursors. */

import type { Cause } from '../kube/api/field.ts'
import { checkObject } from '../kube/api/verdict.ts'
import type { SchemaFinding, ServerFinding } from '../kube/apis.ts'
import type { Resource } from '../kube/resource.ts'
import { toMinor } from '../kube/schema/minors.ts'
import type { At } from '../yaml/cursor.ts'
import type { Path } from '../yaml/json.ts'
import { isPlaceholderText } from './placeholders.ts'

export interface ServerFindings {
  readonly causes: readonly ServerFinding[]
  readonly warnings: readonly { readonly message: string; readonly kubernetes: readonly string[] }[]
}

/**
 * Nothing where decoding fails: the server then says nothing else. What a schema finding says of a place is not said
 * again.
 */
export function listServerFindings(
  resource: Resource,
  versions: readonly string[],
  schema: readonly SchemaFinding[],
): ServerFindings {
  if (schema.some(it => it.code === 'unknown-field' || it.code === 'wrong-type')) return NOTHING
  const causes = new Map<string, { cause: Cause; kubernetes: string[] }>()
  const warnings = new Map<string, string[]>()
  const object = resource.root.value
  for (const version of versions) {
    const verdict = checkObject(object, { minor: toMinor(version)! })
    for (const cause of verdict?.causes ?? []) {
      const key = `${cause.field} ${cause.message}`
      const known = causes.get(key)
      if (known) known.kubernetes.push(version)
      else causes.set(key, { cause, kubernetes: [version] })
    }
    for (const message of verdict?.warnings ?? [])
      warnings.set(message, [...(warnings.get(message) ?? []), version])
  }
  const judged = new Set(schema.map(it => it.at.node))
  return {
    causes: [...causes.values()].flatMap(({ cause, kubernetes }) => {
      const found = toFinding(resource, cause, kubernetes)
      return judged.has(found.at.node) || isPlaceholder(found) ? [] : [found]
    }),
    warnings: [...warnings].map(([message, kubernetes]) => ({ message, kubernetes })),
  }
}

const NOTHING: ServerFindings = { causes: [], warnings: [] }

function toFinding(
  resource: Resource,
  { reason, field, path, message }: Cause,
  kubernetes: string[],
): ServerFinding {
  const { at, isWhole } = walk(resource.root, path)
  return { reason, field, at, part: isWhole ? 'value' : 'key', message, kubernetes }
}

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

/** The server names the map where a label is at fault, so the value that it prints counts too. */
const isPlaceholder = ({ at, message }: ServerFinding): boolean =>
  isPlaceholderText(at.text() ?? '') ||
  isPlaceholderText(/^[A-Z][a-z ]+: ("(?:[^"\\]|\\.)*")/.exec(message)?.[1] ?? '')
