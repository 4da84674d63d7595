/**
 * The server's internal types print with Go's field names and all zero values when they stand in a message. Here are
 * the layouts of those that do, so that messages come out word for word.
 */
import type { Obj } from './object.ts'
import { POD_LAYOUTS } from './pod-layouts.ts'

/** A value together with the name of its internal type. */
export interface Struct {
  readonly layout: string
  readonly value: unknown
}

const marked = new WeakSet<object>()

/** Marks a value to be printed as an internal type: `Toleration`, `[]Rule`. */
export function asStruct(layout: string, value: unknown): Struct {
  const struct: Struct = { layout, value }
  marked.add(struct)
  return struct
}

export const isStruct = (value: unknown): value is Struct =>
  typeof value === 'object' && value !== null && marked.has(value)

/**
 * Fields in Go's order: the Go name, after a colon the kind, after `=` the JSON name when it is not the Go name with
 * a small letter. Kinds: `s` text, `n` number, `b` boolean, `p` pointer, list or map, printed as it is or as null,
 * or another layout, a pointer to one (`*`), a list of one (`[]`), a map of one (`{}`). A `?` in front leaves out what
 * is empty, as types with JSON tags do; a `^` prints the fields of a layout among those around it, as Go embeds structs.
 */
const LAYOUTS: Readonly<Record<string, string>> = {
  LabelSelector: 'matchLabels:?p matchExpressions:?[]LabelSelectorRequirement',
  LabelSelectorRequirement: 'key:s operator:s values:?p',
  OwnerReference: 'apiVersion:s kind:s name:s uid:s controller:?p blockOwnerDeletion:?p',
  AuditAnnotation: 'Key:s ValueExpression:s',
  Capabilities: 'Add:p Drop:p',
  ContainerResizePolicy: 'ResourceName:s RestartPolicy:s',
  CustomResourceDefinitionVersion:
    'Name:s Served:b Storage:b Deprecated:b DeprecationWarning:p Schema:*CustomResourceValidation Subresources:*CustomResourceSubresources AdditionalPrinterColumns:[]CustomResourceColumnDefinition SelectableFields:[]SelectableField',
  CustomResourceValidation: 'OpenAPIV3Schema:*JSONSchemaProps=openAPIV3Schema',
  CustomResourceSubresources: 'Status:*Empty Scale:*CustomResourceSubresourceScale',
  CustomResourceSubresourceScale: 'SpecReplicasPath:s StatusReplicasPath:s LabelSelectorPath:p',
  CustomResourceColumnDefinition: 'Name:s Type:s Format:s Description:s Priority:n JSONPath:s=jsonPath',
  SelectableField: 'JSONPath:s=jsonPath',
  DaemonSetUpdateStrategy: 'Type:s RollingUpdate:*RollingUpdateDaemonSet',
  RollingUpdateDaemonSet: 'MaxUnavailable:n MaxSurge:n',
  DeploymentStrategy: 'Type:s RollingUpdate:*RollingUpdateDeployment',
  RollingUpdateDeployment: 'MaxUnavailable:n MaxSurge:n',
  DeviceAttribute:
    'IntValue:p=int BoolValue:p=bool StringValue:p=string VersionValue:p=version IntValues:p=ints BoolValues:p=bools StringValues:p=strings VersionValues:p=versions',
  DeviceAttribute34: 'IntValue:p=int BoolValue:p=bool StringValue:p=string VersionValue:p=version',
  FlowDistinguisherMethod: 'Type:s',
  FlowSchemaSpec:
    'PriorityLevelConfiguration:PriorityLevelReference MatchingPrecedence:n DistinguisherMethod:*FlowDistinguisherMethod Rules:[]PolicyRulesWithSubjects',
  PriorityLevelReference: 'Name:s',
  PolicyRulesWithSubjects:
    'Subjects:[]FlowSubject ResourceRules:[]ResourcePolicyRule NonResourceRules:[]NonResourcePolicyRule',
  FlowSubject: 'Kind:s User:*NamedSubject Group:*NamedSubject ServiceAccount:*ServiceAccountSubject',
  NamedSubject: 'Name:s',
  ServiceAccountSubject: 'Namespace:s Name:s',
  ResourcePolicyRule: 'Verbs:p APIGroups:p=apiGroups Resources:p ClusterScope:b Namespaces:p',
  NonResourcePolicyRule: 'Verbs:p NonResourceURLs:p=nonResourceURLs',
  IPAddressParent: 'Group:s Resource:s Namespace:s Name:s',
  NodeSelectorRequirement: 'Key:s Operator:s Values:p',
  NodeSelectorTerm: 'MatchExpressions:[]NodeSelectorRequirement MatchFields:[]NodeSelectorRequirement',
  NodeSelector: 'NodeSelectorTerms:[]NodeSelectorTerm',
  VolumeNodeAffinity: 'Required:*NodeSelector',
  PodDisruptionBudgetSpec:
    'MinAvailable:p Selector:*LabelSelector MaxUnavailable:p UnhealthyPodEvictionPolicy:p',
  PodResourceClaim: 'Name:s ResourceClaimName:p ResourceClaimTemplateName:p',
  PriorityLevelConfigurationSpec:
    'Type:s Limited:*LimitedPriorityLevelConfiguration Exempt:*ExemptPriorityLevelConfiguration',
  LimitedPriorityLevelConfiguration:
    'NominalConcurrencyShares:n LimitResponse:LimitResponse LendablePercent:p BorrowingLimitPercent:p',
  ExemptPriorityLevelConfiguration: 'NominalConcurrencyShares:p LendablePercent:p',
  JSONSchemaProps:
    'ID:s=id Schema:s=$schema Ref:p=$ref Description:s Type:s Nullable:b Format:s Title:s Default:p Maximum:p ExclusiveMaximum:b Minimum:p ExclusiveMinimum:b MaxLength:p MinLength:p Pattern:s MaxItems:p MinItems:p UniqueItems:b MultipleOf:p Enum:p MaxProperties:p MinProperties:p Required:p Items:*JSONSchemaPropsOrArray AllOf:[]JSONSchemaProps OneOf:[]JSONSchemaProps AnyOf:[]JSONSchemaProps Not:*JSONSchemaProps Properties:{}JSONSchemaProps AdditionalProperties:*JSONSchemaPropsOrBool PatternProperties:{}JSONSchemaProps Dependencies:{}JSONSchemaPropsOrStringArray AdditionalItems:*JSONSchemaPropsOrBool Definitions:{}JSONSchemaProps ExternalDocs:*ExternalDocumentation Example:p XPreserveUnknownFields:p=x-kubernetes-preserve-unknown-fields XEmbeddedResource:b=x-kubernetes-embedded-resource XIntOrString:b=x-kubernetes-int-or-string XListMapKeys:p=x-kubernetes-list-map-keys XListType:p=x-kubernetes-list-type XMapType:p=x-kubernetes-map-type XValidations:[]ValidationRule=x-kubernetes-validations',
  JSONSchemaPropsOrArray: 'Schema:*JSONSchemaProps JSONSchemas:[]JSONSchemaProps=jsonSchemas',
  JSONSchemaPropsOrBool: 'Allows:b Schema:*JSONSchemaProps',
  JSONSchemaPropsOrStringArray: 'Schema:*JSONSchemaProps Property:p',
  ExternalDocumentation: 'Description:s URL:s=url',
  LimitResponse: 'Type:s Queuing:*QueuingConfiguration',
  QueuingConfiguration: 'Queues:n HandSize:n QueueLengthLimit:n',
  RoleRef: 'APIGroup:s=apiGroup Kind:s Name:s',
  ScopeSelector: 'MatchExpressions:[]ScopedResourceSelectorRequirement',
  ScopedResourceSelectorRequirement: 'ScopeName:s Operator:s Values:p',
  CSINodeDriver: 'Name:s NodeID:s=nodeID TopologyKeys:p Allocatable:p',
  ServiceCIDRSpec: 'CIDRs:p=cidrs',
  SeccompProfile: 'Type:s LocalhostProfile:p',
  SecurityContext:
    'Capabilities:*Capabilities Privileged:p SELinuxOptions:*SELinuxOptions=seLinuxOptions WindowsOptions:*WindowsOptions RunAsUser:p RunAsGroup:p RunAsNonRoot:p ReadOnlyRootFilesystem:p AllowPrivilegeEscalation:p ProcMount:p SeccompProfile:*SeccompProfile AppArmorProfile:*SeccompProfile',
  SELinuxOptions: 'User:s Role:s Type:s Level:s',
  WindowsOptions:
    'GMSACredentialSpecName:p=gmsaCredentialSpecName GMSACredentialSpec:p=gmsaCredentialSpec RunAsUserName:p HostProcess:p',
  ServicePortIdentity: 'Name:s Protocol:s AppProtocol:p Port:n TargetPort:n NodePort:n',
  StatefulSetUpdateStrategy: 'Type:s RollingUpdate:*RollingUpdateStatefulSet',
  RollingUpdateStatefulSet: 'Partition:n MaxUnavailable:p',
  SuccessPolicy: 'Rules:[]SuccessPolicyRule',
  SuccessPolicyRule: 'SucceededIndexes:p SucceededCount:p',
  Taint: 'Key:s Value:s Effect:s TimeAdded:p',
  Toleration: 'Key:s Operator:s Value:s Effect:s TolerationSeconds:p',
  ValidationRule: 'Rule:s Message:s MessageExpression:s Reason:p FieldPath:s OptionalOldSelf:p',
  VolumeAttachmentSpec: 'Attacher:s Source:VolumeAttachmentSource NodeName:s',
  VolumeAttachmentSource: 'PersistentVolumeName:p InlineVolumeSpec:p',
}

interface LayoutField {
  readonly shown: string
  readonly json: string
  readonly kind: string
}

const parsed = new Map<string, readonly LayoutField[]>()

function fieldsOf(layout: string): readonly LayoutField[] | undefined {
  let fields = parsed.get(layout)
  if (!fields) {
    const text = LAYOUTS[layout] ?? POD_LAYOUTS[layout]
    if (text === undefined) return undefined
    fields = text.split(' ').map(it => {
      const [shown, rest] = it.split(':') as [string, string]
      const [kind, json] = rest.split('=') as [string, string | undefined]
      return { shown, kind, json: json ?? shown[0]!.toLowerCase() + shown.slice(1) }
    })
    parsed.set(layout, fields)
  }
  return fields
}

type Format = (value: unknown) => string

export const formatStruct = ({ layout, value }: Struct, format: Format): string =>
  formatKind(value, layout, format)

function formatKind(value: unknown, kind: string, format: Format): string {
  const absent = value === undefined || value === null
  switch (kind) {
    case 's':
      return format(absent ? '' : value)
    case 'n':
      return format(absent ? 0 : value)
    case 'b':
      return format(value === true)
    case 'p':
      return format(absent ? null : withoutNulls(value))
    default:
  }
  if (kind.startsWith('*')) return absent ? 'null' : formatKind(value, kind.slice(1), format)
  if (kind.startsWith('[]')) {
    if (!Array.isArray(value)) return 'null'
    return `[${value.map((it: unknown) => formatKind(it, kind.slice(2), format)).join(',')}]`
  }
  if (kind.startsWith('{}')) return formatMap(value, kind.slice(2), format)
  if (kind === 'Empty') return '{}'
  const fields = listFields((absent ? {} : value) as Obj, kind, format)
  return fields ? `{${fields.join(',')}}` : format(absent ? null : value)
}

/** Items of lists of texts that are null are empty texts in Go. */
const withoutNulls = (value: unknown): unknown =>
  Array.isArray(value) && value.includes(null) ? value.map((it: unknown) => it ?? '') : value

/** The fields as they print, or undefined for a type that has no layout here. */
function listFields(object: Obj, kind: string, format: Format): readonly string[] | undefined {
  const layout = fieldsOf(kind)
  if (!layout) return undefined
  const fields: string[] = []
  for (const it of layout) {
    const value = object[it.json]
    if (it.kind.startsWith('^')) {
      fields.push(...(listFields((value ?? {}) as Obj, it.kind.slice(1), format) ?? []))
      continue
    }
    const omits = it.kind.startsWith('?')
    if (omits && isEmpty(value)) continue
    const shown = formatKind(value, omits ? it.kind.slice(1) : it.kind, format)
    fields.push(`"${it.shown}":${shown}`)
  }
  return fields
}

function formatMap(value: unknown, kind: string, format: Format): string {
  if (typeof value !== 'object' || value === null) return 'null'
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1))
  return `{${entries.map(([key, it]) => `${format(key)}:${formatKind(it, kind, format)}`).join(',')}}`
}

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  value === 0 ||
  (typeof value === 'object' && Object.keys(value).length === 0)
