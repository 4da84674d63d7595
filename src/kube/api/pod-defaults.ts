/** Defaults of pods, their containers and their volumes (`pkg/apis/core/v1/defaults.go`). */
import { isLatest } from '../values/image.ts'
import {
  all,
  at,
  canonicalQuantities,
  canonicalQuantity,
  each,
  empty,
  type Fill,
  unset,
  when,
  within,
} from './fill.ts'
import { isObj, isSet, isTrue, number, type Obj, object, objects, text } from './object.ts'

/** Both lists of a set of resources; `SetDefaults_ResourceList`. */
const RESOURCES: Fill = all(at('limits', canonicalQuantities), at('requests', canonicalQuantities))

const FIELD_REF: Fill = at('fieldRef', empty({ apiVersion: 'v1' }))
const RESOURCE_FIELD_REF: Fill = at('resourceFieldRef', of => ({
  ...of,
  divisor: canonicalQuantity(of.divisor ?? '0'),
}))
const HTTP_GET: Fill = at('httpGet', empty({ path: '/', scheme: 'HTTP' }))
const PROBE: Fill = all(
  empty({ timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 }),
  HTTP_GET,
  at('grpc', unset({ service: '' })),
)

const CONTAINER: Fill = all(
  of => empty({ imagePullPolicy: isLatest(text(of, 'image')) ? 'Always' : 'IfNotPresent' })(of),
  empty({ terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File' }),
  each('ports', empty({ protocol: 'TCP' })),
  each(
    'env',
    at('valueFrom', all(FIELD_REF, RESOURCE_FIELD_REF, at('fileKeyRef', unset({ optional: false })))),
  ),
  at('resources', RESOURCES),
  at('livenessProbe', PROBE),
  at('readinessProbe', PROBE),
  at('startupProbe', PROBE),
  at('lifecycle.postStart', HTTP_GET),
  at('lifecycle.preStop', HTTP_GET),
)

export const CLAIM_SPEC: Fill = all(unset({ volumeMode: 'Filesystem' }), at('resources', RESOURCES))

const MODE = unset({ defaultMode: 420 })
const DOWNWARD_ITEMS: Fill = each('items', all(FIELD_REF, RESOURCE_FIELD_REF))

/** Defaults that volumes of pods and persistent volumes share. */
export const SOURCE_DEFAULTS: Fill = all(
  at('hostPath', unset({ type: '' })),
  at('iscsi', empty({ iscsiInterface: 'default' })),
  at('rbd', empty({ pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' })),
  at('azureDisk', unset({ cachingMode: 'ReadWrite', fsType: 'ext4', readOnly: false, kind: 'Shared' })),
  at('scaleIO', empty({ storageMode: 'ThinProvisioned', fsType: 'xfs' })),
)

const VOLUME: Fill = all(
  when(of => Object.keys(of).every(it => it === 'name' || !isSet(of, it)), unset({ emptyDir: {} })),
  SOURCE_DEFAULTS,
  at('emptyDir', of => (isSet(of, 'sizeLimit') ? { ...of, sizeLimit: canonicalQuantity(of.sizeLimit) } : of)),
  at('secret', MODE),
  at('configMap', MODE),
  at('downwardAPI', all(MODE, DOWNWARD_ITEMS)),
  at(
    'projected',
    all(
      MODE,
      each(
        'sources',
        all(at('downwardAPI', DOWNWARD_ITEMS), at('serviceAccountToken', unset({ expirationSeconds: 3600 }))),
      ),
    ),
  ),
  at('ephemeral.volumeClaimTemplate.spec', CLAIM_SPEC),
  at('image', of => empty({ pullPolicy: isLatest(text(of, 'reference')) ? 'Always' : 'IfNotPresent' })(of)),
)

/** The deprecated name of the account becomes the present one, as conversion does. */
const ACCOUNT: Fill = of => {
  const { serviceAccount, ...rest } = of
  return isSet(of, 'serviceAccount') ? empty({ serviceAccountName: serviceAccount })(rest) : of
}

/** `SetDefaults_PodSpec`. */
const POD_SPEC: Fill = all(
  ACCOUNT,
  empty({ dnsPolicy: 'ClusterFirst', restartPolicy: 'Always', schedulerName: 'default-scheduler' }),
  unset({ securityContext: {}, terminationGracePeriodSeconds: 30 }),
  each('volumes', VOLUME),
  each('initContainers', CONTAINER),
  each('containers', CONTAINER),
  each('ephemeralContainers', CONTAINER),
  at('overhead', canonicalQuantities),
  at('resources', RESOURCES),
  when(of => isTrue(of, 'hostNetwork'), hostPorts()),
)

export const POD_TEMPLATE: Fill = within('spec', POD_SPEC)

/** `defaultHostNetworkPorts`. */
function hostPorts(): Fill {
  const fill: Fill = each('ports', of => empty({ hostPort: number(of, 'containerPort') })(of))
  return all(each('containers', fill), each('initContainers', fill))
}

/** What a Pod has requests for, beside what is written: `SetDefaults_Pod`. */
const REQUESTS: Fill = at('resources', of =>
  isObj(of.limits) ? { ...of, requests: { ...of.limits, ...object(of, 'requests') } } : of,
)

/** Defaults that a Pod has and a template has not, and what admission adds to it. */
export const POD: Fill = within(
  'spec',
  all(
    POD_SPEC,
    each('containers', REQUESTS),
    each('initContainers', REQUESTS),
    unset({ enableServiceLinks: true, preemptionPolicy: 'PreemptLowerPriority' }),
    tolerateNodeFaults,
  ),
)

/** `DefaultTolerationSeconds`, on updates too. */
function tolerateNodeFaults(spec: Obj): Obj {
  const tolerations = objects(spec, 'tolerations')
  const added = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'].filter(
    key =>
      !tolerations.some(
        it =>
          (text(it, 'key') === key || text(it, 'key') === '') &&
          (text(it, 'effect') === 'NoExecute' || text(it, 'effect') === ''),
      ),
  )
  if (added.length === 0) return spec
  const tolerated = added.map(key => ({
    key,
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds: 300,
  }))
  return { ...spec, tolerations: [...tolerations, ...tolerated] }
}

/** The server makes up five letters. */
const TOKEN = 'kube-api-access-xxxxx'
const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount'
const TOKEN_SOURCES = [
  { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
  { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
  { downwardAPI: { items: [{ path: 'namespace', fieldRef: { fieldPath: 'metadata.namespace' } }] } },
]

/** The ServiceAccount plugin, on creation alone: the account's name, and its token mounted into all containers. */
export const withAccount: Fill = at('spec', of => {
  const spec = empty({ serviceAccountName: 'default' })(ACCOUNT(of))
  if (spec.automountServiceAccountToken === false) return spec
  const mount = { name: TOKEN, readOnly: true, mountPath: TOKEN_PATH }
  const mounted: Fill = it => {
    const mounts = objects(it, 'volumeMounts')
    const has = mounts.some(other => text(other, 'mountPath') === TOKEN_PATH)
    return has ? it : { ...it, volumeMounts: [...mounts, mount] }
  }
  const volumes = [...objects(spec, 'volumes'), { name: TOKEN, projected: { sources: TOKEN_SOURCES } }]
  return all(each('containers', mounted), each('initContainers', mounted))({ ...spec, volumes })
})
