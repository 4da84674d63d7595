/** API versions of a kind that differ in nothing but their name, so that a manifest moves by changing one line. */

/** `from` of an API and the version that takes the same manifest, from the release notes of the versions. */
const SAME_SHAPE: ReadonlySet<string> = new Set(
  `
  apps/v1beta2 apps/v1 Deployment StatefulSet DaemonSet ReplicaSet ControllerRevision
  apps/v1beta1 apps/v1 ControllerRevision
  autoscaling/v2beta2 autoscaling/v2 HorizontalPodAutoscaler
  batch/v1beta1 batch/v1 CronJob
  coordination.k8s.io/v1beta1 coordination.k8s.io/v1 Lease
  flowcontrol.apiserver.k8s.io/v1beta3 flowcontrol.apiserver.k8s.io/v1 PriorityLevelConfiguration FlowSchema
  flowcontrol.apiserver.k8s.io/v1beta2 flowcontrol.apiserver.k8s.io/v1 FlowSchema
  networking.k8s.io/v1beta1 networking.k8s.io/v1 IngressClass
  node.k8s.io/v1beta1 node.k8s.io/v1 RuntimeClass
  resource.k8s.io/v1beta2 resource.k8s.io/v1 DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice
  rbac.authorization.k8s.io/v1beta1 rbac.authorization.k8s.io/v1 Role ClusterRole RoleBinding ClusterRoleBinding
  rbac.authorization.k8s.io/v1alpha1 rbac.authorization.k8s.io/v1 Role ClusterRole
  scheduling.k8s.io/v1beta1 scheduling.k8s.io/v1 PriorityClass
  storage.k8s.io/v1beta1 storage.k8s.io/v1 StorageClass CSIDriver CSINode VolumeAttachment CSIStorageCapacity
  extensions/v1beta1 networking.k8s.io/v1 NetworkPolicy
  apiregistration.k8s.io/v1beta1 apiregistration.k8s.io/v1 APIService
  admissionregistration.k8s.io/v1beta1 admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding
  `
    .trim()
    .split('\n')
    .flatMap(line => {
      const [from, to, ...kinds] = line.trim().split(' ')
      return kinds.map(kind => `${from} ${to} ${kind}`)
    }),
)

export const hasSameShape = (from: string, to: string, kind: string): boolean =>
  SAME_SHAPE.has(`${from} ${to} ${kind}`)
