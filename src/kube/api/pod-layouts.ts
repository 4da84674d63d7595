/** How the internal types of pods, of their volumes and of claims of devices print in messages: see `go-struct.ts`. */

export const POD_LAYOUTS: Readonly<Record<string, string>> = {
  AWSElasticBlockStoreVolumeSource: 'VolumeID:s FSType:s=fsType Partition:n ReadOnly:b',
  Affinity: 'NodeAffinity:*NodeAffinity PodAffinity:*PodAffinity PodAntiAffinity:*PodAntiAffinity',
  AzureDiskVolumeSource: 'DiskName:s DataDiskURI:s=diskURI CachingMode:p FSType:p=fsType ReadOnly:p Kind:p',
  AzureFileVolumeSource: 'SecretName:s ShareName:s ReadOnly:b',
  CELDeviceSelector: 'Expression:s',
  CSIVolumeSource:
    'Driver:s ReadOnly:p FSType:p=fsType VolumeAttributes:p NodePublishSecretRef:*LocalObjectReference',
  CapacityRequirements: 'Requests:p',
  CephFSVolumeSource: 'Monitors:p Path:s User:s SecretFile:s SecretRef:*LocalObjectReference ReadOnly:b',
  CinderVolumeSource: 'VolumeID:s FSType:s=fsType ReadOnly:b SecretRef:*LocalObjectReference',
  ClusterTrustBundleProjection: 'Name:p SignerName:p LabelSelector:*LabelSelector Optional:p Path:s',
  ConfigMapEnvSource: 'Name:s Optional:p',
  ConfigMapKeySelector: 'Name:s Key:s Optional:p',
  ConfigMapProjection: 'Name:s Items:[]KeyToPath Optional:p',
  ConfigMapVolumeSource: 'Name:s Items:[]KeyToPath DefaultMode:p Optional:p',
  Container:
    'Name:s Image:s Command:p Args:p WorkingDir:s Ports:[]ContainerPort EnvFrom:[]EnvFromSource Env:[]EnvVar Resources:ResourceRequirements ResizePolicy:[]ContainerResizePolicy RestartPolicy:p RestartPolicyRules:[]ContainerRestartRule VolumeMounts:[]VolumeMount VolumeDevices:[]VolumeDevice LivenessProbe:*Probe ReadinessProbe:*Probe StartupProbe:*Probe Lifecycle:*Lifecycle TerminationMessagePath:s TerminationMessagePolicy:s ImagePullPolicy:s SecurityContext:*SecurityContext Stdin:b StdinOnce:b TTY:b=tty',
  ContainerPort: 'Name:s HostPort:n ContainerPort:n Protocol:s HostIP:s',
  ContainerRestartRule: 'Action:s ExitCodes:*ContainerRestartRuleOnExitCodes',
  ContainerRestartRuleOnExitCodes: 'Operator:s Values:p',
  DeviceClaim: 'Requests:[]DeviceRequest Constraints:[]DeviceConstraint Config:[]DeviceClaimConfiguration',
  DeviceClaimConfiguration: 'Requests:p Opaque:*OpaqueDeviceConfiguration',
  DeviceConstraint: 'Requests:p MatchAttribute:p DistinctAttribute:p',
  DeviceRequest: 'Name:s Exactly:*ExactDeviceRequest FirstAvailable:[]DeviceSubRequest',
  DeviceSelector: 'CEL:*CELDeviceSelector=cel',
  DeviceSubRequest:
    'Name:s DeviceClassName:s Selectors:[]DeviceSelector AllocationMode:s Count:n Tolerations:[]DeviceToleration Capacity:*CapacityRequirements',
  DeviceToleration: 'Key:s Operator:s Value:s Effect:s TolerationSeconds:p',
  DownwardAPIProjection: 'Items:[]DownwardAPIVolumeFile',
  DownwardAPIVolumeFile:
    'Path:s FieldRef:*ObjectFieldSelector ResourceFieldRef:*ResourceFieldSelector Mode:p',
  DownwardAPIVolumeSource: 'Items:[]DownwardAPIVolumeFile DefaultMode:p',
  EmptyDirVolumeSource: 'Medium:s SizeLimit:p',
  EnvFromSource: 'Prefix:s ConfigMapRef:*ConfigMapEnvSource SecretRef:*SecretEnvSource',
  EnvVar: 'Name:s Value:s ValueFrom:*EnvVarSource',
  EnvVarSource:
    'FieldRef:*ObjectFieldSelector ResourceFieldRef:*ResourceFieldSelector ConfigMapKeyRef:*ConfigMapKeySelector SecretKeyRef:*SecretKeySelector FileKeyRef:*FileKeySelector',
  EphemeralContainer:
    'Name:s Image:s Command:p Args:p WorkingDir:s Ports:[]ContainerPort EnvFrom:[]EnvFromSource Env:[]EnvVar Resources:ResourceRequirements ResizePolicy:[]ContainerResizePolicy RestartPolicy:p RestartPolicyRules:[]ContainerRestartRule VolumeMounts:[]VolumeMount VolumeDevices:[]VolumeDevice LivenessProbe:*Probe ReadinessProbe:*Probe StartupProbe:*Probe Lifecycle:*Lifecycle TerminationMessagePath:s TerminationMessagePolicy:s ImagePullPolicy:s SecurityContext:*SecurityContext Stdin:b StdinOnce:b TTY:b=tty TargetContainerName:s',
  EphemeralVolumeSource: 'VolumeClaimTemplate:*PersistentVolumeClaimTemplate',
  ExactDeviceRequest:
    'DeviceClassName:s Selectors:[]DeviceSelector AllocationMode:s Count:n AdminAccess:p Tolerations:[]DeviceToleration Capacity:*CapacityRequirements',
  ExecAction: 'Command:p',
  FCVolumeSource: 'TargetWWNs:p Lun:p FSType:s=fsType ReadOnly:b WWIDs:p=wwids',
  FileKeySelector: 'VolumeName:s Path:s Key:s Optional:p',
  FlexVolumeSource: 'Driver:s FSType:s=fsType SecretRef:*LocalObjectReference ReadOnly:b Options:p',
  FlockerVolumeSource: 'DatasetName:s DatasetUUID:s',
  GCEPersistentDiskVolumeSource: 'PDName:s=pdName FSType:s=fsType Partition:n ReadOnly:b',
  GRPCAction: 'Port:n Service:p',
  GitRepoVolumeSource: 'Repository:s Revision:s Directory:s',
  GlusterfsVolumeSource: 'EndpointsName:s=endpoints Path:s ReadOnly:b',
  HTTPGetAction: 'Path:s Port:n Host:s Scheme:s HTTPHeaders:[]HTTPHeader=httpHeaders',
  HTTPHeader: 'Name:s Value:s',
  HostAlias: 'IP:s=ip Hostnames:p',
  HostPathVolumeSource: 'Path:s Type:p',
  ISCSIVolumeSource:
    'TargetPortal:s IQN:s=iqn Lun:n ISCSIInterface:s=iscsiInterface FSType:s=fsType ReadOnly:b Portals:p DiscoveryCHAPAuth:b=chapAuthDiscovery SessionCHAPAuth:b=chapAuthSession SecretRef:*LocalObjectReference InitiatorName:p',
  ImageVolumeSource: 'Reference:s PullPolicy:s',
  KeyToPath: 'Key:s Path:s Mode:p',
  Lifecycle: 'PostStart:*LifecycleHandler PreStop:*LifecycleHandler StopSignal:p',
  LifecycleHandler:
    'Exec:*ExecAction HTTPGet:*HTTPGetAction=httpGet TCPSocket:*TCPSocketAction=tcpSocket Sleep:*SleepAction',
  LocalObjectReference: 'Name:s',
  NFSVolumeSource: 'Server:s Path:s ReadOnly:b',
  NodeAffinity:
    'RequiredDuringSchedulingIgnoredDuringExecution:*NodeSelector PreferredDuringSchedulingIgnoredDuringExecution:[]PreferredSchedulingTerm',
  ObjectFieldSelector: 'APIVersion:s=apiVersion FieldPath:s',
  EventSource: 'Component:s Host:s',
  ObjectReference:
    'Kind:s Namespace:s Name:s UID:s=uid APIVersion:s=apiVersion ResourceVersion:s FieldPath:s',
  ObjectMeta:
    'name:?s generateName:?s namespace:?s selfLink:?s uid:?s resourceVersion:?s generation:?n creationTimestamp:?p deletionTimestamp:?p deletionGracePeriodSeconds:?p labels:?p annotations:?p ownerReferences:?[]OwnerReference finalizers:?p managedFields:?p',
  OpaqueDeviceConfiguration: 'Driver:s Parameters:p',
  PersistentVolumeClaimSpec:
    'AccessModes:p Selector:*LabelSelector Resources:VolumeResourceRequirements VolumeName:s StorageClassName:p VolumeMode:p DataSource:*TypedLocalObjectReference DataSourceRef:*TypedObjectReference VolumeAttributesClassName:p',
  PersistentVolumeClaimTemplate: 'metadata:^ObjectMeta Spec:PersistentVolumeClaimSpec',
  PersistentVolumeClaimVolumeSource: 'ClaimName:s ReadOnly:b',
  PhotonPersistentDiskVolumeSource: 'PdID:s FSType:s=fsType',
  PodAffinity:
    'RequiredDuringSchedulingIgnoredDuringExecution:[]PodAffinityTerm PreferredDuringSchedulingIgnoredDuringExecution:[]WeightedPodAffinityTerm',
  PodAffinityTerm:
    'LabelSelector:*LabelSelector Namespaces:p TopologyKey:s NamespaceSelector:*LabelSelector MatchLabelKeys:p MismatchLabelKeys:p',
  PodAntiAffinity:
    'RequiredDuringSchedulingIgnoredDuringExecution:[]PodAffinityTerm PreferredDuringSchedulingIgnoredDuringExecution:[]WeightedPodAffinityTerm',
  PodCertificateProjection:
    'SignerName:s KeyType:s MaxExpirationSeconds:p CredentialBundlePath:s KeyPath:s CertificateChainPath:s UserAnnotations:p',
  PodDNSConfig: 'Nameservers:p Searches:p Options:[]PodDNSConfigOption',
  PodDNSConfigOption: 'Name:s Value:p',
  PodFailurePolicy: 'Rules:[]PodFailurePolicyRule',
  PodFailurePolicyOnExitCodesRequirement: 'ContainerName:p Operator:s Values:p',
  PodFailurePolicyOnPodConditionsPattern: 'Type:s Status:s',
  PodFailurePolicyRule:
    'Action:s OnExitCodes:*PodFailurePolicyOnExitCodesRequirement OnPodConditions:[]PodFailurePolicyOnPodConditionsPattern',
  PodOS: 'Name:s',
  PodReadinessGate: 'ConditionType:s',
  PodSchedulingGate: 'Name:s',
  PodSchedulingGroup: 'PodGroupName:p',
  PodSecurityContext:
    'HostNetwork:b HostPID:b HostIPC:b ShareProcessNamespace:p HostUsers:p SELinuxOptions:*SELinuxOptions=seLinuxOptions WindowsOptions:*WindowsOptions RunAsUser:p RunAsGroup:p RunAsNonRoot:p SupplementalGroups:p SupplementalGroupsPolicy:p FSGroup:p=fsGroup FSGroupChangePolicy:p=fsGroupChangePolicy Sysctls:[]Sysctl SeccompProfile:*SeccompProfile AppArmorProfile:*SeccompProfile SELinuxChangePolicy:p=seLinuxChangePolicy',
  PodSpec:
    'Volumes:[]Volume InitContainers:[]Container Containers:[]Container EphemeralContainers:[]EphemeralContainer RestartPolicy:s TerminationGracePeriodSeconds:p ActiveDeadlineSeconds:p DNSPolicy:s=dnsPolicy NodeSelector:p ServiceAccountName:s AutomountServiceAccountToken:p NodeName:s SecurityContext:*PodSecurityContext ImagePullSecrets:[]LocalObjectReference Hostname:s Subdomain:s SetHostnameAsFQDN:p Affinity:*Affinity SchedulerName:s Tolerations:[]Toleration HostAliases:[]HostAlias PriorityClassName:s Priority:p PreemptionPolicy:p DNSConfig:*PodDNSConfig=dnsConfig ReadinessGates:[]PodReadinessGate RuntimeClassName:p Overhead:p EnableServiceLinks:p TopologySpreadConstraints:[]TopologySpreadConstraint OS:*PodOS=os SchedulingGates:[]PodSchedulingGate ResourceClaims:[]PodResourceClaim Resources:*ResourceRequirements HostnameOverride:p SchedulingGroup:*PodSchedulingGroup',
  PodSpec34:
    'Volumes:[]Volume InitContainers:[]Container Containers:[]Container EphemeralContainers:[]EphemeralContainer RestartPolicy:s TerminationGracePeriodSeconds:p ActiveDeadlineSeconds:p DNSPolicy:s=dnsPolicy NodeSelector:p ServiceAccountName:s AutomountServiceAccountToken:p NodeName:s SecurityContext:*PodSecurityContext ImagePullSecrets:[]LocalObjectReference Hostname:s Subdomain:s SetHostnameAsFQDN:p Affinity:*Affinity SchedulerName:s Tolerations:[]Toleration HostAliases:[]HostAlias PriorityClassName:s Priority:p PreemptionPolicy:p DNSConfig:*PodDNSConfig=dnsConfig ReadinessGates:[]PodReadinessGate RuntimeClassName:p Overhead:p EnableServiceLinks:p TopologySpreadConstraints:[]TopologySpreadConstraint OS:*PodOS=os SchedulingGates:[]PodSchedulingGate ResourceClaims:[]PodResourceClaim Resources:*ResourceRequirements HostnameOverride:p',
  PodTemplateSpec: 'metadata:^ObjectMeta Spec:PodSpec',
  PodTemplateSpec34: 'metadata:^ObjectMeta Spec:PodSpec34',
  PortworxVolumeSource: 'VolumeID:s FSType:s=fsType ReadOnly:b',
  PreferredSchedulingTerm: 'Weight:n Preference:NodeSelectorTerm',
  Probe:
    'Exec:*ExecAction HTTPGet:*HTTPGetAction=httpGet TCPSocket:*TCPSocketAction=tcpSocket GRPC:*GRPCAction=grpc InitialDelaySeconds:n TimeoutSeconds:n PeriodSeconds:n SuccessThreshold:n FailureThreshold:n TerminationGracePeriodSeconds:p',
  ProjectedVolumeSource: 'Sources:[]VolumeProjection DefaultMode:p',
  QuobyteVolumeSource: 'Registry:s Volume:s ReadOnly:b User:s Group:s Tenant:s',
  RBDVolumeSource:
    'CephMonitors:p=monitors RBDImage:s=image FSType:s=fsType RBDPool:s=pool RadosUser:s=user Keyring:s SecretRef:*LocalObjectReference ReadOnly:b',
  ResourceClaimSpec: 'Devices:DeviceClaim',
  ResourceClaimTemplateSpec: 'metadata:^ObjectMeta Spec:ResourceClaimSpec',
  ResourceClaimUse: 'Name:s Request:s',
  ResourceFieldSelector: 'ContainerName:s Resource:s Divisor:p',
  ResourceRequirements: 'Limits:p Requests:p Claims:[]ResourceClaimUse',
  ScaleIOVolumeSource:
    'Gateway:s System:s SecretRef:*LocalObjectReference SSLEnabled:b=sslEnabled ProtectionDomain:s StoragePool:s StorageMode:s VolumeName:s FSType:s=fsType ReadOnly:b',
  SecretEnvSource: 'Name:s Optional:p',
  SecretKeySelector: 'Name:s Key:s Optional:p',
  SecretProjection: 'Name:s Items:[]KeyToPath Optional:p',
  SecretVolumeSource: 'SecretName:s Items:[]KeyToPath DefaultMode:p Optional:p',
  ServiceAccountTokenProjection: 'Audience:s ExpirationSeconds:n Path:s',
  SleepAction: 'Seconds:n',
  StorageOSVolumeSource:
    'VolumeName:s VolumeNamespace:s FSType:s=fsType ReadOnly:b SecretRef:*LocalObjectReference',
  Sysctl: 'Name:s Value:s',
  TCPSocketAction: 'Port:n Host:s',
  TopologySpreadConstraint:
    'MaxSkew:n TopologyKey:s WhenUnsatisfiable:s LabelSelector:*LabelSelector MinDomains:p NodeAffinityPolicy:p NodeTaintsPolicy:p MatchLabelKeys:p',
  TypedLocalObjectReference: 'APIGroup:p=apiGroup Kind:s Name:s',
  TypedObjectReference: 'APIGroup:p=apiGroup Kind:s Name:s Namespace:p',
  Volume:
    'Name:s HostPath:*HostPathVolumeSource EmptyDir:*EmptyDirVolumeSource GCEPersistentDisk:*GCEPersistentDiskVolumeSource=gcePersistentDisk AWSElasticBlockStore:*AWSElasticBlockStoreVolumeSource=awsElasticBlockStore GitRepo:*GitRepoVolumeSource Secret:*SecretVolumeSource NFS:*NFSVolumeSource=nfs ISCSI:*ISCSIVolumeSource=iscsi Glusterfs:*GlusterfsVolumeSource PersistentVolumeClaim:*PersistentVolumeClaimVolumeSource RBD:*RBDVolumeSource=rbd Quobyte:*QuobyteVolumeSource FlexVolume:*FlexVolumeSource Cinder:*CinderVolumeSource CephFS:*CephFSVolumeSource=cephfs Flocker:*FlockerVolumeSource DownwardAPI:*DownwardAPIVolumeSource FC:*FCVolumeSource=fc AzureFile:*AzureFileVolumeSource ConfigMap:*ConfigMapVolumeSource VsphereVolume:*VsphereVirtualDiskVolumeSource AzureDisk:*AzureDiskVolumeSource PhotonPersistentDisk:*PhotonPersistentDiskVolumeSource Projected:*ProjectedVolumeSource PortworxVolume:*PortworxVolumeSource ScaleIO:*ScaleIOVolumeSource StorageOS:*StorageOSVolumeSource=storageos CSI:*CSIVolumeSource=csi Ephemeral:*EphemeralVolumeSource Image:*ImageVolumeSource',
  VolumeDevice: 'Name:s DevicePath:s',
  VolumeMount: 'Name:s ReadOnly:b RecursiveReadOnly:p MountPath:s SubPath:s MountPropagation:p SubPathExpr:s',
  VolumeProjection:
    'Secret:*SecretProjection DownwardAPI:*DownwardAPIProjection ConfigMap:*ConfigMapProjection ServiceAccountToken:*ServiceAccountTokenProjection ClusterTrustBundle:*ClusterTrustBundleProjection PodCertificate:*PodCertificateProjection',
  VolumeResourceRequirements: 'Limits:p Requests:p',
  VsphereVirtualDiskVolumeSource: 'VolumePath:s FSType:s=fsType StoragePolicyName:s StoragePolicyID:s',
  WeightedPodAffinityTerm: 'Weight:n PodAffinityTerm:PodAffinityTerm',
}
