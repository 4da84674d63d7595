/**
 * The verdict on a custom resource: `customResourceStrategy` of
 * apiextensions-apiserver/pkg/registry/customresource/strategy.go.
 */
import type { Table } from '../../yaml/table.ts'
import type { CustomResource } from '../schema/crd.ts'
import { newMet } from '../schema/defaulting.ts'
import type { Fault } from '../schema/fault.ts'
import { type GoMap, type GoValue, toPlain } from '../schema/go-value.ts'
import { judgeValue } from '../schema/judge.ts'
import { listNewRepetitions } from '../schema/list-types.ts'
import type { CustomType } from '../schema/schemas.ts'
import { type CustomSchema, judgeObject, toJudged } from '../schema/validate-custom.ts'
import { checkDns1123Subdomain, checkQualifiedName } from '../values/names.ts'
import { listFaultCauses } from './custom-causes.ts'
import { checkEmbedded } from './embedded-resources.ts'
import { type Cause, type Check, type Cluster, ROOT } from './field.ts'
import { lengthUnit } from './field-checks.ts'
import { quote } from './go-text.ts'
import { checkObjectMetadata, type MetadataRules, STANDARD_FINALIZERS } from './metadata.ts'
import { type Obj, object, texts } from './object.ts'
import { checkScale } from './scale.ts'
import type { Verdict } from './verdict.ts'
import { warnAboutApi } from './warn-about-api.ts'

export interface CustomObject {
  readonly table: Table
  readonly root: number
  readonly type: CustomType
  /** What is stored already; with it the verdict is on an update. */
  readonly old?: GoValue
  readonly cluster?: Cluster
  /** Runs the rules in CEL (`custom-rules.ts`), where they are loaded. */
  readonly runRules?: RunRules
}

/** Adds the causes of rules that fail. */
export type RunRules = (check: Check, schema: CustomSchema, value: GoMap, old: GoMap | undefined) => void

export interface CustomVerdict extends Verdict {
  /** Those of the causes that its schema's keywords have; problems of the schema tell them as well. */
  readonly bySchema: ReadonlySet<Cause>
}

/** Judges a custom resource that decodes, fields that its schema does not know aside. Never throws. */
export function checkCustomObject({
  table,
  root,
  type,
  old,
  cluster,
  runRules,
}: CustomObject): CustomVerdict {
  const check: Check = { minor: type.schema.minor, causes: [], warnings: [], cluster: cluster ?? {} }
  const judged = judgeObject(table, root, type.schema)
  const { value } = judged
  const before = old === undefined ? undefined : toJudged(old, type.schema, newMet())
  const head = toHead(value)
  const headBefore = before && toHead(before)
  warnAboutVersion(check, type)
  warnAboutApi(check, head)
  checkObjectMetadata(check, head, headBefore, metadataRules(type.resource))
  const bySchema = new Set<Cause>()
  const { faults, repetitions } = before === undefined ? judged : judgeUpdate(type.schema, value, before)
  addFaults(check, faults, bySchema)
  if (type.version.scale) checkScale(check, value, type.version.scale)
  if (judged.hasEmbedded) checkEmbedded(check, type.schema.root, value, ROOT)
  addFaults(check, repetitions, bySchema)
  const isBroken = check.causes.some(it => BLOCKING.has(it.reason))
  if (!isBroken) runRules?.(check, type.schema, value, before)
  const causes = tellOnce(check.causes)
  if (isBroken && type.version.hasRules()) causes.push(NOT_CHECKED)
  if (causes.length === 0) warnAboutFinalizers(check, head, headBefore)
  return { causes, warnings: check.warnings, bySchema }
}

/** What all objects have in common. */
const toHead = ({ apiVersion = null, kind = null, metadata = null }: GoMap): Obj => ({
  apiVersion: toPlain(apiVersion),
  kind: toPlain(kind),
  metadata: toPlain(metadata),
})

const judgeUpdate = ({ root, minor }: CustomSchema, value: GoMap, old: GoMap) => ({
  faults: judgeValue(root, value, { minor, old }),
  repetitions: listNewRepetitions(root, value, old),
})

const metadataRules = ({ namespaced }: CustomResource): MetadataRules => ({
  namespaced,
  checkName: checkDns1123Subdomain,
  finalizers: 'any',
  generation: 'reset',
})

function addFaults(check: Check, faults: readonly Fault[], bySchema: Set<Cause>): void {
  for (const cause of faults.flatMap(it => listFaultCauses(it))) {
    check.causes.push(cause)
    bySchema.add(cause)
  }
}

/** What is said twice is told once. */
function tellOnce(causes: readonly Cause[]): Cause[] {
  const seen = new Set<string>()
  return causes.filter(it => {
    const text = `${it.reason} ${it.field} ${it.message}`
    return !seen.has(text) && seen.add(text)
  })
}

/** Rules in CEL do not run on an object that is broken in these ways (`hasBlockingErr`). */
const BLOCKING: ReadonlySet<string> = new Set([
  'FieldValueTypeInvalid',
  'FieldValueRequired',
  'FieldValueNotSupported',
  'FieldValueTooLong',
  'FieldValueTooMany',
])

/** What the server says when it did not run the rules of an object that is broken. */
export const NOT_CHECKED: Cause = {
  reason: 'FieldValueInvalid',
  field: '<nil>',
  path: [],
  message:
    'Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
}

/** `validateKubeFinalizerName`. */
function warnAboutFinalizers(check: Check, of: Obj, old: Obj | undefined): void {
  const known = new Set(old ? texts(object(old, 'metadata'), 'finalizers') : [])
  const added = new Set(texts(object(of, 'metadata'), 'finalizers').filter(it => !known.has(it)))
  for (const name of [...added].sort()) {
    const warn = (message: string): void => {
      check.warnings.push(`metadata.finalizers: ${quote(name)}: ${message}`)
    }
    for (const fault of checkQualifiedName(name, lengthUnit(check))) warn(fault)
    if (name.includes('/') || STANDARD_FINALIZERS.has(name)) continue
    const path = name.includes('.') ? ' including a path (/)' : ''
    warn(
      `prefer a domain-qualified finalizer name${path} to avoid accidental conflicts with other finalizer writers`,
    )
  }
}

/** `defaultDeprecationWarning`. */
function warnAboutVersion(check: Check, { resource, version }: CustomType): void {
  if (!version.deprecated) return
  const name = (of: string): string => `${resource.group}/${of} ${resource.kind}`
  const newest = [...resource.versions.values()]
    .filter(it => it.served && !it.deprecated && compareVersions(it.name, version.name) > 0)
    .sort((left, right) => compareVersions(right.name, left.name))[0]
  const successor = newest ? `; use ${name(newest.name)}` : ''
  check.warnings.push(version.deprecationWarning || `${name(version.name)} is deprecated${successor}`)
}

/** `CompareKubeAwareVersionStrings`: v10 after v2 after v1 after v11beta2 after v1alpha1; other names before them. */
function compareVersions(left: string, right: string): number {
  const a = parseVersion(left)
  const b = parseVersion(right)
  if (!a || !b) return a ? 1 : b ? -1 : left < right ? 1 : left > right ? -1 : 0
  for (let at = 0; at < 3; at++) if (a[at] !== b[at]) return a[at]! - b[at]!
  return 0
}

function parseVersion(text: string): readonly number[] | undefined {
  const match = /^v([1-9][0-9]*)(?:(alpha|beta)([1-9][0-9]*))?$/.exec(text)
  if (!match) return undefined
  const [, major, stage, minor = '0'] = match
  return [stage === undefined ? 2 : stage === 'beta' ? 1 : 0, Number(major), Number(minor)]
}
