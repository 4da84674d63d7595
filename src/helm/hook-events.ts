/** The events of release life cycles that manifests can hook into (pkg/release/v1/hook.go). */
export const hookEvents: ReadonlySet<string> = new Set([
  'pre-install',
  'post-install',
  'pre-delete',
  'post-delete',
  'pre-upgrade',
  'post-upgrade',
  'pre-rollback',
  'post-rollback',
  'test',
  'test-success',
])

/** The annotation that makes a manifest a hook; several events are separated by commas. */
export const HOOK = 'helm.sh/hook'
