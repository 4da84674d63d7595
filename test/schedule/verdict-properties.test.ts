/** Verdicts on small random sets against trying every assignment, and every edit against doing it. */

import { expect, it } from 'vitest'
import type { Cluster } from '../../src/schedule/cluster.ts'
import { createScheduler } from '../../src/schedule/engine/scheduler.ts'
import type { SchedulerPod } from '../../src/schedule/pod.ts'
import { decideFit, type FitReport } from '../../src/schedule/verdict/decide-fit.ts'
import type { Edit } from '../../src/schedule/verdict/edits.ts'
import { findMoreNodes } from '../../src/schedule/verdict/more-nodes.ts'
import { apart, cluster, deployment, node, pod, read } from './builders.ts'
import { createRandom } from './random.ts'

type Manifest = Record<string, unknown>

interface Case {
  readonly cluster: Cluster
  readonly manifests: readonly Manifest[]
}

function buildCase(seed: number): Case {
  const random = createRandom(seed)
  const taints = [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }]
  const nodes = ['a', 'b', 'c'].map(name =>
    node(name, {
      allocatable: { cpu: String(2 + random.below(5)), memory: `${2 + random.below(5)}Gi`, pods: '4' },
      ...(random.chance(20) ? { taints } : {}),
    }),
  )
  const running = random.chance(50) ? [pod('old', { on: 'a', requests: { cpu: '1', memory: '1Gi' } })] : []
  const manifests = Array.from({ length: 2 + random.below(2) }, (_, i) =>
    deployment(`w${i}`, 1 + random.below(2), {
      requests: {
        cpu: random.pick(['500m', '1', '2', '3', '4', '7']),
        memory: random.pick(['256Mi', '1Gi', '2Gi']),
      },
      spec: {
        ...(random.chance(25) ? apart(`w${i}`) : {}),
        ...(random.chance(20) ? { tolerations: [{ key: 'gpu', operator: 'Exists' }] } : {}),
      },
    }),
  )
  return { cluster: cluster(...nodes, ...running), manifests }
}

function listPods({ cluster, manifests }: Case): SchedulerPod[] {
  return manifests.flatMap(it => {
    const spec = it.spec as { replicas: number; template: Manifest }
    return Array.from({ length: spec.replicas }, (_, i) => {
      const name = (it.metadata as { name: string }).name
      const metadata = { ...(spec.template.metadata as object), name: `${name}-${i}`, namespace: 'default' }
      return read(cluster, { ...spec.template, kind: 'Pod', metadata })
    })
  })
}

/** Tries each node for each pod; what these sets ask for does not depend on the order. */
function hasAssignment(all: Cluster, pods: readonly SchedulerPod[]): boolean {
  const scheduler = createScheduler(all)
  const place = (index: number): boolean => {
    const next = pods[index]
    if (next === undefined) return true
    for (const { name } of all.nodes) {
      const placed = scheduler.placeOn(next, name)
      if (placed === undefined) continue
      if (place(index + 1)) return true
      scheduler.remove(placed)
    }
    return false
  }
  return place(0)
}

function applyEdit(manifest: Manifest, { within, path, value, to }: Edit): Manifest {
  const copy = structuredClone(manifest) as { spec: { template: { spec: Manifest } } }
  const steps = path.split(/[.[\]"]+/).filter(it => it !== '')
  let at = (within === 'pod' ? copy.spec.template.spec : copy) as Record<string, unknown>
  for (const step of steps.slice(0, -1)) at = (at[step] ??= {}) as Record<string, unknown>
  const last = steps.at(-1)!
  if (to === 'preferred' || to === 'removed') delete at[last]
  else if (typeof value === 'object') at[last] = [...((at[last] as unknown[] | undefined) ?? []), value]
  else at[last] = value
  return copy
}

const scheduledOf = (report: FitReport): number[] => report.workloads.map(it => it.scheduled)

it('agrees with trying every assignment, and every edit does what it says', () => {
  const seen = { schedules: 0, stranded: 0, impossible: 0, undecided: 0 }
  let edits = 0
  for (let seed = 1; seed <= 150; seed++) {
    const one = buildCase(seed)
    const report = decideFit(one.cluster, one.manifests, { orders: 0 })
    seen[report.verdict]++
    const possible = hasAssignment(one.cluster, listPods(one))
    if (report.verdict === 'impossible') expect(possible, `seed ${seed}`).toBe(false)
    if (report.verdict === 'stranded' || report.verdict === 'schedules')
      expect(possible, `seed ${seed}`).toBe(true)
    report.workloads.forEach((workload, i) => {
      if (workload.verdict === 'schedules') return
      for (const edit of workload.edits.slice(0, 3)) {
        const manifests = one.manifests.map((it, at) => (at === i ? applyEdit(it, edit) : it))
        const after = decideFit(one.cluster, manifests, { orders: 0 })
        expect(after.workloads[i]!.verdict, `seed ${seed}: ${edit.path} to ${edit.to}`).toBe('schedules')
        const others = scheduledOf(after).filter((_, at) => at !== i)
        scheduledOf(report)
          .filter((_, at) => at !== i)
          .forEach((before, at) => {
            expect(others[at], `seed ${seed}: ${edit.path}`).toBeGreaterThanOrEqual(before)
          })
        edits++
      }
    })
  }
  expect(Math.min(seen.schedules, seen.stranded, seen.impossible)).toBeGreaterThan(5)
  expect(seen.undecided).toBeLessThan(8)
  expect(edits).toBeGreaterThan(100)
})

it('finds the fewest nodes to add', () => {
  let found = 0
  for (let seed = 1; seed <= 50; seed++) {
    const one = buildCase(seed)
    if (decideFit(one.cluster, one.manifests, { orders: 0 }).verdict === 'schedules') continue
    const more = findMoreNodes(one.cluster, one.manifests)
    if (more === undefined) continue
    const like = one.cluster.nodes.find(it => it.name === more.like)!
    const grow = (count: number): Cluster => {
      const added = Array.from({ length: count }, (_, i) => {
        const labels = new Map(like.labels).set('kubernetes.io/hostname', `new-${i}`)
        return { ...like, name: `new-${i}`, labels }
      })
      const nodes = [...one.cluster.nodes, ...added]
      return { ...one.cluster, nodes, listedNodes: nodes }
    }
    expect(decideFit(grow(more.count), one.manifests, { orders: 0 }).verdict, `seed ${seed}`).toBe(
      'schedules',
    )
    found++
  }
  expect(found).toBeGreaterThan(10)
})
