/** Writes `schemas/crds/`: custom resource definitions, one file a group, and an index of what is in them. */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { PackedCrdIndex, PackedCrds, PackedSchema } from '../../kube/schema/pack.ts'
import type { LifecycleSource } from './kinds.ts'
import { packComponentLifecycles } from './kinds.ts'
import { formatLines } from './kubernetes.ts'
import { readJson } from './kubernetes-source.ts'

const TARGET = 'schemas/crds'

interface CrdSource {
  readonly group: string
  readonly resources: readonly ResourceSource[]
}
interface ResourceSource {
  readonly kind: string
  readonly plural: string
  readonly scope: 'Namespaced' | 'Cluster'
  readonly versions: readonly {
    readonly name: string
    readonly served: boolean
    readonly deprecated?: true
    readonly deprecationWarning?: string
    readonly subresources?: object
    readonly schema?: object
  }[]
}

/** Writes the files and returns their paths. Files of groups that are gone are removed. */
export function generateCrds(folder: string): string[] {
  const below = path.join(folder, 'crds')
  if (!existsSync(below)) return []
  const groups = readdirSync(below)
    .filter(it => it.endsWith('.json.gz') || it.endsWith('.json'))
    .sort()
    .map(it => openEnums(readJson(path.join(below, it)) as CrdSource))
  rmSync(TARGET, { recursive: true, force: true })
  mkdirSync(TARGET, { recursive: true })
  const lifecycles = readJson(path.join(folder, 'lifecycle.json')) as LifecycleSource
  const files = groups.map(it => writeFile(`${it.group}.json`, packCrds(it), 2))
  files.push(writeFile('index.json', packIndex(groups), 2))
  files.push(writeFile('lifecycle.json', packComponentLifecycles(lifecycles), 2))
  return files
}

/**
 * Enumerations that clusters add to: flux-operator and others patch their kinds into the sources of Flux's alerts and
 * receivers, so that what the definition says as it is published proves nothing.
 */
const ENLARGED: Readonly<Record<string, string>> = { 'notification.toolkit.fluxcd.io': 'kind' }

function openEnums(source: CrdSource): CrdSource {
  const field = ENLARGED[source.group]
  if (field === undefined) return source
  const open = (child: object, place: string): object => {
    const { enum: closed, ...rest } = mapChildren(child, open) as Keyed
    return place === field || closed === undefined ? rest : { ...rest, enum: closed }
  }
  return {
    ...source,
    resources: source.resources.map(it => ({
      ...it,
      versions: it.versions.map(version =>
        version.schema ? { ...version, schema: open(version.schema, '') } : version,
      ),
    })),
  }
}

function writeFile(name: string, value: unknown, depth: number): string {
  const file = path.posix.join(TARGET, name)
  writeFileSync(file, formatLines(value, depth))
  return file
}

function packIndex(groups: readonly CrdSource[]): PackedCrdIndex {
  return Object.fromEntries(
    groups.map(({ group, resources }) => [
      group,
      Object.fromEntries(
        resources.map(it => [
          it.kind,
          [
            it.plural,
            it.scope === 'Namespaced' ? 'N' : 'C',
            ...it.versions.filter(version => version.served).map(version => version.name),
          ].join(' '),
        ]),
      ),
    ]),
  )
}

/** Definitions embed the same schemas (pod specs, references) many times: those that repeat are written once. */
function packCrds({ group, resources }: CrdSource): PackedCrds {
  const pool = createPool(resources.flatMap(it => it.versions.map(version => version.schema ?? {})))
  return {
    group,
    resources: resources.map(({ kind, plural, scope, versions }) => ({
      kind,
      plural,
      scope,
      versions: versions.map(({ name, served, deprecated, deprecationWarning, subresources, schema }) => ({
        name,
        served,
        ...(deprecated && { deprecated, deprecationWarning }),
        ...(subresources && 'status' in subresources && { status: true as const }),
        ...(schema && { schema: pool.pack(schema) }),
      })),
    })),
    pool: pool.schemas,
  }
}

interface Pool {
  readonly schemas: PackedSchema[]
  pack(schema: object): PackedSchema
}

/** Shorter schemas cost less than a reference that one has to follow. */
const SMALLEST_POOLED = 60

function createPool(roots: readonly object[]): Pool {
  const counts = new Map<string, number>()
  const count = (schema: object): void => {
    const text = JSON.stringify(schema)
    const seen = counts.get(text) ?? 0
    counts.set(text, seen + 1)
    if (seen === 0) for (const [, child] of listChildren(schema)) count(child)
  }
  for (const root of roots) count(root)

  const schemas: PackedSchema[] = []
  const pooled = new Map<string, number>()
  const packInline = (schema: object): PackedSchema => mapChildren(schema, pack)
  const pack = (schema: object): PackedSchema => {
    const text = JSON.stringify(schema)
    if (text.length < SMALLEST_POOLED || counts.get(text)! < 2) return packInline(schema)
    const known = pooled.get(text)
    if (known !== undefined) return known
    const index = schemas.length
    pooled.set(text, index)
    schemas.push(0)
    schemas[index] = packInline(schema)
    return index
  }
  return { schemas, pack }
}

type Keyed = Readonly<Record<string, unknown>>

/** Sub-schemas with the place they stand in. */
function listChildren(schema: object): [place: string, child: object][] {
  const children: [string, object][] = []
  mapChildren(schema, (child, place) => {
    children.push([place, child])
    return 0
  })
  return children
}

/** The schema with each sub-schema replaced. */
function mapChildren(
  schema: object,
  replace: (child: object, place: string) => PackedSchema | object,
): Exclude<PackedSchema, number> {
  const mapped: Record<string, unknown> = { ...schema }
  const { properties, items, additionalProperties, not } = schema as Keyed
  if (isObject(properties))
    mapped.properties = Object.fromEntries(
      Object.entries(properties).map(([key, child]) => [key, replace(child as object, key)]),
    )
  if (isObject(items)) mapped.items = replace(items, 'items')
  if (isObject(additionalProperties)) mapped.additionalProperties = replace(additionalProperties, '*')
  if (isObject(not)) mapped.not = replace(not, 'not')
  for (const word of ['allOf', 'anyOf', 'oneOf']) {
    const list = (schema as Keyed)[word]
    if (Array.isArray(list)) mapped[word] = list.map(child => replace(child as object, word))
  }
  return mapped
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
