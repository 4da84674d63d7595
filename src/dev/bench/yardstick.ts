/** The yardstick as a program: js-yaml and ajv over the files of a folder, schemas given. Prints the number of faults. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { Ajv, type ValidateFunction } from 'ajv'
import { loadAll } from 'js-yaml'

const [, , schemaFile, folder] = process.argv as unknown as [string, string, string, string]
const schemas = JSON.parse(readFileSync(schemaFile, 'utf8')) as Readonly<Record<string, object>>
const checkers = new Map<string, ValidateFunction>()
let documents = 0
let faults = 0

for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
  if (!/\.ya?ml$/.test(name)) continue
  try {
    loadAll(readFileSync(path.join(folder, name), 'utf8'), judge)
  } catch {
    faults++
  }
}
process.stdout.write(`${documents} documents, ${faults} faults\n`)

function judge(document: unknown): void {
  const { apiVersion, kind } = (document ?? {}) as { readonly apiVersion?: string; readonly kind?: string }
  const name = `${apiVersion} ${kind}`
  if (!Object.hasOwn(schemas, name)) return
  let check = checkers.get(name)
  if (!check) {
    check = new Ajv({ strict: false, logger: false, allErrors: true }).compile(schemas[name]!)
    checkers.set(name, check)
  }
  documents++
  if (!check(document)) faults++
}
