import {
  type Context,
  defineRule,
  type Fix,
  findSuccessor,
  formatResource,
  formatSuccessor,
  resources,
  set,
} from '../../src/rule.ts'

export default defineRule({
  id: 'api-version-removed',
  category: 'api',
  severity: 'error',
  presets: ['recommended', 'schema', 'helm'],
  title: 'API version is no longer served',
  why: `
    The API server of the checked version does not know this apiVersion any more: applying the manifest fails, and so
    does upgrading a Helm release that was installed with it. Use the successor; where its fields differ, the migration
    guide tells how.`,
  see: [
    'https://kubernetes.io/docs/reference/using-api/deprecation-guide/',
    'https://kubernetes.io/docs/reference/using-api/deprecation-policy/',
  ],
  bad: `
    apiVersion: policy/v1beta1
    kind: PodDisruptionBudget
    metadata:
      name: web
    spec:
      maxUnavailable: 1
      selector:
        matchLabels:
          app: web
  `,
  good: `
    apiVersion: policy/v1
    kind: PodDisruptionBudget
    metadata:
      name: web
    spec:
      maxUnavailable: 1
      selector:
        matchLabels:
          app: web
  `,
  on: resources,
  check(root, ctx) {
    const { apiVersion, kind } = ctx.resource
    const status = ctx.apis.findStatus(apiVersion, kind)
    const at = root.get('apiVersion')
    if (!at || !status || status.removed.length === 0) return
    const successor = findSuccessor(ctx.resource, ctx.apis)
    const fixes: Fix[] =
      successor?.kind === kind && wouldFit(ctx, successor.apiVersion)
        ? [{ title: `Use ${successor.apiVersion}`, safe: false, patch: set(at, successor.apiVersion) }]
        : []
    const end = `was removed in Kubernetes ${status.removedIn}${formatSuccessor(successor, kind)}`
    ctx.report(at, `${apiVersion} of ${formatResource(ctx.resource)} ${end}`, {
      kubernetes: status.removed,
      fixes,
    })
  },
})

/** Whether the API server would take the object as it stands under another apiVersion. */
function wouldFit({ apis, resource }: Context, apiVersion: string): boolean {
  const [version, group = ''] = apiVersion.split('/').reverse() as [string, string?]
  const moved = { ...resource, apiVersion, group, version }
  return apis.listSchemaFindings(moved).length === 0 && apis.listServerFindings(moved).length === 0
}
