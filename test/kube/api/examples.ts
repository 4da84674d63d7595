/** Valid objects of every kind that the server checks, from the recorded verdicts. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { Obj } from '../../../src/kube/api/object.ts'

interface Case {
  readonly op: string
  readonly manifest?: Obj
}

interface Answer {
  readonly code: number
}

const readLines = <T>(name: string): readonly T[] =>
  gunzipSync(readFileSync(`test/conformance/apiserver/${name}.jsonl.gz`))
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map(it => JSON.parse(it) as T)

/** Up to two objects a kind from each of two sets, rich ones and small ones, that the server took. */
function readExamples(): ReadonlyMap<string, readonly Obj[]> {
  const examples = new Map<string, Obj[]>()
  for (const [set, most] of [
    ['systematic-a-1.34', 2],
    ['aimed', 4],
  ] as const) {
    const answers = readLines<Answer>(`${set}.out`)
    for (const [at, { manifest }] of readLines<Case>(`${set}.in`).entries()) {
      if (!manifest || answers[at]!.code !== 201) continue
      const key = `${manifest.apiVersion} ${manifest.kind}`
      const known = examples.get(key) ?? []
      if (known.length < most) known.push(manifest)
      examples.set(key, known)
    }
  }
  return examples
}

export const examples = readExamples()
