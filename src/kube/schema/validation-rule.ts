/** Rules in CEL that stand in the schema of a custom resource: `x-kubernetes-validations`. */
import type { Json } from '../../yaml/json.ts'

export interface ValidationRule {
  readonly rule: string
  readonly message: string
  readonly messageExpression: string
  /** `FieldValueInvalid` where the rule names none. */
  readonly reason: string
  /** A path below the schema's value, `.spec['a b']`. */
  readonly fieldPath: string
  readonly optionalOldSelf: boolean
}

/** The rules of a schema; anything malformed in them counts as absent. */
export function toRules(raw: unknown): readonly ValidationRule[] {
  if (!Array.isArray(raw)) return NONE
  return raw.flatMap((it: Json) => {
    if (typeof it !== 'object' || it === null || Array.isArray(it)) return []
    const text = (name: string): string => {
      const value: unknown = Object.hasOwn(it, name) ? (it as Readonly<Record<string, Json>>)[name] : ''
      return typeof value === 'string' ? value : ''
    }
    return [
      {
        rule: text('rule'),
        message: text('message'),
        messageExpression: text('messageExpression'),
        reason: text('reason') || 'FieldValueInvalid',
        fieldPath: text('fieldPath'),
        optionalOldSelf: (it as Readonly<Record<string, Json>>).optionalOldSelf === true,
      },
    ]
  })
}

const NONE: readonly ValidationRule[] = []
