/** Helm hooks: resources that exist for moments of a release and not as long as it does. */
import { memo } from '../text/memo.ts'
import type { Resource } from './resource.ts'

/** True for resources with a `helm.sh/hook` annotation, test pods included. */
export const isHelmHook = memo(
  ({ root }: Resource): boolean => root.get('metadata', 'annotations', 'helm.sh/hook') !== undefined,
)

/** Whether what a hook makes is there while the release is: made before or after it, and not deleted thereupon. */
export function isLastingHook({ root }: Resource): boolean {
  const annotations = root.get('metadata', 'annotations')
  const list = (name: string): string[] => (annotations?.text(name) ?? '').split(',').map(it => it.trim())
  return (
    list('helm.sh/hook').some(it => LASTING_EVENTS.has(it)) &&
    !list('helm.sh/hook-delete-policy').includes('hook-succeeded')
  )
}

const LASTING_EVENTS = new Set(['pre-install', 'post-install', 'pre-upgrade', 'post-upgrade'])
