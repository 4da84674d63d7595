/** Definitions of custom resources in the input: which there are, and several of one kind side by side. */
import type { Resource } from '../kube/resource.ts'
import { type CustomResource, linkCrd } from '../kube/schema/crd.ts'
import { toOutline } from '../kube/schema/definition-outline.ts'
import type { Document } from '../yaml/document.ts'
import { memoByNode } from './memo-by-node.ts'
import { resourcesOf } from './snapshot.ts'

export const DEFINITION = 'CustomResourceDefinition'

/** The CustomResourceDefinitions among documents. */
export const listDefinitions = (documents: readonly Document[]): Resource[] =>
  documents.flatMap(document =>
    resourcesOf(document).filter(it => it.kind === DEFINITION && it.group === 'apiextensions.k8s.io'),
  )

/**
 * Repositories hold several definitions of one kind: a stable and an experimental channel, a copy in a chart. The n-th
 * layer has the n-th definition of every kind that has as many; there is always a first one.
 */
export function layerDefinitions(definitions: readonly Resource[]): CustomResource[][] {
  const layers: CustomResource[][] = [[]]
  const known = new Map<string, Resource[]>()
  for (const definition of definitions) {
    const linked = toCustomResource(definition)
    if (!linked) continue
    const key = `${linked.group}/${linked.kind}`
    const others = known.get(key) ?? []
    known.set(key, others)
    if (others.length === MOST_LAYERS || others.some(it => isSameText(it, definition))) continue
    ;(layers[others.length] ??= []).push(linked)
    others.push(definition)
  }
  return layers
}

/** Of one kind; every object of the kind is held against each of them. */
const MOST_LAYERS = 200

/** Files of equal text share their node tables. */
const isSameText = (a: Resource, b: Resource): boolean =>
  a.document.table === b.document.table && a.root.node === b.root.node

/** Definitions are large and most are never asked for, so the schema is read when the first object of the kind is met. */
function toCustomResource({ document, root }: Resource): CustomResource | undefined {
  const group = root.text('spec', 'group')
  const kind = root.text('spec', 'names', 'kind')
  if (!group || !kind) return undefined
  return {
    group,
    kind,
    plural: root.text('spec', 'names', 'plural') ?? '',
    namespaced: root.text('spec', 'scope') !== 'Cluster',
    get versions() {
      return linkAt(document.table, root.node)?.versions ?? NO_VERSIONS
    },
  }
}

const linkAt = memoByNode((table, node) => linkCrd(toOutline(table, node)))
const NO_VERSIONS: CustomResource['versions'] = new Map()
