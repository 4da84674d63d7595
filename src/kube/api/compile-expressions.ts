/**
 * Compiles the expressions of admission policies, webhooks and device selectors: apiserver/pkg/admission/plugin/cel and
 * dynamic-resource-allocation/cel.
 */
import type { FindMessage } from '../../cel/checker.ts'
import { type Environment, kubernetesEnvironment } from '../../cel/environment.ts'
import { compileExpression } from '../../cel/expression.ts'
import { builtin, type Overload } from '../../cel/functions.ts'
import { formatIssues } from '../../cel/issue.ts'
import { AUTHORIZER, RESOURCE_CHECK } from '../../cel/library/authorization.ts'
import { QUANTITY } from '../../cel/library/quantities.ts'
import {
  BOOL,
  DYN,
  formatType,
  INT,
  listOf,
  mapOf,
  objectOf,
  STRING,
  TIMESTAMP,
  type Type,
} from '../../cel/types.ts'
import type { ExpressionScope, ExpressionUse, OpenScope, ScopeOptions } from './expressions.ts'

export const openScope: OpenScope = options => {
  const composed = new Map<string, Type>()
  const compile = (source: string, use: ExpressionUse): { fault?: string; type?: Type } => {
    const setting = toSetting(options, use, composed)
    const { checked, issues } = compileExpression(source, setting)
    if (issues.length > 0 || !checked) return { fault: `compilation failed: ${formatIssues(source, issues)}` }
    const fault = checkResult(checked.type, use, options.minor)
    return fault === undefined ? { type: checked.type } : { fault }
  }
  const scope: ExpressionScope = {
    check: (source, use) => compile(source, use).fault,
    declare(name, source) {
      const { fault, type } = compile(source, 'variable')
      composed.set(name, type ? toDeclared(type) : DYN)
      return fault
    },
  }
  return scope
}

/** Whether an expression comes to what its place wants. */
function checkResult(type: Type, use: ExpressionUse, minor: number): string | undefined {
  const shown = formatResult(type)
  if (use === 'variable') return undefined
  if (use === 'device') {
    const isUnknown = type.kind === 'dyn' && (type !== DYN || minor >= 36)
    return type.kind === 'bool' || isUnknown
      ? undefined
      : `must evaluate to bool or the unknown type, not ${shown}`
  }
  const wanted = RESULTS[use]
  if (wanted.includes(shown)) return undefined
  const list = wanted.length === 1 ? wanted[0]! : `one of [${wanted.join(' ')}]`
  return `must evaluate to ${list} but got ${shown}`
}

const RESULTS: Readonly<Record<Exclude<ExpressionUse, 'variable' | 'device'>, readonly string[]>> = {
  validation: ['bool'],
  match: ['bool'],
  message: ['string'],
  audit: ['string', 'null_type'],
  'json-patch': ['list(JSONPatch)'],
  apply: ['Object'],
}

/** `Type.String` of cel-go. */
const formatResult = (type: Type): string => (type.kind === 'null' ? 'null_type' : formatType(type))

/** `convertCelTypeToDeclType`: what is neither simple nor a container becomes dynamic. */
function toDeclared(type: Type): Type {
  if (type.kind === 'list') return listOf(toDeclared(type.parameters[0]!))
  if (type.kind === 'map') return mapOf(toDeclared(type.parameters[0]!), toDeclared(type.parameters[1]!))
  return SIMPLE.has(type.kind) ? type : DYN
}

const SIMPLE: ReadonlySet<string> = new Set([
  'bool',
  'bytes',
  'double',
  'duration',
  'int',
  'null',
  'string',
  'timestamp',
  'uint',
])

function toSetting(
  { minor, params, variables }: ScopeOptions,
  use: ExpressionUse,
  composed: ReadonlyMap<string, Type>,
): { environment: Environment; variables: ReadonlyMap<string, Type> } {
  if (use === 'device') return { environment: deviceEnvironment(minor), variables: DEVICE }
  const declared = new Map<string, Type>(ADMISSION)
  if (params === 'present') declared.set('params', DYN)
  if (use !== 'message') {
    declared.set('authorizer', AUTHORIZER)
    declared.set('authorizer.requestResource', RESOURCE_CHECK)
  }
  // Match conditions are compiled without the variables.
  if (variables === 'present' && use !== 'match')
    declared.set('variables', objectOf('kubernetes.variables', composed))
  const isPatch = use === 'json-patch' || use === 'apply'
  return { environment: admissionEnvironment(minor, isPatch ? 'patch' : 'plain'), variables: declared }
}

const fields = (of: Readonly<Record<string, Type>>): ReadonlyMap<string, Type> => new Map(Object.entries(of))

const TEXTS = listOf(STRING)
const KIND = objectOf('kubernetes.GroupVersionKind', fields({ group: STRING, version: STRING, kind: STRING }))
const RESOURCE = objectOf(
  'kubernetes.GroupVersionResource',
  fields({ group: STRING, version: STRING, resource: STRING }),
)
const USER = objectOf(
  'kubernetes.UserInfo',
  fields({ username: STRING, uid: STRING, groups: TEXTS, extra: mapOf(STRING, TEXTS) }),
)
const REQUEST = objectOf(
  'kubernetes.AdmissionRequest',
  fields({
    kind: KIND,
    resource: RESOURCE,
    subResource: STRING,
    requestKind: KIND,
    requestResource: RESOURCE,
    requestSubResource: STRING,
    name: STRING,
    namespace: STRING,
    operation: STRING,
    userInfo: USER,
    dryRun: BOOL,
    options: DYN,
  }),
)
const CONDITION = objectOf(
  'kubernetes.NamespaceCondition',
  fields({ status: STRING, type: STRING, lastTransitionTime: TIMESTAMP, message: STRING, reason: STRING }),
)
const METADATA = objectOf(
  'kubernetes.NamespaceMetadata',
  fields({
    name: STRING,
    generateName: STRING,
    namespace: STRING,
    labels: mapOf(STRING, STRING),
    annotations: mapOf(STRING, STRING),
    UID: STRING,
    creationTimestamp: TIMESTAMP,
    deletionGracePeriodSeconds: INT,
    deletionTimestamp: TIMESTAMP,
    generation: INT,
    resourceVersion: STRING,
    finalizers: TEXTS,
  }),
)
const NAMESPACE = objectOf(
  'kubernetes.Namespace',
  fields({
    metadata: METADATA,
    spec: objectOf('kubernetes.NamespaceSpec', fields({ finalizers: TEXTS })),
    status: objectOf('kubernetes.NamespaceStatus', fields({ conditions: listOf(CONDITION), phase: STRING })),
  }),
)
const ADMISSION: ReadonlyMap<string, Type> = fields({
  object: DYN,
  oldObject: DYN,
  namespaceObject: NAMESPACE,
  request: REQUEST,
})

const NO_FIELDS: ReadonlyMap<string, Type> = new Map()

const ESCAPE_KEY: Overload = builtin('jsonpatch.escapeKey', [STRING], STRING)

/** Literals of mutations: `Object{…}` and `Object.spec{…}` with any fields, `JSONPatch{…}`. */
const findPatchType: FindMessage = name => {
  if (name === 'JSONPatch') return { type: JSON_PATCH, field: field => JSON_PATCH.fields!.get(field) ?? DYN }
  if (name !== 'Object' && !name.startsWith('Object.')) return undefined
  return { type: objectOf(name, NO_FIELDS), field: () => DYN }
}

const JSON_PATCH = objectOf('JSONPatch', fields({ op: STRING, path: STRING, from: STRING, value: DYN }))

const environments = new Map<string, Environment>()

function admissionEnvironment(minor: number, types: 'patch' | 'plain'): Environment {
  const extra = types === 'patch' ? [ESCAPE_KEY] : []
  const key = `${types} ${minor}`
  const known = environments.get(key) ?? {
    ...extend(kubernetesEnvironment(minor), extra),
    ...(types === 'patch' && { findMessage: findPatchType }),
  }
  environments.set(key, known)
  return known
}

const ATTRIBUTES = mapOf(STRING, mapOf(STRING, DYN))
const DEVICE = fields({
  device: objectOf(
    'kubernetes.DRADevice',
    fields({
      driver: STRING,
      attributes: ATTRIBUTES,
      capacity: mapOf(STRING, mapOf(STRING, QUANTITY)),
      allowMultipleAllocations: BOOL,
    }),
  ),
})

/** Selectors of devices may also name values: `cel.bind(…)`. */
function deviceEnvironment(minor: number): Environment {
  const key = `device ${minor}`
  const base = kubernetesEnvironment(minor)
  const known = environments.get(key) ?? { ...base, macros: new Set([...base.macros, 'cel.bind/3' as const]) }
  environments.set(key, known)
  return known
}

function extend(environment: Environment, overloads: readonly Overload[]): Environment {
  const functions = new Map(environment.functions)
  for (const it of overloads) functions.set(it.name, [...(functions.get(it.name) ?? []), it])
  return { ...environment, functions }
}
