/** Warnings about volumes of pods: kinds that are gone, files that hide each other. */
import { type Check, child, descend, type Field, index, warn } from './field.ts'
import { warnAboutFraction } from './fraction-warning.ts'
import { isObj, isSet, type Obj, object, objects, text, toObject } from './object.ts'
import { toResourceList } from './resources.ts'

/** By key, in the server's order: what it says, and what it calls the field when that differs. */
const DEPRECATED: readonly (readonly [name: string, message: string, shown?: string])[] = [
  ['photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['gitRepo', 'deprecated in v1.11, and disabled by default in v1.33+'],
  ['scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['flocker', 'deprecated in v1.22, non-functional in v1.25+'],
  ['storageos', 'deprecated in v1.22, non-functional in v1.25+', 'storageOS'],
  ['quobyte', 'deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  ['ephemeral', ''],
  ['cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['rbd', 'deprecated in v1.28, non-functional in v1.31+'],
]

export function warnAboutVolumes(check: Check, volumes: readonly Obj[], field: Field): void {
  for (const [at, volume] of volumes.entries())
    for (const [name, message, shown] of DEPRECATED) {
      if (!isObj(volume[name])) continue
      const place = index(field, at)
      if (name === 'ephemeral') warnAboutClaimTemplate(check, volume[name], child(place, name))
      else
        warn(
          check,
          child(place, shown ?? name),
          name === 'gitRepo' && check.minor < 33 ? 'deprecated in v1.11' : message,
        )
    }
  for (const volume of volumes) warnAboutOverlaps(check, volume)
}

function warnAboutClaimTemplate(check: Check, ephemeral: Obj, field: Field): void {
  const template = toObject(ephemeral, 'volumeClaimTemplate')
  if (template)
    warnAboutClaimSpec(check, object(template, 'spec'), descend(field, 'volumeClaimTemplate', 'spec'))
}

/** `GetWarningsForPersistentVolumeClaimSpec`. */
export function warnAboutClaimSpec(check: Check, spec: Obj, field: Field): void {
  const resources = object(spec, 'resources')
  for (const name of ['requests', 'limits'])
    warnAboutFraction(check, toResourceList(resources, name), descend(field, 'resources', name), 'storage')
}

interface PlacedPath {
  readonly path: string
  readonly source: string
}

const formatPlaced = ({ path, source }: PlacedPath): string =>
  source === '' ? JSON.stringify(path) : `${JSON.stringify(path)} (${source})`

/** `warningsForOverlappingVirtualPaths`. */
function warnAboutOverlaps(check: Check, volume: Obj): void {
  const name = JSON.stringify(text(volume, 'name'))
  const report = (kind: string, paths: readonly PlacedPath[]): void => {
    for (const overlap of listOverlaps(paths))
      check.warnings.push(`volume ${name} (${kind}): overlapping paths: ${overlap}`)
  }
  const configMap = toObject(volume, 'configMap')
  if (configMap) report(`ConfigMap ${JSON.stringify(text(configMap, 'name'))}`, listPaths(configMap, ''))
  const secret = toObject(volume, 'secret')
  if (secret) report(`Secret ${JSON.stringify(text(secret, 'secretName'))}`, listPaths(secret, ''))
  const downward = toObject(volume, 'downwardAPI')
  if (downward) report('DownwardAPI', listPaths(downward, ''))
  const projected = toObject(volume, 'projected')
  if (!projected) return
  const paths: PlacedPath[] = []
  for (const source of objects(projected, 'sources')) {
    if (SOURCES.some(it => isObj(source[it]))) paths.push(...listProjectedPaths(source))
    // Sources behind closed gates are dropped, so that nothing is left.
    else check.warnings.push(`volume ${name} (Projected) has no sources provided`)
  }
  report('Projected', paths)
}

const SOURCES = ['configMap', 'secret', 'downwardAPI', 'serviceAccountToken']

function listProjectedPaths(source: Obj): readonly PlacedPath[] {
  const configMap = toObject(source, 'configMap')
  if (configMap && isSet(configMap, 'items'))
    return listPaths(configMap, `ConfigMap ${JSON.stringify(text(configMap, 'name'))}`)
  const secret = toObject(source, 'secret')
  if (secret && isSet(secret, 'items'))
    return listPaths(secret, `Secret ${JSON.stringify(text(secret, 'name'))}`)
  const downward = toObject(source, 'downwardAPI')
  if (downward && isSet(downward, 'items')) return listPaths(downward, 'DownwardAPI')
  const token = toObject(source, 'serviceAccountToken')
  return token ? [{ path: trimSlashes(text(token, 'path')), source: 'ServiceAccountToken' }] : []
}

const listPaths = (owner: Obj, source: string): PlacedPath[] =>
  objects(owner, 'items').map(it => ({ path: trimSlashes(text(it, 'path')), source }))

function trimSlashes(path: string): string {
  let end = path.length
  while (end > 0 && path[end - 1] === '/') end--
  return path.slice(0, end)
}

/** More than the server sends, whose warnings are 4096 characters together. */
const MOST_OVERLAPS = 1000

/** `checkVolumeMappingForOverlap`; what is the same as an overlap before is left out, as the server sends it once. */
function listOverlaps(paths: readonly PlacedPath[]): string[] {
  const nested = listNested(paths)
  const overlaps = new Set<string>()
  for (const [at, it] of nested.entries()) {
    const own = `${it.path}/`
    for (let i = 0; i < at && overlaps.size < MOST_OVERLAPS; i++) {
      const other = nested[i]!
      const its = `${other.path}/`
      if (own.startsWith(its) || its.startsWith(own))
        overlaps.add(`${formatPlaced(it)} with ${formatPlaced(other)}`)
    }
  }
  return [...overlaps]
}

/** Paths beyond this number that are the same in all give no new overlaps. */
const MOST_EQUAL = 4

/** The paths that are within another one or have one within: in order of their texts these stand side by side. */
function listNested(paths: readonly PlacedPath[]): readonly PlacedPath[] {
  const counts = new Map<string, number>()
  const some = paths.filter(it => {
    const key = formatPlaced(it)
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    return it.path !== '' && count <= MOST_EQUAL
  })
  const sorted = some.map(it => ({ it, below: `${it.path}/` }))
  sorted.sort((a, b) => (a.below < b.below ? -1 : a.below > b.below ? 1 : 0))
  const nested = new Set<PlacedPath>()
  let outer = sorted[0]
  for (const inner of sorted.slice(1)) {
    if (outer && inner.below.startsWith(outer.below)) nested.add(outer.it).add(inner.it)
    else outer = inner
  }
  return some.filter(it => nested.has(it))
}
