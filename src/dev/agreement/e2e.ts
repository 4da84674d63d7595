/** Replays manifests that a whole control plane settled, one cluster a line, and counts how often plimsoll says the same. */

import { buildCluster } from '../../schedule/cluster.ts'
import { createScheduler } from '../../schedule/engine/scheduler.ts'
import { type JsonRecord, readList, readPath, readRecord, readString } from '../../schedule/json-fields.ts'
import type { SchedulerPod } from '../../schedule/pod.ts'
import { copyStorage, type Storage } from '../../schedule/storage.ts'
import type { Provisioning } from '../../schedule/workload/claims.ts'
import {
  createSimulation,
  type Simulation,
  type WorkloadOutcome,
} from '../../schedule/workload/simulation.ts'
import type { LivePod } from '../../schedule/workload/world.ts'
import { readJsonLines } from './json-lines.ts'
import { createTally, type Tally } from './tally.ts'

/** The minor that produced the recorded facts. */
const RECORDED_MINOR = 36

export async function run(args: string[]): Promise<number> {
  const show = args.includes('--show') ? Number(args[args.indexOf('--show') + 1] ?? 0) : 0
  const tally = createTally(show)
  const [input, output] = args.filter(it => !it.startsWith('--'))
  if (input === undefined || output === undefined) {
    console.error('usage: agreement e2e CASES.in.jsonl.gz CASES.out.jsonl.gz [--show N]')
    return 2
  }
  const expected = readJsonLines(output)[Symbol.asyncIterator]()
  for await (const it of readJsonLines(input)) {
    const wanted = await expected.next()
    if (wanted.done === true) break
    replay(readRecord(it), readRecord(wanted.value), tally)
  }
  console.log(tally.format(['counts', 'texts', 'effective', 'evicted', 'nodes', 'finals']))
  return tally.disagreements === 0 ? 0 : 1
}

function replay(input: JsonRecord, output: JsonRecord, tally: Tally): void {
  const name = readString(input.name)
  const objects = readList(input.objects).map(readRecord)
  const before = readList(input.before).map(readRecord)
  const manifests = readList(input.manifests).map(readRecord)
  const inventory = [...readList(input.nodes), ...objects.filter(it => it.kind !== 'Pod')]
  const cluster = buildCluster(inventory, { minor: RECORDED_MINOR })
  const simulation = createSimulation(cluster, [...before, ...manifests], {
    provisioning: (readString(readPath(input.options, 'provision')) || 'zone') as Provisioning,
    isReady: pod => readPath(pod, 'metadata', 'labels', 'sim/ready') !== 'false',
    finishes: pod => isMarked(pod, 'sim/run', 'succeed'),
    isRunning: workload => readPath(workload.object, 'metadata', 'annotations', 'sim/last') !== undefined,
  })
  for (const it of [objects.filter(other => other.kind === 'Pod'), before, manifests]) simulation.applyAll(it)
  const facts = readRecord(output.facts)
  compareFacts(simulation, { name, facts, tally })
  compareFinals(simulation, { name, finals: readList(output.finals).map(readRecord), tally })
}

function isMarked(pod: JsonRecord, key: string, value: string): boolean {
  const metadata = readRecord(pod.metadata)
  return readPath(metadata.labels, key) === value || readPath(metadata.annotations, key) === value
}

interface Recorded {
  readonly name: string
  readonly facts: JsonRecord
  readonly tally: Tally
}

function compareFacts(simulation: Simulation, { name, facts, tally }: Recorded): void {
  const outcomes = new Map(simulation.describe().map(it => [it.workload.key, it]))
  for (const [key, value] of Object.entries(readRecord(facts.workloads))) {
    compareWorkload(outcomes.get(key), { label: `${name} ${key}`, fact: readRecord(value), tally })
  }
  if (facts.rejected !== undefined) {
    const ours = simulation.rejections.map(it => ({ code: it.code, message: it.message, object: it.object }))
    tally.compare('texts', `${name} rejected`, sortByText(readList(facts.rejected)), sortByText(ours))
  }
  if (facts.evicted !== undefined || simulation.world.evicted.size > 0) {
    // A count that varied between the runs is no fact.
    const recorded = readRecord(facts.evicted)
    const ours = Object.fromEntries(
      [...simulation.world.evicted].filter(([key]) => recorded[key] !== undefined),
    )
    if (facts.evicted !== undefined) tally.compare('evicted', name, recorded, ours)
  }
  for (const [key, value] of Object.entries(readRecord(facts.nodes))) {
    const placed: Record<string, number> = {}
    for (const { pod } of outcomes.get(key)?.pods ?? []) {
      if (pod.nodeName !== '') placed[pod.nodeName] = (placed[pod.nodeName] ?? 0) + 1
    }
    tally.compare('nodes', `${name} ${key}`, value, placed)
  }
}

function sortByText(items: readonly unknown[]): string[] {
  return items.map(it => JSON.stringify(it, Object.keys(readRecord(it)).sort())).sort()
}

function compareWorkload(
  outcome: WorkloadOutcome | undefined,
  it: { label: string; fact: JsonRecord; tally: Tally },
): void {
  const { label, fact, tally } = it
  for (const [measure, ours] of [
    ['desired', outcome?.desired],
    ['pods', outcome?.pods.filter(pod => !pod.finished || outcome.workload.kind === 'Job').length],
    ['scheduled', outcome?.scheduled],
    ['pending', outcome?.pending.reduce((sum, group) => sum + group.count, 0)],
  ] as const) {
    if (fact[measure] === undefined) continue
    const recorded = measure === 'pending' ? countPending(fact.pending) : fact[measure]
    tally.compare('counts', `${label} ${measure}`, recorded, ours ?? 0)
  }
  if (fact.messages !== undefined) {
    const ours = [...new Set(outcome?.pending.map(group => group.message))].map(String).sort()
    tally.compare('texts', `${label} messages`, readList(fact.messages).map(String).sort(), ours)
  }
  if (fact.createFailed !== undefined) {
    const recorded = [...new Set(readList(fact.createFailed).map(normaliseText))].sort()
    const ours = [...new Set((outcome?.createFailed ?? []).map(normaliseText))].sort()
    tally.compare('texts', `${label} createFailed`, recorded, ours)
  }
  const [pod] = outcome?.pods ?? []
  if (fact.effective !== undefined) tally.compare('effective', label, fact.effective, toEffective(pod))
}

function countPending(groups: unknown): number {
  let sum = 0
  for (const it of readList(groups)) sum += Number(readRecord(it).count)
  return sum
}

/** Lists in brackets come in the order of a Go map; one template hash escaped the recording's normalising. */
function normaliseText(value: unknown): string {
  return String(value)
    .replace(/-[0-9a-f]{8,10}-<x>/g, '-<hash>-<x>')
    .replace(
      /: \[(.*)\]$/,
      (_, list: string) =>
        `: [${list
          .split(/, (?=spec\.|minimum|maximum|cpu|memory)/)
          .sort()
          .join(', ')}]`,
    )
}

const EFFECTIVE = [
  'affinity',
  'nodeSelector',
  'tolerations',
  'topologySpreadConstraints',
  'hostNetwork',
  'priority',
  'priorityClassName',
  'preemptionPolicy',
  'overhead',
  'runtimeClassName',
  'resources',
  'schedulingGates',
  'schedulerName',
]

function toEffective(live: LivePod | undefined): unknown {
  if (live === undefined) return undefined
  const spec = readRecord(live.object.spec)
  const effective: Record<string, unknown> = {}
  for (const key of EFFECTIVE) if (spec[key] !== undefined) effective[key] = spec[key]
  for (const list of ['containers', 'initContainers']) {
    if (spec[list] === undefined) continue
    effective[list] = readList(spec[list]).map(it => {
      const { name, resources, ports, restartPolicy } = readRecord(it)
      const named = Object.keys(readRecord(resources)).length > 0 ? resources : undefined
      return { name, resources: named, ports, restartPolicy }
    })
  }
  const text = JSON.stringify(effective)
  const { revision } = live.workload
  const hashed = revision === '' ? text : text.replaceAll(JSON.stringify(revision), '"<hash>"')
  const { node } = live.identity
  return JSON.parse(node === undefined ? hashed : hashed.replaceAll(JSON.stringify([node]), '["<node>"]'))
}

/** Puts the recorded placements on a fresh cluster and asks for the pending pods' messages. */
function compareFinals(
  simulation: Simulation,
  it: { name: string; finals: readonly JsonRecord[]; tally: Tally },
): void {
  const outcomes = new Map(simulation.describe().map(other => [other.workload.key, other]))
  const base = simulation.world.scheduler
  for (const final of it.finals) {
    const pods: SchedulerPod[] = []
    const spare = new Map([...outcomes].map(([key, outcome]) => [key, [...outcome.pods]]))
    for (const [key, nodes] of Object.entries(readRecord(final.placed))) {
      for (const [node, count] of Object.entries(readRecord(nodes))) {
        for (let k = 0; k < Number(count); k++) {
          const live = takePod(spare.get(key) ?? [], outcomes.get(key), node)
          if (live !== undefined) pods.push({ ...live.pod, name: `${key} ${node} ${k}`, nodeName: node })
        }
      }
    }
    for (const [key, groups] of Object.entries(readRecord(final.pending))) {
      const probes = spare.get(key) ?? []
      if (probes.length === 0) probes.push(...(outcomes.get(key)?.pods.slice(-1) ?? []))
      const storage = releaseClaims(base.storage, probes)
      const scheduler = createScheduler({ ...base.cluster, storage }, pods)
      const messages = probes.map(live => scheduler.explain({ ...live.pod, nodeName: '' }).message)
      for (const group of readList(groups).map(readRecord)) {
        if (group.reason !== 'Unschedulable') continue
        const ours = messages.includes(readString(group.message)) ? group.message : (messages[0] ?? null)
        it.tally.compare('finals', `${it.name} ${readString(final.run)} ${key}`, group.message, ours)
      }
    }
  }
}

/** A DaemonSet's pods differ by node, a StatefulSet's by their claims; when they run out, any will do. */
function takePod(spare: LivePod[], outcome: WorkloadOutcome | undefined, node: string): LivePod | undefined {
  const at = spare.findIndex(it => it.identity.node === node)
  const [taken] = at >= 0 ? spare.splice(at, 1) : spare.splice(0, 1)
  return taken ?? outcome?.pods[0]
}

/** The recorded pods are pending, so nothing was provisioned for their claims. */
function releaseClaims(storage: Storage, probes: readonly LivePod[]): Storage {
  const copy = copyStorage(storage)
  for (const { pod } of probes) {
    for (const it of pod.shape.volumes) {
      const claim = it.kind === 'disk' ? undefined : copy.claims.get(`${pod.namespace}/${it.claim}`)
      if (claim === undefined || copy.classes.get(claim.className)?.bindingMode !== 'WaitForFirstConsumer')
        continue
      copy.claims.set(`${pod.namespace}/${claim.name}`, {
        ...claim,
        volumeName: '',
        bindCompleted: false,
        selectedNode: '',
      })
    }
  }
  return copy
}
