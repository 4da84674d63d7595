/** Pod disruption budgets (`pkg/apis/policy/validation`). */
import { type Check, child, invalid, ROOT } from './field.ts'
import { checkLabelSelector, checkOptionalEnum } from './field-checks.ts'
import { asStruct } from './go-struct.ts'
import { checkStoredMetadata } from './metadata.ts'
import { intOrString, isSet, type Obj, object } from './object.ts'
import { checkAtMostAll, checkCountOrPercent } from './workload-rules.ts'

const SPEC = child(ROOT, 'spec')

/** `ValidatePodDisruptionBudget`: nobody looks at its metadata but the generic store. */
export function checkDisruptionBudget(check: Check, of: Obj): void {
  const spec = object(of, 'spec')
  if (isSet(spec, 'minAvailable') && isSet(spec, 'maxUnavailable'))
    invalid(
      check,
      SPEC,
      asStruct('PodDisruptionBudgetSpec', spec),
      'minAvailable and maxUnavailable cannot be both set',
    )
  for (const name of ['minAvailable', 'maxUnavailable']) {
    if (!isSet(spec, name)) continue
    const value = intOrString(spec, name)
    checkCountOrPercent(check, value, child(SPEC, name))
    checkAtMostAll(check, value, child(SPEC, name))
  }
  checkLabelSelector(check, spec.selector, child(SPEC, 'selector'))
  checkOptionalEnum(check, spec, { field: SPEC, name: 'unhealthyPodEvictionPolicy' }, [
    'AlwaysAllow',
    'IfHealthyBudget',
  ])
  checkStoredMetadata(check, of)
}
