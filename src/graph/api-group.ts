/** API groups: of an apiVersion, and the one under which a kind is stored today. */

/** `apps` of `apps/v1`; `""` for the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.lastIndexOf('/')
  return slash < 0 ? '' : apiVersion.slice(0, slash)
}

/** Kinds that began in `extensions` and are the same objects in the group they moved to. */
const MOVED: ReadonlyMap<string, string> = new Map([
  ['Deployment', 'apps'],
  ['ReplicaSet', 'apps'],
  ['DaemonSet', 'apps'],
  ['Ingress', 'networking.k8s.io'],
  ['NetworkPolicy', 'networking.k8s.io'],
  ['PodSecurityPolicy', 'policy'],
])

/** The group under which two manifests of different apiVersion are one object. */
export const storageGroup = (group: string, kind: string): string =>
  group === 'extensions' ? (MOVED.get(kind) ?? group) : group

/** Groups of Kubernetes itself; those of its add-ons below k8s.io are not. */
export const isBuiltInGroup = (group: string): boolean => BUILT_IN.has(group)

const BUILT_IN: ReadonlySet<string> = new Set([
  '',
  'apps',
  'autoscaling',
  'batch',
  'extensions',
  'policy',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'internal.apiserver.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'rbac.authorization.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
  'storagemigration.k8s.io',
])
