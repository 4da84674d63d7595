/** Constants as arguments: text/template fits them to the type of the parameter (evalArg). */
import { type LiteralNode, type NumberNode, textOf } from './ast.ts'
import { goType, type Parameter } from './call.ts'
import { GoError } from './errors.ts'
import { int, type Value } from './value.ts'

/** Throws `GoError` when the constant is of another type; `text` is that of its template. */
export function literalArgument(node: NumberNode | LiteralNode, parameter: Parameter, text: string): Value {
  switch (parameter) {
    case 'string':
    case 'text':
      if (node.kind === 'string') return node.value
      throw new GoError(`expected string; found ${textOf(node, text)}`)
    case 'bool':
      if (node.kind === 'bool') return node.value
      throw new GoError(`expected bool; found ${textOf(node, text)}`)
    case 'int':
      if (node.kind === 'number' && node.constant.isInt) return int(node.constant.int)
      throw new GoError(`expected integer; found ${textOf(node, text)}`)
    case 'uint32':
      if (node.kind === 'number' && node.constant.isUint) return int(BigInt.asUintN(32, node.constant.int))
      throw new GoError(`expected unsigned integer; found ${textOf(node, text)}`)
    case 'float':
      if (node.kind === 'number' && node.constant.isFloat) return node.constant.float
      throw new GoError(`expected float; found ${textOf(node, text)}`)
    default:
      throw new GoError(`can't handle ${textOf(node, text)} for arg of type ${goType(parameter)}`)
  }
}
