/** Bundles a program into CommonJS files that load when they are needed and share their modules. */
import path from 'node:path'
import { type BuildOptions, build, type CommonOptions, type Metafile, transform } from 'esbuild'

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
): Promise<{ files: BundledFile[]; metafile: Metafile }> {
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
    const { code } = await transform(text, {
      ...{ platform, target, minify },
      format: 'cjs',
      supported: { 'dynamic-import': false },
    })
    return { name: path.basename(file), text: code }
  })
  return { files: await Promise.all(files), metafile }
}
