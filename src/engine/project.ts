/**
 * What each file of a project is for: plain manifests, charts, overlays and their fragments, encrypted files, templates.
 * What is not complete by intent is recognised here and said, so that nothing below misjudges it.
 */
import { isBuiltInGroup } from '../graph/api-group.ts'
import { type Resource, toResource } from '../kube/resource.ts'
import { memo } from '../text/memo.ts'
import { folderOf, joinPath } from '../text/paths.ts'
import type { Source } from '../text/source.ts'
import { type At, atRoot } from '../yaml/cursor.ts'
import type { Document } from '../yaml/document.ts'
import { internKey } from '../yaml/keys.ts'
import { AUX, isScalar, STRIDE } from '../yaml/table.ts'
import type { Skipped } from './finding.ts'

export type Role = 'manifest' | 'base' | 'patch' | 'other'

/** How a kustomization uses a file. */
interface Overlay {
  /** The folder of the kustomization. */
  readonly folder: string
  /** Files and folders it builds on, as ids. */
  readonly resources: readonly string[]
  readonly patches: ReadonlySet<string>
}

export interface Project {
  /** By file id: the kustomization folder that completes the file. */
  readonly bases: ReadonlyMap<string, string>
  readonly patches: ReadonlyMap<string, string>
}

const PATCH = 'a patch, not judged alone'
/** Patches of overlays that are built by a program are named by no kustomization, but by their own name. */
const PATCH_NAME = /(?:^|[/_.-])patch(?:es)?(?:[/_.-]|$)/i
/** Steps of kuttl's tests that look at live objects: `01-assert.yaml`. */
const EXPECTATION_NAME = /(?:^|\/)\d+-(?:assert|errors)\.ya?ml$/
/** Snapshots of tests, as those of charts and of code that generates manifests. */
const SNAPSHOT_FOLDER = /(?:^|\/)__snapshots?__\//
const PATCH_KEY = internKey('$patch')
const KUSTOMIZATION = /(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/
const CHART = /(?:^|\/)Chart\.yaml$/

export const isKustomization = (id: string): boolean => KUSTOMIZATION.test(id)

/** Folders with a Chart.yaml among files; a sub-chart belongs to its parent. */
export function listChartFolders(ids: readonly string[]): ReadonlySet<string> {
  const folders = ids.filter(it => CHART.test(it)).map(folderOf)
  const outermost = new Set<string>()
  for (const it of folders.sort((a, b) => a.length - b.length || (a < b ? -1 : 1)))
    if (findChart(outermost, it) === undefined) outermost.add(it)
  return outermost
}

/** Files of a packaged chart, which nobody edits in place. */
export const isPacked = (id: string): boolean => /\.(?:tgz|tar\.gz)\//i.test(id)

/** The file that makes a folder a chart. */
export const chartFileOf = (folder: string): string => joinPath(folder, 'Chart.yaml')

/** The chart folder, of those that are there, that a file or a folder lies in. */
export function findChart(charts: Pick<ReadonlySet<string>, 'has'>, id: string): string | undefined {
  for (let end = id.lastIndexOf('/'); end >= 0; end = id.lastIndexOf('/', end - 1)) {
    const folder = id.slice(0, end)
    if (charts.has(folder)) return folder
    if (end === 0) break
  }
  return charts.has('') ? '' : undefined
}

/** Definitions of custom resources in a chart are plain files, which Helm does not render. */
export function isPlainYaml(id: string, charts: Pick<ReadonlySet<string>, 'has'>): boolean {
  if (!/\.(ya?ml|json)$|(^|\/)Kustomization$/i.test(id)) return false
  const chart = findChart(charts, id)
  return chart === undefined || id.startsWith(chart === '' ? 'crds/' : `${chart}/crds/`)
}

/** `documentsOf` is asked for kustomizations only. */
export function readProject(
  sources: readonly Source[],
  charts: ReadonlySet<string>,
  documentsOf: (source: Source) => readonly Document[],
): Project {
  const overlays = sources
    .filter(it => isKustomization(it.id) && findChart(charts, it.id) === undefined)
    .map(it => readOverlay(it, documentsOf(it)))
  const bases = new Map<string, string>()
  const patches = new Map<string, string>()
  for (const overlay of overlays) {
    for (const id of overlay.resources) bases.set(id, overlay.folder)
    for (const id of overlay.patches) patches.set(id, overlay.folder)
  }
  return { bases, patches }
}

/** Why a document is not judged as a manifest, or the role in which it is. */
export function classify(project: Project, document: Document): { role: Role; skipped?: Skipped } {
  const { id } = document.source
  if (isKustomization(id)) return { role: 'other' }
  const folder = project.patches.get(id)
  if (folder !== undefined) return { role: 'patch', skipped: skip(id, PATCH) }
  const root = atRoot(document)
  if (isEncrypted(root)) return { role: 'other', skipped: skip(id, 'encrypted by SOPS') }
  const broken = isBroken(document)
  if (broken && looksLikeTemplate(document))
    return { role: 'other', skipped: skip(id, 'a template, not YAML: render it first') }
  if (isYttTemplate(document) && claimsToBeManifest(document))
    return { role: 'other', skipped: skip(id, 'a template of ytt: render it first') }
  const resource = toResource(root)
  if (!resource) return { role: broken && claimsToBeManifest(document) ? 'manifest' : 'other' }
  if (!isForServers(resource)) return { role: 'other' }
  if (!root.get('metadata') && !isBuiltInGroup(resource.group) && !broken)
    return { role: 'other', skipped: skip(id, 'without metadata: no object that the API server would take') }
  if (isStrategicPatch(document) || PATCH_NAME.test(id)) return { role: 'patch', skipped: skip(id, PATCH) }
  if (isExpectation(root) || EXPECTATION_NAME.test(id))
    return { role: 'patch', skipped: skip(id, 'what a test expects of a live object') }
  if (SNAPSHOT_FOLDER.test(id)) return { role: 'patch', skipped: skip(id, 'a snapshot of a test') }
  return { role: project.bases.has(id) ? 'base' : 'manifest' }
}

/** `$patch: delete` and the like are directives of strategic merge patches and no field of any object. */
function isStrategicPatch({ table, span }: Document): boolean {
  if (!table.text.slice(span.start, span.end).includes('$patch')) return false
  const { nodes } = table
  for (let node = 0; node < nodes.length; node += STRIDE)
    if (nodes[node + AUX] === PATCH_KEY && isScalar(table, node)) return true
  return false
}

const skip = (path: string, reason: string): Skipped => ({ path, reason })

/** SOPS adds a `sops` map with the keys and a MAC to what it encrypts. */
const isEncrypted = (root: At): boolean => root.get('sops', 'mac') !== undefined

/** Some of the document was lost. */
export const isBroken = (document: Document): boolean => document.problems.some(it => it.code === 'syntax')

/** Files of other programs are often JSON with comments; what cannot be read must look like a manifest to be one. */
export const claimsToBeManifest = ({ table, span }: Document): boolean =>
  /^[\s{"']*(?:apiVersion|kind)["']?\s*:/m.test(table.text.slice(span.start, span.end))

/** Objects that programs read from files and no server ever sees: kubeconfigs, plugins of kustomize, skaffold's files. */
const isForServers = ({ apiVersion, group, kind }: Resource): boolean =>
  !FILE_GROUPS.test(group) && apiVersion !== 'builtin' && !(apiVersion === 'v1' && kind === 'Config')

/** What components of the cluster, its makers, its clients and tests of it are configured with. */
const FILE_GROUPS = new RegExp(
  `^(?:${[
    String.raw`skaffold|tilt\.dev|ctlptl\.dev|garden\.io|kpt\.dev|kuttl\.dev|k3d\.io|eksctl\.io|k0sctl\.k0sproject\.io`,
    String.raw`(?:.*\.)?config\.k8s\.io|kubeadm\.k8s\.io|audit\.k8s\.io|apiserver\.k8s\.io|client\.authentication\.k8s\.io`,
    String.raw`kind\.x-k8s\.io|clusterctl\.cluster\.x-k8s\.io|config\.kubernetes\.io|krew\.googlecontainertools\.github\.com`,
    String.raw`(?:vendir|kbld|kapp|imgpkg)\.(?:k14s\.io|carvel\.dev)|cli\.kyverno\.io|chainsaw\.kyverno\.io`,
    String.raw`scorecard\.operatorframework\.io|(?:.*\.)?backstage\.io`,
  ].join('|')})$`,
)

/**
 * What tests expect of a live object, not what somebody applies: a status and no spec, or keys that are expressions, as
 * chainsaw and kuttl take them.
 */
function isExpectation(root: At): boolean {
  if (root.get('status')?.isMap && !root.get('spec') && !root.get('data')) return true
  for (const it of root.each()) for (const inner of it.each()) if (isExpression(inner.key)) return true
  return false
}

const isExpression = (key: string | number | undefined): boolean =>
  typeof key === 'string' && key.startsWith('(') && key.endsWith(')')

/** ytt's code stands in comments: `#@ load(…)`, `name: #@ data.values.name`, `#@overlay/match by=…`. */
export const isYttTemplate = ({ source, table: { text } }: Document): boolean =>
  text === source.text ? isYttSource(source) : isYttText(text)

/** A text with thousands of documents is looked at once. */
const isYttSource = memo(({ text }: Source): boolean => isYttText(text))

const isYttText = (text: string): boolean => text.includes('#@') && YTT.test(text)

const YTT = /(?:^|\s)#@(?:[ /]|(?:overlay|data|schema|yaml|template|struct|assert|library)\/)/

/** Actions of Go templates or Jinja, and marks of autoconf: `{{ … }}`, `{% … %}`, `@NAME@`. */
function looksLikeTemplate({ table, span }: Document): boolean {
  const text = table.text.slice(span.start, span.end)
  return /\{\{.*\}\}|\{%.*%\}|@[A-Z][A-Z0-9_]*@/.test(text)
}

function readOverlay(source: Source, documents: readonly Document[]): Overlay {
  const folder = folderOf(source.id)
  const resources: string[] = []
  const patches = new Set<string>()
  const resolve = (path: string): string => joinPath(folder, path)
  for (const document of documents) {
    const root = atRoot(document)
    for (const field of ['resources', 'bases', 'components', 'crds', 'generators', 'transformers'])
      for (const path of listTexts(root.get(field))) resources.push(resolve(path))
    for (const path of listTexts(root.get('patchesStrategicMerge'))) patches.add(resolve(path))
    for (const field of ['patches', 'patchesJson6902', 'replacements'])
      for (const item of root.get(field)?.each() ?? []) {
        // Kustomize 2 took the files alone.
        const path = item.text('path') ?? item.text()
        if (path !== undefined) patches.add(resolve(path))
      }
  }
  return { folder, resources, patches }
}

function listTexts(list: At | undefined): string[] {
  const texts: string[] = []
  for (const item of list?.each() ?? []) if (typeof item.value === 'string') texts.push(item.value)
  return texts
}
