/** All rules, in order of their ids. GENERATED from the files beside it: `npm run gen`. */
import type { Rule } from '../src/rule.ts'
import apiVersionDeprecated from './api/api-version-deprecated.ts'
import apiVersionRemoved from './api/api-version-removed.ts'
import apiVersionUnknown from './api/api-version-unknown.ts'
import duplicateResource from './api/duplicate-resource.ts'
import hostPortConflict from './network/host-port-conflict.ts'
import ingressBackendPortMissing from './network/ingress-backend-port-missing.ts'
import ingressBackendServiceMissing from './network/ingress-backend-service-missing.ts'
import networkPolicyRulesIgnored from './network/network-policy-rules-ignored.ts'
import networkPolicySelectorNoMatch from './network/network-policy-selector-no-match.ts'
import nodePortConflict from './network/node-port-conflict.ts'
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
import envRefUndefined from './reliability/env-ref-undefined.ts'
import hpaAndStaticReplicas from './reliability/hpa-and-static-replicas.ts'
import hpaDuplicateTarget from './reliability/hpa-duplicate-target.ts'
import hpaUtilizationWithoutRequests from './reliability/hpa-utilization-without-requests.ts'
import imageTagMutable from './reliability/image-tag-mutable.ts'
import pdbBlocksEviction from './reliability/pdb-blocks-eviction.ts'
import pdbOverlap from './reliability/pdb-overlap.ts'
import pdbSelectorNoMatch from './reliability/pdb-selector-no-match.ts'
import probePortNameUnresolved from './reliability/probe-port-name-unresolved.ts'
import pvcSharedReadWriteOnce from './reliability/pvc-shared-read-write-once.ts'
import cpuLimitMissing from './resources/cpu-limit-missing.ts'
import cpuRequestMissing from './resources/cpu-request-missing.ts'
import memoryLimitMissing from './resources/memory-limit-missing.ts'
import memoryRequestMissing from './resources/memory-request-missing.ts'
import resourceRequestExceedsLimit from './resources/resource-request-exceeds-limit.ts'
import resourceUnitSuspicious from './resources/resource-unit-suspicious.ts'
import schemaDuplicateItem from './schema/schema-duplicate-item.ts'
import schemaNotFound from './schema/schema-not-found.ts'
import schemaRepeatedItem from './schema/schema-repeated-item.ts'
import schemaRequiredMissing from './schema/schema-required-missing.ts'
import schemaUnknownField from './schema/schema-unknown-field.ts'
import schemaValueInvalid from './schema/schema-value-invalid.ts'
import schemaValueNotSupported from './schema/schema-value-not-supported.ts'
import schemaWrongType from './schema/schema-wrong-type.ts'
import privilegedContainer from './security/privileged-container.ts'
import yamlAmbiguousText from './yaml/yaml-ambiguous-text.ts'
import yamlDuplicateKey from './yaml/yaml-duplicate-key.ts'
import yamlImplicitType from './yaml/yaml-implicit-type.ts'
import yamlSyntaxError from './yaml/yaml-syntax-error.ts'

/** A rule with options of its own type stands here for one with any: settings are checked against its schema. */
export const rules = [
  apiVersionDeprecated,
  apiVersionRemoved,
  apiVersionUnknown,
  configMapKeyMissing,
  configMapMissing,
  cpuLimitMissing,
  cpuRequestMissing,
  duplicateResource,
  envRefUndefined,
  hostPortConflict,
  hpaAndStaticReplicas,
  hpaDuplicateTarget,
  hpaTargetMissing,
  hpaUtilizationWithoutRequests,
  imageTagMutable,
  ingressBackendPortMissing,
  ingressBackendServiceMissing,
  memoryLimitMissing,
  memoryRequestMissing,
  networkPolicyRulesIgnored,
  networkPolicySelectorNoMatch,
  nodePortConflict,
  pdbBlocksEviction,
  pdbOverlap,
  pdbSelectorNoMatch,
  privilegedContainer,
  probePortNameUnresolved,
  pvcMissing,
  pvcSharedReadWriteOnce,
  rbacSubjectServiceAccountMissing,
  resourceRequestExceedsLimit,
  resourceUnitSuspicious,
  roleRefMissing,
  schemaDuplicateItem,
  schemaNotFound,
  schemaRepeatedItem,
  schemaRequiredMissing,
  schemaUnknownField,
  schemaValueInvalid,
  schemaValueNotSupported,
  schemaWrongType,
  secretKeyMissing,
  secretMissing,
  selectorTemplateMismatch,
  serviceAccountMissing,
  serviceSelectorNoMatch,
  serviceSelectsJobPods,
  serviceTargetPortNameMissing,
  serviceTargetPortNamePartial,
  serviceTargetPortNumberUndeclared,
  volumeMountUndefined,
  yamlAmbiguousText,
  yamlDuplicateKey,
  yamlImplicitType,
  yamlSyntaxError,
] as readonly Rule[]
