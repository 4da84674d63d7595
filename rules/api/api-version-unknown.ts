import {
  type ApiStatus,
  defineRule,
  type Fix,
  findNearest,
  isBuiltInGroup,
  type Resource,
  resources,
  set,
} from '../../src/rule.ts'

type Api = { readonly apiVersion: string; readonly kind: string }

export default defineRule({
  id: 'api-version-unknown',
  category: 'api',
  severity: 'error',
  presets: ['recommended', 'schema', 'helm'],
  title: 'No Kubernetes version serves this apiVersion and kind',
  why: `
    The API server answers "no matches for kind". Most often the kind is misspelled, or stands with the apiVersion of
    another kind: Deployments are in \`apps/v1\`, Ingresses in \`networking.k8s.io/v1\`, ConfigMaps in \`v1\`.`,
  see: [
    'https://kubernetes.io/docs/reference/kubernetes-api/',
    'https://kubernetes.io/docs/reference/using-api/',
  ],
  bad: `
    apiVersion: v1
    kind: ConfigMapp
    metadata:
      name: settings
    data:
      level: info
  `,
  good: `
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: settings
    data:
      level: info
  `,
  on: resources,
  check(root, ctx) {
    const { resource, apis } = ctx
    const { apiVersion, kind } = resource
    const status = apis.findStatus(apiVersion, kind)
    if (status) return reportFuture(status)
    if (apis.hasSchema(resource) || (resource.group === '' && CLIENT_KINDS.has(kind))) return
    const meant = apis.suggestApi(apiVersion, kind)
    // A kind of Kubernetes in somebody's own group is somebody's own kind.
    if (!isBuiltInGroup(resource.group) && !isSlip(resource, meant)) return
    const at = root.get(meant?.kind === kind ? 'apiVersion' : 'kind')!
    const hint = meant ? `; did you mean ${meant.apiVersion} ${meant.kind}?` : ''
    ctx.report(at, `Kubernetes has no ${apiVersion} ${kind}${hint}`, { fixes: meant ? [correct(meant)] : [] })

    function reportFuture({ future, introducedIn }: ApiStatus): void {
      if (future.length === 0) return
      ctx.report(
        root.get('apiVersion')!,
        `${apiVersion} ${kind} is served from Kubernetes ${introducedIn} on`,
        {
          kubernetes: future,
        },
      )
    }

    function correct(to: Api): Fix {
      const patch = [
        ...(to.apiVersion === apiVersion ? [] : set(root.get('apiVersion')!, to.apiVersion)),
        ...(to.kind === kind ? [] : set(root.get('kind')!, to.kind)),
      ]
      return { title: `Use ${to.apiVersion} ${to.kind}`, safe: false, patch }
    }
  },
})

/** Files of kubectl and of old schedulers, which are no objects of the API. */
const CLIENT_KINDS: ReadonlySet<string> = new Set(['Config', 'Policy', 'Preferences'])

const isSlip = ({ group }: Resource, meant: Api | undefined): boolean =>
  meant !== undefined && findNearest(group, [meant.apiVersion.replace(/\/[^/]*$/, '')]) !== undefined
