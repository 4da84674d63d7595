/** Names that objects of one kind create in another: sealed secrets, certificates, claims of StatefulSets. */
import type { Resource } from '../kube/resource.ts'
import type { At } from '../yaml/cursor.ts'
import { isBuiltInGroup } from './api-group.ts'

export interface Product {
  readonly kind: 'ConfigMap' | 'Secret' | 'PersistentVolumeClaim'
  /** Undefined: any namespace. */
  readonly namespace: string | 'own' | undefined
  readonly name: string
  /** The name is followed by `-` and a number. */
  readonly numbered?: boolean
  /** Undefined: not known. */
  readonly keys?: ReadonlySet<string>
  readonly by: Resource
}

/** What a resource creates beside itself. */
export function listProducts(resource: Resource): readonly Product[] {
  const maker = makers.get(resource.kind)
  const isCustom = !isBuiltInGroup(resource.group)
  if (!maker && !isCustom) return NONE
  const products: Product[] = []
  const add: Add = (kind, name, details = {}) => {
    if (name) products.push({ kind, name, namespace: 'own', by: resource, ...details })
  }
  maker?.(resource.root, add, resource)
  if (isCustom) addConnectionSecrets(resource, add)
  return products
}

const NONE: readonly Product[] = []

type Details = Omit<Partial<Product>, 'kind' | 'name' | 'by'>
type Add = (kind: Product['kind'], name: string | undefined, details?: Details) => void

const TLS_KEYS: ReadonlySet<string> = new Set(['tls.crt', 'tls.key'])
const CERTIFICATE_KEYS: ReadonlySet<string> = new Set([
  ...TLS_KEYS,
  'ca.crt',
  'tls-combined.pem',
  'key.der',
  'keystore.jks',
  'truststore.jks',
  'keystore.p12',
  'truststore.p12',
])

const makers: ReadonlyMap<string, (root: At, add: Add, resource: Resource) => void> = new Map([
  ['StatefulSet', addClaims],
  ['SealedSecret', addSealedSecret],
  ['ExternalSecret', addExternalSecret],
  [
    'ClusterExternalSecret',
    (root: At, add: Add, { name }: Resource) =>
      add('Secret', root.text('spec', 'externalSecretName') ?? name, { namespace: undefined }),
  ],
  ['VaultStaticSecret', addDestination],
  ['VaultDynamicSecret', addDestination],
  ['VaultPKISecret', addDestination],
  ['HCPVaultSecretsApp', addDestination],
  ['SecretProviderClass', addSecretObjects],
  [
    'Certificate',
    (root: At, add: Add) => add('Secret', root.text('spec', 'secretName'), { keys: CERTIFICATE_KEYS }),
  ],
  ['Issuer', addAccountKey],
  ['ClusterIssuer', addAccountKey],
  ['Ingress', addIngressCertificates],
  ['Gateway', addGatewayCertificates],
  ['Service', addServingCertificate],
  ['Secret', addCopies],
  ['ConfigMap', addCopies],
  [
    'Bundle',
    (root: At, add: Add, { name }: Resource) => {
      if (root.get('spec', 'target', 'configMap')) add('ConfigMap', name, { namespace: undefined })
      if (root.get('spec', 'target', 'secret')) add('Secret', name, { namespace: undefined })
    },
  ],
  ['ClusterPolicy', addGenerated],
  ['GeneratingPolicy', addGenerated],
])

function addSealedSecret(root: At, add: Add, { name }: Resource): void {
  const template = root.get('spec', 'template')
  const keys = new Set([...keysOf(root.get('spec', 'encryptedData')), ...keysOf(template?.get('data'))])
  const namespace = template?.text('metadata', 'namespace')
  add('Secret', template?.text('metadata', 'name') ?? name, { keys, ...(namespace && { namespace }) })
}

/** Keys are those of `data`, or of the template; `dataFrom` brings whatever the store holds. */
function addExternalSecret(root: At, add: Add, { name }: Resource): void {
  const spec = root.get('spec')
  const target = spec?.get('target')
  const open = spec?.get('dataFrom') ?? target?.get('template', 'templateFrom')
  const keys = new Set(keysOf(target?.get('template', 'data')))
  for (const it of spec?.get('data')?.each() ?? []) {
    const key = it.text('secretKey')
    if (key) keys.add(key)
  }
  const kind = target?.text('manifest', 'kind') === 'ConfigMap' ? 'ConfigMap' : 'Secret'
  add(kind, target?.text('name') ?? name, open ? {} : { keys })
}

function addDestination(root: At, add: Add): void {
  add('Secret', root.text('spec', 'destination', 'name'))
}

function addSecretObjects(root: At, add: Add): void {
  for (const it of root.get('spec', 'secretObjects')?.each() ?? []) {
    const keys = new Set<string>()
    for (const item of it.get('data')?.each() ?? []) keys.add(item.text('key') ?? '')
    add('Secret', it.text('secretName'), { keys })
  }
}

function addAccountKey(root: At, add: Add, { kind }: Resource): void {
  const name = root.text('spec', 'acme', 'privateKeySecretRef', 'name')
  add('Secret', name, kind === 'ClusterIssuer' ? { namespace: undefined } : {})
}

/** cert-manager watches Ingresses and Gateways with these annotations. */
const ISSUER_ANNOTATIONS = [
  'cert-manager.io/issuer',
  'cert-manager.io/cluster-issuer',
  'kubernetes.io/tls-acme',
]

const hasIssuer = (root: At): boolean =>
  ISSUER_ANNOTATIONS.some(it => root.get('metadata', 'annotations', it) !== undefined)

function addIngressCertificates(root: At, add: Add): void {
  if (!hasIssuer(root)) return
  for (const tls of root.get('spec', 'tls')?.each() ?? [])
    add('Secret', tls.text('secretName'), { keys: CERTIFICATE_KEYS })
}

function addGatewayCertificates(root: At, add: Add): void {
  if (!hasIssuer(root)) return
  for (const listener of root.get('spec', 'listeners')?.each() ?? [])
    for (const ref of listener.get('tls', 'certificateRefs')?.each() ?? [])
      add('Secret', ref.text('name'), { keys: CERTIFICATE_KEYS })
}

/** OpenShift makes a certificate for a Service that asks for one. */
function addServingCertificate(root: At, add: Add): void {
  const annotations = root.get('metadata', 'annotations')
  for (const stage of ['beta', 'alpha'])
    add('Secret', annotations?.text(`service.${stage}.openshift.io/serving-cert-secret-name`), {
      keys: TLS_KEYS,
    })
}

/** Controllers that copy an object into other namespaces. */
const COPIED =
  /^(?:replicator\.v1\.mittwald\.de\/replicate-to|reflector\.v1\.k8s\.emberstack\.com\/reflection-(?:auto|allowed)|kubed\.appscode\.com\/sync)/

function addCopies(root: At, add: Add, { name, kind }: Resource): void {
  for (const at of root.get('metadata', 'annotations')?.each() ?? [])
    if (typeof at.key === 'string' && COPIED.test(at.key))
      add(kind as Product['kind'], name, { namespace: undefined })
}

/** Kyverno rules that generate objects when a namespace appears. */
function addGenerated(root: At, add: Add): void {
  for (const rule of root.get('spec', 'rules')?.each() ?? []) {
    const generate = rule.get('generate')
    const kind = generate?.text('kind')
    if (kind === 'Secret' || kind === 'ConfigMap') add(kind, generate?.text('name'), { namespace: undefined })
  }
}

/** A StatefulSet names its claims `<template>-<set>-<ordinal>`. */
function addClaims(root: At, add: Add, { name }: Resource): void {
  for (const template of root.get('spec', 'volumeClaimTemplates')?.each() ?? []) {
    const claim = template.text('metadata', 'name')
    if (claim) add('PersistentVolumeClaim', `${claim}-${name}`, { numbered: true })
  }
}

/** Crossplane writes credentials of what it manages into Secrets. */
function addConnectionSecrets({ root }: Resource, add: Add): void {
  const ref = root.get('spec', 'writeConnectionSecretToRef') ?? root.get('spec', 'publishConnectionDetailsTo')
  const namespace = ref?.text('namespace')
  add('Secret', ref?.text('name'), namespace ? { namespace } : {})
}

function* keysOf(map: At | undefined): Iterable<string> {
  for (const at of map?.each() ?? []) if (typeof at.key === 'string') yield at.key
}
