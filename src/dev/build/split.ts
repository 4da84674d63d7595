/** Bundles a program into CommonJS files that load when they are needed and share their modules. */
import path from 'node:path'
import { type BuildOptions, build, type CommonOptions, type Metafile, transform } from 'esbuild'
import type { SplitFile } from './merge-chunks.ts'

export interface BundledFile {
  readonly name: string
  readonly text: string
}

/** What the code is written for. */
type Shape = Required<Pick<CommonOptions, 'platform' | 'target' | 'minify'>>

/**
 * The bundler splits ES modules only, so each of its files is turned into CommonJS afterwards: `import()` becomes a
 * `require` at the time of the call.
 */
export async function bundleSplit(
  options: BuildOptions & Shape,
): Promise<{ files: SplitFile[]; metafile: Metafile }> {
  const { outputFiles, metafile } = await build({
    ...options,
    outdir: '.',
    format: 'esm',
    splitting: true,
    metafile: true,
    write: false,
  })
  const { platform, target, minify } = options
  const files = outputFiles.map(async ({ path: file, text }) => {
    const { code } = await transform(bindSiblings(text), {
      ...{ platform, target, minify },
      format: 'cjs',
      supported: { 'dynamic-import': false },
    })
    return { name: path.basename(file), text: code, needs: listSiblings(text) }
  })
  return { files: await Promise.all(files), metafile }
}

const listSiblings = (text: string): string[] =>
  [...text.matchAll(/\b(?:import|from)\s*"\.\/([^"]+)"/g)].map(it => it[1]!)

/**
 * Bindings of the other files are read once. Left to the bundler, each use of one would go through two getters, which
 * was a seventh of a run over 3,500 files. No module of ours exports a variable that changes later.
 */
function bindSiblings(text: string): string {
  return text.replaceAll(
    /\bimport\s*\{([^}]*)\}\s*from\s*"(\.\/[^"]+)";?/g,
    (_, names: string, file: string) => `const{${names.replaceAll(/\s+as\s+/g, ':')}}=require("${file}");`,
  )
}
