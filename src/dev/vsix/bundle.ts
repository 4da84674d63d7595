/** Bundles the VS Code extension: client, server, and the data that the server reads. */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BuildOptions, build } from 'esbuild'
import { formatNotices } from '../build/notices.ts'

const common: BuildOptions & { metafile: true } = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  minify: true,
  metafile: true,
  legalComments: 'none',
  logLevel: 'error',
}

/** What is in `dist` is replaced. */
export async function bundleExtension(dist: string): Promise<void> {
  rmSync(dist, { recursive: true, force: true })
  mkdirSync(dist, { recursive: true })
  const client = build({
    ...common,
    entryPoints: ['extension/src/extension.ts'],
    outfile: join(dist, 'extension.cjs'),
    format: 'cjs',
    external: ['vscode'],
  })
  const server = build({
    ...common,
    entryPoints: ['extension/src/server.ts'],
    outdir: dist,
    format: 'esm',
    splitting: true,
    chunkNames: 'server-[hash]',
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
    },
  })
  const metafiles = (await Promise.all([client, server])).map(it => it.metafile)
  cpSync('schemas', join(dist, 'schemas'), { recursive: true })
  cpSync('NOTICE', join(dist, 'NOTICE.txt'))
  writeFileSync(join(dist, 'THIRD-PARTY-NOTICES.txt'), formatNotices(metafiles))
}
