/** One plimsoll.yaml as written: settings with their places. A fault in it is a `UserError` with line and column. */
import { UserError } from '../host/user-error.ts'
import type { Preset } from '../rule.ts'
import { positionAt } from '../text/lines.ts'
import { folderOf } from '../text/paths.ts'
import type { Location, Source } from '../text/source.ts'
import { type At, atRoot } from '../yaml/cursor.ts'
import type { Document } from '../yaml/document.ts'
import type { Json, JsonObject } from '../yaml/json.ts'
import { matchRules, type RuleInfo, suggestion } from './catalogue.ts'
import { checkSchema, type SchemaFault } from './check-schema.ts'
import type { External, Level } from './config.ts'

/** A value and where it is written: `plimsoll.yaml:3:5`. */
export interface Setting<Value> {
  readonly value: Value
  readonly from: string
}

export interface RuleSetting {
  /** A rule's id, or a pattern with `*`. */
  readonly name: string
  /** `on` is the rule's own severity; undefined leaves the level as it is. */
  readonly level: Level | 'on' | undefined
  readonly options: JsonObject
  readonly from: string
}

/** Settings for some files, or for all when `files` is undefined. */
export interface Layer {
  /** Globs, relative to `folder`. */
  readonly files: readonly string[] | undefined
  readonly folder: string
  readonly presets: Setting<readonly Preset[]> | undefined
  readonly rules: readonly RuleSetting[]
}

interface ChartSetting {
  /** As written: relative to the file. */
  readonly chart: string
  readonly values: readonly string[]
  readonly namespace: string | undefined
  readonly release: string | undefined
  readonly from: string
}

export interface ConfigFile {
  readonly id: string
  readonly folder: string
  readonly extends: readonly Setting<string>[]
  /** Its own settings, then its overrides. */
  readonly layers: readonly Layer[]
  readonly kubernetes: Setting<string> | undefined
  readonly namespace: Setting<string> | undefined
  readonly closed: Setting<boolean> | undefined
  readonly external: Setting<readonly External[]> | undefined
  readonly nodes: Setting<readonly string[]> | undefined
  readonly policies: Setting<readonly string[]> | undefined
  readonly charts: readonly ChartSetting[]
}

/** `documents` are those of `source`; a file without one is an empty configuration. */
export function readConfigFile(
  source: Source,
  documents: readonly Document[],
  schema: JsonObject,
  rules: readonly RuleInfo[],
): ConfigFile {
  refuseProblems(source, documents)
  const document = documents[0]
  const root = document && atRoot(document)
  if (root && root.value !== null) refuseFaults(root, schema, rules)
  const folder = folderOf(source.id)
  const own: Layer = { files: undefined, folder, ...readLayer(root) }
  const overrides = listItems(root?.get('overrides')).map(it => ({
    files: readTexts(it.get('files')),
    folder,
    ...readLayer(it),
  }))
  return {
    id: source.id,
    folder,
    extends: listOneOrMore(root?.get('extends')).map(it => setting(it, it.value as string)),
    layers: [own, ...overrides],
    kubernetes: toSetting(root?.get('kubernetes')),
    namespace: toSetting(root?.get('namespace')),
    closed: toSetting(root?.get('closed')),
    external: toSetting(root?.get('external')),
    nodes: toSetting(root?.get('nodes')),
    policies: toSetting(root?.get('policies')),
    charts: listItems(root?.get('charts')).map(it => ({
      chart: String(it.key),
      values: readTexts(it.get('values')),
      namespace: it.text('namespace'),
      release: it.text('release'),
      from: formatPlace(it.locate('key')),
    })),
  }
}

/** `file:line:column`, 1-based. */
function formatPlace({ source, span }: Location): string {
  const { line, column } = positionAt(source, span.start)
  return `${source.id}:${line + 1}:${column + 1}`
}

function refuseProblems(source: Source, documents: readonly Document[]): void {
  for (const document of documents)
    for (const { code, message, span } of document.problems)
      if (code !== 'ambiguous') throw new UserError(`${formatPlace({ source, span })}: ${message}`)
  const second = documents[1]
  if (second) throw new UserError(`${formatPlace({ source, span: second.span })}: a second document`)
}

function refuseFaults(root: At, schema: JsonObject, rules: readonly RuleInfo[]): void {
  const rulesAt = listRuleMaps(root)
  const faults = checkSchema(root, schema, parent =>
    rulesAt.some(it => it.node === parent.node) ? 'rule' : 'key',
  )
  const [fault] = faults
  if (faults.length === 1)
    throw new UserError(
      `${formatPlace(fault!.at.locate(fault!.part))}: ${fault!.message}`,
      suggestion(fault!.suggestion),
    )
  if (fault) throw new UserError(formatFaults(faults))
  for (const map of rulesAt)
    for (const entry of map.each())
      if (matchRules(rules, String(entry.key)).length === 0)
        throw new UserError(`${formatPlace(entry.locate('key'))}: no rule matches "${entry.key}"`)
}

/** More than a screen of them is no help. */
const MOST_FAULTS = 20

function formatFaults(faults: readonly SchemaFault[]): string {
  const lines = faults.slice(0, MOST_FAULTS).map(({ at, part, message, suggestion: meant }) => {
    const hint = suggestion(meant)
    return `${formatPlace(at.locate(part))}: ${message}${hint === undefined ? '' : ` (${hint})`}`
  })
  const more = faults.length - lines.length
  return [...lines, ...(more > 0 ? [`and ${more} more in this file`] : [])].join('\n')
}

function listRuleMaps(root: At): At[] {
  const maps = [root, ...listItems(root.get('overrides'))].map(it => it.get('rules'))
  return maps.filter(it => it !== undefined)
}

function readLayer(at: At | undefined): Pick<Layer, 'presets' | 'rules'> {
  return {
    presets: toSetting(at?.get('presets')),
    rules: listItems(at?.get('rules')).map(it => {
      const { severity, ...options } = it.isMap ? (it.value as JsonObject) : { severity: it.value }
      return { name: String(it.key), level: toLevel(severity), options, from: formatPlace(it.locate('key')) }
    }),
  }
}

/** The schema has been checked: what is neither a boolean nor absent is a level. */
function toLevel(value: Json | undefined): Level | 'on' | undefined {
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  return value as Level | 'on' | undefined
}

const setting = <Value>(at: At, value: Value): Setting<Value> => ({
  value,
  from: formatPlace(at.locate('key')),
})

/** The caller names a type that the schema has checked. */
const toSetting = <Value>(at: At | undefined): Setting<Value> | undefined =>
  at && setting(at, at.value as Value)

const listItems = (at: At | undefined): At[] => [...(at?.each() ?? [])]
const listOneOrMore = (at: At | undefined): At[] => (at && !at.isList ? [at] : listItems(at))
const readTexts = (at: At | undefined): string[] => listOneOrMore(at).map(it => it.value as string)
