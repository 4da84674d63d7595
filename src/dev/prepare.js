/**
 * Builds after an installation: `npm ci`, `npm pack`, and installations from Git. npm promises development dependencies
 * to the last of these and forgets them when it installs globally (npm/cli#8440), as pre-commit does; so they are
 * fetched here if they are missing. JavaScript, because nothing that runs TypeScript may be there yet.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Standard output stays empty: some callers of `npm pack` read the package's name from it. */
function npm(...args) {
  const { npm_config_global: _, ...env } = process.env
  const { status } = spawnSync('npm', args, { env, stdio: ['ignore', 2, 2], shell: true })
  if (status !== 0) process.exit(status ?? 1)
}

if (!existsSync('node_modules/tsx')) npm('install', '--no-save', '--ignore-scripts')
npm('run', '--silent', 'build')
