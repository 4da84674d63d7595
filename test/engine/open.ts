/** Workspaces over texts, as tests of the engine begin: every rule is an error, and nothing else is set. */
import type { Config } from '../../src/config/config.ts'
import { openWorkspace, type Workspace } from '../../src/engine/workspace.ts'
import type { Rule } from '../../src/rule.ts'
import { positionAt } from '../../src/text/lines.ts'
import type { Location } from '../../src/text/source.ts'
import { type Files, readAsset } from '../harness/check.ts'

const settings = { level: () => 'error' as const, options: () => ({}) }
const config: Config = {
  kubernetes: ['1.36'],
  kubernetesGiven: true,
  external: [],
  closed: false,
  settingsFor: () => settings,
}

export function open(files: Files, rules: readonly Rule[]): Promise<Workspace> {
  const sources = Object.entries(files).map(([id, text]) => ({ id, text }))
  return openWorkspace({ sources, skipped: [] }, config, rules, readAsset)
}

/** `file:line`, the line from 1. */
export const formatPlace = ({ source, span }: Location): string =>
  `${source.id}:${positionAt(source, span.start).line + 1}`
