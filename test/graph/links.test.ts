/** What resources refer to, and what they make. */
import { expect, test } from 'vitest'
import { listLinks } from '../../src/graph/links.ts'
import { listProducts } from '../../src/graph/products.ts'
import { resourcesOf } from './graph.ts'

/** Links as `relation Kind namespace/name`; `-` is the own namespace, nothing before the name a cluster-scoped one. */
const linksOf = (text: string): string[] =>
  resourcesOf({ 'all.yaml': text }).flatMap(it =>
    listLinks(it).map(link => {
      const scope = link.namespace === undefined ? '-/' : link.namespace === '' ? '' : `${link.namespace}/`
      const group = link.group === '' ? '' : `${link.group}/`
      return `${link.relation} ${group}${link.kind} ${scope}${link.name}${link.optional ? ' optional' : ''}`
    }),
  )

const rows: readonly (readonly [string, string, readonly string[]])[] = [
  [
    'pods',
    `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  template:
    spec:
      serviceAccountName: web
      priorityClassName: high
      runtimeClassName: gvisor
      imagePullSecrets: [{ name: registry }]
      initContainers:
        - name: setup
          env: [{ name: A, valueFrom: { secretKeyRef: { name: login, key: password, optional: true } } }]
      containers:
        - name: web
          envFrom: [{ configMapRef: { name: settings } }]
      volumes:
        - { name: a, persistentVolumeClaim: { claimName: data } }
        - { name: b, projected: { sources: [{ secret: { name: token } }, { serviceAccountToken: {} }] } }
        - { name: c, secret: { secretName: tls } }
        - { name: d, emptyDir: {} }
        - { name: e, csi: { driver: x, nodePublishSecretRef: { name: store } } }`,
    [
      'reads Secret -/login optional',
      'reads ConfigMap -/settings',
      'claims PersistentVolumeClaim -/data',
      'mounts Secret -/token',
      'mounts Secret -/tls',
      'mounts Secret -/store',
      'pulls-with Secret -/registry',
      'runs-as ServiceAccount -/web',
      'runs-in scheduling.k8s.io/PriorityClass high',
      'runs-in node.k8s.io/RuntimeClass gvisor',
    ],
  ],
  [
    'bindings',
    `
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: web, namespace: shop }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader }
subjects:
  - { kind: ServiceAccount, name: web, namespace: other }
  - { kind: ServiceAccount, name: nowhere }
  - { kind: User, name: jane }`,
    ['grants rbac.authorization.k8s.io/Role -/reader', 'binds ServiceAccount other/web'],
  ],
  [
    'routes of the Gateway API',
    `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: web }
spec:
  parentRefs: [{ name: public, namespace: infra }, { group: '', kind: Service, name: mesh }]
  rules:
    - backendRefs:
        - { name: web, port: 80 }
        - { group: example.com, kind: Bucket, name: files }
      filters:
        - { type: RequestMirror, requestMirror: { backendRef: { name: mirror, port: 80 } } }`,
    [
      'attaches-to gateway.networking.k8s.io/Gateway infra/public',
      'attaches-to Service -/mesh',
      'routes-to Service -/web',
      'routes-to example.com/Bucket -/files',
      'routes-to Service -/mirror',
    ],
  ],
  [
    'a Gateway of another project',
    'apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: { name: x }\nspec: { gatewayClassName: y }',
    [],
  ],
  [
    'webhooks and services behind APIs',
    `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: { name: web }
webhooks: [{ name: a.example.com, clientConfig: { service: { name: hook, namespace: infra } } }]
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: { name: v1.metrics }
spec: { service: { name: metrics, namespace: kube-system } }`,
    ['routes-to Service infra/hook', 'routes-to Service kube-system/metrics'],
  ],
  [
    'scalers',
    `
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: a }
spec: { scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web } }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: b }
spec: { scaleTargetRef: { apiVersion: v1, kind: ReplicationController, name: old } }
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: { name: c }
spec: { scaleTargetRef: { name: web } }`,
    ['scales apps/Deployment -/web', 'scales ReplicationController -/old', 'scales apps/Deployment -/web'],
  ],
  ['odd shapes', 'apiVersion: v1\nkind: Pod\nmetadata: []\nspec: { volumes: 3, containers: { a: 1 } }', []],
]

test.each(rows)('links of %s', (_, text, expected) => expect(linksOf(text)).toEqual(expected))

test.each([
  [
    'a SealedSecret',
    'apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: { name: a }\nspec: { encryptedData: { x: y } }',
    ['Secret a x'],
  ],
  [
    'an ExternalSecret with all of an entry',
    'apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: { name: a }\nspec: { dataFrom: [{ extract: { key: k } }] }',
    ['Secret a ?'],
  ],
  [
    'a StatefulSet',
    'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: { name: db }\nspec: { volumeClaimTemplates: [{ metadata: { name: data } }] }',
    ['PersistentVolumeClaim data-db ?'],
  ],
  [
    'a managed resource of Crossplane',
    'apiVersion: rds.aws.upbound.io/v1\nkind: Instance\nmetadata: { name: a }\nspec: { writeConnectionSecretToRef: { name: db, namespace: shop } }',
    ['Secret db ?'],
  ],
  ['a Secret of its own', 'apiVersion: v1\nkind: Secret\nmetadata: { name: a }', []],
])('%s makes', (_, text, expected) => {
  const made = resourcesOf({ 'all.yaml': text }).flatMap(listProducts)
  expect(made.map(it => `${it.kind} ${it.name} ${it.keys ? [...it.keys].join() : '?'}`)).toEqual(expected)
})
