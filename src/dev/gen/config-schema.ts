/** Writes `schemas/config.json`, by which editors complete and check plimsoll.yaml. */
import { rules } from '../../../rules/index.ts'
import { buildConfigSchema } from '../../config/schema.ts'
import { ownRules } from '../../engine/own-rules.ts'
import { readAsset } from '../../host/assets.ts'
import { openCatalog } from '../../kube/schema/catalog.ts'
import type { GeneratedFile } from './generated-file.ts'

export function generateConfigSchema(): GeneratedFile[] {
  const schema = buildConfigSchema([...rules, ...ownRules], openCatalog(readAsset).versions)
  return [{ path: 'schemas/config.json', text: `${JSON.stringify(schema, undefined, 2)}\n` }]
}
