/** Objects to place with names that tell them apart: generated names are numbered, and of twins the last counts. */
import type { Resource } from '../kube/resource.ts'
import { type JsonRecord, readPath, readRecord, readString } from '../schedule/json-fields.ts'
import { toAutoscaler } from '../schedule/verdict/scenario.ts'
import { takesPart } from '../schedule/workload/apply-objects.ts'
import { nameGenerated, toWorkload } from '../schedule/workload/workload.ts'
import { positionAt } from '../text/lines.ts'

export interface FitObject {
  readonly object: JsonRecord
  readonly resource: Resource
}

export interface FitObjects {
  /** In order of the manifests; one that replaces another stands in its place, as its pods would be the same. */
  readonly all: Iterable<FitObject>
  /** What was replaced, as notes for the reader. */
  readonly notes: readonly string[]
}

/** More are counted. */
const MOST_TWINS = 5

export function tellApart(objects: readonly FitObject[]): FitObjects {
  const generated = new Map<string, number>()
  const byKey = new Map<string, FitObject>()
  const twins = new Map<
    string,
    { readonly label: string; readonly last: Resource; readonly before: Resource }
  >()
  for (const { object: given, resource } of objects) {
    const object = nameObject(given, generated)
    const label = formatLabel(object)
    const key = toWorkload(object) ? label : `${resource.group} ${label}`
    const before = byKey.get(key)
    if (before && matters(object)) twins.set(key, { label, last: resource, before: before.resource })
    byKey.set(key, { object, resource })
  }
  const said = [...twins.values()]
    .slice(0, MOST_TWINS)
    .map(
      ({ label, last, before }) =>
        `${label} stands more than once: what counts is ${formatPlace(last)}, which replaces ${formatPlace(before)}`,
    )
  const more = twins.size - said.length
  const notes =
    more === 0 ? said : [...said, `${more} more objects stand more than once: of each the last counts`]
  return { all: byKey.values(), notes }
}

const matters = (object: JsonRecord): boolean =>
  toWorkload(object) !== undefined || toAutoscaler(object) !== undefined || takesPart(object)

/** `Pod default/web`; what is in no namespace is named alike, as nothing here depends on it. */
function formatLabel({ kind, metadata }: JsonRecord): string {
  const namespace = readString(readPath(metadata, 'namespace')) || 'default'
  return `${readString(kind)} ${namespace}/${readString(readPath(metadata, 'name'))}`
}

/** The server gives each object a name of its own where none is written. */
function nameObject(object: JsonRecord, generated: Map<string, number>): JsonRecord {
  const metadata = readRecord(object.metadata)
  if (readString(metadata.name) !== '') return object
  const label = formatLabel({ kind: object.kind, metadata: { ...metadata, name: metadata.generateName } })
  const count = (generated.get(label) ?? 0) + 1
  generated.set(label, count)
  return {
    ...object,
    metadata: { ...metadata, name: nameGenerated(readString(metadata.generateName), count) },
  }
}

function formatPlace({ root }: Resource): string {
  const { source, span } = (root.get('metadata', 'name') ?? root).locate('value')
  return `${source.id}:${positionAt(source, span.start).line + 1}`
}
