/**
 * The rules of a custom resource's schema, compiled: a tree beside the schema, with the nodes below which there are
 * rules. Imitates `NewValidator` and `compileRule` of apiextensions-apiserver/pkg/apiserver/schema/cel.
 */
import { kubernetesEnvironment } from '../../cel/environment.ts'
import { type Compiled, compileExpression, type Program } from '../../cel/expression.ts'
import { formatIssues } from '../../cel/issue.ts'
import { findPatternProblem } from '../../cel/literals.ts'
import { optionalOf, type Type } from '../../cel/types.ts'
import { escapeName } from './rule-names.ts'
import { type FieldPath, parseFieldPath } from './rule-path.ts'
import { toDeclared, toSelfType } from './rule-types.ts'
import type { Structural } from './structural.ts'
import type { ValidationRule } from './validation-rule.ts'

export interface CompiledRule {
  readonly source: ValidationRule
  /** Undefined when the rule is empty. */
  readonly rule: Compiled | undefined
  /** Undefined when the rule is empty or does not compile. */
  readonly program: Program | undefined
  /** Why it does not compile, in the words of the server; "" when it does. */
  readonly problem: string
  readonly usesOldSelf: boolean
  readonly message: Compiled | undefined
  readonly messageProgram: Program | undefined
  readonly messageProblem: string
  readonly fieldPath: FieldPath | undefined
}

/** The rules at one place of a schema and below it. */
export interface RuleNode {
  /** The schema of the values; rules below `allOf` are about values of the schema around them. */
  readonly schema: Structural
  readonly place: 'root' | 'inner'
  /** Compiled when the first value is met. */
  rules(): readonly CompiledRule[]
  /** The same, as far as values were met. */
  metRules(): readonly CompiledRule[]
  readonly allOf: readonly RuleNode[]
  readonly items: RuleNode | undefined
  readonly additional: RuleNode | undefined
  readonly fields: ReadonlyMap<string, RuleNode>
}

/** The rules of the schema of a custom resource for a minor of Kubernetes; undefined when there are none. */
export function compileRules(root: Structural, minor: number): RuleNode | undefined {
  const environment = kubernetesEnvironment(minor)
  const known = compiled.get(root) ?? new Map<object, RuleNode | undefined>()
  compiled.set(root, known)
  if (!known.has(environment)) known.set(environment, createBuilder(minor)(root, root, 'root'))
  return known.get(environment)
}

const compiled = new WeakMap<Structural, Map<object, RuleNode | undefined>>()

/** `rules`: the schema that has the rules, `schema`: the one that has the types. */
type Build = (rules: Structural, schema: Structural, place: 'root' | 'inner') => RuleNode | undefined

function createBuilder(minor: number): Build {
  // Schemas are shared between places, so their rules are compiled once.
  const known = new Map<Structural, RuleNode | undefined>()
  const build: Build = (rules, schema, place) => {
    const isShared = rules === schema && place === 'inner'
    if (isShared && known.has(schema)) return known.get(schema)
    const node = toNode(rules, schema, place)
    if (isShared) known.set(schema, node)
    return node
  }
  const inner = (rules: Structural, schema: Structural): RuleNode | undefined =>
    build(rules, schema, schema.isEmbedded ? 'root' : 'inner')

  const toNode: Build = (rules, schema, place) => {
    const items = rules.items && schema.items && inner(rules.items, schema.items)
    const additional =
      typeof rules.additional === 'object' && typeof schema.additional === 'object'
        ? inner(rules.additional, schema.additional)
        : undefined
    const fields = new Map<string, RuleNode>()
    for (const [key, field] of rules.fields) {
      if (!field.holdsRules()) continue
      const own = schema.fields.get(key)?.schema()
      const node = own && inner(field.schema(), own)
      if (node && isVisible(field.name, own)) fields.set(field.name, node)
    }
    const allOf = (rules.logic?.allOf ?? []).flatMap(it => build(it, schema, place) ?? [])
    const isEmpty = !items && !additional && fields.size === 0 && allOf.length === 0
    if (rules.rules.length === 0 && isEmpty) return undefined
    let own: readonly CompiledRule[] | undefined
    return {
      schema,
      place,
      rules: () => (own ??= rules.rules.map(it => compileRule(it, schema, place, minor))),
      metRules: () => own ?? [],
      allOf,
      items,
      additional,
      fields,
    }
  }
  return build
}

/** Fields whose types expressions do not know are left out, unless their name is what expressions cannot write. */
const isVisible = (name: string, schema: Structural): boolean =>
  escapeName(name) === undefined || toDeclared(schema, schema.isEmbedded ? 'root' : 'inner') !== undefined

/** The rule on values of a schema, with what a minor of Kubernetes knows. */
export function compileRule(
  source: ValidationRule,
  schema: Structural,
  place: 'root' | 'inner',
  minor: number,
): CompiledRule {
  const nothing: CompiledRule = {
    source,
    rule: undefined,
    program: undefined,
    problem: '',
    usesOldSelf: false,
    message: undefined,
    messageProgram: undefined,
    messageProblem: '',
    fieldPath: undefined,
  }
  if (source.rule.trim() === '') return nothing
  const declared = toDeclared(schema, place)
  if (!declared) return { ...nothing, problem: 'failed to convert to declType for CEL validation rules' }
  const self = toSelfType(declared)
  const variables = new Map<string, Type>([
    ['self', self],
    ['oldSelf', source.optionalOldSelf ? optionalOf(self) : self],
  ])
  const compileIn = (text: string): Compiled =>
    compileExpression(text, { environment: kubernetesEnvironment(minor), variables })
  const rule = compileIn(source.rule)
  const problem = findProblem(rule, source.rule, 'bool')
  if (problem !== '') return { ...nothing, rule, problem }
  const usesOldSelf = [...rule.checked!.names.values()].includes('oldSelf')
  const message = source.messageExpression === '' ? undefined : compileIn(source.messageExpression)
  const messageProblem = message ? findProblem(message, source.messageExpression, 'string') : ''
  return {
    ...{ source, rule, program: rule.program, problem, usesOldSelf, message, messageProblem },
    messageProgram: messageProblem === '' ? message?.program : undefined,
    fieldPath: source.fieldPath === '' ? undefined : parseFieldPath(source.fieldPath, schema),
  }
}

function findProblem(compiled: Compiled, text: string, wanted: 'bool' | 'string'): string {
  const { program, checked, issues, expr } = compiled
  const isMessage = wanted === 'string'
  if (!program)
    return `${isMessage ? 'messageExpression ' : ''}compilation failed: ${formatIssues(text, issues)}`
  const pattern = checked?.type.kind === wanted && expr ? findPatternProblem(expr) : undefined
  if (pattern !== undefined) return `program instantiation failed: ${pattern}`
  if (checked?.type.kind === wanted) return ''
  return `${isMessage ? 'messageExpression' : 'cel expression'} must evaluate to a ${wanted}`
}
