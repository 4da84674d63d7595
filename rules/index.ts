/** All rules, in order of their ids. GENERATED from the files beside it: `npm run gen`. */
import type { Rule } from '../src/rule.ts'
import apiFieldForbidden from './api/api-field-forbidden.ts'
import apiFieldRequired from './api/api-field-required.ts'
import apiReferenceNotFound from './api/api-reference-not-found.ts'
import apiServerWarning from './api/api-server-warning.ts'
import apiValueDuplicate from './api/api-value-duplicate.ts'
import apiValueInvalid from './api/api-value-invalid.ts'
import apiValueNotSupported from './api/api-value-not-supported.ts'
import apiVersionDeprecated from './api/api-version-deprecated.ts'
import apiVersionRemoved from './api/api-version-removed.ts'
import apiVersionUnknown from './api/api-version-unknown.ts'
import duplicateResource from './api/duplicate-resource.ts'
import ingressClassAnnotationDeprecated from './api/ingress-class-annotation-deprecated.ts'
import nodeLabelDeprecated from './api/node-label-deprecated.ts'
import serviceAccountFieldDeprecated from './api/service-account-field-deprecated.ts'
import helmBranchUnreached from './helm/helm-branch-unreached.ts'
import helmChartApiVersionInvalid from './helm/helm-chart-api-version-invalid.ts'
import helmChartFieldUnknown from './helm/helm-chart-field-unknown.ts'
import helmChartVersionInvalid from './helm/helm-chart-version-invalid.ts'
import helmComparisonFails from './helm/helm-comparison-fails.ts'
import helmCrdInvalid from './helm/helm-crd-invalid.ts'
import helmDefineDuplicate from './helm/helm-define-duplicate.ts'
import helmDependencyMismatch from './helm/helm-dependency-mismatch.ts'
import helmDocumentIndented from './helm/helm-document-indented.ts'
import helmFieldUnstable from './helm/helm-field-unstable.ts'
import helmHookUnknown from './helm/helm-hook-unknown.ts'
import helmIndentWrong from './helm/helm-indent-wrong.ts'
import helmListAnnotationIgnored from './helm/helm-list-annotation-ignored.ts'
import helmMetadataIncomplete from './helm/helm-metadata-incomplete.ts'
import helmNothingPrinted from './helm/helm-nothing-printed.ts'
import helmNumberRewritten from './helm/helm-number-rewritten.ts'
import helmTemplateExtensionUnknown from './helm/helm-template-extension-unknown.ts'
import helmTextRetyped from './helm/helm-text-retyped.ts'
import helmValueShadowed from './helm/helm-value-shadowed.ts'
import helmValueUndefined from './helm/helm-value-undefined.ts'
import helmValueUnused from './helm/helm-value-unused.ts'
import hostPortConflict from './network/host-port-conflict.ts'
import ingressBackendPortMissing from './network/ingress-backend-port-missing.ts'
import ingressBackendServiceMissing from './network/ingress-backend-service-missing.ts'
import ingressRouteDuplicate from './network/ingress-route-duplicate.ts'
import ingressTlsHostMismatch from './network/ingress-tls-host-mismatch.ts'
import networkPolicyDnsBlocked from './network/network-policy-dns-blocked.ts'
import networkPolicyRulesIgnored from './network/network-policy-rules-ignored.ts'
import networkPolicySelectorNoMatch from './network/network-policy-selector-no-match.ts'
import nodePortConflict from './network/node-port-conflict.ts'
import routeBackendMissing from './network/route-backend-missing.ts'
import serviceMonitorNoMatch from './network/service-monitor-no-match.ts'
import serviceMonitorPortUnmatched from './network/service-monitor-port-unmatched.ts'
import serviceSelectorNoMatch from './network/service-selector-no-match.ts'
import serviceSelectsJobPods from './network/service-selects-job-pods.ts'
import serviceTargetPortNameMissing from './network/service-target-port-name-missing.ts'
import serviceTargetPortNamePartial from './network/service-target-port-name-partial.ts'
import serviceTargetPortNumberUndeclared from './network/service-target-port-number-undeclared.ts'
import configMapKeyMissing from './refs/config-map-key-missing.ts'
import configMapMissing from './refs/config-map-missing.ts'
import hpaTargetMissing from './refs/hpa-target-missing.ts'
import pvcMissing from './refs/pvc-missing.ts'
import rbacSubjectServiceAccountMissing from './refs/rbac-subject-service-account-missing.ts'
import roleRefMissing from './refs/role-ref-missing.ts'
import secretKeyMissing from './refs/secret-key-missing.ts'
import secretMissing from './refs/secret-missing.ts'
import selectorTemplateMismatch from './refs/selector-template-mismatch.ts'
import serviceAccountMissing from './refs/service-account-missing.ts'
import volumeMountUndefined from './refs/volume-mount-undefined.ts'
import webhookServiceMissing from './refs/webhook-service-missing.ts'
import envRefUndefined from './reliability/env-ref-undefined.ts'
import hpaAndStaticReplicas from './reliability/hpa-and-static-replicas.ts'
import hpaCannotScale from './reliability/hpa-cannot-scale.ts'
import hpaDuplicateTarget from './reliability/hpa-duplicate-target.ts'
import hpaTargetNotScalable from './reliability/hpa-target-not-scalable.ts'
import hpaUtilizationWithoutRequests from './reliability/hpa-utilization-without-requests.ts'
import imageTagMutable from './reliability/image-tag-mutable.ts'
import pdbBlocksEviction from './reliability/pdb-blocks-eviction.ts'
import pdbOverlap from './reliability/pdb-overlap.ts'
import pdbSelectorNoMatch from './reliability/pdb-selector-no-match.ts'
import probePortNameUnresolved from './reliability/probe-port-name-unresolved.ts'
import probesIdentical from './reliability/probes-identical.ts'
import pvcSharedReadWriteOnce from './reliability/pvc-shared-read-write-once.ts'
import readinessProbeMissing from './reliability/readiness-probe-missing.ts'
import terminationGraceTooLong from './reliability/termination-grace-too-long.ts'
import workloadSelectorOverlap from './reliability/workload-selector-overlap.ts'
import cpuLimitMissing from './resources/cpu-limit-missing.ts'
import cpuRequestMissing from './resources/cpu-request-missing.ts'
import memoryLimitMissing from './resources/memory-limit-missing.ts'
import memoryRequestMissing from './resources/memory-request-missing.ts'
import resourceRequestExceedsLimit from './resources/resource-request-exceeds-limit.ts'
import resourceUnitSuspicious from './resources/resource-unit-suspicious.ts'
import hpaMaximumUnschedulable from './scheduling/hpa-maximum-unschedulable.ts'
import podCreationRefused from './scheduling/pod-creation-refused.ts'
import rolloutDeadlock from './scheduling/rollout-deadlock.ts'
import schedulingImpossible from './scheduling/scheduling-impossible.ts'
import schedulingStranded from './scheduling/scheduling-stranded.ts'
import schemaDuplicateItem from './schema/schema-duplicate-item.ts'
import schemaNotFound from './schema/schema-not-found.ts'
import schemaPackedDefinitionDiffers from './schema/schema-packed-definition-differs.ts'
import schemaRepeatedItem from './schema/schema-repeated-item.ts'
import schemaRequiredMissing from './schema/schema-required-missing.ts'
import schemaUnknownField from './schema/schema-unknown-field.ts'
import schemaValueInvalid from './schema/schema-value-invalid.ts'
import schemaValueNotSupported from './schema/schema-value-not-supported.ts'
import schemaWrongType from './schema/schema-wrong-type.ts'
import apparmorProfileNotAllowed from './security/apparmor-profile-not-allowed.ts'
import capabilitiesNotDropped from './security/capabilities-not-dropped.ts'
import capabilityNotDefault from './security/capability-not-default.ts'
import hostNamespaceShared from './security/host-namespace-shared.ts'
import hostPathVolume from './security/host-path-volume.ts'
import hostPortUsed from './security/host-port-used.ts'
import hostProcessUsed from './security/host-process-used.ts'
import privilegeEscalationAllowed from './security/privilege-escalation-allowed.ts'
import privilegedContainer from './security/privileged-container.ts'
import probeHostSet from './security/probe-host-set.ts'
import procMountNotDefault from './security/proc-mount-not-default.ts'
import procMountUnmasked from './security/proc-mount-unmasked.ts'
import runAsNonRootContradiction from './security/run-as-non-root-contradiction.ts'
import runAsNonRootMissing from './security/run-as-non-root-missing.ts'
import runAsUserRoot from './security/run-as-user-root.ts'
import runtimeSocketMounted from './security/runtime-socket-mounted.ts'
import seccompProfileMissing from './security/seccomp-profile-missing.ts'
import seccompProfileUnconfined from './security/seccomp-profile-unconfined.ts'
import selinuxOptionsNotAllowed from './security/selinux-options-not-allowed.ts'
import sysctlNotAllowed from './security/sysctl-not-allowed.ts'
import volumeTypeNotAllowed from './security/volume-type-not-allowed.ts'
import yamlAmbiguousText from './yaml/yaml-ambiguous-text.ts'
import yamlDuplicateKey from './yaml/yaml-duplicate-key.ts'
import yamlImplicitType from './yaml/yaml-implicit-type.ts'
import yamlSyntaxError from './yaml/yaml-syntax-error.ts'

/** A rule with options of its own type stands here for one with any: settings are checked against its schema. */
export const rules = [
  apiFieldForbidden,
  apiFieldRequired,
  apiReferenceNotFound,
  apiServerWarning,
  apiValueDuplicate,
  apiValueInvalid,
  apiValueNotSupported,
  apiVersionDeprecated,
  apiVersionRemoved,
  apiVersionUnknown,
  apparmorProfileNotAllowed,
  capabilitiesNotDropped,
  capabilityNotDefault,
  configMapKeyMissing,
  configMapMissing,
  cpuLimitMissing,
  cpuRequestMissing,
  duplicateResource,
  envRefUndefined,
  helmBranchUnreached,
  helmChartApiVersionInvalid,
  helmChartFieldUnknown,
  helmChartVersionInvalid,
  helmComparisonFails,
  helmCrdInvalid,
  helmDefineDuplicate,
  helmDependencyMismatch,
  helmDocumentIndented,
  helmFieldUnstable,
  helmHookUnknown,
  helmIndentWrong,
  helmListAnnotationIgnored,
  helmMetadataIncomplete,
  helmNothingPrinted,
  helmNumberRewritten,
  helmTemplateExtensionUnknown,
  helmTextRetyped,
  helmValueShadowed,
  helmValueUndefined,
  helmValueUnused,
  hostNamespaceShared,
  hostPathVolume,
  hostPortConflict,
  hostPortUsed,
  hostProcessUsed,
  hpaAndStaticReplicas,
  hpaCannotScale,
  hpaDuplicateTarget,
  hpaMaximumUnschedulable,
  hpaTargetMissing,
  hpaTargetNotScalable,
  hpaUtilizationWithoutRequests,
  imageTagMutable,
  ingressBackendPortMissing,
  ingressBackendServiceMissing,
  ingressClassAnnotationDeprecated,
  ingressRouteDuplicate,
  ingressTlsHostMismatch,
  memoryLimitMissing,
  memoryRequestMissing,
  networkPolicyDnsBlocked,
  networkPolicyRulesIgnored,
  networkPolicySelectorNoMatch,
  nodeLabelDeprecated,
  nodePortConflict,
  pdbBlocksEviction,
  pdbOverlap,
  pdbSelectorNoMatch,
  podCreationRefused,
  privilegeEscalationAllowed,
  privilegedContainer,
  probeHostSet,
  probePortNameUnresolved,
  probesIdentical,
  procMountNotDefault,
  procMountUnmasked,
  pvcMissing,
  pvcSharedReadWriteOnce,
  rbacSubjectServiceAccountMissing,
  readinessProbeMissing,
  resourceRequestExceedsLimit,
  resourceUnitSuspicious,
  roleRefMissing,
  rolloutDeadlock,
  routeBackendMissing,
  runAsNonRootContradiction,
  runAsNonRootMissing,
  runAsUserRoot,
  runtimeSocketMounted,
  schedulingImpossible,
  schedulingStranded,
  schemaDuplicateItem,
  schemaNotFound,
  schemaPackedDefinitionDiffers,
  schemaRepeatedItem,
  schemaRequiredMissing,
  schemaUnknownField,
  schemaValueInvalid,
  schemaValueNotSupported,
  schemaWrongType,
  seccompProfileMissing,
  seccompProfileUnconfined,
  secretKeyMissing,
  secretMissing,
  selectorTemplateMismatch,
  selinuxOptionsNotAllowed,
  serviceAccountFieldDeprecated,
  serviceAccountMissing,
  serviceMonitorNoMatch,
  serviceMonitorPortUnmatched,
  serviceSelectorNoMatch,
  serviceSelectsJobPods,
  serviceTargetPortNameMissing,
  serviceTargetPortNamePartial,
  serviceTargetPortNumberUndeclared,
  sysctlNotAllowed,
  terminationGraceTooLong,
  volumeMountUndefined,
  volumeTypeNotAllowed,
  webhookServiceMissing,
  workloadSelectorOverlap,
  yamlAmbiguousText,
  yamlDuplicateKey,
  yamlImplicitType,
  yamlSyntaxError,
] as readonly Rule[]
