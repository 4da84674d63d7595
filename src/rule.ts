/**
 * The authoring API: all that a rule needs, and the only module that files below `rules/` import.
 * A rule is data with one function; its `bad` and `good` manifests are its first tests.
 */

import type { Graph } from './graph/graph.ts'
import type { Link } from './graph/link.ts'
import { isNamedByValues } from './graph/named-by-values.ts'
import { didYouMean, inNamespace } from './graph/wording.ts'
import type { ChartFacts } from './helm/facts/chart-facts.ts'
import type { Apis, SchemaCode, SchemaFinding, ServerFinding, ServerWords } from './kube/apis.ts'
import type { Resource } from './kube/resource.ts'
import type { Selector } from './kube/selectors.ts'
import { isSlip, listCauses, suggestValue, wordCause } from './kube/server-words.ts'
import type { WorkloadFit } from './schedule/verdict/decide-fit.ts'
import { describeEdit } from './schedule/verdict/describe-edit.ts'
import type { Edit } from './schedule/verdict/edits.ts'
import type { Location, Span, Edit as TextEdit } from './text/source.ts'
import type { At } from './yaml/cursor.ts'
import type { Document, Part, Patch } from './yaml/document.ts'
import type { Json, Path } from './yaml/json.ts'

export { isBuiltInGroup } from './graph/api-group.ts'
export { type Claim, findRivalries } from './graph/claims.ts'
export {
  findAmount,
  findContainerResource,
  hasContainerDefault,
  readAmounts,
} from './graph/container-resources.ts'
export type { Graph, NearMiss } from './graph/graph.ts'
export { listIngressBackends } from './graph/ingress.ts'
export { createKeyFilter, mayContain } from './graph/key-filter.ts'
export type { Link } from './graph/link.ts'
export { listLinks } from './graph/links.ts'
export { appliedWith, folderOf } from './graph/nearest.ts'
export { suggestName } from './graph/object-index.ts'
export { isMet, isSelected, type PodSelector, readLabelMap, readLabelSelector } from './graph/pod-selector.ts'
export { findLabelledTemplate, type PodTemplate, readLabels } from './graph/pod-templates.ts'
export {
  listContainerPorts,
  listPodPorts,
  listServicePorts,
  type OfferedPorts,
  type Port,
  readOfferedPorts,
} from './graph/ports.ts'
export { listScalers, listScaleTargets, readReplicas } from './graph/scalers.ts'
export { readSelectedPorts } from './graph/selected-ports.ts'
export { listServices, type Namespaces, selectServices } from './graph/service-index.ts'
export { isServing } from './graph/service-pods.ts'
export { didYouMean, formatNearMiss, inNamespace, joinSome, quoteNames } from './graph/wording.ts'
export type { ChartFacts } from './helm/facts/chart-facts.ts'
export { HOOK, hookEvents } from './helm/hook-events.ts'
export type { ApiStatus, SchemaFinding, ServerFinding, ServerWords } from './kube/apis.ts'
export { isHelmHook } from './kube/hooks.ts'
export {
  beforeMinor,
  DEFAULT_CAPABILITIES,
  hasUserNamespace,
  isConfined,
  isForWindows,
  listSecured,
  sinceMinor,
} from './kube/pod-security.ts'
export {
  type Container,
  findPodSpec,
  findPodTemplate,
  listContainers,
  podKinds,
} from './kube/pods.ts'
export { formatResource, type Resource } from './kube/resource.ts'
export { hasSameShape } from './kube/same-shape.ts'
export { containers, kind, podSpecs, resources, runningContainers, type Selector } from './kube/selectors.ts'
export { listWarnings } from './kube/server-words.ts'
export { type Api, findSuccessor, formatSuccessor } from './kube/successor.ts'
export { isMisread, wantsText, writtenText } from './kube/text-wanted.ts'
export { effectiveTag, toImage } from './kube/values/image.ts'
export { toScaledCount } from './kube/values/int-or-string.ts'
export { compareQuantities, type Quantity, toQuantity } from './kube/values/quantity.ts'
export { describeCause, describeProof } from './schedule/verdict/describe-proof.ts'
export { groupBy } from './text/group-by.ts'
export { memo } from './text/memo.ts'
export type { Location } from './text/source.ts'
export { findNearest } from './text/suggest.ts'
export { type At, atRoot } from './yaml/cursor.ts'
export type { Document, Part, Patch } from './yaml/document.ts'
export type { Json, Path } from './yaml/json.ts'
export { formatPath } from './yaml/json.ts'
export { listRespelled } from './yaml/respelled.ts'

/** `error`: refused or broken at run time. `warning`: works, and is almost always worth an edit. `info`: advice. */
export type Severity = 'error' | 'warning' | 'info'

/** The folder of the rule's file. May change; ids never do. */
export type Category =
  | 'yaml'
  | 'schema'
  | 'api'
  | 'refs'
  | 'network'
  | 'security'
  | 'reliability'
  | 'resources'
  | 'scheduling'
  | 'helm'
  | 'style'

export type Preset =
  | 'recommended'
  | 'schema'
  | 'security'
  | 'pss-baseline'
  | 'pss-restricted'
  | 'reliability'
  | 'strict'
  | 'helm'

/**
 * What a rule is. `why`, `bad` and `good` are indented as the code around them (`dedent` brings them to the margin), and
 * the built command reads them late: only what shows them may look at them.
 */
interface RuleFacts<Options extends Json> {
  /** Kebab-case, two to four words, names the fault. Unique for ever. */
  readonly id: string
  readonly category: Category
  readonly severity: Severity
  /** Presets that switch the rule on; `strict` has every rule and is not listed. */
  readonly presets: readonly Preset[]
  readonly title: string
  /** Why it matters and what to do, as Markdown. */
  readonly why: string
  /** https links to the Kubernetes documentation, source or KEP that back the rule. */
  readonly see: readonly string[]
  /**
   * A manifest that triggers this rule exactly once; of rules about charts, files behind lines like `# values.yaml`
   * (example-files.ts).
   */
  readonly bad: string
  /** The mended manifest; what the fix makes of `bad`, where there is one. */
  readonly good: string
  /** JSON Schema of the options object, and the value of every option when it is not set. */
  readonly options?: { readonly schema: Json; readonly defaults: Options }
}

/** Looks at one resource (`resource`; results may be kept by content) or at what it refers to (`graph`). */
export interface ResourceRule<Options extends Json = Json> extends RuleFacts<Options> {
  readonly scope: 'resource' | 'graph'
  /** The finding is that something is missing, which a kustomization may still add: bases are not judged by it. */
  readonly aboutAbsence?: boolean
  /** What is told holds for the whole input and not only for its resource: the same words are said at the first place only. */
  readonly isToldOnce?: boolean
  readonly on: Selector
  check(at: At, ctx: Context<Options>): void
}

/** Looks at the text of a document, whether it holds a resource or not. */
export interface DocumentRule<Options extends Json = Json> extends RuleFacts<Options> {
  readonly scope: 'document'
  check(document: Document, ctx: DocumentContext<Options>): void
}

/** Looks at a chart: its own files, and all its renderings together. */
export interface ChartRule<Options extends Json = Json> extends RuleFacts<Options> {
  readonly scope: 'chart'
  check(chart: ChartFacts, ctx: ChartContext<Options>): void
}

export type Rule<Options extends Json = Json> =
  | ResourceRule<Options>
  | DocumentRule<Options>
  | ChartRule<Options>

export interface Related {
  readonly at: At
  readonly part?: Part
  readonly message: string
}

export interface Fix {
  /** Imperative, with the value that will be written: `Use "http"`. */
  readonly title: string
  /** Safe fixes cannot change what runs, and `plimsoll fix` applies them unasked. */
  readonly safe: boolean
  readonly patch: readonly Patch[]
}

/** A fix of what is no YAML: a template. */
export interface TextFix extends Omit<Fix, 'patch'> {
  readonly edits: readonly TextEdit[]
}

export interface ReportDetails {
  readonly part?: Part
  readonly related?: readonly Related[]
  readonly fixes?: readonly Fix[]
  /** The minors that the finding holds for; all that are checked when left out. */
  readonly kubernetes?: readonly string[]
  /** What the API server itself says of the fault. */
  readonly server?: ServerWords
}

/** Where something is edited. */
export interface FitPlace {
  readonly at: At
  readonly part: Part
}

/** An edit of a manifest after which its pods fit; no patch where writing it takes more thought. */
export interface PlacedEdit extends Edit, FitPlace {
  readonly patch: readonly Patch[]
}

/** What becomes of a workload's pods on the nodes of the inventory, and where one edits its manifest. */
export interface ResourceFit extends Omit<WorkloadFit, 'edits'>, FitPlace {
  readonly edits: readonly PlacedEdit[]
}

export interface Context<Options extends Json = Json> {
  readonly resource: Resource
  readonly options: Options
  /** What is known about the APIs of the versions that are checked. */
  readonly apis: Apis
  /** The resources around this one. A rule of scope `resource` must not use it. */
  readonly graph: Graph
  /**
   * The scheduler's verdict on the pods of this resource; undefined without an inventory, and for what makes no pods. Of
   * an autoscaler the verdict on its workload while every autoscaler is at its maximum, if that leaves pods over which
   * fit otherwise. A rule of scope `resource` must not use it.
   */
  findFit(): ResourceFit | undefined
  /** Whether the settings let another rule report here, so that one fault is not told twice. */
  isOn(rule: string): boolean
  /** Message: what is wrong, in the user's own names; no full stop. */
  report(at: At, message: string, details?: ReportDetails): void
}

export interface DocumentContext<Options extends Json = Json> {
  readonly options: Options
  /** `span` is one of the document's table text. */
  report(span: Span, message: string, related?: readonly { span: Span; message: string }[]): void
}

export interface ChartReportDetails {
  /** Of a cursor, which part is the place. */
  readonly part?: Part
  readonly related?: readonly { readonly location: Location; readonly message: string }[]
  /** Patches of the document of the cursor, or edits of any text. */
  readonly fixes?: readonly (Fix | TextFix)[]
  /** Values files with which it is found; what is said of several sets at one place is one finding. All when left out. */
  readonly values?: readonly string[]
}

export interface ChartContext<Options extends Json = Json> {
  readonly options: Options
  report(place: At | Location, message: string, details?: ChartReportDetails): void
}

export const set = (at: At, value: Json): Patch[] => [{ op: 'set', path: at.path, value }]
/** Gives an entry another key. */
export const rename = (at: At, key: string): Patch[] => [{ op: 'rename', path: at.path, value: key }]
export const remove = (at: At): Patch[] => [{ op: 'remove', path: at.path }]
/** Writes an entry below a map, with what is missing on the way. */
export const setBelow = (at: At, path: Path, value: Json): Patch[] => [
  { op: 'set', path: [...at.path, ...path], value },
]

/**
 * Reports every link whose object the unit surely lacks, with the name that was probably meant. What the values of a chart
 * name belongs to its users.
 */
export function reportAbsent<O extends Json>(ctx: Context<O>, links: Iterable<Link>): void {
  const { resource, graph } = ctx
  for (const link of links) {
    const { verdict, suggestion } = graph.follow(resource, link)
    if (verdict !== 'absent' || (!suggestion && isNamedByValues(link.at))) continue
    const where = inNamespace(link.namespace ?? graph.namespaceOf(resource))
    const fixes: Fix[] = suggestion
      ? [{ title: `Use "${suggestion}"`, safe: false, patch: set(link.at, suggestion) }]
      : []
    ctx.report(link.at, `no ${link.kind} "${link.name}"${where}${didYouMean(suggestion)}`, { fixes })
  }
}

/** Reports the causes with one of these reasons for which the API server refuses the resource. */
export function reportCauses<O extends Json>(
  ctx: Context<O>,
  ...reasons: readonly ServerFinding['reason'][]
): void {
  for (const cause of listCauses(ctx.apis.listServerFindings(ctx.resource), reasons, ctx.isOn)) {
    const { at, part, kubernetes, reason, field, message } = cause
    const suggestion = suggestValue(cause)
    ctx.report(at, `${wordCause(cause)}${didYouMean(suggestion)}`, {
      part,
      kubernetes,
      server: { reason, field, message },
      fixes: suggestion === undefined ? [] : [useValue(at, suggestion)],
    })
  }
}

/** Reports what the schema says with one code, the server's own words beside it. */
export function reportSchemaFindings<O extends Json>(
  ctx: Context<O>,
  code: SchemaCode,
  listFixes: (finding: SchemaFinding) => Fix[] = () => [],
): void {
  for (const finding of ctx.apis.listSchemaFindings(ctx.resource)) {
    if (finding.code !== code) continue
    const { at, message, part, kubernetes, server } = finding
    ctx.report(at, message, { part, kubernetes, ...(server && { server }), fixes: listFixes(finding) })
  }
}

/** Writes the value that was meant: safe where no other can be. */
export const useValue = (at: At, suggestion: string): Fix => ({
  title: `Use "${suggestion}"`,
  safe: isSlip(at.text() ?? '', suggestion),
  patch: set(at, suggestion),
})

/** Reports pods without a node where the manifest is edited: the first edit is the fix, the others are named. */
export function reportFit<O extends Json>(ctx: Context<O>, fit: ResourceFit, message: string): void {
  const { at, part, edits } = fit
  const first = [edits.find(it => it.at.node === at.node), edits[0]].find(it => it && it.patch.length > 0)
  ctx.report(at, message, {
    part,
    related: edits
      .filter(it => it !== first)
      .map(it => ({ at: it.at, part: it.part, message: `this would do: ${describeEdit(it)}` })),
    fixes: first ? [{ title: capitalise(describeEdit(first)), safe: false, patch: first.patch }] : [],
  })
}

const capitalise = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

type Draft<R extends { readonly scope: string }> = Omit<R, 'scope'> & { readonly scope?: R['scope'] }

/** Declares a rule about resources. */
export const defineRule = <O extends Json = Json>(rule: Draft<ResourceRule<O>>): ResourceRule<O> =>
  Object.assign(rule, { scope: rule.scope ?? ('resource' as const) })

/** Declares a rule about the text of documents. */
export const defineDocumentRule = <O extends Json = Json>(
  rule: Omit<DocumentRule<O>, 'scope'>,
): DocumentRule<O> => Object.assign(rule, { scope: 'document' as const })

/** Declares a rule about charts. */
export const defineChartRule = <O extends Json = Json>(rule: Omit<ChartRule<O>, 'scope'>): ChartRule<O> =>
  Object.assign(rule, { scope: 'chart' as const })
