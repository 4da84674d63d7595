/** The keys that ConfigMaps and Secrets hold. */
import type { Resource } from '../kube/resource.ts'
import { memo } from '../text/memo.ts'
import type { At } from '../yaml/cursor.ts'

/**
 * Keys of a ConfigMap (`data`, `binaryData`) or Secret (`data`, `stringData`), each with its value. Undefined when they
 * are not known: of other kinds, of objects that somebody else fills in, and of those without any key, which are
 * placeholders for such.
 */
export const listKeys = memo((resource: Resource): ReadonlyMap<string, At> | undefined => {
  const fields = FIELDS.get(resource.kind)
  if (!fields || resource.group !== '' || isFilledElsewhere(resource)) return undefined
  const keys = new Map<string, At>()
  for (const field of fields)
    for (const at of resource.root.get(field)?.each() ?? [])
      if (typeof at.key === 'string') keys.set(at.key, at)
  return keys.size > 0 ? keys : undefined
})

const FIELDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['ConfigMap', ['data', 'binaryData']],
  ['Secret', ['data', 'stringData']],
])

/** Marks of controllers that write into an object: certificate bundles, copies, tokens. */
const FILLED =
  /^(?:service\.(?:beta|alpha)\.openshift\.io\/inject-cabundle|config\.openshift\.io\/inject-trusted-cabundle|replicator\.v1\.mittwald\.de\/replicate-from|reflector\.v1\.k8s\.emberstack\.com\/reflects|kubed\.appscode\.com\/origin|argocd\.argoproj\.io\/secret-type)$/

function isFilledElsewhere({ root }: Resource): boolean {
  if (root.text('type') === 'kubernetes.io/service-account-token') return true
  for (const field of ['annotations', 'labels'])
    for (const at of root.get('metadata', field)?.each() ?? [])
      if (typeof at.key === 'string' && FILLED.test(at.key)) return true
  return false
}
