/** What the tests start: the server over stdio with the rules of the tests. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startServer } from '../../src/lsp/server.ts'
import { rules } from './rules.ts'

const root = process.argv[2]!
const readAsset = (name: string): string => readFileSync(join(root, name), 'utf8')
await startServer({ transport: 'stdio', version: '1.2.3', rules, readAsset })
