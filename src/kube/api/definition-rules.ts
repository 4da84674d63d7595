/**
 * Rules in CEL that definitions have: whether they compile, and what they may cost. Imitates the part about
 * x-kubernetes-validations of `ValidateCustomResourceDefinitionOpenAPISchema`.
 */

import { estimateCost, type SizeOf } from '../../cel/cost.ts'
import type { Compiled } from '../../cel/expression.ts'
import { internKey } from '../../yaml/keys.ts'
import { type CompiledRule, compileRule } from '../schema/compile-rules.ts'
import { formatGoJson, fromJson } from '../schema/go-value.ts'
import { type Declared, toDeclared } from '../schema/rule-types.ts'
import { linkStructural, type Structural } from '../schema/structural.ts'
import { toRules } from '../schema/validation-rule.ts'
import { furtherOf, itemsOf } from './definition-node.ts'
import { isOrdinary, listUnusualFields } from './definition-survey.ts'
import {
  addCause,
  type Check,
  child,
  type Field,
  forbidden,
  formatField,
  index,
  invalid,
  key,
} from './field.ts'
import { isSet, type Obj, objects, text } from './object.ts'

/** `StaticEstimatedCostLimit`, `StaticEstimatedCRDCostLimit`. */
const RULE_LIMIT = 10_000_000
const TOTAL_LIMIT = 100_000_000
const MAX_REQUEST = 3 * 1024 * 1024
const MOST = 2 ** 64

interface Run {
  readonly check: Check
  readonly minor: number
  /** The schemas with rules in them or below them; the others are not looked at. */
  readonly holders: ReadonlySet<Obj>
  /** The most expensive rules that count: at most four. */
  expensive: { readonly field: Field; readonly cost: number }[]
  total: number
}

interface Around {
  readonly place: 'root' | 'inner'
  /** How often a value may be there; undefined where nothing limits it. */
  readonly cardinality: number | undefined
  /** The place below which old values cannot be found. */
  readonly uncorrelatable: Field | undefined
}

/** New expressions may use what the minor before has too, so that a server can be rolled back. */
export function checkDefinitionRules(check: Check, schema: Obj, field: Field): void {
  const holders = new Set<Obj>()
  if (!findHolders(schema, holders)) return
  const run: Run = { check, minor: check.minor - 1, holders, expensive: [], total: 0 }
  const structural = linkStructural(schema)
  visit(run, schema, structural, field, { place: 'root', cardinality: 1, uncorrelatable: undefined })
  if (run.total <= TOTAL_LIMIT) return
  for (const it of run.expensive)
    forbidden(
      check,
      it.field,
      'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema',
    )
  const what = 'x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema'
  forbidden(check, field, wordCost(what, run.total, TOTAL_LIMIT))
}

/** Adds the schemas with rules; false when there are none. */
function findHolders(schema: Obj, holders: Set<Obj>): boolean {
  if (isOrdinary(schema)) return false
  let holds = objects(schema, 'x-kubernetes-validations').length > 0
  const add = (it: Obj | undefined): void => {
    if (it && findHolders(it, holders)) holds = true
  }
  add(itemsOf(schema))
  add(furtherOf(schema, 'additionalProperties')?.schema)
  for (const [, it] of listUnusualFields(schema)) add(it)
  if (holds) holders.add(schema)
  return holds
}

function visit(run: Run, schema: Obj, structural: Structural, field: Field, around: Around): void {
  const below = { ...around, cardinality: multiplied(around.cardinality, maxElements(schema)) }
  const enter = (it: Obj, own: Structural, at: Field, more: Partial<Around> = {}): void =>
    visit(run, it, own, at, { ...below, ...more, place: own.isEmbedded ? 'root' : 'inner' })
  const further = furtherOf(schema, 'additionalProperties')?.schema
  if (further && run.holders.has(further) && typeof structural.additional === 'object')
    enter(further, structural.additional, child(field, 'additionalProperties'))
  for (const [name, it] of listUnusualFields(schema)) {
    const own = run.holders.has(it) ? structural.fields.get(internKey(name)) : undefined
    if (own) enter(it, own.schema(), key(child(field, 'properties'), name))
  }
  const items = itemsOf(schema)
  if (items && run.holders.has(items) && structural.items) {
    const isKeyed = text(schema, 'x-kubernetes-list-type') === 'map'
    const uncorrelatable = around.uncorrelatable ?? (isKeyed ? undefined : field)
    enter(items, structural.items, child(field, 'items'), { uncorrelatable })
  }
  const rules = objects(schema, 'x-kubernetes-validations')
  for (const [at, rule] of rules.entries()) {
    const place = index(child(field, 'x-kubernetes-validations'), at)
    checkRule(run, { rule, structural }, place, around)
  }
}

/** How many values a value of the schema may hold below it; undefined where nothing limits them. */
function maxElements(schema: Obj): number | undefined {
  const limit = (name: string): number | undefined => {
    const value = schema[name]
    return typeof value === 'number' ? Math.max(0, value) : undefined
  }
  if (text(schema, 'type') === 'array') return limit('maxItems')
  if (text(schema, 'type') === 'object' && isSet(schema, 'additionalProperties'))
    return limit('maxProperties')
  return 1
}

const multiplied = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : Math.min(MOST, a * b)

interface PlacedRule {
  readonly rule: Obj
  readonly structural: Structural
}

function checkRule(run: Run, { rule, structural }: PlacedRule, field: Field, around: Around): void {
  const { check } = run
  const [source] = toRules([rule])
  const declared = toDeclared(structural, around.place)
  if (!source || !declared) return
  const compiled = compileRule(source, structural, around.place, run.minor)
  const sizeOf = sizesIn(declared)
  const times = around.cardinality ?? Math.trunc(MAX_REQUEST / (declared.minSize + 1))
  const cost = compiled.problem === '' ? Math.min(MOST, costOf(compiled.rule, sizeOf) * times) : 0
  observe(run, child(field, 'rule'), 'estimated rule cost', cost)
  const wrong = (name: string, problem: string): void =>
    addCause(check, 'FieldValueInvalid', child(field, name), `Invalid value: ${formatRule(rule)}: ${problem}`)
  if (compiled.problem !== '') wrong('rule', compiled.problem)
  if (compiled.messageProblem !== '') wrong('messageExpression', compiled.messageProblem)
  else if (compiled.messageProgram) {
    const messageCost = costOf(compiled.message, sizeOf)
    observe(run, child(field, 'messageExpression'), 'estimated messageExpression cost', messageCost)
  }
  checkOldSelf(check, compiled, { rule, field, uncorrelatable: around.uncorrelatable })
}

function checkOldSelf(
  check: Check,
  { usesOldSelf, source }: CompiledRule,
  {
    rule,
    field,
    uncorrelatable,
  }: { readonly rule: Obj; readonly field: Field; readonly uncorrelatable: Field | undefined },
): void {
  if (usesOldSelf && uncorrelatable)
    invalid(
      check,
      child(field, 'rule'),
      source.rule,
      `oldSelf cannot be used on the uncorrelatable portion of the schema within ${formatField(uncorrelatable)}`,
    )
  if (!usesOldSelf && isSet(rule, 'optionalOldSelf'))
    invalid(
      check,
      child(field, 'optionalOldSelf'),
      rule.optionalOldSelf,
      'may not be set if oldSelf is not used in rule',
    )
}

const costOf = (compiled: Compiled | undefined, sizeOf: SizeOf): number =>
  compiled?.expr && compiled.checked ? estimateCost(compiled.expr, compiled.checked, sizeOf).max : 0

/** `sizeEstimator.EstimateSize` */
const sizesIn =
  (root: Declared): SizeOf =>
  path => {
    let at: Declared | undefined = root
    for (const step of path.slice(1)) {
      // The names of a map's entries have a type without a size.
      if (step === '@keys') return at?.element && !at.fields ? 0 : undefined
      at = step === '@items' || step === '@values' ? at?.element : at?.fields?.get(step)
      if (!at) return undefined
    }
    return at.maxElements
  }

function observe(run: Run, field: Field, what: string, cost: number): void {
  if (cost > RULE_LIMIT) forbidden(run.check, field, wordCost(what, cost, RULE_LIMIT))
  run.total = Math.min(MOST, run.total + cost)
  if (cost < TOTAL_LIMIT / 100) return
  run.expensive = [...run.expensive, { field, cost }].sort((a, b) => b.cost - a.cost).slice(0, 4)
}

/** `getCostErrorMessage` */
function wordCost(what: string, cost: number, limit: number): string {
  const factor = cost / limit
  const shown =
    factor > 100 ? 'more than 100x' : factor < 1.5 ? `${factor.toFixed(6)}x` : `${factor.toFixed(1)}x`
  return `${what} exceeds budget by factor of ${shown} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`
}

/** The rule as Go prints the struct. */
function formatRule(rule: Obj): string {
  const show = (value: unknown): string => formatGoJson(fromJson((value ?? null) as never))
  const texts = ['rule', 'message', 'messageExpression'].map(
    it => `"${it[0]!.toUpperCase()}${it.slice(1)}":${show(text(rule, it))}`,
  )
  return `{${texts.join(',')},"Reason":${show(rule.reason)},"FieldPath":${show(text(rule, 'fieldPath'))},"OptionalOldSelf":${show(rule.optionalOldSelf)}}`
}
