/** The cluster of a project's settings. Faults in it are data here: an editor shows them and goes on without it. */
import type { Config } from '../config/config.ts'
import type { Input } from '../engine/input.ts'
import { openFile } from '../host/open-file.ts'
import { UserError } from '../host/user-error.ts'
import { type ConfigProblem, toProblem } from './load-settings.ts'

export interface Cluster {
  /** What of the workspace's input comes of it. */
  readonly input: Pick<Input, 'inventory'>
  readonly problem: ConfigProblem | undefined
}

const NONE: Cluster = { input: {}, problem: undefined }

/** `nodes`: ids of files. */
export async function readCluster(root: string, nodes: readonly string[], config: Config): Promise<Cluster> {
  if (nodes.length === 0) return NONE
  const { readInventory } = await import('../engine/inventory.ts')
  const minor = Number(config.kubernetes.at(-1)?.split('.')[1])
  try {
    const inventory = await readInventory(
      nodes.map(it => openFile(root, it)),
      minor,
    )
    const [fault] = inventory.broken
    return fault ? { input: {}, problem: fault } : { input: { inventory }, problem: undefined }
  } catch (error) {
    if (error instanceof UserError) return { input: {}, problem: toProblem(error) }
    throw error
  }
}
