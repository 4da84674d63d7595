/** .helmignore (pkg/ignore/rules.go): shell patterns without `**`; a negated pattern ignores what does not match. */
import { basePath } from './functions/paths.ts'
import { isMatch, isRefused, parsePattern, type ShellPattern, toBytes } from './shell-pattern.ts'
import { plainText, trimSpace } from './template/text.ts'

interface Rule {
  /** Of a name or a path; undefined when nothing matches it. */
  readonly pattern: ShellPattern | undefined
  readonly negated: boolean
  readonly onlyFolders: boolean
  readonly scope: 'path' | 'name'
  /** As it is written. */
  readonly text: string
}

export interface IgnoreRules {
  ignores(path: string, kind: 'file' | 'folder'): boolean
  /** The rule that leaves a file out. */
  findRule(path: string): Pick<Rule, 'negated' | 'text'> | undefined
}

/** The rules of a file, and the first line that Helm refuses. */
export interface ParsedIgnore {
  readonly rules: IgnoreRules
  readonly problem: string | undefined
}

/** Most charts have the file that `helm create` makes: each text is read once. */
export function parseIgnore(text: string): ParsedIgnore {
  let parsed = known.get(text)
  if (!parsed) {
    if (known.size >= MOST_KNOWN) known.clear()
    parsed = readRules(text)
    known.set(text, parsed)
  }
  return parsed
}

const known = new Map<string, ParsedIgnore>()
const MOST_KNOWN = 100

function readRules(text: string): ParsedIgnore {
  const rules: Rule[] = []
  let problem: string | undefined
  for (const line of [...text.replace(/^\ufeff/, '').split(/\r?\n/), 'templates/.?*']) {
    const rule = plainText(trimSpace(line))
    if (rule === '' || rule.startsWith('#')) continue
    if (rule.includes('**')) problem ??= 'double-star (**) syntax is not supported'
    else if (isRefused(rule, 'abc')) problem ??= 'syntax error in pattern'
    else rules.push(parseRule(rule))
  }
  const find = (path: string, kind: 'file' | 'folder') => findRule(rules, toBytes(path), kind)
  return {
    rules: { ignores: (path, kind) => find(path, kind) !== undefined, findRule: path => find(path, 'file') },
    problem,
  }
}

function parseRule(text: string): Rule {
  const negated = text.startsWith('!')
  let pattern = negated ? text.slice(1) : text
  const onlyFolders = pattern.endsWith('/')
  if (onlyFolders) pattern = pattern.slice(0, -1)
  const rooted = pattern.startsWith('/')
  if (rooted) pattern = pattern.slice(1)
  return {
    text,
    pattern: parsePattern(pattern),
    negated,
    onlyFolders,
    scope: rooted || pattern.includes('/') ? 'path' : 'name',
  }
}

function findRule(rules: readonly Rule[], path: string, kind: 'file' | 'folder'): Rule | undefined {
  const name = basePath(path)
  for (let i = 0; i < rules.length; i++) {
    const { pattern, negated, onlyFolders, scope } = rules[i]!
    const isMeant = pattern !== undefined && (!onlyFolders || kind === 'folder')
    const matches = isMeant && isMatch(pattern, scope === 'path' ? path : name)
    if (matches !== negated) return rules[i]
  }
  return undefined
}
