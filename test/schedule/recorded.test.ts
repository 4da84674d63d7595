/** Recorded verdicts of the real kube-scheduler and of a whole control plane. */

import { expect, it, vi } from 'vitest'
import { run as runE2e } from '../../src/dev/agreement/e2e.ts'
import { run as runScheduling } from '../../src/dev/agreement/scheduling.ts'

async function measure(run: (args: string[]) => Promise<number>, name: string): Promise<Map<string, number>> {
  const lines: string[] = []
  const log = vi.spyOn(console, 'log').mockImplementation(text => void lines.push(String(text)))
  await run([`test/schedule/recorded/${name}.in.jsonl.gz`, `test/schedule/recorded/${name}.out.jsonl.gz`])
  log.mockRestore()
  const measures = lines.join('\n').matchAll(/^(\w+): (\d+)\/(\d+) /gm)
  return new Map(
    [...measures].map(([, measured, agreed, total]) => [measured!, Number(agreed) / Number(total)]),
  )
}

it.each(['hand', 'random-a'])('places, words and scores %s like kube-scheduler', async name => {
  const measures = await measure(runScheduling, name)
  expect([...measures]).toEqual(['placement', 'message', 'reasons', 'scores', 'victims'].map(it => [it, 1]))
})

it('settles manifests like a control plane', async () => {
  const measures = await measure(runE2e, 'e2e-a')
  expect(measures.get('counts')).toBeGreaterThan(0.995)
  expect(measures.get('texts')).toBeGreaterThan(0.985)
  expect(measures.get('effective')).toBe(1)
  expect(measures.get('evicted')).toBe(1)
  expect(measures.get('nodes')).toBe(1)
  expect(measures.get('finals')).toBe(1)
})
