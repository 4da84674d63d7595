/** Types of CEL as the checker and the function tables see them. */

export type TypeKind =
  | 'dyn'
  | 'error'
  | 'null'
  | 'bool'
  | 'int'
  | 'uint'
  | 'double'
  | 'string'
  | 'bytes'
  | 'timestamp'
  | 'duration'
  | 'list'
  | 'map'
  | 'optional'
  | 'type'
  | 'object'
  | 'opaque'
  | 'param'

export interface Type {
  readonly kind: TypeKind
  /** As CEL prints it: `int`, `google.protobuf.Timestamp`, the name of an object, an opaque type or a parameter. */
  readonly name: string
  /** Of a list the element, of a map key and value, of an optional or a type what it is about. */
  readonly parameters: readonly Type[]
  /** Of an object: its fields by the names that expressions use. */
  readonly fields?: ReadonlyMap<string, Type>
}

const simple = (kind: TypeKind, name: string = kind): Type => ({ kind, name, parameters: [] })

export const DYN = simple('dyn')
/** What an expression has that could not be checked: it agrees with everything and is reported once. */
export const ERROR = simple('error', '!error!')
export const NULL = simple('null')
export const BOOL = simple('bool')
export const INT = simple('int')
export const UINT = simple('uint')
export const DOUBLE = simple('double')
export const STRING = simple('string')
export const BYTES = simple('bytes')
export const TIMESTAMP = simple('timestamp', 'google.protobuf.Timestamp')
export const DURATION = simple('duration', 'google.protobuf.Duration')

export const listOf = (element: Type): Type => ({ kind: 'list', name: 'list', parameters: [element] })
export const mapOf = (key: Type, value: Type): Type => ({
  kind: 'map',
  name: 'map',
  parameters: [key, value],
})
export const optionalOf = (value: Type): Type => ({
  kind: 'optional',
  name: 'optional_type',
  parameters: [value],
})
export const typeOf = (of: Type): Type => ({ kind: 'type', name: 'type', parameters: [of] })
export const opaque = (name: string): Type => simple('opaque', name)
export const param = (name: string): Type => simple('param', name)
export const objectOf = (name: string, fields: ReadonlyMap<string, Type>): Type => ({
  kind: 'object',
  name,
  parameters: [],
  fields,
})

/** `list(string)`, `map(string, int)`: `FormatCELType` of cel-go. */
export function formatType(type: Type): string {
  if (type.parameters.length === 0) return type.kind === 'null' ? 'null' : type.name
  return `${type.name}(${type.parameters.map(formatType).join(', ')})`
}

/** The same type, name and parameters alike. */
export function isSameType(a: Type, b: Type): boolean {
  if (a === b) return true
  return (
    a.kind === b.kind &&
    a.name === b.name &&
    a.parameters.length === b.parameters.length &&
    a.parameters.every((it, i) => isSameType(it, b.parameters[i]!))
  )
}
