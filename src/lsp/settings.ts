/** Settings of the editor, section `plimsoll`. What is checked and how is the business of plimsoll.yaml. */
import { isRecord } from './client.ts'

export interface Settings {
  readonly enable: boolean
  /** Whose findings are shown: of all files of the workspace, or of open ones. */
  readonly scope: 'workspace' | 'openFiles'
  /** A minor or a range, before what plimsoll.yaml says; undefined: as plimsoll.yaml says. */
  readonly kubernetes: string | undefined
  /** Offers actions that write suppression comments. */
  readonly ignoreActions: boolean
}

const defaultSettings: Settings = {
  enable: true,
  scope: 'workspace',
  kubernetes: undefined,
  ignoreActions: true,
}

/** Unknown keys and wrong types are left out: editors mark them by the schema of the settings. */
export function readSettings(section: unknown): Settings {
  if (!isRecord(section)) return defaultSettings
  const { enable, scope, kubernetes, ignoreActions } = section
  return {
    enable: enable !== false,
    scope: scope === 'openFiles' ? 'openFiles' : 'workspace',
    kubernetes: typeof kubernetes === 'string' && kubernetes.trim() !== '' ? kubernetes.trim() : undefined,
    ignoreActions: ignoreActions !== false,
  }
}
