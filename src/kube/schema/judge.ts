/**
 * Judges a value, nulls and defaults settled, against its schema as the API server does, which converts the schema to
 * OpenAPI and hands it to kube-openapi. Imitates `SchemaValidator.Validate` of
 * k8s.io/kube-openapi/pkg/validation/validate, with what it counts: of failing branches it tells the one that got
 * furthest. On updates, what has not changed is not judged again (KEP-4008).
 */
import { internKey } from '../../yaml/keys.ts'
import type { Fault } from './fault.ts'
import { isKnownFormat } from './formats.ts'
import { type GoList, type GoMap, type GoValue, goField, isGoList, isGoMap, isSameGo } from './go-value.ts'
import { addNumberFaults } from './judge-number.ts'
import { addTextFaults } from './judge-text.ts'
import { findTypeFault, formatIn, hasTypeOrFormat, isEnumerated } from './judge-type.ts'
import { addFault, type Form, type Judgement, type Subject } from './judgement.ts'
import { correlate } from './list-types.ts'
import type { Logic, Structural } from './structural.ts'

export interface JudgeOptions {
  readonly minor: number
  readonly old?: GoValue | undefined
  readonly form?: Form
}

/** Faults of a value in the order of kube-openapi. */
export const judgeValue = (
  schema: Structural,
  value: GoValue,
  { minor, old, form = 'served' }: JudgeOptions,
): readonly Fault[] => {
  const judgement: Judgement = { faults: [], matched: 0 }
  visitRatcheted(judgement, { minor, schema, place: undefined, old, form }, value)
  return judgement.faults
}

/** A value that was there before may stay as it is. */
function visitRatcheted(judgement: Judgement, subject: Subject, value: GoValue): void {
  const { faults } = judgement
  const before = faults.length
  visit(judgement, subject, value)
  if (faults.length > before && subject.old !== undefined && isSameGo(subject.old, value))
    faults.length = before
}

/** Adds what is found to the judgement on the value around. */
function visit(judgement: Judgement, subject: Subject, value: GoValue): void {
  const { schema } = subject
  const isTyped = hasTypeOrFormat(subject)
  const fault = isTyped || value === null ? findTypeFault(subject, value) : undefined
  if (fault) judgement.faults.push(fault)
  if (value === null) {
    judgement.matched += fault ? 0 : 1
    addEnumFault(judgement, subject, value)
    return
  }
  if (isTyped) judgement.matched += fault ? 1 : 2
  if (schema.logic) addLogic(judgement, subject, schema.logic, value)
  // Combining keywords are always looked at, and so is `enum`; the whole counts as well.
  judgement.matched += 4
  if (typeof value === 'string') {
    judgement.matched += schema.format !== '' && isKnownFormat(formatIn(subject), subject.minor) ? 2 : 1
    addTextFaults(judgement, subject, value)
  } else if (typeof value === 'number' || typeof value === 'bigint') {
    judgement.matched += 2
    addNumberFaults(judgement, subject, value)
  } else if (isGoList(value)) {
    judgement.matched += 2
    addItems(judgement, subject, value)
  }
  addEnumFault(judgement, subject, value)
  if (isGoMap(value)) {
    judgement.matched++
    addFields(judgement, subject, value)
  }
}

function addEnumFault(judgement: Judgement, subject: Subject, value: GoValue): void {
  const allowed = subject.schema.enum
  if (allowed && allowed.length > 0 && !isEnumerated(allowed, value))
    addFault(judgement, subject, value, { code: 'enum', keyword: 'enum', value: allowed })
}

function addItems(judgement: Judgement, subject: Subject, items: GoList): void {
  const { schema, place, old, minor, form } = subject
  const element = schema.items
  if (element)
    for (let at = 0; at < items.length; at++) {
      const item = items[at]!
      const inner: Subject = {
        minor,
        schema: element,
        place: { above: place, step: at, form: 'item' },
        old: correlate(schema, old, item),
        form,
      }
      visitRatcheted(judgement, inner, item)
    }
  if (schema.limits) addCountFaults(judgement, subject, items, { size: items.length, of: 'Items' })
}

function addFields(judgement: Judgement, subject: Subject, map: GoMap): void {
  const { schema } = subject
  if (schema.limits)
    addCountFaults(judgement, subject, map, { size: Object.keys(map).length, of: 'Properties' })
  addFurtherFields(judgement, subject, map)
  for (const { name, schema: linked } of schema.fields.values())
    if (Object.hasOwn(map, name))
      visitField(judgement, subject, linked(), { name, value: map[name]!, form: 'named' })
  for (const name of schema.required)
    if (!Object.hasOwn(map, name))
      addFault(judgement, subject, map, { code: 'required', keyword: 'required', value: name })
}

function addFurtherFields(judgement: Judgement, subject: Subject, map: GoMap): void {
  const { additional, fields } = subject.schema
  if (additional === undefined || additional === 'any') return
  for (const name of Object.keys(map)) {
    if (fields.has(internKey(name))) continue
    if (additional === 'none')
      addFault(judgement, subject, map, {
        code: 'combination',
        keyword: 'additionalProperties',
        value: name,
      })
    else visitField(judgement, subject, additional, { name, value: map[name]!, form: 'further' })
  }
}

interface Entry {
  readonly name: string
  readonly value: GoValue
  readonly form: 'named' | 'further'
}

function visitField(judgement: Judgement, subject: Subject, schema: Structural, entry: Entry): void {
  const { place, old, minor, form } = subject
  const { name, value } = entry
  const isMeta = place === undefined && (name === 'apiVersion' || name === 'kind')
  const before = isGoMap(old) && !isMeta ? goField(old, name) : undefined
  const inner: Subject = {
    minor,
    schema,
    place: { above: place, step: name, form: entry.form },
    old: before,
    form,
  }
  visitRatcheted(judgement, inner, value)
}

/** Numbers of items or properties. */
function addCountFaults(
  judgement: Judgement,
  subject: Subject,
  found: GoValue,
  { size, of }: { readonly size: number; readonly of: 'Items' | 'Properties' },
): void {
  const { limits } = subject.schema
  if (!limits) return
  const minimum = limits[`min${of}`]
  const maximum = limits[`max${of}`]
  if (minimum !== undefined && size < minimum)
    addFault(judgement, subject, found, { code: 'count', keyword: `min${of}`, value: minimum })
  if (maximum !== undefined && size > maximum)
    addFault(judgement, subject, found, { code: 'count', keyword: `max${of}`, value: maximum })
}

/** `schemaPropsValidator.Validate`. */
function addLogic(judgement: Judgement, subject: Subject, logic: Logic, value: GoValue): void {
  const judge = (schema: Structural): Judgement => {
    const branch: Judgement = { faults: [], matched: 0 }
    visit(branch, { ...subject, schema }, value)
    return branch
  }
  const combine = (keyword: 'anyOf' | 'oneOf' | 'allOf' | 'not', detail: number, inner: readonly Fault[]) => {
    const { place } = subject
    judgement.faults.push({ code: 'combination', keyword, value: detail, place, found: value, inner })
  }
  if (logic.anyOf.length > 0) {
    const { chosen, valid } = judgeUntilValid(logic.anyOf, judge)
    if (valid === 0) combine('anyOf', 0, chosen.faults)
    judgement.matched += chosen.matched
  }
  if (logic.oneOf.length > 0) {
    const branches = logic.oneOf.map(judge)
    const valid = branches.filter(it => it.faults.length === 0)
    const chosen = valid[0] ?? furthest(branches)
    if (valid.length !== 1) combine('oneOf', valid.length, valid.length === 0 ? chosen.faults : [])
    if (valid.length < 2) judgement.matched += chosen.matched
  }
  if (logic.allOf.length > 0) {
    const branches = logic.allOf.map(judge)
    const failed = branches.filter(it => it.faults.length > 0)
    for (const it of branches) judgement.matched += it.matched
    // How many failed: the server says when none is left.
    if (failed.length > 0)
      combine(
        'allOf',
        failed.length === branches.length ? 0 : 1,
        failed.flatMap(it => it.faults),
      )
  }
  if (logic.not && judge(logic.not).faults.length === 0) combine('not', 0, [])
}

/** The first branch that takes the value, else the one that got furthest. */
function judgeUntilValid(
  schemas: readonly Structural[],
  judge: (schema: Structural) => Judgement,
): { readonly chosen: Judgement; readonly valid: number } {
  const branches: Judgement[] = []
  for (const schema of schemas) {
    const branch = judge(schema)
    if (branch.faults.length === 0) return { chosen: branch, valid: 1 }
    branches.push(branch)
  }
  return { chosen: furthest(branches), valid: 0 }
}

const furthest = (branches: readonly Judgement[]): Judgement =>
  branches.reduce((best, it) => (it.matched > best.matched ? it : best))
