/** What a run finds, and the report of it: plain immutable data that reporters, the language server and fixes share. */
import type { ServerWords } from '../kube/apis.ts'
import type { ResourceId } from '../kube/resource.ts'
import type { Severity } from '../rule.ts'
import type { Edit, Location } from '../text/source.ts'
import type { PlacedProblem } from './inventory.ts'

export interface RelatedPlace {
  readonly location: Location
  readonly message: string
}

/** A fix lowered to text. */
export interface FindingFix {
  readonly title: string
  readonly safe: boolean
  readonly edits: readonly Edit[]
}

/** Where rendered text comes from: a template action, an include, a values key. */
export interface Origin {
  readonly kind: 'template' | 'include' | 'values'
  readonly location: Location
  /** For values the path of the key: `service.targetPort`. */
  readonly path?: string
}

export interface Finding {
  readonly rule: string
  readonly severity: Severity
  readonly message: string
  readonly location: Location
  readonly resource?: ResourceId
  /** The place inside the resource: `spec.ports[0].targetPort`. */
  readonly path?: string
  /** The minors that the finding holds for. */
  readonly kubernetes: readonly string[]
  /** In a chart, the values files with which it is found (`ownValues` among them); absent when it is all of them. */
  readonly values?: readonly string[]
  readonly origins: readonly Origin[]
  readonly related: readonly RelatedPlace[]
  readonly fixes: readonly FindingFix[]
  /** Fixes were not worked out, as too much of the document was read for those of other findings. */
  readonly lacksFixes?: true
  /** What the API server itself says of the fault. */
  readonly server?: ServerWords
  /** Survives line moves: a hash of rule, resource and the path inside it. */
  readonly fingerprint: string
}

/** Stands for the chart's own values alone where values files are named. */
export const ownValues = 'values.yaml'

/** Why a chart is skipped that does not render without values that only its users know. */
export const demandsValues = 'a chart that demands values'

/** Something that was not checked, and why. Never silent. */
export interface Skipped {
  readonly path: string
  readonly reason: string
}

/** What is odd in the files that describe the cluster, and how much more there is of it. */
export interface InventoryProblems {
  readonly problems: readonly PlacedProblem[]
  readonly unlisted: number
}

export interface Summary {
  /** Files read, whatever was in them. */
  readonly files: number
  readonly resources: number
  readonly charts: number
  readonly kubernetes: readonly string[]
  readonly kubernetesGiven: boolean
  readonly skipped: readonly Skipped[]
  /** Absent without an inventory. */
  readonly inventory?: InventoryProblems
  /** Why absence findings were held back, where they were. */
  readonly incomplete: readonly string[]
  /** Findings that comments, annotations or a baseline took out. */
  readonly suppressed: number
}

/** Findings in order: path, line, column, rule. */
export interface Report {
  readonly findings: readonly Finding[]
  readonly summary: Summary
}

/** Byte-identical order from run to run. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    compareText(a.location.source.id, b.location.source.id) ||
    a.location.span.start - b.location.span.start ||
    compareText(a.rule, b.rule) ||
    compareText(a.message, b.message)
  )
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Without those that say the same of the same place as the one before: a document may belong to several units. */
export const leaveOutSame = (sorted: readonly Finding[]): Finding[] =>
  sorted.filter((it, i) => i === 0 || !isSame(it, sorted[i - 1]!))

const isSame = (a: Finding, b: Finding): boolean =>
  compareFindings(a, b) === 0 && a.location.span.end === b.location.span.end
