/** One fault, one finding: what the schema says and what the API server's own checks say of the same place. */
import type { Reason } from '../kube/api/field.ts'
import type { SchemaCode, SchemaFinding, ServerFinding } from '../kube/apis.ts'
import type { At } from '../yaml/cursor.ts'
import type { Path } from '../yaml/json.ts'

export interface Merged {
  readonly schema: readonly SchemaFinding[]
  readonly causes: readonly ServerFinding[]
}

/** A finding about the schema takes the words of the cause that says the same, which then stands for itself no more. */
export function mergeFindings(
  schema: readonly SchemaFinding[],
  causes: readonly ServerFinding[],
  root: At,
): Merged {
  const left = new Set(leaveOutConsequences(causes))
  const mistyped = new Set(schema.filter(it => it.code === 'wrong-type').map(it => it.at.node))
  // What else is wrong with a value of the wrong type goes with it.
  const told = schema.filter(it => it.code === 'wrong-type' || !mistyped.has(it.at.node))
  const merged = told.map(finding => {
    const same = [...left].filter(it => saysTheSame(it, finding, root))
    const [first] = same
    if (!first) return finding
    const { reason, field, message } = first
    // The server may list one value twice, with other words; several rules of one value are several faults.
    for (const it of same) if (it === first || it.reason !== 'FieldValueInvalid') left.delete(it)
    return { ...finding, server: { reason, field, message } }
  })
  const isTold = ({ at, message }: ServerFinding): boolean =>
    mistyped.has(at.node) || (mistyped.size > 0 && TYPE_AGAIN.test(message))
  return { schema: merged, causes: [...left].filter(it => !isTold(it)) }
}

/**
 * Of a field that is missing the server also says that nothing is invalid, unsupported, or not found, and of a selector
 * that it does not match.
 */
function leaveOutConsequences(causes: readonly ServerFinding[]): ServerFinding[] {
  const missing = new Set(causes.filter(it => it.reason === 'FieldValueRequired').map(it => it.field))
  return causes.filter(
    ({ field, message }) =>
      !(missing.has(field) && ABOUT_NOTHING.test(message)) &&
      !(missing.has('spec.selector') && message.endsWith(NO_MATCH)) &&
      field !== DERIVED,
  )
}

const NO_MATCH = '`selector` does not match template `labels`'

/** The server derives it from the versions, about which it then says the same. */
const DERIVED = 'status.storedVersions'

const ABOUT_NOTHING = /^[A-Z][a-z ]+: (?:""|null|0|\{\}|\[\])(?:$|:)/

const SAME: Readonly<Partial<Record<Reason, readonly SchemaCode[]>>> = {
  FieldValueRequired: ['required-missing'],
  FieldValueNotSupported: ['value-not-supported'],
  FieldValueInvalid: ['value-not-supported', 'value-invalid'],
  FieldValueTypeInvalid: ['value-invalid', 'wrong-type'],
  FieldValueTooLong: ['value-invalid'],
  FieldValueTooMany: ['value-invalid'],
  FieldValueDuplicate: ['duplicate-item', 'repeated-item'],
}

/** Since 1.36 a number that is no integer is told twice. */
const TYPE_AGAIN = /^Invalid value: "": Checked value must be of type /

function saysTheSame({ reason, at, field }: ServerFinding, finding: SchemaFinding, root: At): boolean {
  if (!SAME[reason]?.includes(finding.code)) return false
  if (finding.code !== 'required-missing') return finding.at.node === at.node
  const name = /^"([^"]*)"/.exec(finding.message)?.[1] ?? ''
  return field === formatField([...pathBelow(finding.at, root), name])
}

/** Strict decoding refuses fields by their path; what else it says names types of Go. */
export const addDecodeError = (finding: SchemaFinding, root: At): SchemaFinding =>
  finding.code === 'unknown-field'
    ? {
        ...finding,
        server: {
          message: `strict decoding error: unknown field "${formatField(pathBelow(finding.at, root))}"`,
        },
      }
    : finding

const pathBelow = (at: At, root: At): Path => at.path.slice(root.path.length)

function formatField(path: Path): string {
  let text = ''
  for (const step of path) text += typeof step === 'number' ? `[${step}]` : text === '' ? step : `.${step}`
  return text
}
