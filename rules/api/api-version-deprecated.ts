import {
  type ApiStatus,
  defineRule,
  type Fix,
  findSuccessor,
  formatResource,
  formatSuccessor,
  hasSameShape,
  resources,
  set,
} from '../../src/rule.ts'

export default defineRule({
  id: 'api-version-deprecated',
  category: 'api',
  severity: 'warning',
  presets: ['recommended', 'schema', 'helm'],
  title: 'API version is deprecated',
  why: `
    The server still takes this apiVersion and says that it will not for long. Its successor is served already, so the
    change can be made before an upgrade of the cluster forces it.`,
  see: [
    'https://kubernetes.io/docs/reference/using-api/deprecation-guide/',
    'https://kubernetes.io/docs/reference/using-api/deprecation-policy/',
  ],
  bad: `
    apiVersion: resource.k8s.io/v1beta2
    kind: DeviceClass
    metadata:
      name: gpu.example.com
    spec:
      selectors:
        - cel:
            expression: device.driver == "gpu.example.com"
  `,
  good: `
    apiVersion: resource.k8s.io/v1
    kind: DeviceClass
    metadata:
      name: gpu.example.com
    spec:
      selectors:
        - cel:
            expression: device.driver == "gpu.example.com"
  `,
  on: resources,
  check(root, ctx) {
    const { apiVersion, kind } = ctx.resource
    const status = ctx.apis.findStatus(apiVersion, kind)
    const at = root.get('apiVersion')
    if (!at || !status || status.deprecated.length === 0 || status.removed.length > 0) return
    const successor = findSuccessor(ctx.resource, ctx.apis)
    const fixes: Fix[] = []
    if (successor?.kind === kind)
      fixes.push({
        title: `Use ${successor.apiVersion}`,
        safe: hasSameShape(apiVersion, successor.apiVersion, kind),
        patch: set(at, successor.apiVersion),
      })
    const goes = status.removedIn === undefined ? '' : ` and goes in ${status.removedIn}`
    const end = `${goes}${formatSuccessor(successor, kind)}`
    ctx.report(
      at,
      `${apiVersion} of ${formatResource(ctx.resource)} is deprecated since Kubernetes ${status.deprecatedSince}${end}`,
      { kubernetes: status.deprecated, server: { message: formatWarning(apiVersion, kind, status) }, fixes },
    )
  },
})

/** `deprecation.WarningMessage` of apiserver/pkg/endpoints/deprecation. */
function formatWarning(apiVersion: string, kind: string, status: ApiStatus): string {
  const { deprecatedSince, removedIn, replacement } = status
  const end = removedIn === undefined ? '' : `, unavailable in v${removedIn}+`
  const use = replacement ? `; use ${replacement.apiVersion} ${replacement.kind}` : ''
  return `${apiVersion} ${kind} is deprecated in v${deprecatedSince}+${end}${use}`
}
