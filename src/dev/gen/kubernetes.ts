/** Writes `schemas/kubernetes/`: types, kinds, enums and lifecycles of all minors. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { PackedKinds, PackedTypes } from '../../kube/schema/pack.ts'
import { type EnumSource, type GateSource, packEnums } from './enums.ts'
import { type LifecycleSource, packKinds, packLifecycles, type ServedSource } from './kinds.ts'
import { type MinorSource, readJson, readMinors } from './kubernetes-source.ts'
import { readDocuments } from './openapi-documents.ts'
import { packTypes } from './types.ts'
import { unpackMinors } from './unpack.ts'

const TARGET = 'schemas/kubernetes'

/**
 * Writes the files and returns their paths. The folder needs only the OpenAPI documents of the minors that are new or
 * have changed: other minors, and the facts whose files it lacks, stay as they are.
 */
export function generateKubernetes(folder: string): string[] {
  const packedTypes = readIfThere<PackedTypes>(path.join(TARGET, 'types.json'))
  const packedKinds = readIfThere<PackedKinds>(path.join(TARGET, 'kinds.json'))
  const before = packedTypes && packedKinds ? unpackMinors(packedTypes, packedKinds) : []
  const sources = mergeMinors(before, readMinors(folder, readDocuments))
  const types = packTypes(sources)
  const kinds = packKinds(
    sources,
    readIfThere<ServedSource>(path.join(folder, 'servers-default-groups.json')),
    packedKinds,
  )
  const enums = readIfThere<EnumSource>(path.join(folder, 'enums.json'))
  const gates = readIfThere<GateSource>(path.join(folder, 'featuregates.json')) ?? { gates: {} }
  const lifecycles = readIfThere<LifecycleSource>(path.join(folder, 'lifecycle.json'))
  mkdirSync(TARGET, { recursive: true })
  return [
    write('types.json', types, 3),
    write('kinds.json', kinds, 3),
    ...(enums ? [write('enums.json', packEnums(enums, gates, types, kinds), 1)] : []),
    ...(lifecycles ? [write('lifecycle.json', packLifecycles(lifecycles, types.minors[0]!), 2)] : []),
  ]
}

const readIfThere = <T>(file: string): T | undefined => (existsSync(file) ? (readJson(file) as T) : undefined)

/** New documents win over what was packed of the same minor. */
function mergeMinors(before: readonly MinorSource[], read: readonly MinorSource[]): MinorSource[] {
  const replaced = new Set(read.map(it => it.minor))
  return [...before.filter(it => !replaced.has(it.minor)), ...read].sort((a, b) => a.minor - b.minor)
}

function write(name: string, value: unknown, depth: number): string {
  const file = path.posix.join(TARGET, name)
  writeFileSync(file, formatLines(value, depth))
  return file
}

/** JSON with a line for each entry down to a depth, so that a new minor reads as a small difference; no other blanks. */
export function formatLines(value: unknown, depth: number): string {
  return `${format(value, depth)}\n`
}

function format(value: unknown, depth: number): string {
  if (depth === 0 || typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value))
    return typeof value[0] === 'object'
      ? `[\n${value.map(it => format(it, depth - 1)).join(',\n')}\n]`
      : JSON.stringify(value)
  const entries = Object.entries(value).map(([key, it]) => `${JSON.stringify(key)}:${format(it, depth - 1)}`)
  return `{\n${entries.join(',\n')}\n}`
}
