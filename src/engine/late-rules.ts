/** The engine of CEL, loaded when the first resource is met that has expressions, or whose definition has rules. */
import type { RunRules } from '../kube/api/custom.ts'
import type { OpenScope } from '../kube/api/expressions.ts'
import type { CheckSchemaRules } from '../kube/api/field.ts'
import type { Apis } from '../kube/apis.ts'
import type { CustomSchema } from '../kube/schema/validate-custom.ts'
import { memo } from '../text/memo.ts'
import type { Source } from '../text/source.ts'
import type { Document } from '../yaml/document.ts'
import { type Entry, isJudged, resourcesOf, type Unit } from './snapshot.ts'

export interface LateRules {
  engine: RuleEngine | undefined
}

export interface RuleEngine {
  readonly checkRules: RunRules
  /** For the rules that definitions of custom resources have. */
  readonly checkSchemaRules: CheckSchemaRules
  /** For expressions in built-in kinds: policies, webhooks, selectors of devices. */
  readonly openScope: OpenScope
  /** Rules that do not compile, and why. */
  readonly listBrokenRules: (schema: CustomSchema) => readonly string[]
}

/** Loads the engine where a resource of the units needs it. */
export async function loadRules(late: LateRules, units: readonly Unit[], apis: Apis): Promise<void> {
  if (late.engine) return
  const needsRules = ({ document }: Entry): boolean =>
    resourcesOf(document).some(
      it => hasExpressions(document, it.kind) || apis.hasRules(it.apiVersion, it.kind),
    )
  const needs = units.some(unit => unit.entries.some(it => isJudged(it) && needsRules(it)))
  if (!needs) return
  const [{ checkRules, listBrokenRules }, { checkDefinitionRules }, { openScope }] = await Promise.all([
    import('../kube/api/custom-rules.ts'),
    import('../kube/api/definition-rules.ts'),
    import('../kube/api/compile-expressions.ts'),
  ])
  late.engine = { checkRules, listBrokenRules, openScope, checkSchemaRules: checkDefinitionRules }
}

const hasExpressions = ({ source }: Document, kind: string): boolean =>
  EXPRESSIVE.has(kind) || (kind === 'CustomResourceDefinition' && mentionsRules(source))

/** A file may hold thousands of definitions. */
const mentionsRules = memo(({ text }: Source): boolean => text.includes('x-kubernetes-validations'))

const EXPRESSIVE: ReadonlySet<string> = new Set([
  'ValidatingAdmissionPolicy',
  'MutatingAdmissionPolicy',
  'ValidatingWebhookConfiguration',
  'MutatingWebhookConfiguration',
  'DeviceClass',
  'ResourceClaim',
  'ResourceClaimTemplate',
])
