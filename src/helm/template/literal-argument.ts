/** Constants as arguments: text/template fits them to the type of the parameter (evalArg). */
import type { LiteralNode, NumberNode } from './ast.ts'
import { goType, type Parameter } from './call.ts'
import { GoError } from './errors.ts'
import { int, type Value } from './value.ts'

/** Throws `GoError` when the constant is of another type. */
export function literalArgument(node: NumberNode | LiteralNode, parameter: Parameter): Value {
  switch (parameter) {
    case 'string':
    case 'text':
      if (node.kind === 'string') return node.value
      throw new GoError(`expected string; found ${node.text}`)
    case 'bool':
      if (node.kind === 'bool') return node.value
      throw new GoError(`expected bool; found ${node.text}`)
    case 'int':
      if (node.kind === 'number' && node.isInt) return int(node.int)
      throw new GoError(`expected integer; found ${node.text}`)
    case 'uint32':
      if (node.kind === 'number' && node.isUint) return int(BigInt.asUintN(32, node.int))
      throw new GoError(`expected unsigned integer; found ${node.text}`)
    case 'float':
      if (node.kind === 'number' && node.isFloat) return node.float
      throw new GoError(`expected float; found ${node.text}`)
    default:
      throw new GoError(`can't handle ${node.text} for arg of type ${goType(parameter)}`)
  }
}
