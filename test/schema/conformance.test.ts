/** What a real kube-apiserver said: nothing that it accepts is refused, and what it cannot decode is. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { schemaVerdict, type Verdict } from '../../src/dev/agreement/verdict.ts'
import { type CustomResource, linkCrd } from '../../src/kube/schema/crd.ts'
import type { Json } from '../../src/yaml/json.ts'
import { parseSource } from '../../src/yaml/parse.ts'

const FOLDER = 'test/conformance/apiserver'

const readLines = (name: string): string[] =>
  gunzipSync(readFileSync(`${FOLDER}/${name}.jsonl.gz`))
    .toString()
    .split('\n')
    .filter(it => it !== '')

interface Case {
  readonly id: string
  readonly minor: string
  readonly manifest: Json
  readonly crds?: readonly string[]
}

const crds = new Map<string, readonly CustomResource[]>(
  readLines('crds').map(it => {
    const definition = JSON.parse(it) as { readonly metadata: { readonly name: string } }
    return [definition.metadata.name, [linkCrd(definition as unknown as Json)!]]
  }),
)

const judge = ({ manifest, minor, crds: names }: Case): Verdict => {
  const document = parseSource({ id: 'case', text: JSON.stringify(manifest) })![0]!
  return schemaVerdict(document, { version: minor, crds: crds.get(names?.[0] ?? '') ?? [] })
}

/** JavaScript rounds the integers of these cases when it reads their lines; the agreement command does not. */
const isExact = (line: string): boolean => !/[0-9]{16}|[0-9]\.0\b/.test(line)

describe.each(['aimed', 'aimed-1.34', 'crd', 'crd-1.34'])('%s', name => {
  const lines = readLines(`${name}.in`)
  const answers = readLines(`${name}.out`).map(it => JSON.parse(it) as { readonly code: number })
  const cases = lines.flatMap((line, i) =>
    isExact(line) ? [{ given: JSON.parse(line) as Case, code: answers[i]!.code }] : [],
  )

  test('nothing that the server accepts is refused', () => {
    const refused = cases.filter(({ given, code }) => {
      if (code !== 200 && code !== 201) return false
      const { causes, decodeError } = judge(given)
      return causes.length > 0 || decodeError !== undefined
    })
    expect(refused.map(it => it.given.id)).toEqual([])
  })

  test('what the server cannot decode is refused', () => {
    const passed = cases.filter(({ given, code }) => code === 400 && judge(given).decodeError === undefined)
    expect(passed.map(it => it.given.id)).toEqual([])
  })
})
