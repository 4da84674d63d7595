/** Tells a waiting user what goes on: on a terminal only, after half a second, gone when the run ends. */
import type { Io } from './io.ts'

export interface Progress {
  /** Cheap enough to call for every file. */
  step(text: string): void
  clear(): void
}

const patience = 500
const interval = 100

export function createProgress({ isTerminal, elapsed, err }: Io): Progress {
  const start = elapsed()
  let last = start + patience - interval
  let shown = false
  if (!isTerminal.err) return { step: () => {}, clear: () => {} }
  return {
    step(text) {
      const now = elapsed()
      if (now - last < interval) return
      last = now
      shown = true
      err(`\r\u001b[K${text}`)
    },
    clear() {
      if (shown) err('\r\u001b[K')
    },
  }
}
