/** Labels that objects take over from their pod template. */
import { isObj, type Obj, object } from './object.ts'

/** Jobs and replication controllers without labels take over those of their template. */
export function withTemplateLabels(of: Obj, template: Obj): Obj {
  const metadata = object(of, 'metadata')
  const { labels } = object(template, 'metadata')
  if (!isObj(labels) || Object.keys(object(metadata, 'labels')).length > 0) return of
  return { ...of, metadata: { ...metadata, labels } }
}
