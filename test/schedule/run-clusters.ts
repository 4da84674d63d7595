/** `npm run test:clusters [-- NUMBER [FIRST]]`: every property of random clusters on thousands of them, on all processors. */

import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { CLUSTER_PROPERTIES, type ClusterProperty } from './cluster-properties.ts'
import { SPECIFICATION_PROPERTIES } from './specification-properties.ts'

const PROPERTIES = [...SPECIFICATION_PROPERTIES, ...CLUSTER_PROPERTIES]
/** Of one property, shown in full. */
const SHOWN = 3

/** Some of the clusters: from the first on, every so manyth. */
interface Share {
  readonly first: number
  readonly last: number
  readonly step: number
}

async function main([number = '2000', first = '1', step]: string[]): Promise<number> {
  if (step !== undefined) return runShare({ first: Number(first), last: Number(number), step: Number(step) })
  const last = Number(first) + Number(number) - 1
  const processes = Math.min(availableParallelism(), 8)
  const codes = await Promise.all(
    Array.from({ length: processes }, (_, k) => runChild([last, Number(first) + k, processes].map(String))),
  )
  const broken = codes.filter(code => code !== 0).length
  console.log(`${PROPERTIES.length} properties on ${number} clusters each: ${broken ? 'broken' : 'all hold'}`)
  return broken > 0 ? 1 : 0
}

function runChild(args: string[]): Promise<number> {
  return new Promise(resolve => {
    fork(fileURLToPath(import.meta.url), args).on('exit', code => resolve(code ?? 1))
  })
}

function runShare(share: Share): number {
  let broken = 0
  for (const it of PROPERTIES) broken += countBroken(it, share)
  return broken > 0 ? 1 : 0
}

function countBroken({ name, check }: ClusterProperty, { first, last, step }: Share): number {
  let broken = 0
  for (let seed = first; seed <= last; seed += step) {
    try {
      check(seed)
    } catch (error) {
      if (broken++ < SHOWN) console.log(`${name}: seed ${seed}\n${String(error)}`)
    }
  }
  if (broken > 0) console.log(`${name}: ${broken} broken`)
  return broken
}

process.exitCode = await main(process.argv.slice(2))
