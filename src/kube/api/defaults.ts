/** Defaults of all kinds (`defaults.go of each group`), for comparing what is stored with what replaces it. */
import { toDataSources } from './claim-spec.ts'
import { all, at, canonicalQuantities, each, empty, type Fill, unset, when, within, without } from './fill.ts'
import { isObj, isSet, type Obj, object, objects, text, texts } from './object.ts'
import { CLAIM_SPEC, POD, POD_TEMPLATE, SOURCE_DEFAULTS } from './pod-defaults.ts'

/** An object with its defaults; those without a table here have none that an update could change. */
export const fillDefaults = (key: string, of: Obj): Obj => DEFAULTS.get(key)?.(of) ?? of

const inSpec = (...fills: readonly Fill[]): Fill => within('spec', all(...fills))

const TEMPLATE: Fill = within('template', POD_TEMPLATE)

/** Labels that an object without any takes over from its template. */
const labelsOfTemplate: Fill = of => {
  const labels = object(object(object(of, 'spec'), 'template'), 'metadata').labels
  return isObj(labels) ? { ...of, metadata: without({ labels })(object(of, 'metadata')) } : of
}

const ROLLING = when(
  of => text(of, 'type') === 'RollingUpdate',
  all(unset({ rollingUpdate: {} }), at('rollingUpdate', unset({ maxUnavailable: '25%', maxSurge: '25%' }))),
)

const DEPLOYMENT: Fill = inSpec(
  TEMPLATE,
  unset({ replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600, strategy: {} }),
  at('strategy', all(empty({ type: 'RollingUpdate' }), ROLLING)),
)

const DAEMON_SET: Fill = inSpec(
  TEMPLATE,
  unset({ revisionHistoryLimit: 10, updateStrategy: {} }),
  at(
    'updateStrategy',
    all(
      empty({ type: 'RollingUpdate' }),
      when(
        of => text(of, 'type') === 'RollingUpdate',
        all(unset({ rollingUpdate: {} }), at('rollingUpdate', unset({ maxUnavailable: 1, maxSurge: 0 }))),
      ),
    ),
  ),
)

const STATEFUL_SET: Fill = inSpec(
  TEMPLATE,
  empty({ podManagementPolicy: 'OrderedReady' }),
  unset({
    replicas: 1,
    revisionHistoryLimit: 10,
    updateStrategy: {},
    persistentVolumeClaimRetentionPolicy: {},
  }),
  at(
    'updateStrategy',
    all(
      when(of => text(of, 'type') === '', unset({ rollingUpdate: {} })),
      empty({ type: 'RollingUpdate' }),
      when(of => text(of, 'type') === 'RollingUpdate', at('rollingUpdate', unset({ partition: 0 }))),
    ),
  ),
  at('persistentVolumeClaimRetentionPolicy', empty({ whenDeleted: 'Retain', whenScaled: 'Retain' })),
  // What kind a claim says it is does not count.
  each(
    'volumeClaimTemplates',
    all(at('spec', CLAIM_SPEC), ({ apiVersion: _, kind: __, ...claim }) => claim),
  ),
)

const CONTROLLER: Fill = all(
  inSpec(at('template', POD_TEMPLATE), unset({ replicas: 1 }), of => {
    const labels = object(object(of, 'template'), 'metadata').labels
    return isObj(labels) ? without({ selector: labels })(of) : of
  }),
  labelsOfTemplate,
)

const JOB: Fill = all(
  inSpec(
    TEMPLATE,
    when(of => !isSet(of, 'completions') && !isSet(of, 'parallelism'), unset({ completions: 1 })),
    of =>
      unset({
        parallelism: 1,
        backoffLimit: isSet(of, 'backoffLimitPerIndex') ? 2147483647 : 6,
        podReplacementPolicy: isSet(of, 'podFailurePolicy') ? 'Failed' : 'TerminatingOrFailed',
      })(of),
    unset({ completionMode: 'NonIndexed', suspend: false, manualSelector: false }),
    at('podFailurePolicy', each('rules', each('onPodConditions', empty({ status: 'True' })))),
  ),
  labelsOfTemplate,
)

const CRON_JOB: Fill = inSpec(
  empty({ concurrencyPolicy: 'Allow' }),
  unset({ suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 }),
  at('jobTemplate.spec', TEMPLATE),
)

/** `SetDefaults_Service`. */
const SERVICE: Fill = inSpec(
  empty({ sessionAffinity: 'None', type: 'ClusterIP' }),
  of => {
    const affinity = text(of, 'sessionAffinity')
    if (affinity === 'None') return { ...of, sessionAffinityConfig: undefined }
    const { timeoutSeconds } = object(object(of, 'sessionAffinityConfig'), 'clientIP')
    if (affinity !== 'ClientIP' || isSet({ timeoutSeconds }, 'timeoutSeconds')) return of
    return { ...of, sessionAffinityConfig: { clientIP: { timeoutSeconds: 10800 } } }
  },
  each(
    'ports',
    all(empty({ protocol: 'TCP' }), of => empty({ targetPort: of.port ?? 0 })(of)),
  ),
  when(isExternallyAccessible, empty({ externalTrafficPolicy: 'Cluster' })),
  when(of => text(of, 'type') !== 'ExternalName', unset({ internalTrafficPolicy: 'Cluster' })),
  when(of => text(of, 'type') === 'LoadBalancer', unset({ allocateLoadBalancerNodePorts: true })),
)

/** `service.ExternallyAccessible`, of the spec of a Service with its defaults. */
export function isExternallyAccessible(spec: Obj): boolean {
  const type = text(spec, 'type')
  const isExposed = type === 'LoadBalancer' || type === 'NodePort'
  return isExposed || (type === 'ClusterIP' && Array.isArray(spec.externalIPs) && spec.externalIPs.length > 0)
}

const SCALE_UP = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ],
}
const SCALE_DOWN = { selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] }

const AUTOSCALER: Fill = inSpec(
  unset({ minReplicas: 1 }),
  at(
    'behavior',
    all(
      unset({ scaleUp: {}, scaleDown: {} }),
      at('scaleUp', unset(SCALE_UP)),
      at('scaleDown', unset(SCALE_DOWN)),
    ),
  ),
)

const VOLUME: Fill = inSpec(
  empty({ persistentVolumeReclaimPolicy: 'Retain' }),
  unset({ volumeMode: 'Filesystem' }),
  at('capacity', canonicalQuantities),
  SOURCE_DEFAULTS,
)

/** `NormalizeDataSources`: either field stands for both, and what is not supported is dropped. */
const CLAIM: Fill = inSpec(CLAIM_SPEC, of => {
  const { source, ref } = toDataSources(of, 'claim')
  return source || ref || isObj(of.dataSource) ? { ...of, dataSource: source, dataSourceRef: ref } : of
})

const RBAC_GROUP = 'rbac.authorization.k8s.io'
const BINDING: Fill = all(
  at('roleRef', empty({ apiGroup: RBAC_GROUP })),
  each(
    'subjects',
    when(of => text(of, 'kind') === 'User' || text(of, 'kind') === 'Group', empty({ apiGroup: RBAC_GROUP })),
  ),
)

const DRIVER: Fill = inSpec(
  unset({
    attachRequired: true,
    podInfoOnMount: false,
    storageCapacity: false,
    fsGroupPolicy: 'ReadWriteOnceWithFSType',
    requiresRepublish: false,
    seLinuxMount: false,
  }),
  without({ volumeLifecycleModes: ['Persistent'] }),
)

const POLICY: Fill = inSpec(
  of => without({ policyTypes: objects(of, 'egress').length > 0 ? ['Ingress', 'Egress'] : ['Ingress'] })(of),
  each('ingress', each('ports', unset({ protocol: 'TCP' }))),
  each('egress', each('ports', unset({ protocol: 'TCP' }))),
)

const SELECTORS = unset({ namespaceSelector: {}, objectSelector: {} })
const WEBHOOK: Fill = all(
  unset({ failurePolicy: 'Fail', matchPolicy: 'Equivalent', timeoutSeconds: 10 }),
  SELECTORS,
  at('clientConfig.service', unset({ port: 443 })),
  each('rules', unset({ scope: '*' })),
)
const MATCH: Fill = all(
  unset({ matchPolicy: 'Equivalent' }),
  SELECTORS,
  each('resourceRules', unset({ scope: '*' })),
  each('excludeResourceRules', unset({ scope: '*' })),
)
const ADMISSION_POLICY: Fill = inSpec(unset({ failurePolicy: 'Fail' }), at('matchConstraints', MATCH))
const ADMISSION_BINDING: Fill = inSpec(at('matchResources', MATCH))

const EXACTLY: Fill = all(
  each('tolerations', empty({ operator: 'Equal' })),
  empty({ allocationMode: 'ExactCount' }),
  when(of => text(of, 'allocationMode') === 'ExactCount', empty({ count: 1 })),
)
const DEVICES: Fill = at(
  'devices',
  each('requests', all(at('exactly', EXACTLY), each('firstAvailable', EXACTLY))),
)

const LIMITED: Fill = all(
  unset({ nominalConcurrencyShares: 30, lendablePercent: 0 }),
  at('limitResponse.queuing', empty({ handSize: 8, queues: 64, queueLengthLimit: 50 })),
)

/** Metadata in templates has nothing that is a pointer. */
function withoutEmpty(of: Obj): Obj {
  return Object.fromEntries(Object.entries(of).filter(([, value]) => value !== '' && value !== null))
}

/** The first range stands in both fields, and the single one wins. */
const NODE: Fill = inSpec(of => {
  const listed = texts(of, 'podCIDRs')
  const single = text(of, 'podCIDR')
  const ranges = single !== '' && listed[0] !== single ? [single] : listed
  return ranges.length > 0 ? { ...of, podCIDR: ranges[0], podCIDRs: ranges } : of
})

const DEFAULTS: ReadonlyMap<string, Fill> = new Map<string, Fill>([
  ['/Pod', POD],
  ['/PodTemplate', TEMPLATE],
  ['/Node', NODE],
  ['/ReplicationController', CONTROLLER],
  ['/Service', SERVICE],
  ['/Secret', empty({ type: 'Opaque' })],
  ['/PersistentVolume', VOLUME],
  ['/PersistentVolumeClaim', CLAIM],
  ['/Endpoints', each('subsets', each('ports', empty({ protocol: 'TCP' })))],
  ['/ResourceQuota', inSpec(at('hard', canonicalQuantities))],
  ['apps/Deployment', DEPLOYMENT],
  ['apps/ReplicaSet', inSpec(TEMPLATE, unset({ replicas: 1 }))],
  ['apps/DaemonSet', DAEMON_SET],
  ['apps/StatefulSet', STATEFUL_SET],
  ['batch/Job', JOB],
  ['batch/CronJob', CRON_JOB],
  ['autoscaling/HorizontalPodAutoscaler', AUTOSCALER],
  ['networking.k8s.io/NetworkPolicy', POLICY],
  ['networking.k8s.io/IngressClass', inSpec(at('parameters', unset({ scope: 'Cluster' })))],
  ['rbac.authorization.k8s.io/RoleBinding', BINDING],
  ['rbac.authorization.k8s.io/ClusterRoleBinding', BINDING],
  ['storage.k8s.io/StorageClass', unset({ reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' })],
  ['storage.k8s.io/CSIDriver', DRIVER],
  ['storage.k8s.io/VolumeAttachment', inSpec(at('source.inlineVolumeSpec', SOURCE_DEFAULTS))],
  ['scheduling.k8s.io/PriorityClass', unset({ preemptionPolicy: 'PreemptLowerPriority' })],
  ['discovery.k8s.io/EndpointSlice', each('ports', unset({ name: '', protocol: 'TCP' }))],
  ['flowcontrol.apiserver.k8s.io/FlowSchema', inSpec(empty({ matchingPrecedence: 1000 }))],
  [
    'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration',
    inSpec(at('limited', LIMITED), at('exempt', unset({ nominalConcurrencyShares: 0, lendablePercent: 0 }))),
  ],
  ['admissionregistration.k8s.io/ValidatingWebhookConfiguration', each('webhooks', WEBHOOK)],
  [
    'admissionregistration.k8s.io/MutatingWebhookConfiguration',
    each('webhooks', all(WEBHOOK, unset({ reinvocationPolicy: 'Never' }))),
  ],
  ['admissionregistration.k8s.io/ValidatingAdmissionPolicy', ADMISSION_POLICY],
  ['admissionregistration.k8s.io/MutatingAdmissionPolicy', ADMISSION_POLICY],
  ['admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding', ADMISSION_BINDING],
  ['admissionregistration.k8s.io/MutatingAdmissionPolicyBinding', ADMISSION_BINDING],
  ['resource.k8s.io/ResourceClaim', inSpec(DEVICES)],
  ['resource.k8s.io/ResourceClaimTemplate', inSpec(at('metadata', withoutEmpty), at('spec', DEVICES))],
])
