/** Runs the templates of a chart: parses them in Helm's order, executes them, serves `include` and `tpl`. */

import { quote } from '../text/go-quote.ts'
import { functions, isFunction } from './functions/functions.ts'
import type { Node } from './template/ast.ts'
import { createBudget, type Limits } from './template/budget.ts'
import type { Call, EngineAccess } from './template/call.ts'
import { deriveFrom, isLiteral } from './template/derivation.ts'
import { GoError, TemplateError } from './template/errors.ts'
import type { Runtime } from './template/evaluation-state.ts'
import { executeTemplate } from './template/execute-template.ts'
import { meantName } from './template/explain.ts'
import { CallFailure, type FunctionCall } from './template/function-call.ts'
import type { Guard, Origin, Piece, TemplateSource } from './template/origin.ts'
import { parseFile, withSource } from './template/parsed-files.ts'
import { type ParsedTemplate, parseTemplate } from './template/parser.ts'
import { addTemplates, createSet, findTemplate, listNames } from './template/template-set.ts'
import { plainText, replaceAll, type Text, TextBuilder } from './template/text.ts'
import type { Value } from './template/value.ts'

export interface EngineOptions {
  readonly compat: 'helm-3' | 'helm-4.1' | 'helm-4.2'
  readonly lint: boolean
  /** Seconds since 1970 for `now`. */
  readonly now: number
  readonly limits: Limits | undefined
  readonly onNothing?: ((piece: Piece) => void) | undefined
  readonly onReach?: ((nodes: readonly Node[]) => void) | undefined
}

export interface Engine {
  /** Adds the templates of a text; what could be read of it is added even when there are problems. */
  parse(source: TemplateSource): ParsedTemplate
  /** Executes a file. Throws `TemplateError` and `LimitExceeded`. */
  execute(name: string, data: Value, guard: Guard | undefined): Text
}

export function createEngine(options: EngineOptions): Engine {
  const set = createSet()
  const known = isFunction(options.compat)
  /** How often each text was met. */
  const counts = new Map<string, number>()
  const engine: EngineAccess = {
    lint: options.lint,
    now: options.now,
    random: createRandom(),
    include: (call, named, data, origin) => include(texts, call as FunctionCall, named, { data, origin }),
    evaluate: (call, text, data) => evaluate(texts, call as FunctionCall, text, data),
  }
  const runtime: Runtime = {
    functions,
    engine,
    budget: createBudget(options.limits),
    onNothing: options.onNothing,
    onReach: options.onReach,
  }
  const texts: Texts = { runtime, known, parsed: new Map() }

  return {
    parse(source) {
      const nth = counts.get(source.text) ?? 0
      counts.set(source.text, nth + 1)
      const parsed = parseFile(source, known, { dialect: options.compat, nth })
      addTemplates(set, parsed)
      return parsed
    },
    execute(name, data, guard) {
      const template = findTemplate(set, name)
      const out = new TextBuilder()
      if (!template) return out.build()
      runtime.budget.begin()
      executeTemplate(runtime, set, template, {
        data,
        origin: undefined,
        frame: { parent: undefined, name, call: undefined },
        out,
        depth: 0,
        guard,
      })
      return dropNoValue(out.build())
    },
  }
}

/** What templates that are met on the way are read and run with. */
interface Texts {
  readonly runtime: Runtime
  readonly known: ReturnType<typeof isFunction>
  /** Syntax trees of texts that `tpl` was given. */
  readonly parsed: Map<string, ParsedTemplate>
}

/** `include`: runs a named template of the chart. */
function include(
  { runtime }: Texts,
  call: FunctionCall,
  named: string | Text,
  { data, origin }: { readonly data: Value; readonly origin: Origin | undefined },
): Text {
  const { evaluator, node } = call
  const name = plainText(named)
  const template = findTemplate(evaluator.set, name)
  if (!template)
    throw new GoError(
      `template: no template ${quote(name)} associated with template "gotpl"`,
      meantName(name, listNames(evaluator.set)),
    )
  const out = new TextBuilder()
  executeTemplate(runtime, evaluator.set, template, {
    // An interface that holds nothing is no value at all to a template.
    data: data ?? undefined,
    origin,
    frame: evaluator.callFrame(node, name),
    out,
    depth: evaluator.depth + 1,
    guard: guardBy(evaluator.guard, deriveFrom(call.origins[0], named)),
  })
  return out.build()
}

/** `tpl`: runs a text as a template. */
function evaluate(texts: Texts, call: FunctionCall, text: string | Text, data: Value): Text {
  const plain = plainText(text)
  if (!plain.includes('{{')) return dropNoValue(asText(call, text))
  const { evaluator, node } = call
  const parsed = parseText(texts, asText(call, text))
  const [problem] = parsed.problems
  if (problem)
    throw new GoError(
      `cannot parse template ${quote(plain)}: template: gotpl:${problem.line}: ${problem.message}`,
    )
  const layer = createSet(evaluator.set)
  addTemplates(layer, parsed)
  const out = new TextBuilder()
  try {
    executeTemplate(texts.runtime, layer, parsed.main, {
      data: data ?? undefined,
      origin: call.origins[1],
      frame: evaluator.callFrame(node, 'gotpl'),
      out,
      depth: evaluator.depth + 1,
      guard: guardBy(evaluator.guard, deriveFrom(call.origins[0], text)),
    })
  } catch (error) {
    if (error instanceof TemplateError)
      throw new CallFailure(`error during tpl function execution for ${quote(plain)}: `, error)
    throw error
  }
  return dropNoValue(out.build())
}

/** Charts evaluate the same few texts over and over: the tree is kept, the source is that of the call. */
function parseText({ runtime, known, parsed }: Texts, text: Text): ParsedTemplate {
  const source: TemplateSource = { name: 'gotpl', text: text.text, file: undefined, made: text }
  const kept = parsed.get(text.text)
  if (kept) return withSource(kept, source)
  // Tokens and nodes weigh far more than the actions that they are read from.
  runtime.budget.charge(text.text.length + actionsLength(text.text) * 30)
  const fresh = parseTemplate(source, known)
  parsed.set(text.text, fresh)
  return fresh
}

function asText(call: Call, text: string | Text): Text {
  if (typeof text !== 'string') return text
  const segments = text === '' ? [] : [{ at: 0, pad: 0, offset: 0, piece: call.piece(call.origins[0]) }]
  return { tag: 'text', text, segments }
}

/** Helm takes the words out that text/template prints for what is missing. */
function dropNoValue(text: Text): Text {
  if (!text.text.includes('<no value>')) return text
  const { decided } = text
  return { ...(replaceAll(text, '<no value>', '', text.segments[0]!.piece) as Text), decided }
}

/** What runs is named or written by a value: all that it makes depends on that. */
const guardBy = (parent: Guard | undefined, origin: Origin | undefined): Guard | undefined =>
  origin === undefined || isLiteral(origin) ? parent : { kind: 'guard', origin, parent }

/** A small generator (mulberry32): the same chart renders the same, here and everywhere. */
function createRandom(): () => number {
  let state = 0x9e3779b9
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** Characters of a template that are not literal text. */
function actionsLength(text: string): number {
  let length = 0
  for (let at = text.indexOf('{{'); at >= 0; ) {
    const end = text.indexOf('}}', at)
    if (end < 0) return length + text.length - at
    length += end + 2 - at
    at = text.indexOf('{{', end)
  }
  return length
}
