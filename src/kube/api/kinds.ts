/** Which checks belong to which kind. */
import {
  checkMutatingBinding,
  checkMutatingPolicy,
  checkValidatingBinding,
  checkValidatingPolicy,
} from './admission-policies.ts'
import { warnAboutAdmission } from './admission-rules.ts'
import { checkMutatingWebhooks, checkValidatingWebhooks } from './admission-webhooks.ts'
import { checkApiService } from './api-services.ts'
import { checkAutoscaler } from './autoscaling.ts'
import { checkSigningRequest } from './certificates.ts'
import {
  checkConfigMap,
  checkSecret,
  checkServiceAccount,
  warnAboutSecret,
  warnAboutServiceAccount,
  withSecretData,
} from './config.ts'
import { checkCronJob, warnAboutCronJob } from './cron-jobs.ts'
import { warnAboutDefinition } from './definition-warnings.ts'
import { checkDefinition } from './definitions.ts'
import { checkDeviceClass, checkResourceClaim, checkResourceClaimTemplate } from './device-claims.ts'
import { checkDisruptionBudget } from './disruption-budgets.ts'
import {
  checkEndpointSlice,
  checkEndpoints,
  warnAboutEndpointSlice,
  warnAboutEndpoints,
} from './endpoints.ts'
import { checkEvent } from './events.ts'
import type { Check } from './field.ts'
import { checkFlowSchema } from './flow-control.ts'
import { checkIngress, checkIngressClass, warnAboutIngress } from './ingress.ts'
import { checkJob, warnAboutJob, withGeneratedSelector } from './jobs.ts'
import {
  checkIpAddress,
  checkNetworkPolicy,
  checkServiceCidr,
  warnAboutNetworkPolicy,
} from './network-policy.ts'
import {
  checkLease,
  checkNamespace,
  checkNode,
  checkPriorityClass,
  checkRuntimeClass,
  warnAboutNode,
  warnAboutRuntimeClass,
} from './nodes.ts'
import type { Obj } from './object.ts'
import { checkPod, warnAboutPod } from './pod.ts'
import { withAccount } from './pod-defaults.ts'
import { checkPriorityLevel } from './priority-level.ts'
import { checkLimitRange, checkResourceQuota, warnAboutResourceQuota } from './quota.ts'
import { checkClusterRole, checkClusterRoleBinding, checkRole, checkRoleBinding } from './rbac.ts'
import { checkResourceSlice, warnAboutResourceSlice } from './resource-slices.ts'
import { prepareService, withAllocations } from './service-update.ts'
import { checkService, warnAboutService } from './services.ts'
import { checkStatefulSet, warnAboutStatefulSet } from './stateful-set.ts'
import {
  checkCsiDriver,
  checkCsiNode,
  checkCsiStorageCapacity,
  checkStorageClass,
  checkVolumeAttachment,
  checkVolumeAttributesClass,
  warnAboutCsiDriver,
  warnAboutCsiStorageCapacity,
  warnAboutStorageClass,
} from './storage.ts'
import type { Storage } from './update.ts'
import { checkClaim, checkPersistentVolume, warnAboutClaim, warnAboutVolume } from './volumes.ts'
import {
  checkControllerRevision,
  checkDaemonSet,
  checkDeployment,
  checkPodTemplateObject,
  checkReplicaSet,
  checkReplicationController,
  warnAboutDeployment,
  warnAboutPodTemplate,
  warnAboutTemplate,
  warnAboutWorkload,
} from './workloads.ts'

export interface KindChecks extends Storage {
  /** Causes of a refusal; `old` is there for updates. */
  readonly check: (check: Check, object: Obj, old: Obj | undefined) => void
  readonly warn?: (check: Check, object: Obj, old: Obj | undefined) => void
}

/** By `group/Kind`; versions of one group share their internal type. */
const KINDS: ReadonlyMap<string, KindChecks> = new Map<string, KindChecks>([
  ['/Pod', { check: checkPod, warn: warnAboutPod, create: withAccount }],
  ['/PodTemplate', { check: checkPodTemplateObject, warn: warnAboutPodTemplate }],
  ['/ReplicationController', { check: checkReplicationController, warn: warnAboutWorkload }],
  ['apps/Deployment', { check: checkDeployment, warn: warnAboutDeployment }],
  ['apps/ReplicaSet', { check: checkReplicaSet, warn: warnAboutWorkload }],
  ['apps/DaemonSet', { check: checkDaemonSet, warn: warnAboutTemplate }],
  ['apps/StatefulSet', { check: checkStatefulSet, warn: warnAboutStatefulSet }],
  ['apps/ControllerRevision', { check: checkControllerRevision }],
  [
    '/Service',
    { check: checkService, warn: warnAboutService, create: withAllocations, update: prepareService },
  ],
  ['/Endpoints', { check: checkEndpoints, warn: warnAboutEndpoints }],
  ['/ConfigMap', { check: checkConfigMap }],
  ['/Secret', { check: checkSecret, warn: warnAboutSecret, create: withSecretData }],
  ['/ServiceAccount', { check: checkServiceAccount, warn: warnAboutServiceAccount }],
  ['/ResourceQuota', { check: checkResourceQuota, warn: warnAboutResourceQuota }],
  ['/LimitRange', { check: checkLimitRange }],
  ['/PersistentVolume', { check: checkPersistentVolume, warn: warnAboutVolume }],
  ['/PersistentVolumeClaim', { check: checkClaim, warn: warnAboutClaim }],
  ['/Node', { check: checkNode, warn: warnAboutNode }],
  ['/Namespace', { check: checkNamespace }],
  ['/Event', { check: checkEvent }],
  ['events.k8s.io/Event', { check: checkEvent }],
  ['discovery.k8s.io/EndpointSlice', { check: checkEndpointSlice, warn: warnAboutEndpointSlice }],
  ['networking.k8s.io/Ingress', { check: checkIngress, warn: warnAboutIngress }],
  ['networking.k8s.io/IngressClass', { check: checkIngressClass }],
  ['networking.k8s.io/NetworkPolicy', { check: checkNetworkPolicy, warn: warnAboutNetworkPolicy }],
  ['networking.k8s.io/IPAddress', { check: checkIpAddress }],
  ['networking.k8s.io/ServiceCIDR', { check: checkServiceCidr }],
  ['storage.k8s.io/StorageClass', { check: checkStorageClass, warn: warnAboutStorageClass }],
  ['storage.k8s.io/VolumeAttributesClass', { check: checkVolumeAttributesClass }],
  ['storage.k8s.io/VolumeAttachment', { check: checkVolumeAttachment }],
  ['storage.k8s.io/CSINode', { check: checkCsiNode }],
  ['storage.k8s.io/CSIDriver', { check: checkCsiDriver, warn: warnAboutCsiDriver }],
  [
    'storage.k8s.io/CSIStorageCapacity',
    { check: checkCsiStorageCapacity, warn: warnAboutCsiStorageCapacity },
  ],
  ['rbac.authorization.k8s.io/Role', { check: checkRole }],
  ['rbac.authorization.k8s.io/ClusterRole', { check: checkClusterRole }],
  ['rbac.authorization.k8s.io/RoleBinding', { check: checkRoleBinding }],
  ['rbac.authorization.k8s.io/ClusterRoleBinding', { check: checkClusterRoleBinding }],
  ['autoscaling/HorizontalPodAutoscaler', { check: checkAutoscaler }],
  ['policy/PodDisruptionBudget', { check: checkDisruptionBudget }],
  ['node.k8s.io/RuntimeClass', { check: checkRuntimeClass, warn: warnAboutRuntimeClass }],
  ['scheduling.k8s.io/PriorityClass', { check: checkPriorityClass }],
  ['coordination.k8s.io/Lease', { check: checkLease }],
  ['flowcontrol.apiserver.k8s.io/FlowSchema', { check: checkFlowSchema }],
  ['flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration', { check: checkPriorityLevel }],
  ['certificates.k8s.io/CertificateSigningRequest', { check: checkSigningRequest }],
  ['apiextensions.k8s.io/CustomResourceDefinition', { check: checkDefinition, warn: warnAboutDefinition }],
  ['apiregistration.k8s.io/APIService', { check: checkApiService }],
  [
    'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
    { check: checkValidatingWebhooks, warn: warnAboutAdmission },
  ],
  [
    'admissionregistration.k8s.io/MutatingWebhookConfiguration',
    { check: checkMutatingWebhooks, warn: warnAboutAdmission },
  ],
  [
    'admissionregistration.k8s.io/ValidatingAdmissionPolicy',
    { check: checkValidatingPolicy, warn: warnAboutAdmission },
  ],
  [
    'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding',
    { check: checkValidatingBinding, warn: warnAboutAdmission },
  ],
  [
    'admissionregistration.k8s.io/MutatingAdmissionPolicy',
    { check: checkMutatingPolicy, warn: warnAboutAdmission },
  ],
  [
    'admissionregistration.k8s.io/MutatingAdmissionPolicyBinding',
    { check: checkMutatingBinding, warn: warnAboutAdmission },
  ],
  ['resource.k8s.io/ResourceClaim', { check: checkResourceClaim }],
  ['resource.k8s.io/ResourceClaimTemplate', { check: checkResourceClaimTemplate }],
  ['resource.k8s.io/DeviceClass', { check: checkDeviceClass }],
  ['resource.k8s.io/ResourceSlice', { check: checkResourceSlice, warn: warnAboutResourceSlice }],
  ['batch/Job', { check: checkJob, warn: warnAboutJob, create: withGeneratedSelector }],
  ['batch/CronJob', { check: checkCronJob, warn: warnAboutCronJob }],
])

export const findKind = (apiVersion: string, kind: string): KindChecks | undefined =>
  KINDS.get(keyOfKind(apiVersion, kind))

/** The key of the tables by kind: `/Pod`, `apps/Deployment`. */
export function keyOfKind(apiVersion: string, kind: string): string {
  const slash = apiVersion.indexOf('/')
  const group = slash < 0 ? '' : apiVersion.slice(0, slash)
  return `${group}/${kind}`
}
