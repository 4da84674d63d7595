/** Findings that no rule file makes: about suppressions, unreadable files, and our own bugs. Named, explained and configured like rules. */
import type { RuleInfo } from '../config/catalogue.ts'
import { internalError } from './run-rules.ts'

export const suppressionUnused = 'suppression-unused'
export const suppressionUnknownRule = 'suppression-unknown-rule'
export const fileUnreadable = 'file-unreadable'

const everywhere = [
  'recommended',
  'schema',
  'security',
  'pss-baseline',
  'pss-restricted',
  'reliability',
  'helm',
] as const

export const ownRules: readonly RuleInfo[] = [
  {
    id: suppressionUnused,
    category: 'style',
    severity: 'warning',
    presets: ['recommended'],
    title: 'Suppression suppresses nothing',
    why: `
      What a comment or an annotation allows is no longer found: the fault is mended, or the comment stands at
      another line than the finding. Left in place it would hide the next such fault without anybody looking at it.`,
    see: [],
  },
  {
    id: suppressionUnknownRule,
    category: 'style',
    severity: 'warning',
    presets: ['recommended'],
    title: 'Suppression names no rule',
    why: `
      The comment or annotation has no effect, because no rule has this name. Several rules are separated by commas,
      an expiry date follows \`until\`, and a reason follows \`--\`.`,
    see: [],
  },
  {
    id: fileUnreadable,
    category: 'yaml',
    severity: 'error',
    presets: everywhere,
    title: 'File cannot be read as text',
    why: `
      The file was not checked, or not as it stands: it is binary, larger than 64 MiB, not valid UTF-8, or the
      permission to read it is missing. kubectl replaces bytes that are not valid UTF-8, so that what is applied
      differs from what is written.`,
    see: [],
  },
  {
    id: internalError,
    category: 'style',
    severity: 'error',
    presets: everywhere,
    title: 'A rule failed on a resource',
    why: `
      A bug in plimsoll: the rule stopped with an exception, the other rules went on. The run ends with exit code 3.
      Please report it with the resource that the message names.`,
    see: [],
  },
]
