/** Labels of namespaces, which terms of pod affinity may select by. */

import { type JsonRecord, readPath, readString, readStringMap } from './json-fields.ts'
import type { Labels } from './selector.ts'

/** The API server puts it on every namespace. */
const NAME_LABEL = 'kubernetes.io/metadata.name'

/** The namespaces with those of the objects, which are Namespaces. */
export function addNamespaces(
  namespaces: ReadonlyMap<string, Labels>,
  objects: readonly JsonRecord[],
): ReadonlyMap<string, Labels> {
  const all = new Map(namespaces)
  for (const it of objects) {
    const name = readString(readPath(it, 'metadata', 'name'))
    all.set(name, new Map([[NAME_LABEL, name], ...readStringMap(readPath(it, 'metadata', 'labels'))]))
  }
  return all
}

/** Labels of a namespace; one that nothing is known of has its name at least. */
export function getNamespaceLabels(namespaces: ReadonlyMap<string, Labels>, name: string): Labels {
  return namespaces.get(name) ?? new Map([[NAME_LABEL, name]])
}
