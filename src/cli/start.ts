/**
 * The built command begins here and loads the other files of the build. What V8 made of them is kept in `compiled/` beside
 * them, where that can be written, so that they are not compiled again: half of the time of a run over one file. Whoever
 * can change what is kept there can change the program itself. `NODE_DISABLE_COMPILE_CACHE=1` turns it off.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { Script } from 'node:vm'
import { isMainThread } from 'node:worker_threads'

/** Changes with any file of the build. */
declare const BUILD: string

type Load = (id: string) => unknown
type Wrapper = (exports: unknown, load: Load, module: { exports: unknown }, file: string) => void

/** What a command runs is compiled as far as that command uses it, so these keep copies of their own. */
const command = ['lint', 'fix', 'render', 'schedule', 'lsp'].find(it => it === process.argv[2]) ?? 'other'
const { arch, versions } = process
/** V8 refuses what it was given other flags for, and then it is written anew. To ask it for its exact tag takes 2 ms. */
const kept = path.join(__dirname, 'compiled', `${BUILD}-${versions.v8}-${arch}`, command)
const isKeeping = process.env.NODE_DISABLE_COMPILE_CACHE === undefined
const requireInstalled = createRequire(__filename)
const modules = new Map<string, { exports: unknown }>()
const fresh = new Map<string, Script>()

const load: Load = id => (id.startsWith('./') ? loadFile(id.slice(2)) : requireInstalled(id))

function loadFile(name: string): unknown {
  const known = modules.get(name)
  if (known) return known.exports
  const module = { exports: {} }
  modules.set(name, module)
  const file = path.join(__dirname, name)
  const cachedData = isKeeping ? readKept(name) : undefined
  const code = `(function(exports,require,module,__filename){${readFileSync(file, 'utf8')}\n})`
  const script = new Script(code, { filename: file, ...(cachedData && { cachedData }) })
  if (!cachedData || script.cachedDataRejected) fresh.set(name, script)
  const run = script.runInThisContext() as Wrapper
  run(module.exports, load, module, file)
  return module.exports
}

function readKept(name: string): Buffer | undefined {
  try {
    return readFileSync(path.join(kept, name))
  } catch {
    return undefined
  }
}

/** Renamed when complete, as runs at the same time read it. Where nothing can be written, each run compiles. */
function keep(): void {
  try {
    mkdirSync(kept, { recursive: true })
    for (const [name, script] of fresh) {
      const unfinished = path.join(kept, `${name}.${process.pid}`)
      writeFileSync(unfinished, script.createCachedData())
      renameSync(unfinished, path.join(kept, name))
    }
  } catch {
    return
  }
}

process.once('exit', () => {
  // Other threads run what the main one runs.
  if (isKeeping && isMainThread && fresh.size > 0) keep()
})
// The V8 of Node 20 optimises after a few hundred calls, and then inlines what is called: a run of 100 ms compiles at its
// side what it never uses, and waits for it at its end; one of seconds spends a sixth of its time on that. Later ones are as
// patient as this by themselves.
if (isMainThread && versions.v8.startsWith('11.')) {
  const isLong = command === 'schedule' || command === 'lsp'
  setFlagsFromString(`--interrupt-budget=${isLong ? 600_000 : 400_000}`)
  if (!isLong) setFlagsFromString('--max-inlined-bytecode-size-cumulative=100')
}
// Two threads of a run leave no core of two to collect garbage in parallel.
if (!isMainThread && availableParallelism() <= 2) setFlagsFromString('--no-parallel-scavenge')
load(isMainThread ? './main.js' : './part.js')
