/** A Kubernetes object in a document: its identity and a cursor to it. `List` items are resources of their own. */
import { type At, atRoot } from '../yaml/cursor.ts'
import type { Document } from '../yaml/document.ts'

export interface Resource {
  readonly document: Document
  /** The object; for an item of a List the item. */
  readonly root: At
  readonly apiVersion: string
  /** `""` for the core group. */
  readonly group: string
  readonly kind: string
  /** `metadata.name`, else `metadata.generateName` with `*` behind it, else `""`. */
  readonly name: string
  /** `metadata.namespace` as written; undefined when it is not. */
  readonly namespace: string | undefined
}

/** Who an object is, without its document: what reports and messages need. */
export type ResourceId = Pick<Resource, 'apiVersion' | 'kind' | 'namespace' | 'name'>

/** All resources of a document. Nothing when it is no manifest: no map with string `apiVersion` and `kind`. */
export function listResources(document: Document): Resource[] {
  const root = atRoot(document)
  const resource = toResource(root)
  if (!resource) return []
  return isList(resource) ? listItems(resource) : [resource]
}

/** The resource at a cursor, or undefined when `apiVersion` or `kind` is no string. */
export function toResource(root: At): Resource | undefined {
  const apiVersion = root.text('apiVersion')
  const kind = root.text('kind')
  if (!apiVersion || !kind) return undefined
  const slash = apiVersion.lastIndexOf('/')
  const metadata = root.get('metadata')
  const generated = metadata?.text('generateName')
  return {
    document: root.document,
    root,
    apiVersion,
    group: slash < 0 ? '' : apiVersion.slice(0, slash),
    kind,
    name: metadata?.text('name') || (generated ? `${generated}*` : ''),
    namespace: metadata?.text('namespace') || undefined,
  }
}

/** `Deployment "web"`, as messages name resources. */
export const formatResource = ({ kind, name }: Pick<Resource, 'kind' | 'name'>): string =>
  name === '' ? kind : `${kind} "${name}"`

/** `kubectl` takes any kind ending in `List` with an `items` list for a list (`meta.IsListType`). */
const isList = (resource: Resource): boolean =>
  resource.kind.endsWith('List') && resource.root.get('items')?.isList === true

/** Lists may hold lists; the depth is that of the document, which parsing bounds. */
function listItems(list: Resource): Resource[] {
  const items: Resource[] = []
  for (const at of list.root.get('items')!.each()) {
    const item = toResource(at)
    if (!item) continue
    if (isList(item)) items.push(...listItems(item))
    else items.push(item)
  }
  return items
}
