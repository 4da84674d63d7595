/** The functions that Helm adds: include, tpl, required, fail, lookup, and the conversions. */
import { type Call, type FunctionTable, fn } from '../template/call.ts'
import { derive, originOfPiece } from '../template/derivation.ts'
import { ChartFailure, GoError } from '../template/errors.ts'
import type { Origin } from '../template/origin.ts'
import { plainText, segmentIndex, type Text, weightOf } from '../template/text.ts'
import { dict, isDict, isList, isString, list, sizeOf, type Value } from '../template/value.ts'
import { parseYaml } from '../values-yaml.ts'
import { decodeJson, encodeJson, jsonKind } from './json.ts'
import { decodeToml, encodeToml } from './toml.ts'
import { emitYaml, V2, V3, type YamlStyle } from './yaml-emit.ts'

export const helmFunctions: FunctionTable = {
  include: fn(['text', 'any'], (call, name, data) => {
    call.origin = null
    return call.engine.include(call, name, data, call.origins[1])
  }),
  tpl: fn(['text', 'any'], (call, template, data) => {
    call.origin = null
    const text = call.engine.evaluate(call, template, data)
    // An empty text has no parts that know where they come from.
    if (text.text === '') call.origin = call.origins[0]
    return text
  }),
  required: fn(['string', 'any'], (call, message, value) => {
    call.origin = call.origins[1]
    const missing = value === null || (isString(value) && plainText(value) === '')
    if (!missing) return value
    if (call.engine.lint) return ''
    throw new ChartFailure(message)
  }),
  fail: fn(['string'], (call, message) => {
    if (call.engine.lint) return ''
    throw new ChartFailure(message)
  }),
  lookup: fn(['string', 'string', 'string', 'string'], () => dict()),
  getHostByName: fn(['string'], () => ''),
  toYaml: fn(['any'], (call, value) => orEmpty(() => toYaml(call, value, V2))),
  mustToYaml: fn(['any'], (call, value) => toYaml(call, value, V2)),
  toYamlPretty: fn(['any'], (call, value) => orEmpty(() => toYaml(call, value, V3))),
  fromYaml: fn(['text'], (call, text) => fromYaml(call, text)),
  fromYamlArray: fn(['text'], (call, text) => fromYamlArray(call, text)),
  toJson: fn(['any'], (call, value) => orEmpty(() => toJson(call, value, { html: true, pretty: false }))),
  mustToJson: fn(['any'], (call, value) => toJson(call, value, { html: true, pretty: false })),
  toPrettyJson: fn(['any'], (call, value) =>
    orEmpty(() => toJson(call, value, { html: true, pretty: true })),
  ),
  mustToPrettyJson: fn(['any'], (call, value) => toJson(call, value, { html: true, pretty: true })),
  toRawJson: fn(['any'], (call, value) => toJson(call, value, { html: false, pretty: false })),
  mustToRawJson: fn(['any'], (call, value) => toJson(call, value, { html: false, pretty: false })),
  fromJson: fn(['string'], (_, text) => decodeMap(() => decodeJson(text))),
  fromJsonArray: fn(['string'], (_, text) => decodeArray(() => decodeJson(text))),
  mustFromJson: fn(['string'], (_, text) => decodeJson(text)),
  toToml: fn(['any'], (_, value) =>
    value === null ? encodeToml(value) : orMessage(() => encodeToml(value)),
  ),
  mustToToml: fn(['any'], (_, value) => encodeToml(value)),
  fromToml: fn(['string'], (_, text) => {
    try {
      return decodeToml(text)
    } catch (error) {
      return errorMap(messageOf(error))
    }
  }),
}

function orEmpty(make: () => string | Text): string | Text {
  try {
    return make()
  } catch (error) {
    if (error instanceof GoError) return ''
    throw error
  }
}

function orMessage(make: () => string): string {
  try {
    return make()
  } catch (error) {
    return messageOf(error)
  }
}

function messageOf(error: unknown): string {
  if (error instanceof GoError) return error.message
  throw error
}

const errorMap = (message: string) => dict(new Map<string, Value>([['Error', message]]))

function toYaml(call: Call, value: Value, style: YamlStyle): Text {
  call.charge(sizeOf(value) * 8)
  const whole = call.origins[0]
  const text = emitYaml(value, style, origin =>
    call.piece(origin && whole?.kind === 'derived' ? derive(origin, whole) : (origin ?? whole)),
  )
  call.charge(weightOf(text))
  return text
}

function toJson(call: Call, value: Value, style: { html: boolean; pretty: boolean }): string {
  call.charge(sizeOf(value) * 8)
  const text = encodeJson(value, style)
  call.charge(text.length)
  return text
}

/** What a character costs that the full parser reads. */
const FULL_COST = 150

/** YAML text that a template made: every slot gets the origin of the characters it was read from. */
function readYaml(call: Call, text: string | Text): Value {
  const plain = plainText(text)
  call.charge(plain.length * 8)
  const own = call.origins[0]
  const originOf = (start: number, end: number): Origin | undefined => {
    if (typeof text === 'string') return own
    const { segments } = text
    const first = segmentIndex(segments, start)
    if (first < 0) return own
    let origin = originOfPiece(segments[first]!.piece)
    for (let i = first + 1; i < segments.length && segments[i]!.at < end; i++)
      origin = derive(origin, segments[i]!.piece)!
    return origin
  }
  const parsed = parseYaml(plain, originOf, characters => call.charge(characters * FULL_COST))
  call.origin = typeof text === 'string' ? own : (text.decided ?? null)
  const [problem] = parsed.problems
  if (problem) throw new GoError(problem.helmText)
  return parsed.value
}

const fromYaml = (call: Call, text: string | Text): Value =>
  decodeMap(() => readYaml(call, text), 'error unmarshaling JSON: while decoding JSON: ')
const fromYamlArray = (call: Call, text: string | Text): Value =>
  decodeArray(() => readYaml(call, text), 'error unmarshaling JSON: while decoding JSON: ')

/** A map, or a map with the text of the error under `Error`. */
function decodeMap(decode: () => Value, prefix = ''): Value {
  try {
    const value = decode()
    if (value === null || value === undefined) return dict()
    if (isDict(value)) return value
    return errorMap(
      `${prefix}json: cannot unmarshal ${jsonKind(value)} into Go value of type map[string]interface {}`,
    )
  } catch (error) {
    return errorMap(messageOf(error))
  }
}

/** A list, or a list with the text of the error. */
function decodeArray(decode: () => Value, prefix = ''): Value {
  try {
    const value = decode()
    if (value === null || value === undefined) return list([])
    if (isList(value)) return value
    return list([`${prefix}json: cannot unmarshal ${jsonKind(value)} into Go value of type []interface {}`])
  } catch (error) {
    return list([messageOf(error)])
  }
}
