/** Replays recorded clusters of the real kube-scheduler, one a line, and counts how often plimsoll says the same. */

import { buildCluster } from '../../schedule/cluster.ts'
import { listScores } from '../../schedule/engine/node-scores.ts'
import { createScheduler } from '../../schedule/engine/scheduler.ts'
import { type JsonRecord, readList, readRecord, readString } from '../../schedule/json-fields.ts'
import { REASONS } from '../../schedule/unschedulable-message.ts'
import { readJsonLines } from './json-lines.ts'
import { createTally, type Tally } from './tally.ts'

/** The minor that produced the recorded verdicts. */
const RECORDED_MINOR = 36

/** The verdict on one pod, in the recorded form. */
interface Verdict {
  readonly node: string
  readonly message: string
  readonly reasons: Readonly<Record<string, readonly string[]>>
  readonly scores: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly nominated: string
}

const LISTS: Readonly<Record<string, string>> = {
  Nodes: 'Node',
  Pods: 'Pod',
  Namespaces: 'Namespace',
  Services: 'Service',
  PVCs: 'PersistentVolumeClaim',
  PVs: 'PersistentVolume',
  SCs: 'StorageClass',
  CSINodes: 'CSINode',
  CSIDrivers: 'CSIDriver',
  CSIStorageCapacities: 'CSIStorageCapacity',
  PDBs: 'PodDisruptionBudget',
  ReplicaSets: 'ReplicaSet',
  StatefulSets: 'StatefulSet',
  ReplicationControllers: 'ReplicationController',
  VolumeAttachments: 'VolumeAttachment',
}

export async function run(args: string[]): Promise<number> {
  const files = args.filter(it => !it.startsWith('--'))
  const show = Number(args[args.indexOf('--show') + 1] ?? 0)
  const tally = createTally(args.includes('--show') ? show : 0)
  const [input, output] = files
  if (input === undefined || output === undefined) {
    console.error('usage: agreement scheduling CASES.in.jsonl.gz CASES.out.jsonl.gz [--show N]')
    return 2
  }
  const expected = readJsonLines(output)[Symbol.asyncIterator]()
  for await (const it of readJsonLines(input)) {
    const wanted = await expected.next()
    if (wanted.done === true) break
    replay(readRecord(it), readRecord(wanted.value), tally)
  }
  console.log(tally.format(['placement', 'message', 'reasons', 'scores', 'victims']))
  return tally.disagreements === 0 ? 0 : 1
}

function replay(input: JsonRecord, output: JsonRecord, tally: Tally): void {
  const name = readString(input.Name)
  const objects = Object.entries(LISTS).flatMap(([list, kind]) =>
    readList(input[list]).map(it => ({ ...readRecord(it), kind })),
  )
  const cluster = buildCluster(objects, { minor: RECORDED_MINOR })
  const scheduler = createScheduler(cluster)
  readList(input.Pending).forEach((pending, index) => {
    const wanted = readRecord(readList(output.verdicts)[index])
    const pod = cluster.podReader.read(pending)
    const { message, rejections, scores, eviction } = scheduler.explain(pod)
    const tried = rejections.flatMap((it, node) =>
      // The recording has no entry for nodes that PreFilter left out.
      it === undefined || it.reasons[0] === REASONS.excluded
        ? []
        : [[cluster.nodes[node]!.name, [...it.reasons].sort()] as const],
    )
    const verdict: Verdict = {
      node: scheduler.schedule(pod)?.nodeName ?? '',
      message: message ?? '',
      reasons: Object.fromEntries(tried),
      scores: scores === undefined ? {} : Object.fromEntries(listScores(scores, cluster)),
      nominated: eviction?.node ?? '',
    }
    compare({ label: `${name} ${pod.namespace}/${pod.name}`, wanted, verdict, tally })
  })
}

function compare(it: { label: string; wanted: JsonRecord; verdict: Verdict; tally: Tally }): void {
  const { label, wanted, verdict, tally } = it
  tally.compare('placement', label, readString(wanted.Node), verdict.node)
  tally.compare('message', label, readString(wanted.Message) || readString(wanted.Err), verdict.message)
  if (readString(wanted.Nominated) !== '' || verdict.nominated !== '') {
    tally.compare('victims', label, readString(wanted.Nominated), verdict.nominated)
  }
  const reasons = readRecord(wanted.Reasons)
  for (const node of new Set([...Object.keys(reasons), ...Object.keys(verdict.reasons)])) {
    tally.compare('reasons', `${label} on ${node}`, reasons[node], verdict.reasons[node])
  }
  const scores = readRecord(wanted.Scores)
  for (const node of new Set([...Object.keys(scores), ...Object.keys(verdict.scores)])) {
    tally.compare('scores', `${label} on ${node}`, scores[node], verdict.scores[node])
  }
}
