/**
 * Template files are parsed once for all sets of values, and once for all charts that vendor the same library or sub-chart:
 * files of equal text share their nodes, and each has its own templates, which know where they stand.
 */
import type { Source } from '../../text/source.ts'
import type { Template } from './ast.ts'
import type { TemplateSource } from './origin.ts'
import { type ParsedTemplate, parseTemplate } from './parser.ts'

interface Tree {
  /** As the first file has it. */
  readonly parsed: ParsedTemplate
  /** As other files have it, under the name that was asked for last. */
  others: WeakMap<Source, ParsedTemplate> | undefined
}

/** By dialect and number, and by text. */
type Trees = Map<string, Map<string, Tree>>

/** Trees weigh five times what their texts do: of more characters than this, none are kept. */
const MAX_PARSED = 4_000_000

/** What was asked for lately, and what was before that and not since. */
let recent: Trees = new Map()
let former: Trees = new Map()
let recentLength = 0

/**
 * `dialect` names the functions that `isFunction` knows. `nth` numbers files of equal text within one rendering, where each
 * has nodes of its own: they tell what ran.
 */
export function parseFile(
  source: TemplateSource,
  isFunction: (name: string) => boolean,
  { dialect, nth }: { readonly dialect: string; readonly nth: number },
): ParsedTemplate {
  const { name, text, file } = source
  if (!file) return parseTemplate(source, isFunction)
  const key = `${dialect} ${nth}`
  let tree = recent.get(key)?.get(text)
  if (!tree) {
    tree = former.get(key)?.get(text) ?? { parsed: parseTemplate(source, isFunction), others: undefined }
    remember(key, text, tree)
  }
  const first = tree.parsed.main.source
  if (first.file === file && first.name === name) return tree.parsed
  let parsed = tree.others?.get(file)
  if (parsed?.main.source.name !== name) {
    // Problems name the file.
    const isOther = first.name !== name && tree.parsed.problems.length > 0
    parsed = isOther ? parseTemplate(source, isFunction) : withSource(tree.parsed, source)
    tree.others ??= new WeakMap()
    tree.others.set(file, parsed)
  }
  return parsed
}

function remember(key: string, text: string, tree: Tree): void {
  recentLength += text.length
  if (recentLength > MAX_PARSED / 2) {
    former = recent
    recent = new Map()
    recentLength = text.length
  }
  let trees = recent.get(key)
  if (!trees) recent.set(key, (trees = new Map()))
  trees.set(text, tree)
}

/** The same nodes, read in another place. */
export function withSource(
  { main, defined, problems }: ParsedTemplate,
  source: TemplateSource,
): ParsedTemplate {
  const moved = (template: Template): Template => ({ ...template, source })
  return { main: { ...main, name: source.name, source }, defined: defined.map(moved), problems }
}
