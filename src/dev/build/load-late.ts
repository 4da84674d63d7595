/** Bundler plugins that keep a run from loading what it does not use. */
import type { Plugin } from 'esbuild'

/**
 * Turns imports of packages into reads of a module that is required at the first of them. The bundler keeps imported
 * names as properties that are read where they are used, so nothing of this shows in the sources.
 */
export function loadLate(packages: readonly string[]): Plugin {
  const names = new RegExp(`^(?:${packages.join('|')})$`)
  return {
    name: 'load-late',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: names }, ({ path }) => ({ path, namespace: 'late' }))
      onResolve({ filter: /^\.\//, namespace: 'late' }, ({ path }) => ({ path, external: true }))
      onLoad({ filter: /.*/, namespace: 'late' }, async ({ path }) => ({ contents: await formatStub(path) }))
    },
  }
}

/** The file of a package, or of a module of one: `@noble/ciphers/aes.js` is in `noble-ciphers-aes.js`. */
export const lateFile = (name: string): string =>
  `${name.replace(/^@/, '').replace(/\.js$/, '').replaceAll('/', '-')}.js`

async function formatStub(name: string): Promise<string> {
  const loaded = (await import(name)) as Record<string, unknown>
  const load = `require('./${lateFile(name)}')`
  if (typeof loaded.default === 'function') return `module.exports = (...args) => ${load}(...args)`
  const getters = Object.keys(loaded)
    .filter(it => !/^(?:__esModule|default|module\.exports)$/.test(it))
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
