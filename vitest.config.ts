import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/harness/scratch.ts',
    testTimeout: 30_000,
    // Left to itself, the runner keeps one processor for itself: on two, that takes two thirds longer.
    maxWorkers: availableParallelism(),
  },
})
