/** Bundler plugins that keep a run from loading what it does not use. */
import { createRequire } from 'node:module'
import type { Plugin } from 'esbuild'

const require = createRequire(import.meta.url)

/**
 * Turns imports of packages into reads of a module that is required at the first of them, `./<package>.js`. The bundler
 * keeps imported names as properties that are read where they are used, so nothing of this shows in the sources.
 */
export function loadLate(packages: readonly string[]): Plugin {
  const names = new RegExp(`^(?:${packages.join('|')})$`)
  return {
    name: 'load-late',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: names }, ({ path }) => ({ path, namespace: 'late' }))
      onResolve({ filter: /^\.\//, namespace: 'late' }, ({ path }) => ({ path, external: true }))
      onLoad({ filter: /.*/, namespace: 'late' }, ({ path }) => ({ contents: formatStub(path) }))
    },
  }
}

function formatStub(name: string): string {
  const loaded: unknown = require(name)
  const load = `require('./${name}.js')`
  if (typeof loaded === 'function') return `module.exports = (...args) => ${load}(...args)`
  const getters = Object.keys(loaded as object)
    .filter(it => it !== '__esModule' && it !== 'default')
    .map(it => `${it}: { enumerable: true, get: () => ${load}.${it} }`)
  return `Object.defineProperties(exports, { __esModule: { value: true }, ${getters.join(', ')} })`
}

/** commander loads `node:child_process`, 4 ms, for sub-commands that are programs of their own. We have none. */
export const withoutSubprograms: Plugin = {
  name: 'without-subprograms',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ path, importer }) =>
      importer.includes('commander') ? { path, namespace: 'absent' } : undefined,
    )
    onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: 'module.exports = {}' }))
  },
}
