/**
 * `npm run build [-- FOLDER]` bundles the command into `dist/cli.js`: minified CommonJS, beside it what few runs need.
 * Measured on Node 20 with one small manifest, CPU above that of Node alone: ES modules in chunks 78 ms, one CommonJS
 * file 60 ms, CommonJS files that load late 46 ms. Compiling costs 1 ms for each 30 KB, used or not.
 */
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type BuildOptions, build } from 'esbuild'
import { lateTexts } from './build/late-texts.ts'
import { lateFile, loadLate, withoutSubprograms } from './build/load-late.ts'
import { mergeChunks } from './build/merge-chunks.ts'
import { formatNotices } from './build/notices.ts'
import { type BundledFile, bundleSplit } from './build/split.ts'

const folder = process.argv[2] ?? 'dist'
/** Packages that modules of the main way import, and that few runs call. */
const latePackages = ['re2js', 'picomatch', 'ignore', 'fflate', '@noble/ciphers/aes.js']

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
} satisfies BuildOptions

const texts = lateTexts()
const command = await bundleSplit({
  ...common,
  entryPoints: { main: 'src/cli/main.ts', part: 'src/cli/parts/part.ts' },
  plugins: [loadLate(latePackages), withoutSubprograms, texts.plugin],
  define: { 'import.meta.url': 'importMetaUrl' },
})
const packages = await Promise.all(
  latePackages.map(name =>
    build({
      ...common,
      stdin: { contents: `module.exports = require('${name}')`, resolveDir: '.' },
      outfile: lateFile(name),
      format: 'cjs',
      metafile: true,
      write: false,
    }),
  ),
)

const importMetaUrl = "const importMetaUrl=require('node:url').pathToFileURL(__filename).href;"
const files: readonly BundledFile[] = [
  ...mergeChunks(command.files, ['main', 'lint', 'render']).map(({ name, text }) => ({
    name,
    text: `${text.includes('importMetaUrl') ? importMetaUrl : ''}${text}`,
  })),
  texts.toFile(),
  ...packages.flatMap(it =>
    it.outputFiles.map(file => ({ name: path.basename(file.path), text: file.text })),
  ),
]

const digest = createHash('sha256')
for (const { name, text } of files) digest.update(`${name}\n${text}`)
const start = await build({
  ...common,
  entryPoints: ['src/cli/start.ts'],
  format: 'cjs',
  banner: { js: '#!/usr/bin/env node' },
  define: { BUILD: JSON.stringify(digest.digest('hex').slice(0, 16)) },
  write: false,
})

// A build that fails leaves the one before in place.
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
for (const { name, text } of [...files, { name: 'cli.js', text: start.outputFiles[0]!.text }]) {
  writeFileSync(path.join(folder, name), text)
  console.error(`${name} ${(text.length / 1024).toFixed(0)} KB`)
}
chmodSync(path.join(folder, 'cli.js'), 0o755)
// The package's own modules are ES modules; what is bundled is not.
writeFileSync(path.join(folder, 'package.json'), '{ "type": "commonjs" }\n')
const notices = formatNotices([command.metafile, ...packages.map(it => it.metafile)])
writeFileSync(path.join(folder, 'THIRD-PARTY-NOTICES.txt'), notices)
