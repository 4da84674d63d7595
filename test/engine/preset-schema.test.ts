/** The preset `schema`, from text to findings, against recorded verdicts of kube-apiserver: errors where it refuses. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { rules } from '../../rules/index.ts'
import { isPlaceholderText } from '../../src/engine/placeholders.ts'
import type { Json, JsonObject } from '../../src/yaml/json.ts'
import { check } from '../harness/check.ts'

interface Case {
  readonly id: string
  readonly op: string
  readonly manifest?: JsonObject
}

interface Recorded {
  readonly code: number
  readonly message?: string
}

const folder = 'test/conformance/apiserver'
const readLines = (name: string): string[] =>
  gunzipSync(readFileSync(`${folder}/${name}.jsonl.gz`))
    .toString()
    .trimEnd()
    .split('\n')

const definitions = new Map(
  readLines('crds').map(it => [
    `${(JSON.parse(it) as { metadata: { name: string } }).metadata.name}.json`,
    it,
  ]),
)

/** JavaScript rounds the numbers of other cases when it reads their lines. */
const isExact = (line: string): boolean => !/[0-9]{16}|[0-9]\.0\b/.test(line)

/** Faults of the cluster, and what a dry run does not look at. */
const DEPENDS = /not configured (?:on|for)|provided port is not in the valid range/

test.each([
  ['aimed', 5],
  ['systematic-a', 23],
  ['crd', 3],
])('%s, a part', async (set, step) => {
  const answers = readLines(`${set}.out`)
  const cases = readLines(`${set}.in`).flatMap((line, i) => {
    const given = JSON.parse(line) as Case
    const recorded = JSON.parse(answers[i]!) as Recorded
    const isTaken = i % step === 0 && isExact(line) && given.op === 'create' && !isOfCluster(recorded)
    return isTaken && given.manifest ? [{ given, manifest: given.manifest, recorded }] : []
  })
  const texts = cases.map(({ given, manifest }) => [`${given.id}.json`, JSON.stringify(manifest)])
  const found = await check(Object.fromEntries([...definitions, ...texts]), rules, {
    presets: ['schema'],
    kubernetes: '1.36',
  })
  const errors = new Map<string, string[]>()
  for (const { severity, message, location } of found)
    if (severity === 'error' && !DEPENDS.test(message))
      errors.set(location.source.id, [...(errors.get(location.source.id) ?? []), message])
  const wrong = cases.flatMap(({ given: { id }, manifest, recorded }) => {
    const said = errors.get(`${id}.json`) ?? []
    const accepted = recorded.code === 200 || recorded.code === 201
    if (accepted === (said.length === 0) || (!accepted && hasPlaceholder(manifest))) return []
    return [`${id}: ${recorded.message ?? 'accepted'}, ${said.join(' | ')}`]
  })
  expect(wrong).toEqual([])
})

const isOfCluster = ({ code, message }: Recorded): boolean =>
  code === 403 || code === 404 || DEPENDS.test(message ?? '')

/** Values that are filled in later are not judged. */
function hasPlaceholder(value: Json): boolean {
  if (typeof value === 'string') return isPlaceholderText(value)
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([key, it]) => isPlaceholderText(key) || hasPlaceholder(it))
}
