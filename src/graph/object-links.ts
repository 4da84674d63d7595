/** What objects without pods refer to: routes, autoscalers, bindings, webhooks, claims. */

import type { Resource } from '../kube/resource.ts'
import type { At } from '../yaml/cursor.ts'
import { groupOf } from './api-group.ts'
import { listIngressBackends } from './ingress.ts'
import { type Link, type Relation, type Target, toLink } from './link.ts'

const SECRET: Target = { kind: 'Secret' }
const SERVICE: Target = { kind: 'Service' }
const RBAC = 'rbac.authorization.k8s.io'
const GATEWAY_API = 'gateway.networking.k8s.io'
const ADMISSION = 'admissionregistration.k8s.io'

type Add = (at: At | undefined, relation: Relation, target: Target) => void
type Lister = (root: At, add: Add, resource: Resource) => void

const listers: ReadonlyMap<string, Lister> = new Map<string, Lister>([
  ['Ingress', addIngress],
  ['HorizontalPodAutoscaler', (root, add) => addScaleTarget(root.get('spec', 'scaleTargetRef'), add)],
  ['ScaledObject', (root, add) => addScaleTarget(root.get('spec', 'scaleTargetRef'), add, DEPLOYMENT)],
  ['VerticalPodAutoscaler', (root, add) => addScaleTarget(root.get('spec', 'targetRef'), add)],
  ['Rollout', (root, add) => addScaleTarget(root.get('spec', 'workloadRef'), add)],
  [
    'StatefulSet',
    (root, add) => {
      add(root.get('spec', 'serviceName'), 'is-named-by', SERVICE)
      for (const it of root.get('spec', 'volumeClaimTemplates')?.each() ?? [])
        addStorageClass(it.get('spec'), add)
    },
  ],
  ['RoleBinding', addBinding],
  ['ClusterRoleBinding', addBinding],
  ['ServiceAccount', addServiceAccount],
  [
    'PersistentVolumeClaim',
    (root, add) => {
      addStorageClass(root.get('spec'), add)
      add(root.get('spec', 'volumeName'), 'binds', { kind: 'PersistentVolume', namespace: '' })
    },
  ],
  ['PersistentVolume', (root, add) => addStorageClass(root.get('spec'), add)],
  ['Gateway', addGateway],
  ['HTTPRoute', addRoute],
  ['GRPCRoute', addRoute],
  ['TLSRoute', addRoute],
  ['TCPRoute', addRoute],
  ['UDPRoute', addRoute],
  ['ValidatingWebhookConfiguration', addWebhooks],
  ['MutatingWebhookConfiguration', addWebhooks],
  ['APIService', (root, add) => addServiceRef(root.get('spec', 'service'), add)],
  [
    'CustomResourceDefinition',
    (root, add) => addServiceRef(root.get('spec', 'conversion', 'webhook', 'clientConfig', 'service'), add),
  ],
  ['ValidatingAdmissionPolicyBinding', addPolicyBinding],
  ['MutatingAdmissionPolicyBinding', addPolicyBinding],
  ['Certificate', addCertificate],
])

/** All links of a resource that stand outside of its pod template. */
export function listObjectLinks(resource: Resource): Link[] {
  const lister = listers.get(resource.kind)
  if (!lister) return []
  const links: Link[] = []
  const add: Add = (at, relation, target) => {
    const link = toLink(at, relation, target)
    if (link) links.push(link)
  }
  lister(resource.root, add, resource)
  return links
}

const DEPLOYMENT = { group: 'apps', kind: 'Deployment' }

/** `autoscaling` resolves group and kind; the version may be any. KEDA takes Deployment where neither is given. */
function addScaleTarget(ref: At | undefined, add: Add, fallback?: { group: string; kind: string }): void {
  const apiVersion = ref?.text('apiVersion')
  const kind = ref?.text('kind') ?? fallback?.kind
  if (!ref || !kind) return
  const group = apiVersion === undefined ? (fallback?.group ?? '') : groupOf(apiVersion)
  add(ref.get('name'), 'scales', { group, kind })
}

function addIngress(root: At, add: Add, resource: Resource): void {
  for (const { service } of listIngressBackends(resource)) add(service, 'routes-to', SERVICE)
  for (const tls of root.get('spec', 'tls')?.each() ?? [])
    add(tls.get('secretName'), 'serves-tls-with', SECRET)
  add(root.get('spec', 'ingressClassName'), 'runs-in', {
    group: 'networking.k8s.io',
    kind: 'IngressClass',
    namespace: '',
  })
}

function addBinding(root: At, add: Add): void {
  const role = root.get('roleRef')
  const kind = role?.text('kind')
  if (role && kind)
    add(role.get('name'), 'grants', {
      group: RBAC,
      kind,
      ...(kind === 'ClusterRole' ? { namespace: '' } : {}),
    })
  for (const subject of root.get('subjects')?.each() ?? []) {
    const namespace = subject.text('namespace')
    if (subject.text('kind') === 'ServiceAccount' && namespace)
      add(subject.get('name'), 'binds', { kind: 'ServiceAccount', namespace })
  }
}

function addServiceAccount(root: At, add: Add): void {
  for (const it of root.get('secrets')?.each() ?? []) add(it.get('name'), 'mounts', SECRET)
  for (const it of root.get('imagePullSecrets')?.each() ?? []) add(it.get('name'), 'pulls-with', SECRET)
}

function addStorageClass(spec: At | undefined, add: Add): void {
  add(spec?.get('storageClassName'), 'runs-in', {
    group: 'storage.k8s.io',
    kind: 'StorageClass',
    namespace: '',
  })
}

function addGateway(root: At, add: Add, { group }: Resource): void {
  if (group !== GATEWAY_API) return
  add(root.get('spec', 'gatewayClassName'), 'runs-in', {
    group: GATEWAY_API,
    kind: 'GatewayClass',
    namespace: '',
  })
  for (const listener of root.get('spec', 'listeners')?.each() ?? [])
    for (const ref of listener.get('tls', 'certificateRefs')?.each() ?? [])
      addGatewayRef(ref, 'serves-tls-with', { group: '', kind: 'Secret' }, add)
}

function addRoute(root: At, add: Add, { group }: Resource): void {
  if (group !== GATEWAY_API) return
  for (const ref of root.get('spec', 'parentRefs')?.each() ?? [])
    addGatewayRef(ref, 'attaches-to', { group: GATEWAY_API, kind: 'Gateway' }, add)
  for (const rule of root.get('spec', 'rules')?.each() ?? []) {
    for (const ref of rule.get('backendRefs')?.each() ?? []) {
      addGatewayRef(ref, 'routes-to', { group: '', kind: 'Service' }, add)
      for (const filter of ref.get('filters')?.each() ?? []) addMirror(filter, add)
    }
    for (const filter of rule.get('filters')?.each() ?? []) addMirror(filter, add)
  }
}

function addMirror(filter: At, add: Add): void {
  const ref = filter.get('requestMirror', 'backendRef')
  if (ref) addGatewayRef(ref, 'routes-to', { group: '', kind: 'Service' }, add)
}

/** Group, kind and namespace are optional in references of the Gateway API. */
function addGatewayRef(
  ref: At,
  relation: Relation,
  fallback: { group: string; kind: string },
  add: Add,
): void {
  add(ref.get('name'), relation, {
    group: ref.text('group') ?? fallback.group,
    kind: ref.text('kind') ?? fallback.kind,
    namespace: ref.text('namespace'),
  })
}

function addWebhooks(root: At, add: Add): void {
  for (const webhook of root.get('webhooks')?.each() ?? [])
    addServiceRef(webhook.get('clientConfig', 'service'), add)
}

function addServiceRef(ref: At | undefined, add: Add): void {
  const namespace = ref?.text('namespace')
  if (namespace) add(ref?.get('name'), 'routes-to', { ...SERVICE, namespace })
}

function addPolicyBinding(root: At, add: Add, resource: Resource): void {
  if (resource.group !== ADMISSION) return
  add(root.get('spec', 'policyName'), 'binds', {
    group: ADMISSION,
    kind: resource.kind.replace('Binding', ''),
    namespace: '',
  })
}

function addCertificate(root: At, add: Add, { group }: Resource): void {
  if (group !== 'cert-manager.io') return
  const ref = root.get('spec', 'issuerRef')
  const kind = ref?.text('kind') ?? 'Issuer'
  add(ref?.get('name'), 'is-signed-by', {
    group: ref?.text('group') ?? group,
    kind,
    ...(kind === 'ClusterIssuer' ? { namespace: '' } : {}),
  })
}
