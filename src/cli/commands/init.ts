/** `plimsoll init`: a first plimsoll.yaml. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { configName } from '../../config/load-config.ts'
import { readAsset } from '../../host/assets.ts'
import { UserError } from '../../host/user-error.ts'
import { openCatalog } from '../../kube/schema/catalog.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import type { Io } from '../io.ts'
import { writeText } from '../write-reports.ts'

export async function init(io: Io): Promise<ExitCode> {
  const path = resolve(io.cwd, configName)
  if (existsSync(path)) throw new UserError(`${configName} exists already`)
  const newest = openCatalog(readAsset).versions.at(-1)
  writeText(
    path,
    configName,
    `# yaml-language-server: $schema=node_modules/plimsoll/schemas/config.json
kubernetes: "${newest}"
presets: [recommended]
rules: {}
`,
  )
  io.out(`${configName} is written.
To begin with what is found today left out:
  plimsoll --update-baseline
  plimsoll --baseline plimsoll-baseline.json
`)
  return exitCodes.clean
}
