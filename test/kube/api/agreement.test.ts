/** The recorded verdicts of a real server on new objects and on updates: each is met. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { openScope } from '../../../src/kube/api/compile-expressions.ts'
import type { Obj } from '../../../src/kube/api/object.ts'
import { checkObject } from '../../../src/kube/api/verdict.ts'

interface Case {
  readonly id: string
  readonly minor: string
  readonly manifest: Obj
  readonly old?: Obj
}

interface Answer {
  readonly code: number
  readonly causes: readonly { readonly reason: string; readonly field: string }[]
}

const readLines = <T>(name: string): readonly T[] =>
  gunzipSync(readFileSync(`test/conformance/apiserver/${name}.jsonl.gz`))
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map(it => JSON.parse(it) as T)

const cluster = { serviceFamilies: ['IPv4'], namespaceLabels: {} }
const OUT_OF_RANGE = 'provided port is not in the valid range'

/** Cases that differ in the places of their causes; what does not decode and what admission refuses is left out. */
function listDifferences(set: string): readonly string[] {
  const answers = readLines<Answer>(`${set}.out`)
  return readLines<Case>(`${set}.in`).flatMap(({ id, minor, manifest, old }, at) => {
    const { code, causes } = answers[at]!
    if (![200, 201, 422].includes(code) || manifest.kind === 'CustomResourceDefinition') return []
    const options = { minor: Number(minor.split('.')[1]), openScope, cluster, ...(old && { old }) }
    const ours = checkObject(manifest, options)?.causes ?? []
    // A dry run does not look at the range of node ports.
    if (code !== 422 && ours.every(it => it.message.includes(OUT_OF_RANGE))) return []
    const placesOf = (of: Answer['causes']): string =>
      [...new Set(of.map(it => `${it.reason} ${it.field}`))].sort().join(', ')
    return placesOf(ours) === placesOf(causes) ? [] : [id]
  })
}

test.each(['aimed', 'aimed-1.34', 'update', 'update-1.34'])('%s', set =>
  expect(listDifferences(set)).toEqual([]),
)
