/** Objects that exist without a manifest: what every cluster has, what operators make, what the settings name. */
import { findPodSpec, listContainers } from '../kube/pods.ts'
import type { Resource } from '../kube/resource.ts'
import { isBuiltInGroup } from './api-group.ts'

/** An object that exists in the cluster and is not in the input; `*` in names matches any text. */
export interface External {
  readonly kind: string
  readonly namespace?: string
  readonly name: string
}

/** Kinds that clusters and their add-ons bring along: what is named may exist although the unit has siblings of it. */
const OPEN_KINDS: ReadonlySet<string> = new Set([
  'ClusterIssuer',
  'ClusterRole',
  'ClusterSecretStore',
  'GatewayClass',
  'IngressClass',
  'Issuer',
  'Namespace',
  'Node',
  'PersistentVolume',
  'PriorityClass',
  'RuntimeClass',
  'StorageClass',
  'VolumeSnapshotClass',
])
export const isOpenKind = (kind: string): boolean => OPEN_KINDS.has(kind)

const CLUSTER_ROLES: ReadonlySet<string> = new Set(['cluster-admin', 'admin', 'edit', 'view'])
const IN_EVERY_NAMESPACE: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['ServiceAccount', new Set(['default'])],
  ['ConfigMap', new Set(['kube-root-ca.crt', 'openshift-service-ca.crt', 'istio-ca-root-cert'])],
])

/** Objects that the control plane makes in every cluster. */
export function isBuiltIn(kind: string, namespace: string | undefined, name: string): boolean {
  switch (kind) {
    case 'ClusterRole':
    case 'ClusterRoleBinding':
      return CLUSTER_ROLES.has(name) || name.startsWith('system:')
    case 'PriorityClass':
      return name === 'system-cluster-critical' || name === 'system-node-critical'
    case 'Namespace':
      return name === 'default' || name.startsWith('kube-')
    case 'Service':
      return name === 'kubernetes' && namespace === 'default'
    case 'Role':
      return name.startsWith('system:') && namespace === 'kube-system'
    default:
      return IN_EVERY_NAMESPACE.get(kind)?.has(name) ?? false
  }
}

/** True for namespaces whose objects the cluster itself brings along. */
export const isSystemNamespace = (namespace: string | undefined): boolean =>
  namespace === 'kube-system' || namespace === 'kube-public' || namespace === 'kube-node-lease'

/** Groups whose objects describe, and create nothing that others would name. */
const PASSIVE_GROUPS =
  /(?:^|\.)(?:networking\.istio\.io|security\.istio\.io|telemetry\.istio\.io|gateway\.networking\.k8s\.io|keda\.sh|autoscaling\.k8s\.io|kyverno\.io|cert-manager\.io|external-secrets\.io|bitnami\.com|traefik\.io|traefik\.containo\.us|cilium\.io|projectcalico\.org|snapshot\.storage\.k8s\.io)$/
/** Kinds that describe, or have a pod template of their own, in groups whose other kinds do create objects. */
const PASSIVE_KINDS: ReadonlySet<string> = new Set([
  'Rollout',
  'AnalysisTemplate',
  'DeploymentConfig',
  'Route',
  'ServiceMonitor',
  'PodMonitor',
  'PrometheusRule',
  'Probe',
  'ScrapeConfig',
  'AlertmanagerConfig',
])

/** Custom resources whose operators may create objects, named after them as a rule. */
export const isOperated = ({ group, kind }: Resource): boolean =>
  !isBuiltInGroup(group) && !PASSIVE_GROUPS.test(group) && !PASSIVE_KINDS.has(kind)

/** `DNS1123SubdomainMaxLength` */
const LONGEST_NAME = 253

/** True when an object of this name may be the work of an operator: it is named like a custom resource, or begins so. */
export function buildOperatorNames(resources: readonly Resource[]): (name: string) => boolean {
  const names = new Set<string>()
  for (const it of resources) if (it.name !== '' && isOperated(it)) names.add(it.name)
  return name => {
    if (names.size === 0 || name.length > LONGEST_NAME) return false
    if (names.has(name)) return true
    for (let at = name.indexOf('-'); at > 0; at = name.indexOf('-', at + 1))
      if (names.has(name.slice(0, at))) return true
    return false
  }
}

const MADE_BY_JOBS: ReadonlySet<string> = new Set(['ConfigMap', 'Secret'])

/**
 * True when a Job is told the name of an object, as those are that create certificates and passwords: in what it runs, or
 * in the scripts that it mounts.
 */
export function buildJobWords(resources: readonly Resource[]): (kind: string, name: string) => boolean {
  const words = new Set<string>()
  const scripts = new Set<string>()
  for (const it of resources) {
    const spec = it.group === 'batch' ? findPodSpec(it) : undefined
    if (!spec?.isMap) continue
    for (const { at } of listContainers(spec)) {
      for (const field of ['command', 'args'])
        for (const text of at.get(field)?.each() ?? []) addWords(text.text(), words)
      for (const variable of at.get('env')?.each() ?? []) addWords(variable.text('value'), words)
    }
    for (const volume of spec.get('volumes')?.each() ?? [])
      scripts.add(volume.text('configMap', 'name') ?? '')
  }
  for (const { kind, name, root } of resources)
    if (kind === 'ConfigMap' && scripts.has(name))
      for (const text of root.get('data')?.each() ?? []) addWords(text.text(), words)
  return (kind, name) => MADE_BY_JOBS.has(kind) && words.has(name)
}

/** What could be names of objects. */
function addWords(text: string | undefined, words: Set<string>): void {
  for (const [word] of text?.matchAll(/[a-z0-9][a-z0-9.-]*/g) ?? [])
    if (word.length <= LONGEST_NAME) words.add(word.replace(/[.-]+$/, ''))
}

/** Where what installs charts, or what other repositories hold, says the namespace of it. */
const INSTALLERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['helm.toolkit.fluxcd.io/HelmRelease', ['spec', 'targetNamespace']],
  ['helm.cattle.io/HelmChart', ['spec', 'targetNamespace']],
  ['argoproj.io/Application', ['spec', 'destination', 'namespace']],
  ['argoproj.io/ApplicationSet', ['spec', 'template', 'spec', 'destination', 'namespace']],
  ['fleet.cattle.io/GitRepo', ['spec', 'targetNamespace']],
  ['helm.crossplane.io/Release', ['spec', 'forProvider', 'namespace']],
  ['kappctrl.k14s.io/App', ['spec', 'deploy', 'kapp', 'intoNs']],
  ['packaging.carvel.dev/PackageInstall', ['spec', 'targetNamespace']],
])

/** Kinds that install beside themselves when they name no namespace; the others do so anywhere. */
const INSTALLS_BESIDE: ReadonlySet<string> = new Set(['HelmRelease', 'HelmChart'])

/** Whether something in the unit installs into a namespace what no manifest of the unit describes. */
export function buildInstallers(
  resources: readonly Resource[],
  namespaceOf: (resource: Resource) => string | undefined,
): (namespace: string | undefined) => boolean {
  const targets = new Set<string | undefined>()
  for (const it of resources) {
    const path = INSTALLERS.get(`${it.group}/${it.kind}`)
    if (!path) continue
    const named = it.root.text(...path)
    // Generators fill in what an ApplicationSet says.
    const isKnown = named !== undefined && !/[{$]/.test(named)
    targets.add(isKnown ? named : INSTALLS_BESIDE.has(it.kind) ? namespaceOf(it) : undefined)
  }
  return namespace =>
    targets.size > 0 && (namespace === undefined || targets.has(namespace) || targets.has(undefined))
}

/** Whether the settings name an object. */
export function buildExternals(
  externals: readonly External[],
): (kind: string, namespace: string | undefined, name: string) => boolean {
  const byKind = new Map<string, External[]>()
  for (const it of externals) {
    const list = byKind.get(it.kind)
    if (list) list.push(it)
    else byKind.set(it.kind, [it])
  }
  return (kind, namespace, name) =>
    byKind
      .get(kind)
      ?.some(
        it =>
          matchesPattern(name, it.name) &&
          (it.namespace === undefined || namespace === undefined || matchesPattern(namespace, it.namespace)),
      ) ?? false
}

/** `*` matches any text; everything else itself. */
export function matchesPattern(text: string, pattern: string): boolean {
  const parts = pattern.split('*')
  if (parts.length === 1) return text === pattern
  const [first, last] = [parts[0]!, parts.at(-1)!]
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length)
    return false
  let at = first.length
  const end = text.length - last.length
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at)
    if (found < 0 || found + part.length > end) return false
    at = found + part.length
  }
  return true
}
