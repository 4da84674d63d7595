/** Reads the cluster that a run places pods on: files of the command line, else those that the settings name. */
import type { LoadedConfig } from '../config/load-config.ts'
import type { Inventory } from '../engine/inventory.ts'
import { diskHost } from '../host/disk.ts'
import { openFile } from '../host/open-file.ts'
import { UserError } from '../host/user-error.ts'
import { formatProblem } from '../report/inventory-problems.ts'

export interface InventoryRequest {
  readonly cwd: string
  readonly given: readonly string[] | undefined
  readonly loaded: Pick<LoadedConfig, 'nodes' | 'config'>
}

/** Undefined when nobody names one. One that nothing can be decided with is a `UserError`. */
export async function loadInventory(request: InventoryRequest): Promise<Inventory | undefined> {
  const ids = listIds(request)
  if (ids.length === 0) return undefined
  const { readInventory } = await import('../engine/inventory.ts')
  const minor = Number(request.loaded.config.kubernetes.at(-1)?.split('.')[1])
  const inventory = await readInventory(
    ids.map(it => openFile(request.cwd, it)),
    minor,
  )
  refuseUnusable(inventory)
  return inventory
}

/** Folders stand for the files in them. */
function listIds({ cwd, given, loaded }: InventoryRequest): readonly string[] {
  if (given === undefined) return loaded.nodes?.value ?? []
  return given.flatMap(it =>
    it === '-'
      ? ['-']
      : diskHost(cwd)
          .list([it])
          .files.map(file => file.id),
  )
}

function refuseUnusable({ broken, problems, cluster }: Inventory): void {
  const [first, ...more] = broken
  if (first)
    throw new UserError(
      `${formatProblem(first)}${more.length > 0 ? ` (and ${more.length} more)` : ''}`,
      'the inventory is broken, and nothing can be decided with a part of it',
    )
  const why = problems.slice(0, 3).map(formatProblem)
  const hint = [...why, 'kubectl get nodes,pods -A -o json > nodes.json'].join('; ')
  if (cluster.nodes.length === 0) throw new UserError('the inventory has no nodes', hint)
  if (cluster.nodes.every(it => it.allocatable.size === 0))
    throw new UserError('no node of the inventory has allocatable resources', hint)
}
