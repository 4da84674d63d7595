/** Runs the simple tests of cel-spec (tests/simple/testdata/*.textproto): see `USAGE`. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Environment } from '../../cel/environment.ts'
import { groupOverloads, kubernetesEnvironment, nameTypes } from '../../cel/environment.ts'
import { isEqual } from '../../cel/equality.ts'
import { compileExpression, type Outcome } from '../../cel/expression.ts'
import { formatValue } from '../../cel/format-value.ts'
import { optionalsV2 } from '../../cel/library/optionals.ts'
import { stringsV4 } from '../../cel/library/strings.ts'
import * as types from '../../cel/types.ts'
import { formatType, type Type } from '../../cel/types.ts'
import { Double, TypeValue, toInt, toKey, typeOfValue, Uint, UintMap, type Value } from '../../cel/values.ts'
import { createMeasures } from './measures.ts'
import { readOptions } from './options.ts'
import {
  type Field,
  isMessage,
  type Message,
  messageOf,
  messagesOf,
  readTextProto,
  textOf,
} from './text-proto.ts'

const USAGE = `usage: npm run agreement -- cel FOLDER [--show N] [--fail-below PERCENT]
The folder has the test data of cel-spec. Cases about messages of protocol buffers, and about extensions that
Kubernetes does not have, are left out and counted as such.`

export async function run(args: string[]): Promise<number> {
  const { files, show, failBelow } = readOptions(args)
  const [folder] = files
  if (folder === undefined) {
    console.error(USAGE)
    return 2
  }
  const measures = createMeasures(show, [])
  const names: string[] = []
  let skipped = 0
  for (const file of readdirSync(folder)
    .filter(it => it.endsWith('.textproto'))
    .sort()) {
    const name = path.basename(file, '.textproto')
    const root = readTextProto(readFileSync(path.join(folder, file), 'utf8'))
    for (const section of messagesOf(root, 'section'))
      for (const test of messagesOf(section, 'test')) {
        if (!isApplicable(name, test)) {
          skipped++
          continue
        }
        const fault = judge(test)
        const label = `${textOf(section, 'name')}/${textOf(test, 'name')}: ${textOf(test, 'expr')}`
        measures.count(name, fault === undefined, () => `${label}\n  ${fault}`)
        measures.count('all', fault === undefined, () => '')
        if (!names.includes(name)) names.push(name)
      }
  }
  console.log(`${measures.format([...names, 'all'])}\nnot applicable: ${skipped}`)
  return measures.share('all') < failBelow ? 1 : 0
}

/** Extensions that Kubernetes does not have, and features of protocol buffers. */
const OTHER = /^(?:proto|enums|block_ext|encoders_ext|math_ext|bindings_ext|unknowns|wrappers)/
const MESSAGES =
  /TestAllTypes|NestedTestAllTypes|google\.protobuf\.(?!Timestamp\b|Duration\b)|GlobalEnum|NestedEnum|google\.(?:rpc|api)/

function isApplicable(file: string, test: Message): boolean {
  if (OTHER.test(file)) return false
  const expr = textOf(test, 'expr')
  if (MESSAGES.test(expr) || MESSAGES.test(`${textOf(test, 'container')}.`) || expr.includes('`'))
    return false
  if (/google\.protobuf\.(?:Timestamp|Duration)\s*\{/.test(expr)) return false
  return (
    !hasField(test, 'object_value') &&
    !hasField(test, 'message_type') &&
    !hasField(test, 'wrapper') &&
    !hasField(test, 'enum_value')
  )
}

const hasField = (field: Field, name: string): boolean =>
  isMessage(field) &&
  [...field.fields].some(([own, values]) => own === name || values.some(it => hasField(it, name)))

const latest = kubernetesEnvironment(Number.POSITIVE_INFINITY)
const environment: Environment = {
  ...latest,
  functions: groupOverloads([
    ...[...latest.functions.values()].flat().filter(it => it.name !== 'format'),
    ...optionalsV2,
    ...stringsV4,
  ]),
  macros: new Set([...latest.macros, 'cel.bind/3']),
  // The specification allows items of several types, Kubernetes does not.
  checksLiterals: false,
}

/** What is wrong; undefined when we say what the specification says. */
function judge(test: Message): string | undefined {
  const bindings = new Map<string, Value>()
  const declared = new Map<string, Type>()
  for (const it of messagesOf(test, 'type_env')) {
    const ident = messageOf(it, 'ident')
    const type = ident && messageOf(ident, 'type')
    if (type) declared.set(textOf(it, 'name'), toType(type))
  }
  for (const it of messagesOf(test, 'bindings')) {
    const value = toValue(messageOf(messageOf(it, 'value')!, 'value')!)
    bindings.set(textOf(it, 'key'), value)
    if (!declared.has(textOf(it, 'key'))) declared.set(textOf(it, 'key'), typeOfValue(value))
  }
  const isUnchecked = textOf(test, 'disable_check') === 'true'
  const own = messagesOf(test, 'type_env').filter(it => messageOf(it, 'function'))
  const { program, issues, checked } = compileExpression(textOf(test, 'expr'), {
    environment: own.length > 0 ? declare(own) : environment,
    variables: declared,
    container: textOf(test, 'container'),
    ...(isUnchecked && { check: 'skip' as const }),
  })
  const expectsError =
    messageOf(test, 'eval_error') !== undefined || messageOf(test, 'any_eval_errors') !== undefined
  if (!program)
    return expectsError ? undefined : `does not compile: ${issues.map(it => it.message).join('; ')}`
  const typed = messageOf(test, 'typed_result')
  const deduced = typed && messageOf(typed, 'deduced_type')
  if (deduced && checked) {
    const expected = formatType(toType(deduced))
    const found = formatType(checked.type)
    if (expected !== found) return `type ${found}, expected ${expected}`
  }
  if (textOf(test, 'check_only') === 'true') return undefined
  const outcome = program.run(
    [...declared.keys()].map(it => bindings.get(it)),
    { limit: Number.POSITIVE_INFINITY },
  )
  if (expectsError) return outcome.stopped ? undefined : `gives ${show(outcome)}, expected an error`
  const result = messageOf(test, 'value') ?? (typed && messageOf(typed, 'result'))
  const expected = result ? toValue(result) : true
  return outcome.value !== undefined && isIdentical(outcome.value, expected)
    ? undefined
    : `gives ${show(outcome)}, expected ${showValue(expected)}`
}

function declare(functions: readonly Message[]): Environment {
  const overloads = functions.flatMap(it => {
    const name = textOf(it, 'name')
    return messagesOf(messageOf(it, 'function')!, 'overloads').map(one => ({
      name,
      isMethod: textOf(one, 'is_instance_function') === 'true',
      params: messagesOf(one, 'params').map(toType),
      result: toType(messageOf(one, 'result_type')!),
      call: undefined,
    }))
  })
  return {
    ...environment,
    functions: groupOverloads([...[...environment.functions.values()].flat(), ...overloads]),
    types: nameTypes([...environment.types.values()]),
  }
}

const show = ({ value, stopped }: Outcome): string =>
  value !== undefined ? showValue(value) : `error ${stopped && 'message' in stopped ? stopped.message : ''}`

function showValue(value: Value): string {
  try {
    return `${typeOfValue(value).name} ${formatValue(value)}`
  } catch {
    return typeOfValue(value).name
  }
}

/** Equal and of the same type; NaN is itself. */
function isIdentical(a: Value, b: Value): boolean {
  if (a instanceof Double && b instanceof Double) return Object.is(a.value, b.value) || a.value === b.value
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((it, i) => isIdentical(it as Value, b[i] as Value))
  return typeOfValue(a).kind === typeOfValue(b).kind && isEqual(a, b)
}

/** A `cel.expr.Value`. */
function toValue(message: Message): Value {
  const [name, values] = [...message.fields][0] ?? ['null_value', ['NULL_VALUE']]
  const [field] = values
  const text = typeof field === 'string' ? field : ''
  switch (name) {
    case 'bool_value':
      return text === 'true'
    case 'int64_value':
      return toInt(BigInt(text)) ?? 0
    case 'uint64_value':
      return new Uint(BigInt(text))
    case 'double_value':
      return new Double(toNumber(text))
    case 'string_value':
      return textOf(message, name)
    case 'bytes_value':
      return field as Uint8Array
    case 'type_value':
      return new TypeValue(textOf(message, name))
    case 'list_value':
      return messagesOf(field as Message, 'values').map(toValue)
    case 'map_value': {
      const map = new UintMap()
      for (const entry of messagesOf(field as Message, 'entries')) {
        const key = toValue(messageOf(entry, 'key')!)
        map.set(toKey(key)!, toValue(messageOf(entry, 'value')!))
        if (key instanceof Uint) map.uints.add(toKey(key)!)
      }
      return map
    }
    default:
      return null
  }
}

function toNumber(text: string): number {
  if (/^-?inf/i.test(text)) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  return /^nan$/i.test(text) ? Number.NaN : Number(text)
}

const PRIMITIVES: Readonly<Record<string, Type>> = {
  BOOL: types.BOOL,
  INT64: types.INT,
  UINT64: types.UINT,
  DOUBLE: types.DOUBLE,
  STRING: types.STRING,
  BYTES: types.BYTES,
}

/** A `cel.expr.Type`. */
function toType(message: Message): Type {
  const primitive = PRIMITIVES[textOf(message, 'primitive')]
  if (primitive) return primitive
  const known = textOf(message, 'well_known')
  if (known === 'TIMESTAMP') return types.TIMESTAMP
  if (known === 'DURATION') return types.DURATION
  const list = messageOf(message, 'list_type')
  if (list) return types.listOf(toType(messageOf(list, 'elem_type') ?? DYNAMIC))
  const map = messageOf(message, 'map_type')
  if (map)
    return types.mapOf(
      toType(messageOf(map, 'key_type') ?? DYNAMIC),
      toType(messageOf(map, 'value_type') ?? DYNAMIC),
    )
  const of = messageOf(message, 'type')
  if (of) return types.typeOf(of.fields.size === 0 ? types.DYN : toType(of))
  const abstract = messageOf(message, 'abstract_type')
  if (abstract) {
    const parameters = messagesOf(abstract, 'parameter_types').map(toType)
    const name = textOf(abstract, 'name')
    return { kind: name === 'optional_type' ? 'optional' : 'opaque', name, parameters }
  }
  if (message.fields.has('null')) return types.NULL
  const parameter = textOf(message, 'type_param')
  return parameter === '' ? types.DYN : types.param(parameter)
}

const DYNAMIC: Message = { fields: new Map() }
