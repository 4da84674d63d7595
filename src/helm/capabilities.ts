/** `.Capabilities`: what a chart may ask about the cluster. */
import { int, list, type Method, type Struct, type Value } from './template/value.ts'

/** Group versions that a Helm knows without a cluster: those of client-go's scheme, in its order, and of custom resource definitions. */
const API_VERSIONS = `v1
admissionregistration.k8s.io/v1 admissionregistration.k8s.io/v1alpha1 admissionregistration.k8s.io/v1beta1
internal.apiserver.k8s.io/v1alpha1 apps/v1 apps/v1beta1 apps/v1beta2
authentication.k8s.io/v1 authentication.k8s.io/v1alpha1 authentication.k8s.io/v1beta1
authorization.k8s.io/v1 authorization.k8s.io/v1beta1
autoscaling/v1 autoscaling/v2 autoscaling/v2beta1 autoscaling/v2beta2 batch/v1 batch/v1beta1
certificates.k8s.io/v1 certificates.k8s.io/v1beta1 certificates.k8s.io/v1alpha1
coordination.k8s.io/v1alpha2 coordination.k8s.io/v1beta1 coordination.k8s.io/v1
discovery.k8s.io/v1 discovery.k8s.io/v1beta1 events.k8s.io/v1 events.k8s.io/v1beta1 extensions/v1beta1
flowcontrol.apiserver.k8s.io/v1 flowcontrol.apiserver.k8s.io/v1beta1 flowcontrol.apiserver.k8s.io/v1beta2
flowcontrol.apiserver.k8s.io/v1beta3 networking.k8s.io/v1 networking.k8s.io/v1beta1
node.k8s.io/v1 node.k8s.io/v1alpha1 node.k8s.io/v1beta1 policy/v1 policy/v1beta1
rbac.authorization.k8s.io/v1 rbac.authorization.k8s.io/v1beta1 rbac.authorization.k8s.io/v1alpha1
resource.k8s.io/v1 resource.k8s.io/v1beta2 resource.k8s.io/v1beta1 resource.k8s.io/v1alpha3
scheduling.k8s.io/v1alpha1 scheduling.k8s.io/v1alpha2 scheduling.k8s.io/v1beta1 scheduling.k8s.io/v1
storage.k8s.io/v1beta1 storage.k8s.io/v1 storage.k8s.io/v1alpha1 storagemigration.k8s.io/v1beta1
apiextensions.k8s.io/v1beta1 apiextensions.k8s.io/v1`.split(/\s+/)

/** Those that only the scheme of client-go 0.35 holds, or that of 0.36, which Helm 4.2 is built with. */
const OLDER_VERSIONS = ['autoscaling/v2beta1', 'autoscaling/v2beta2', 'scheduling.k8s.io/v1alpha1']
const NEWER_VERSIONS = ['scheduling.k8s.io/v1alpha2']

function versionsOf(compat: string): readonly string[] {
  const unknown = compat === 'helm-4.2' ? OLDER_VERSIONS : NEWER_VERSIONS
  return API_VERSIONS.filter(it => !unknown.includes(it))
}

export interface KubeVersion {
  /** As given, with `v`: `v1.33.4-gke.1245000`. */
  readonly version: string
  /** Without suffix, for constraints. */
  readonly normalized: string
  readonly major: string
  readonly minor: string
}

/** Reads `1.33`, `v1.33.4` and the like; undefined when it is no version (`ParseGeneric` of apimachinery). */
export function parseKubeVersion(text: string): KubeVersion | undefined {
  const numbers = /^\s*v?([0-9]+(?:\.[0-9]+)+).*$/.exec(text)?.[1]?.split('.')
  if (!numbers || /^0[0-9]/.test(numbers[0]!)) return undefined
  const components = numbers.map(it => String(BigInt(it)))
  return {
    version: text.startsWith('v') ? text : `v${text}`,
    normalized: `v${components.join('.')}`,
    major: components[0]!,
    minor: components[1]!,
  }
}

/** What `.Capabilities.APIVersions` lists. */
interface KnownApis {
  readonly apiVersions: readonly string[]
  readonly served: readonly string[] | undefined
}

export function buildCapabilities(
  kube: KubeVersion,
  { served, apiVersions }: KnownApis,
  compat: string,
): Struct {
  const known = [...(served ?? versionsOf(compat)), ...apiVersions]
  const versions: Value = {
    ...list(known),
    type: compat === 'helm-3' ? 'chartutil.VersionSet' : 'common.VersionSet',
    methods: new Map<string, Method>([
      ['Has', { params: ['string'], run: ([version]) => known.includes(version as string) }],
    ]),
  }
  // Helm 3 tells no more than it compares with.
  const version = compat === 'helm-3' ? kube.normalized : kube.version
  const kubeVersion: Struct = {
    tag: 'struct',
    type: 'common.KubeVersion',
    fields: new Map<string, Value>([
      ['Version', version],
      ['Major', kube.major],
      ['Minor', kube.minor],
    ]),
    print: () => kube.normalized,
    methods: new Map<string, Method>([
      ['GitVersion', { params: [], run: () => version }],
      ['String', { params: [], run: () => kube.normalized }],
    ]),
  }
  return {
    tag: 'struct',
    type: '*common.Capabilities',
    fields: new Map<string, Value>([
      ['KubeVersion', kubeVersion],
      ['APIVersions', versions],
      ['HelmVersion', HELM_VERSIONS.get(compat)!],
    ]),
  }
}

function helmVersion(version: string, commit: string, client: string): Struct {
  const fields: [name: string, json: string, value: string][] = [
    ['Version', 'version', version],
    ['GitCommit', 'git_commit', commit],
    ['GitTreeState', 'git_tree_state', 'clean'],
    ['GoVersion', 'go_version', 'go1.25.9'],
    ['KubeClientVersion', 'kube_client_version', client],
  ]
  const shown = fields.filter(([, , value]) => value !== '')
  const type = 'version.BuildInfo'
  return {
    tag: 'struct',
    type,
    fields: new Map(fields.map(([name, , value]) => [name, value])),
    json: () => ({ tag: 'struct', type, fields: new Map(shown.map(([, json, value]) => [json, value])) }),
  }
}

/** What `.Capabilities.HelmVersion` says in each dialect. */
const HELM_VERSIONS: ReadonlyMap<string, Struct> = new Map([
  ['helm-3', helmVersion('v3.21.4', '', 'v1.35')],
  ['helm-4.1', helmVersion('v4.1.4', '05fa37973dc9e42b76e1d2883494c87174b6074f', 'v1.35')],
  ['helm-4.2', helmVersion('v4.2.4', '', 'v1.36')],
])

export const REVISION: Value = int(1)
