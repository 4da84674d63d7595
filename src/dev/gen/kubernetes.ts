/** Writes `schemas/kubernetes/`: types, kinds, enums and lifecycles of all minors in a folder of source data. */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type EnumSource, type GateSource, packEnums } from './enums.ts'
import { type LifecycleSource, listKinds, packKinds, packLifecycles, type ServedSource } from './kinds.ts'
import { readJson, readMinors } from './kubernetes-source.ts'
import { packTypes } from './types.ts'

const TARGET = 'schemas/kubernetes'

/** Writes the files and returns their paths. */
export function generateKubernetes(folder: string): string[] {
  const sources = readMinors(folder)
  const minors = sources.map(it => it.minor)
  const kinds = listKinds(sources)
  const types = packTypes(sources, new Set(kinds.map(it => it.definition)))
  const lifecycles = readJson(path.join(folder, 'lifecycle.json')) as LifecycleSource
  const served = readJson(path.join(folder, 'servers-default-groups.json')) as ServedSource
  const enums = readJson(path.join(folder, 'enums.json')) as EnumSource
  const gates = readJson(path.join(folder, 'featuregates.json')) as GateSource
  const packedKinds = packKinds(kinds, minors, served)
  const files: Record<string, unknown> = {
    'types.json': types,
    'kinds.json': packedKinds,
    'enums.json': packEnums(enums, gates, types, packedKinds),
    'lifecycle.json': packLifecycles(lifecycles, types.minors[0]!),
  }
  mkdirSync(TARGET, { recursive: true })
  return Object.entries(files).map(([name, value]) => {
    const file = path.posix.join(TARGET, name)
    writeFileSync(file, formatLines(value, name === 'enums.json' ? 1 : name === 'lifecycle.json' ? 2 : 3))
    return file
  })
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
