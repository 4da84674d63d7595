/** Times whole processes in turn, A B A B …, so that a ratio holds when the machine's speed drifts. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

export interface ProcessFigures {
  /** Median wall time in milliseconds. */
  readonly wall: number
  /** Median user plus system time in milliseconds. */
  readonly cpu: number
  /** Largest resident set of the runs in MiB. */
  readonly memory: number
}

export interface Paired {
  readonly ours: ProcessFigures
  readonly yardstick: ProcessFigures
  /** Median of the ratios pair by pair, ours divided by the yardstick. */
  readonly ratio: number
}

interface Run {
  readonly wall: number
  readonly cpu: number
  readonly memory: number
}

/** Runs two Node programs `rounds` times after one warm-up each. Arguments as after `node`. */
export function timePaired(ours: readonly string[], yardstick: readonly string[], rounds: number): Paired {
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-bench-'))
  try {
    const usage = writeUsageHook(folder)
    const runs: { ours: Run; yardstick: Run }[] = []
    for (let i = -1; i < rounds; i++) {
      const pair = { ours: runOnce(ours, usage), yardstick: runOnce(yardstick, usage) }
      if (i >= 0) runs.push(pair)
    }
    return {
      ours: summarise(runs.map(it => it.ours)),
      yardstick: summarise(runs.map(it => it.yardstick)),
      ratio: median(runs.map(it => it.ours.wall / it.yardstick.wall)),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface UsageHook {
  readonly script: string
  readonly output: string
}

/** A preloaded script that writes the process's own accounting when it ends; costs well under a millisecond. */
function writeUsageHook(folder: string): UsageHook {
  const script = path.join(folder, 'usage.cjs')
  const output = path.join(folder, 'usage.json')
  writeFileSync(
    script,
    `process.on('exit', () => require('fs').writeFileSync(${JSON.stringify(output)}, JSON.stringify(process.resourceUsage())))`,
  )
  return { script, output }
}

function runOnce(args: readonly string[], usage: UsageHook): Run {
  const start = process.hrtime.bigint()
  // Certificates named by this variable are parsed at every start of Node 20, which would hide what is measured.
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env
  const child = spawnSync(process.execPath, ['--require', usage.script, ...args], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const wall = Number(process.hrtime.bigint() - start) / 1e6
  if (child.status !== 0 && child.status !== 1)
    throw new Error(`node ${args.join(' ')} ended with ${child.status}: ${child.stderr}`)
  const used = JSON.parse(readFileSync(usage.output, 'utf8')) as NodeJS.ResourceUsage
  return { wall, cpu: (used.userCPUTime + used.systemCPUTime) / 1000, memory: used.maxRSS / 1024 }
}

const summarise = (runs: readonly Run[]): ProcessFigures => ({
  wall: median(runs.map(it => it.wall)),
  cpu: median(runs.map(it => it.cpu)),
  memory: Math.max(...runs.map(it => it.memory)),
})

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
