/** Charts and values to manifests: everything that `helm template` does, without a disk, a cluster or a clock. */
import type { Location, Source } from '../text/source.ts'
import { buildCapabilities, parseKubeVersion, REVISION } from './capabilities.ts'
import { type Chart, ChartError, type HelmProblem, sourceOf } from './chart.ts'
import { type ChartNode, toTree } from './chart-tree.ts'
import { coalesceValues, removeNulls } from './coalesce.ts'
import { executionOrder, listRenderables, type Renderable } from './context.ts'
import { checkDependencies, processDependencies } from './dependencies.ts'
import { createEngine, type Engine } from './engine.ts'
import { functions } from './functions/functions.ts'
import { isCompatible } from './functions/semver.ts'
import { type Manifest, sortManifests } from './manifests.ts'
import { checkValues } from './on-demand.ts'
import { formatOutput, listCrds, type MappedOutput, mapOutput, type OutputParts } from './output.ts'
import { locate, placeInTemplate, problemOf, type Related } from './problems.ts'
import { applySets, type SetArgument } from './set-values.ts'
import type { Node, Template } from './template/ast.ts'
import type { Limits } from './template/budget.ts'
import { BrokenTemplate, LimitExceeded, TemplateError } from './template/errors.ts'
import { meantName } from './template/explain.ts'
import type { Piece } from './template/origin.ts'
import type { ParseProblem } from './template/parser-state.ts'
import { segmentIndex, type Text } from './template/text.ts'
import { compareBytes, type Dict, deepCopy, dict, setEntry, type Value } from './template/value.ts'
import { mergeMaps, parseValuesFile } from './values-yaml.ts'

/** Whose output is imitated where versions differ. */
export type Compat = 'helm-3' | 'helm-4.1' | 'helm-4.2'

export interface RenderOptions {
  readonly releaseName: string
  readonly namespace: string
  /** Values files, the later winning. */
  readonly values: readonly Source[]
  readonly sets: readonly SetArgument[]
  /** `1.35`, `v1.33.4-gke.1`; the newest that the imitated helm knows when absent. */
  readonly kubeVersion: string | undefined
  readonly apiVersions: readonly string[]
  /** APIs of a cluster, in place of those that helm knows without one: `apps/v1`, `apps/v1/Deployment`. */
  readonly served: readonly string[] | undefined
  readonly isUpgrade: boolean
  readonly includeCrds: boolean
  readonly compat: Compat
  /** `required` and `fail` do not fail. */
  readonly lint: boolean
  /** Seconds since 1970 for `now`. */
  readonly now: number
  readonly limits: Limits | undefined
}

export const DEFAULT_OPTIONS: RenderOptions = {
  releaseName: 'release-name',
  namespace: 'default',
  values: [],
  sets: [],
  kubeVersion: undefined,
  apiVersions: [],
  served: undefined,
  isUpgrade: false,
  includeCrds: false,
  compat: 'helm-4.1',
  lint: false,
  now: 0,
  limits: undefined,
}

export interface Rendering {
  /** What helm prints; undefined when it would fail. Put together at each look: a project's charts are not all printed. */
  readonly output: string | undefined
  /** The output with the origin of each character; put together when asked for. */
  readonly mapped: () => MappedOutput | undefined
  /** In the order of the output; those of templates that work even when others fail. */
  readonly manifests: readonly Manifest[]
  readonly hooks: readonly Manifest[]
  /** Hooks of unknown events, which helm does not print. */
  readonly dropped: readonly Manifest[]
  /** Every file that was rendered, NOTES.txt included. */
  readonly files: ReadonlyMap<string, Text>
  /** The file of each template, by the name that manifests have as path. */
  readonly sources: ReadonlyMap<string, Source>
  readonly problems: readonly HelmProblem[]
  /** Files of templates that include others with syntax errors. */
  readonly unread: readonly Source[]
  /** Actions that printed `<no value>`, which helm takes out. */
  readonly nothing: readonly Piece[]
  /** Files and named templates as they were parsed, and which of their branches ran. */
  readonly templates: readonly Template[]
  readonly reached: ReadonlySet<readonly Node[]>
}

/** Never throws for anything that a chart can contain. */
export function renderChart(chart: Chart, options: RenderOptions): Rendering {
  try {
    return render(chart, options)
  } catch (error) {
    if (error instanceof ChartError) return failed([error.problem])
    if (error instanceof RangeError)
      return failed([
        {
          code: 'limit',
          message: 'values or charts are nested too deeply',
          location: undefined,
          related: [],
        },
      ])
    throw error
  }
}

/** The rendering of a chart of which nothing can be rendered. */
export const failed = (problems: readonly HelmProblem[]): Rendering => ({
  output: undefined,
  mapped: () => undefined,
  manifests: [],
  hooks: [],
  dropped: [],
  files: new Map(),
  sources: new Map(),
  problems,
  unread: [],
  nothing: [],
  templates: [],
  reached: new Set(),
})

function render(chart: Chart, options: RenderOptions): Rendering {
  const root = toTree(chart)
  if (chart.metadata.type === 'library')
    throw new ChartError('library-chart', 'library charts are not installable', fileStart(chart))
  checkDependencies(root)
  const given = readGivenValues(options)
  processDependencies(root, given)
  const values = coalesceValues(root, given, 'coalesce')
  if (options.compat === 'helm-4.2') removeNulls(values)
  const schemaProblems = checkValues(root, values)
  if (schemaProblems.length > 0) return failed(schemaProblems)
  const kube = parseKubeVersion(
    options.kubeVersion ?? (options.compat === 'helm-4.2' ? 'v1.36.0' : 'v1.35.0'),
  )
  if (!kube) throw new ChartError('kubernetes-incompatible', `invalid kube version '${options.kubeVersion}'`)
  const { kubeVersion } = chart.metadata
  if (kubeVersion !== '' && !isCompatible(kubeVersion, kube.normalized)) {
    const message = `chart requires kubeVersion: ${kubeVersion} which is incompatible with Kubernetes ${kube.version}`
    throw new ChartError('kubernetes-incompatible', message, fileStart(chart))
  }
  const capabilities = buildCapabilities(kube, options, options.compat)
  const shared = { release: releaseObject(options), capabilities, compat: options.compat }
  const renderables = listRenderables(root, values, shared)
  return execute(root, renderables, options)
}

const fileStart = (chart: Chart): Location => ({ source: sourceOf(chart.file), span: { start: 0, end: 0 } })

function readGivenValues(options: RenderOptions): Dict {
  let values = dict()
  for (const source of options.values) {
    const parsed = parseValuesFile(source)
    const [problem] = parsed.problems
    if (problem)
      throw new ChartError(
        'values-invalid',
        `failed to parse ${source.id}: ${problem.message}`,
        { source, span: problem.span },
        `failed to parse ${source.id}: ${problem.helmText}`,
      )
    values = mergeMaps(values, parsed.values)
  }
  return options.sets.length === 0 ? values : applySets(deepCopy(values) as Dict, options.sets)
}

function releaseObject(options: RenderOptions): Dict {
  return dict(
    new Map<string, Value>([
      ['Name', options.releaseName],
      ['Namespace', options.namespace],
      ['IsUpgrade', options.isUpgrade],
      ['IsInstall', !options.isUpgrade],
      ['Revision', REVISION],
      ['Service', 'Helm'],
    ]),
  )
}

function execute(
  root: ChartNode,
  renderables: ReadonlyMap<string, Renderable>,
  options: RenderOptions,
): Rendering {
  const nothing: Piece[] = []
  const reached = new Set<readonly Node[]>()
  const engine = createEngine({
    ...options,
    onNothing: piece => {
      if (nothing.length < MOST_NOTHING) nothing.push(piece)
    },
    onReach: nodes => reached.add(nodes),
  })
  const order = executionOrder(renderables.keys(), compareBytes)
  const problems: HelmProblem[] = []
  const { templates, broken } = parseAll(engine, order, renderables, problems)
  const unread: Source[] = []
  const files = executeAll(engine, order, renderables, { problems, broken, unread, compat: options.compat })
  const manifested = new Map([...files].filter(([name]) => !name.endsWith('NOTES.txt')))
  const sorted = sortManifests(manifested, options.compat)
  for (const it of sorted.problems) {
    const piece = it.content.segments[segmentIndex(it.content.segments, it.offset)]?.piece
    problems.push({
      code: 'manifest-invalid',
      message: `YAML parse error on ${it.path}: ${it.message}`,
      helmText: `YAML parse error on ${it.path}: ${it.helmText ?? it.message}`,
      ...locate(it.content, { start: it.offset, end: it.offset }, piece),
    })
  }
  const crds = options.includeCrds ? listCrds(root) : []
  const sources = new Map([...renderables].map(([name, { source }]) => [name, source.file!]))
  const { manifests, hooks, dropped } = sorted
  const parts = { manifests, hooks, crds, files, about: sourceOf(root.chart.file) }
  return Object.assign(printLater(problems.length > 0 ? undefined : parts), {
    manifests,
    hooks,
    dropped,
    files,
    sources,
    problems,
    unread,
    nothing,
    templates,
    reached,
  })
}

/** Apart from the rendering, so that what is kept for it is no more than what it is made of. */
const printLater = (parts: OutputParts | undefined): Pick<Rendering, 'output' | 'mapped'> => ({
  get output() {
    return parts && formatOutput(parts.crds, parts)
  },
  mapped: () => parts && mapOutput(parts),
})

/** Actions without a value that are kept. */
const MOST_NOTHING = 10_000

/** All templates, and the names of files that hold a syntax error. */
function parseAll(
  engine: Engine,
  order: readonly string[],
  renderables: ReadonlyMap<string, Renderable>,
  problems: HelmProblem[],
): { templates: Template[]; broken: Set<string> } {
  const broken = new Set<string>()
  const templates: Template[] = []
  let actions = 0
  for (const name of order) {
    const { source } = renderables.get(name)!
    actions += countActions(source.text)
    if (actions > MOST_ACTIONS) {
      const message = `the templates have more than ${MOST_ACTIONS} actions`
      throw new ChartError('limit', message, { source: source.file!, span: { start: 0, end: 0 } })
    }
    const parsed = engine.parse(source)
    templates.push(...parsed.defined, parsed.main)
    for (const it of parsed.problems) {
      broken.add(name)
      problems.push({
        code: 'template-syntax',
        message: `parse error at (${name}:${it.line}): ${it.message}${wordHint(it)}`,
        helmText: `parse error at (${name}:${it.line}): ${it.message.split(': ').at(-1)}`,
        location: { source: source.file!, span: it.span },
        related: listBeginning(it, source.file!),
      })
    }
  }
  return { templates, broken }
}

function wordHint({ called, hint }: ParseProblem): string {
  const known = called === undefined ? hint : meantName(called, functions.keys())
  return known === undefined ? '' : `; ${known}`
}

const listBeginning = ({ begun }: ParseProblem, source: Source): Related[] =>
  begun === undefined
    ? []
    : [{ message: 'the action begins here', location: { source, span: { start: begun, end: begun + 2 } } }]

interface Execution {
  readonly problems: HelmProblem[]
  readonly broken: ReadonlySet<string>
  readonly unread: Source[]
  readonly compat: Compat
}

function executeAll(
  engine: Engine,
  order: readonly string[],
  renderables: ReadonlyMap<string, Renderable>,
  state: Execution,
): Map<string, Text> {
  const files = new Map<string, Text>()
  for (const name of order) {
    if (name.slice(name.lastIndexOf('/') + 1).startsWith('_') || state.broken.has(name)) continue
    const { data, basePath, guard, source } = renderables.get(name)!
    const own = dict(
      new Map<string, Value>([
        ['Name', name],
        ['BasePath', basePath],
      ]),
    )
    setEntry(data, 'Template', own, undefined)
    try {
      files.set(name, engine.execute(name, data, guard))
    } catch (error) {
      if (error instanceof LimitExceeded || error instanceof RangeError) {
        addProblem(state.problems, limitProblem(error))
        continue
      }
      if (error instanceof BrokenTemplate) {
        state.unread.push(source.file!)
        continue
      }
      if (!(error instanceof TemplateError)) throw error
      // What a broken file should have defined is missing elsewhere: that says nothing new.
      if (state.broken.size === 0 || !isFollowUp(error))
        addProblem(state.problems, problemOf(error, state.compat))
    }
  }
  return files
}

/** Syntax trees take far more memory than texts. */
const MOST_ACTIONS = 500_000

function countActions(text: string): number {
  let count = 0
  for (let at = text.indexOf('{{'); at >= 0; at = text.indexOf('{{', at + 2)) count++
  return count
}

/** Functions that walk values throw a RangeError where these are nested too deeply. */
function limitProblem(error: LimitExceeded | RangeError): HelmProblem {
  const place = error instanceof LimitExceeded ? error.place : undefined
  const location = place && placeInTemplate(place.template, place.span)
  return { code: 'limit', message: error.message, location, related: [] }
}

const isFollowUp = (error: TemplateError): boolean =>
  /no template "|not defined/.test(error.message + (error.cause?.message ?? ''))

function addProblem(problems: HelmProblem[], problem: HelmProblem): void {
  const known = problems.some(
    it =>
      it.message === problem.message &&
      it.location?.source === problem.location?.source &&
      it.location?.span.start === problem.location?.span.start,
  )
  if (!known) problems.push(problem)
}
