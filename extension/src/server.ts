/** The language server as VS Code starts it: all rules, and the packaged data beside it. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { rules } from '../../rules/index.ts'
import { startServer } from '../../src/lsp/server.ts'
import manifest from '../package.json' with { type: 'json' }

await startServer({
  transport: process.argv.includes('--node-ipc') ? 'ipc' : 'stdio',
  version: manifest.version,
  rules,
  readAsset(name) {
    const path = fileURLToPath(new URL(name, import.meta.url))
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined
  },
})
