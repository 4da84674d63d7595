/** What a rule finds in its own bad example: for its page, and for those who ask to have it explained. */
import { buildPlainConfig } from '../config/plain-config.ts'
import { openCatalog } from '../kube/schema/catalog.ts'
import type { Rule } from '../rule.ts'
import { listExampleFiles } from '../text/example-files.ts'
import { listFindings } from './check.ts'
import { openExample } from './example-inventory.ts'
import type { Finding } from './finding.ts'
import type { ReadAsset } from './input.ts'
import { openWorkspace } from './workspace.ts'

/** The first finding, against the newest minor. No other rule is on. */
export async function findSample(rule: Rule, readAsset: ReadAsset): Promise<Finding | undefined> {
  const config = buildPlainConfig(openCatalog(readAsset).versions.slice(-1), [rule])
  const minor = Number(config.kubernetes[0]?.split('.')[1])
  const example = await openExample(listExampleFiles(rule.bad), minor)
  const { snapshot } = await openWorkspace({ ...example, skipped: [] }, config, [rule], readAsset)
  return listFindings(snapshot)[0]
}

/** `spec.ports: Required value`, as kubectl prints it. */
export const formatServerWords = ({ field, message }: NonNullable<Finding['server']>): string =>
  field === undefined || field === '' ? message : `${field}: ${message}`
