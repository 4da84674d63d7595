/** Helm hooks: resources that exist for moments of a release and not as long as it does. */
import { memo } from '../text/memo.ts'
import type { Resource } from './resource.ts'

/** True for resources with a `helm.sh/hook` annotation, test pods included. */
export const isHelmHook = memo(
  ({ root }: Resource): boolean => root.get('metadata', 'annotations', 'helm.sh/hook') !== undefined,
)
