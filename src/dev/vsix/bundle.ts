/** Bundles the VS Code extension: client, server, and the data that the server reads. */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BuildOptions, build } from 'esbuild'
import { rules } from '../../../rules/index.ts'
import { buildConfigSchema } from '../../config/schema.ts'
import { ownRules } from '../../engine/own-rules.ts'
import { diskHost } from '../../host/disk.ts'
import { openCatalog } from '../../kube/schema/catalog.ts'

const common: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  minify: true,
  logLevel: 'error',
}

/** `root` is the repository; what is in `dist` is replaced. */
export async function bundleExtension(root: string, dist: string): Promise<void> {
  rmSync(dist, { recursive: true, force: true })
  mkdirSync(join(dist, 'schemas'), { recursive: true })
  await build({
    ...common,
    entryPoints: [join(root, 'extension/src/extension.ts')],
    outfile: join(dist, 'extension.cjs'),
    format: 'cjs',
    external: ['vscode'],
  })
  await build({
    ...common,
    entryPoints: [join(root, 'extension/src/server.ts')],
    outdir: dist,
    format: 'esm',
    splitting: true,
    chunkNames: 'server-[hash]',
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
    },
  })
  for (const folder of ['kubernetes', 'crds'])
    cpSync(join(root, 'schemas', folder), join(dist, 'schemas', folder), { recursive: true })
  writeFileSync(join(dist, 'schemas/config.json'), formatConfigSchema(root))
}

/** For editors that complete plimsoll.yaml by its schema. */
function formatConfigSchema(root: string): string {
  const host = diskHost(root)
  const { versions } = openCatalog(name => host.read(name).text)
  return JSON.stringify(buildConfigSchema([...rules, ...ownRules], versions))
}
