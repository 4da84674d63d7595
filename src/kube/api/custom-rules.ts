/**
 * Runs the rules of a custom resource: `Validator.validate` of
 * apiextensions-apiserver/pkg/apiserver/schema/cel/validation.go.
 */
import { findBlame, type Origin } from '../../cel/blame.ts'
import { CALL_LIMIT, type Outcome } from '../../cel/expression.ts'
import { CostExceeded } from '../../cel/fault.ts'
import { Optional, type Value } from '../../cel/values.ts'
import type { Path } from '../../yaml/json.ts'
import { type CompiledRule, compileRules, type RuleNode } from '../schema/compile-rules.ts'
import {
  type GoList,
  type GoMap,
  type GoValue,
  goField,
  isGoList,
  isGoMap,
  isSameGo,
} from '../schema/go-value.ts'
import { correlate } from '../schema/list-types.ts'
import { unescapeName } from '../schema/rule-names.ts'
import { type Converted, toCelValue } from '../schema/rule-values.ts'
import type { CustomSchema } from '../schema/validate-custom.ts'
import {
  addCause,
  type Check,
  child,
  type Field,
  formatField,
  index,
  key,
  type Reason,
  ROOT,
  toPath,
} from './field.ts'
import { formatBadValue } from './go-text.ts'

/** `RuntimeCELCostBudget`: what all rules of an object may cost. */
const BUDGET = 10_000_000
/** `MaxEvaluatedMessageExpressionSizeBytes` */
const MAX_MESSAGE = 5 * 1024
/** Since this minor rules with `optionalOldSelf` run on a create, and unchanged values only make warnings. */
const RATCHETING = 30
/** Since this minor a scalar is shown, and nothing in place of maps and lists; before, all were by their types. */
const SHOWS_VALUES = 35

interface Run {
  readonly check: Check
  readonly values: Converted
  readonly oldValues: Converted
  /** What is left of the budget; below zero no further rule runs. */
  left: number
}

/** A value, the one it replaces, and where they are. */
interface Spot {
  readonly field: Field
  readonly value: GoValue
  /** Undefined when there is none, or none can be found. */
  readonly old: GoValue | undefined
  /** Neither this value nor one around it, where this one has no old one, has changed. */
  readonly isUnchanged: boolean
}

/** Adds the causes of rules that fail for a value whose schema judged it to be sound. */
export function checkRules(check: Check, schema: CustomSchema, value: GoMap, old: GoMap | undefined): void {
  const node = compileRules(schema.root, schema.minor)
  if (!node) return
  const run: Run = { check, values: new WeakMap(), oldValues: new WeakMap(), left: BUDGET }
  visit(run, node, { field: ROOT, value, old, isUnchanged: old !== undefined && isSameGo(value, old) })
}

function visit(run: Run, node: RuleNode, spot: Spot): void {
  if (run.left < 0 || spot.value === null) return
  runRules(run, node, spot)
  for (const it of node.allOf) visit(run, it, spot)
  if (isGoList(spot.value)) visitItems(run, node, spot, spot.value)
  else if (isGoMap(spot.value)) visitFields(run, node, spot, spot.value)
}

function visitItems(run: Run, node: RuleNode, { field, old, isUnchanged }: Spot, items: GoList): void {
  if (!node.items) return
  for (const [at, value] of items.entries()) {
    const before = correlate(node.schema, old, value)
    const isSame = before === undefined ? isUnchanged : isSameGo(before, value)
    visit(run, node.items, { field: index(field, at), value, old: before, isUnchanged: isSame })
  }
}

function visitFields(run: Run, node: RuleNode, { field, old }: Spot, map: GoMap): void {
  const below = (name: string, at: Field, value: GoValue): Spot => {
    const before = isGoMap(old) ? goField(old, name) : undefined
    return { field: at, value, old: before, isUnchanged: before !== undefined && isSameGo(before, value) }
  }
  for (const [name, value] of Object.entries(map)) {
    if (node.additional) visit(run, node.additional, below(name, key(field, name), value))
    const named = node.fields.get(name)
    if (named) visit(run, named, below(name, child(field, name), value))
  }
}

function runRules(run: Run, node: RuleNode, spot: Spot): void {
  const rules = node.rules()
  if (rules.length === 0) return
  if (run.left <= 0) {
    exhaust(run, node, spot.field)
    return
  }
  const self = toCelValue(spot.value, node.schema, node.place, run.values)
  const hasOld = spot.old !== undefined && spot.old !== null
  const oldSelf = hasOld ? toCelValue(spot.old!, node.schema, node.place, run.oldValues) : undefined
  for (const rule of rules) {
    if (!rule.program || run.left < 0) continue
    const { optionalOldSelf } = rule.source
    if (rule.usesOldSelf && !hasOld && !(optionalOldSelf && run.check.minor >= RATCHETING)) continue
    const given = optionalOldSelf ? (oldSelf === undefined ? Optional.none : new Optional(oldSelf)) : oldSelf
    const outcome = rule.program.run([self, given])
    if (outcome.cost > run.left) {
      exhaust(run, node, spot.field)
      return
    }
    run.left -= outcome.cost
    if (outcome.value === true) continue
    const failed = { rule, outcome, values: [self, given], messageValues: [self, oldSelf] }
    if (outcome.stopped) addStop(run, node, spot, failed)
    else addFailure(run, node, spot, failed)
  }
}

function exhaust(run: Run, node: RuleNode, field: Field): void {
  run.left = -1
  const detail =
    'validation failed due to running out of cost budget, no further validation rules will be run'
  addCause(run.check, 'FieldValueInvalid', field, `Invalid value: ${nameType(node)}: ${detail}`)
}

const nameType = ({ schema }: RuleNode): string => JSON.stringify(schema.type)

/** `ruleErrorString` */
const wordRule = ({ source }: CompiledRule): string => (source.message || source.rule).trim()

/** A rule that did not hold. */
interface Failed {
  readonly rule: CompiledRule
  readonly outcome: Outcome
  readonly values: readonly (Value | undefined)[]
  /** What its message sees: the old value is no optional there. */
  readonly messageValues: readonly (Value | undefined)[]
}

function addStop(run: Run, node: RuleNode, spot: Spot, { rule, values, outcome }: Failed): void {
  const { stopped } = outcome
  const message = stopped && 'message' in stopped ? stopped.message : ''
  const words = wordRule(rule)
  let detail = `${message} evaluating rule: ${words}`
  if (message.startsWith('no such overload'))
    detail = `'${message}': call arguments did not match a supported operator, function or macro signature for rule: ${words}`
  if (stopped instanceof CostExceeded) {
    detail = `'${message}': no further validation rules will be run due to call cost exceeds limit for rule: ${words}`
    run.left = -1
  }
  run.check.causes.push({
    reason: 'FieldValueInvalid',
    field: formatField(spot.field),
    message: `Invalid value: ${nameType(node)}: ${detail}`,
    path: [...toPath(spot.field), ...(stopped instanceof CostExceeded ? [] : blame(rule, spot, values))],
  })
}

function addFailure(run: Run, node: RuleNode, spot: Spot, { rule, values, messageValues }: Failed): void {
  const { check } = run
  const path = rule.fieldPath
  // The server prints the path of a rule as one step.
  const shown = path ? child(spot.field, path.text) : spot.field
  const detail =
    evaluateMessage(run, rule, messageValues) ??
    (rule.source.message.trim() || `failed rule: ${wordRule(rule)}`)
  const reason = REASONS.get(rule.source.reason) ?? 'FieldValueInvalid'
  const message = wordReason(reason, formatFound(check, node, spot.value), detail)
  const field = formatField(shown)
  if (!rule.usesOldSelf && spot.isUnchanged && check.minor >= RATCHETING)
    check.warnings.push(`${field}: ${message}`)
  else
    check.causes.push({
      reason,
      field,
      message,
      path: [...toPath(spot.field), ...(path?.steps ?? blame(rule, spot, values))],
    })
}

/** The way from the value of a rule to what broke it; the server knows only the value. */
function blame({ program }: CompiledRule, { value }: Spot, values: readonly (Value | undefined)[]): Path {
  const origins = program ? findBlame(program.replay, values, 'self') : []
  const paths = origins.map(it => toWritten(it, value))
  const [first, ...more] = paths
  if (!first) return []
  const missing = paths.filter(it => !it.isThere)
  // Several fields that are missing beside each other are told of what lacks them.
  const isLack =
    more.length > 0 && missing.length === paths.length && paths.every(it => isSibling(it.path, first.path))
  return isLack ? first.path.slice(0, -1) : first.path
}

const isSibling = (a: Path, b: Path): boolean =>
  a.length === b.length && a.slice(0, -1).every((step, i) => step === b[i])

/** Names as the manifest has them, and whether the way leads to something. */
function toWritten(origin: Origin, value: GoValue): { readonly path: Path; readonly isThere: boolean } {
  const path: (string | number)[] = []
  let at: GoValue | undefined = value
  for (const step of origin) {
    const name: string | number =
      typeof step === 'string' && isGoMap(at) && !Object.hasOwn(at, step) ? unescapeName(step) : step
    path.push(name)
    at = isGoMap(at)
      ? goField(at, String(name))
      : isGoList(at) && typeof name === 'number'
        ? at[name]
        : undefined
  }
  return { path, isThere: at !== undefined && at !== null }
}

const REASONS: ReadonlyMap<string, Reason> = new Map([
  ['FieldValueForbidden', 'FieldValueForbidden'],
  ['FieldValueRequired', 'FieldValueRequired'],
  ['FieldValueDuplicate', 'FieldValueDuplicate'],
])

/** Undefined where the value is left out. */
function formatFound({ minor }: Check, { schema }: RuleNode, value: GoValue): string | undefined {
  if (minor < SHOWS_VALUES) return JSON.stringify(schema.type)
  if (schema.type === 'object' || schema.type === 'array') return undefined
  return typeof value === 'bigint' ? String(value) : formatBadValue(value)
}

/** `fieldErrorForReason` */
function wordReason(reason: Reason, found: string | undefined, detail: string): string {
  const value = found === undefined ? '' : `: ${found}`
  if (reason === 'FieldValueForbidden') return `Forbidden: ${detail}`
  if (reason === 'FieldValueRequired') return `Required value: ${detail}`
  if (reason === 'FieldValueDuplicate') return `Duplicate value${value}`
  return `Invalid value${value}: ${detail}`
}

/** `evalMessageExpression`; undefined where it gives no message that may be shown. */
function evaluateMessage(
  run: Run,
  { messageProgram }: CompiledRule,
  values: readonly (Value | undefined)[],
): string | undefined {
  if (!messageProgram) return undefined
  const { value, cost } = messageProgram.run(values, { limit: Math.min(CALL_LIMIT, run.left) })
  run.left -= cost
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  const isFit = text !== '' && !text.includes('\n') && new TextEncoder().encode(text).length <= MAX_MESSAGE
  return isFit ? text : undefined
}

/** Rules that values were met for and that do not compile, each once: what is wrong with it. */
export function listBrokenRules(schema: CustomSchema): readonly string[] {
  const broken = new Set<string>()
  const seen = new Set<RuleNode>()
  const walk = (node: RuleNode | undefined): void => {
    if (!node || seen.has(node)) return
    seen.add(node)
    for (const { problem, source } of node.metRules())
      if (problem !== '') broken.add(`${source.rule}: ${problem}`)
    for (const it of [node.items, node.additional, ...node.allOf, ...node.fields.values()]) walk(it)
  }
  walk(compileRules(schema.root, schema.minor))
  return [...broken]
}
