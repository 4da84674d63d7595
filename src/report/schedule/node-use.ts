/** What each node of a settled cluster holds: how much of it by whom. */
import type { Fit } from '../../engine/fit.ts'
import type { SchedulerPod } from '../../schedule/pod.ts'
import { formatCounted } from '../../schedule/resource-amount.ts'

/** Counted amounts: cpu in thousandths, memory in bytes. */
export interface Amounts {
  readonly cpu: number
  readonly memory: number
  readonly pods: number
}

const amountNames = ['cpu', 'memory', 'pods'] as const
export type AmountName = (typeof amountNames)[number]

/** Pods of one workload on one node. */
export interface Share extends Amounts {
  /** `Deployment shop/web`; of others what owns the pods. */
  readonly workload: string
  /** The manifests make it; the others are in the inventory. */
  readonly isOwn: boolean
}

export interface NodeUse {
  readonly node: string
  readonly allocatable: Amounts
  readonly used: Amounts
  /** Of that by pods that the manifests make. */
  readonly own: Amounts
  /** Those of the manifests behind the others, each part by name. */
  readonly shares: readonly Share[]
}

/** In order of the nodes' names; empty when nothing was tried. */
export function listNodeUse({ report }: Pick<Fit, 'report'>): NodeUse[] {
  const { settled, workloadOf } = report
  if (!settled) return []
  const shares = new Map<string, Map<string, Share>>(settled.nodes.map(it => [it.name, new Map()]))
  for (const pod of settled.pods) {
    const own = workloadOf.get(`${pod.namespace}/${pod.name}`)
    const workload = own ?? nameOwner(pod)
    const ofNode = shares.get(pod.nodeName)
    const before = ofNode?.get(workload) ?? { workload, isOwn: own !== undefined, ...NOTHING }
    const { cpu, memory } = pod.shape.requests
    ofNode?.set(workload, { ...before, ...addAmounts(before, { cpu, memory, pods: 1 }) })
  }
  return settled.nodes.map(({ name, allocatable }) => {
    const ofNode = [...shares.get(name)!.values()].sort(
      (left, right) => Number(left.isOwn) - Number(right.isOwn) || compareText(left.workload, right.workload),
    )
    return {
      node: name,
      allocatable: {
        cpu: allocatable.get('cpu') ?? 0,
        memory: allocatable.get('memory') ?? 0,
        pods: allocatable.get('pods') ?? 0,
      },
      used: ofNode.reduce<Amounts>(addAmounts, NOTHING),
      own: ofNode.filter(it => it.isOwn).reduce<Amounts>(addAmounts, NOTHING),
      shares: ofNode,
    }
  })
}

const NOTHING: Amounts = { cpu: 0, memory: 0, pods: 0 }

const addAmounts = (left: Amounts, right: Amounts): Amounts => ({
  cpu: left.cpu + right.cpu,
  memory: left.memory + right.memory,
  pods: left.pods + right.pods,
})

/** A ReplicaSet of a Deployment is named after it, with a hash behind. */
export function nameOwner({ namespace, name, shape }: SchedulerPod): string {
  const { owner } = shape
  if (!owner) return `Pod ${namespace}/${name}`
  const base = owner.name.replace(/-[a-z0-9]{5,10}$/, '')
  return owner.kind === 'ReplicaSet' && base !== owner.name
    ? `Deployment ${namespace}/${base}`
    : `${owner.kind} ${namespace}/${owner.name}`
}

const compareText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0)

/** The fullest nodes first, by the resource of which each has least left. */
export function sortByFullness(nodes: readonly NodeUse[]): NodeUse[] {
  const fullness = new Map(nodes.map(it => [it, Math.max(...amountNames.map(name => shareOf(it, name)))]))
  return [...nodes].sort((left, right) => fullness.get(right)! - fullness.get(left)!)
}

/** `1720m of 3920m`, in one unit. */
export function formatUse({ used, allocatable }: NodeUse, name: AmountName): string {
  const isMilli = name === 'cpu' && (used.cpu % 1000 !== 0 || allocatable.cpu % 1000 !== 0)
  const format = (amount: number): string =>
    isMilli && amount > 0 ? `${amount}m` : formatCounted(name, amount)
  return `${format(used[name])} of ${format(allocatable[name])}`
}

/** From 0 to 1; what is in use on a node that has nothing is all. */
export function shareOf({ used, allocatable }: NodeUse, name: AmountName): number {
  if (allocatable[name] > 0) return Math.min(1, used[name] / allocatable[name])
  return used[name] > 0 ? 1 : 0
}
