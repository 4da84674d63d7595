/** What a macro over a list or a map gives, by the types of its parts. */
import type { FoldName } from './ast.ts'
import { BOOL, DYN, listOf, mapOf, type Type } from './types.ts'

export interface FoldTypes {
  readonly range: Type
  readonly variables: readonly Type[]
  readonly body: Type
}

export function foldType(name: FoldName, { range, variables, body }: FoldTypes): Type {
  switch (name) {
    case 'all':
    case 'exists':
    case 'existsOne':
      return BOOL
    case 'filter':
      return listOf(variables[0]!)
    case 'map':
    case 'transformList':
      return listOf(body)
    case 'transformMap':
      return mapOf(variables[0]!, body)
    case 'transformMapEntry':
      return body.kind === 'map' ? body : mapOf(DYN, DYN)
    case 'sortBy':
      return range.kind === 'list' ? range : listOf(DYN)
  }
}
