/** Runs a benchmark program in a process of its own, bundled as the command is shipped: tsx slows inner functions down. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buildSync } from 'esbuild'

/** What the program prints as JSON, once for each list of arguments. */
export function runBundled<T>(entry: string, ...runs: readonly (readonly string[])[]): T[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-bench-'))
  try {
    const program = path.join(folder, 'program.cjs')
    buildSync({
      entryPoints: [entry],
      outfile: program,
      bundle: true,
      minify: true,
      platform: 'node',
      format: 'cjs',
      logLevel: 'error',
    })
    return runs.map(
      args => JSON.parse(execFileSync(process.execPath, [program, ...args], { encoding: 'utf8' })) as T,
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
