/** Findings that no rule file makes: about suppressions, unreadable files, and our own bugs. Named, explained and configured like rules. */
import type { RuleInfo } from '../config/catalogue.ts'
import { internalError } from './run-rules.ts'

export const suppressionUnused = 'suppression-unused'
export const suppressionUnknownRule = 'suppression-unknown-rule'
export const fileUnreadable = 'file-unreadable'
export const helmChartInvalid = 'helm-chart-invalid'
export const helmValuesInvalid = 'helm-values-invalid'
export const helmDependencyMissing = 'helm-dependency-missing'
export const helmTemplateFailed = 'helm-template-failed'

const everywhere = [
  'recommended',
  'schema',
  'security',
  'pss-baseline',
  'pss-restricted',
  'reliability',
  'helm',
] as const

export const ownRules: readonly RuleInfo[] = [
  {
    id: suppressionUnused,
    category: 'style',
    severity: 'warning',
    presets: ['recommended'],
    title: 'Suppression suppresses nothing',
    why: `
      What a comment or an annotation allows is no longer found: the fault is mended, or the comment stands at
      another line than the finding. Left in place it would hide the next such fault without anybody looking at it.`,
    see: [],
  },
  {
    id: suppressionUnknownRule,
    category: 'style',
    severity: 'warning',
    presets: ['recommended'],
    title: 'Suppression names no rule',
    why: `
      The comment or annotation has no effect, because no rule has this name. Several rules are separated by commas,
      an expiry date follows \`until\`, and a reason follows \`--\`.`,
    see: [],
  },
  {
    id: fileUnreadable,
    category: 'yaml',
    severity: 'error',
    presets: everywhere,
    title: 'File cannot be read as text',
    why: `
      The file was not checked, or not as it stands: it is binary, larger than 64 MiB, not valid UTF-8, or the
      permission to read it is missing. kubectl replaces bytes that are not valid UTF-8, so that what is applied
      differs from what is written.`,
    see: [],
  },
  {
    id: helmChartInvalid,
    category: 'helm',
    severity: 'error',
    presets: everywhere,
    title: 'Chart cannot be loaded',
    why: `
      Helm refuses the chart before it renders anything: Chart.yaml is missing something or is malformed, a file is too
      large, a name is not allowed. Nothing in the chart was checked.`,
    see: ['https://helm.sh/docs/topics/charts/'],
  },
  {
    id: helmValuesInvalid,
    category: 'helm',
    severity: 'error',
    presets: everywhere,
    title: 'Values do not fit the chart',
    why: `
      A values file cannot be read, or the values do not satisfy the values.schema.json of the chart or of a
      sub-chart. Helm stops before it renders.`,
    see: ['https://helm.sh/docs/topics/charts/#schema-files'],
  },
  {
    id: helmDependencyMissing,
    category: 'helm',
    severity: 'warning',
    presets: ['recommended', 'helm'],
    title: 'Sub-chart is not there',
    why: `
      Chart.yaml names a dependency that is not in charts/, so the templates of the sub-chart were not checked, and what
      they make is unknown to the other rules. Run \`helm dependency build\` before plimsoll.`,
    see: ['https://helm.sh/docs/helm/helm_dependency_build/'],
  },
  {
    id: helmTemplateFailed,
    category: 'helm',
    severity: 'error',
    presets: everywhere,
    title: 'Template does not render',
    why: `
      Rendering stops with an error, or what is rendered is no YAML. \`helm install\` would fail with these values. The
      other templates of the chart were checked.`,
    see: ['https://helm.sh/docs/chart_template_guide/debugging/'],
  },
  {
    id: internalError,
    category: 'style',
    severity: 'error',
    presets: everywhere,
    title: 'A rule failed on a resource',
    why: `
      A bug in plimsoll: the rule stopped with an exception, the other rules went on. The run ends with exit code 3.
      Please report it with the resource that the message names.`,
    see: [],
  },
]
