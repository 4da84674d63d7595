/** The engine of CEL, loaded when the first resource is met whose definition has rules. */
import type { RunRules } from '../kube/api/custom.ts'
import type { Apis } from '../kube/apis.ts'
import type { CustomSchema } from '../kube/schema/validate-custom.ts'
import { resourcesOf, type Unit } from './snapshot.ts'

export interface LateRules {
  engine: RuleEngine | undefined
}

export interface RuleEngine {
  readonly checkRules: RunRules
  /** Rules that do not compile, and why. */
  readonly listBrokenRules: (schema: CustomSchema) => readonly string[]
}

/** Loads the engine where a resource of the units needs it. */
export async function loadRules(late: LateRules, units: readonly Unit[], apis: Apis): Promise<void> {
  if (late.engine) return
  const needs = units.some(unit =>
    unit.entries.some(({ document, role }) => {
      const isJudged = role === 'manifest' || role === 'base'
      return isJudged && resourcesOf(document).some(it => apis.hasRules(it.apiVersion, it.kind))
    }),
  )
  if (needs) late.engine = await import('../kube/api/custom-rules.ts')
}
