/** Benchmarks of reading and judging manifests, beside the fastest pair of general packages: js-yaml and ajv. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Ajv } from 'ajv'
import { loadAll } from 'js-yaml'
import { checkObject } from '../../kube/api/verdict.ts'
import { listResources, type Resource } from '../../kube/resource.ts'
import { openCatalog } from '../../kube/schema/catalog.ts'
import { toMinor } from '../../kube/schema/minors.ts'
import { buildSchemas, type Schemas, type Type, validate } from '../../kube/schema/schemas.ts'
import { parseSource } from '../../yaml/parse.ts'
import { readAsset } from '../agreement/assets.ts'
import { runBundled } from './bundled.ts'
import { writeCorpus } from './corpus.ts'
import { buildJsonSchema } from './json-schema.ts'
import { median } from './process.ts'

export interface BenchRow {
  readonly name: string
  readonly milliseconds: number
  /** Absent for a yardstick. */
  readonly budget?: number
}

const VERSION = '1.36'
const FILES = 1500
const ROUNDS = 7

/** The rows, measured in a process of their own. */
export const rows = (): BenchRow[] => runBundled<BenchRow[]>('src/dev/bench/schema-program.ts', []).flat()

/** Every measure with its budget in milliseconds: 60,000 documents a second with parsing, 200,000 without. */
export function listRows(): BenchRow[] {
  const texts = readCorpus()
  const schemas = buildSchemas(openCatalog(readAsset))
  const resources = texts.flatMap(parseAll)
  const thousands = (resources.length / 1000).toFixed(1)
  const checkers = compileAll(schemas, resources)
  return [
    {
      name: `parse and check ${thousands} thousand documents`,
      milliseconds: time(() => checkAll(schemas, texts.flatMap(parseAll))),
      budget: resources.length / 60,
    },
    {
      name: 'check them alone',
      milliseconds: time(() => checkAll(schemas, resources)),
      budget: resources.length / 200,
    },
    {
      name: "parse and check them, with the API server's verdict",
      milliseconds: time(() => {
        const parsed = texts.flatMap(parseAll)
        checkAll(schemas, parsed)
        judgeAll(parsed)
      }),
      budget: resources.length / 40,
    },
    {
      name: "the API server's verdict on them alone",
      milliseconds: time(() => judgeAll(resources)),
      budget: resources.length / 100,
    },
    {
      name: 'yardstick: parse and check them with js-yaml and ajv',
      milliseconds: time(() => {
        for (const text of texts)
          loadAll(text, document => checkers.get(nameOf(document as Partial<Resource>))?.(document))
      }),
    },
  ]
}

function readCorpus(): string[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-bench-'))
  try {
    writeCorpus(folder, FILES)
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter(it => it.endsWith('.yaml'))
      .sort()
      .map(it => readFileSync(path.join(folder, it), 'utf8'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const parseAll = (text: string): Resource[] =>
  (parseSource({ id: 'bench', text }) ?? []).flatMap(it => listResources(it))

const nameOf = ({ apiVersion, kind }: Partial<Resource>): string => `${apiVersion} ${kind}`

/** The number of problems, so that nothing can be left out. */
function checkAll(schemas: Schemas, resources: readonly Resource[]): number {
  const types = new Map<string, Type | undefined>()
  let problems = 0
  for (const resource of resources) {
    const name = nameOf(resource)
    if (!types.has(name)) types.set(name, schemas.findType(VERSION, resource.apiVersion, resource.kind))
    const type = types.get(name)
    if (type) problems += validate(resource.document.table, resource.root.node, type).length
  }
  return problems
}

/** The number of causes and warnings, as `checkAll` counts. */
function judgeAll(resources: readonly Resource[]): number {
  let told = 0
  for (const { root } of resources) {
    const verdict = checkObject(root.value, { minor: toMinor(VERSION)! })
    told += (verdict?.causes.length ?? 0) + (verdict?.warnings.length ?? 0)
  }
  return told
}

function time(run: () => void): number {
  const times: number[] = []
  for (let round = -2; round < ROUNDS; round++) {
    const start = performance.now()
    run()
    if (round >= 0) times.push(performance.now() - start)
  }
  return median(times)
}

/** ajv's checkers for the kinds met, from what our schemas say of them. */
function compileAll(
  schemas: Schemas,
  resources: readonly Resource[],
): ReadonlyMap<string, (document: unknown) => unknown> {
  const checkers = new Map<string, (document: unknown) => unknown>()
  for (const resource of resources) {
    if (checkers.has(nameOf(resource))) continue
    const type = schemas.findType(VERSION, resource.apiVersion, resource.kind)
    if (!type) continue
    const ajv = new Ajv({ strict: false, logger: false, allErrors: true })
    checkers.set(nameOf(resource), ajv.compile(buildJsonSchema(type)))
  }
  return checkers
}
