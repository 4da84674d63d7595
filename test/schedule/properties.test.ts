/** The properties of random clusters on a few of them; `npm run test:clusters` takes thousands. */

import { describe, expect, it } from 'vitest'
import { CLUSTER_PROPERTIES, type ClusterProperty } from './cluster-properties.ts'
import { SPECIFICATION_PROPERTIES } from './specification-properties.ts'

const SEEDS = Array.from({ length: 30 }, (_, index) => 1 + index)

describe.each<[string, readonly ClusterProperty[]]>([
  ['any cluster', CLUSTER_PROPERTIES],
  ['engine and specification', SPECIFICATION_PROPERTIES],
])('%s', (_, properties) => {
  it.each(properties)('$name', ({ check }) => {
    for (const seed of SEEDS) expect(() => check(seed), `seed ${seed}`).not.toThrow()
  })
})
