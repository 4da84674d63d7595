/** `.Files`: the files of a chart that are neither templates nor values (pkg/engine/files.go). */
import { RE2JS } from 're2js'
import { bytesOf, type ChartFile, sourceOf } from './chart.ts'
import { textOfConfig } from './config-text.ts'
import { encodeBase64 } from './functions/encoding.ts'
import { basePath } from './functions/paths.ts'
import { formatYaml } from './functions/yaml-emit.ts'
import { type Text, textOfFile } from './template/text.ts'
import { bytes, type Dict, dict, type Method, typedList, type Value } from './template/value.ts'

export function buildFiles(files: readonly ChartFile[]): Dict {
  return toObject(new Map(files.map(it => [it.name, it])))
}

type Files = ReadonlyMap<string, ChartFile>

function toObject(files: Files): Dict {
  const read = (name: Value): Uint8Array => {
    const file = files.get(name as string)
    return file ? bytesOf(file) : new Uint8Array()
  }
  const methods = new Map<string, Method>([
    ['Get', { params: ['string'], run: ([name]) => readText(files.get(name as string)) }],
    ['GetBytes', { params: ['string'], run: ([name]) => bytes(read(name)) }],
    ['Glob', { params: ['string'], run: ([pattern]) => toObject(matching(files, pattern as string)) }],
    ['Lines', { params: ['string'], run: ([name]) => listLines(files.get(name as string)) }],
    ['AsConfig', { params: [], run: () => textOfConfig(files.values()) }],
    ['AsSecrets', { params: [], run: () => encodeAll(files) }],
  ])
  let entries: Map<string, Value> | undefined
  return {
    tag: 'dict',
    type: 'engine.files',
    // Hardly a template looks at files but by methods.
    get entries() {
      entries ??= new Map([...files].map(([name, it]) => [name, bytes(bytesOf(it))]))
      return entries
    },
    origins: new Map(),
    isNil: false,
    methods,
  }
}

/** The text of a file; each character comes from the file itself. */
function readText(file: ChartFile | undefined): string | Text {
  if (!file) return ''
  const source = sourceOf(file)
  return source.text === '' ? '' : textOfFile(file.name, source)
}

function listLines(file: ChartFile | undefined): Value {
  if (!file) return typedList('[]string', [])
  const { text } = sourceOf(file)
  return typedList('[]string', (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n'))
}

/** Base names to encoded contents as YAML. */
function encodeAll(files: Files): string {
  const entries = new Map<string, Value>(
    [...files].map(([name, it]) => [basePath(name), encodeBase64(bytesOf(it))]),
  )
  return formatYaml(dict(entries))
}

function matching(files: Files, pattern: string): Files {
  const matches = compileGlob(pattern)
  return new Map([...files].filter(([name]) => matches(name)))
}

const globs = new Map<string, (path: string) => boolean>()

/** gobwas/glob with `/` as separator; a pattern that is malformed matches everything, as in Helm. */
function compileGlob(pattern: string): (path: string) => boolean {
  let known = globs.get(pattern)
  if (!known) {
    known = buildGlob(pattern)
    if (globs.size > 1000) globs.clear()
    globs.set(pattern, known)
  }
  return known
}

function buildGlob(pattern: string): (path: string) => boolean {
  const expression = translate(pattern)
  if (expression === undefined || pattern.length > 1000) return () => true
  try {
    const compiled = RE2JS.compile(expression, RE2JS.DOTALL)
    return path => compiled.matches(path)
  } catch {
    return () => true
  }
}

function translate(pattern: string): string | undefined {
  let result = ''
  let depth = 0
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!
    if (char === '*') {
      const double = pattern[at + 1] === '*'
      if (double) at++
      result += double ? '.*' : '[^/]*'
    } else if (char === '?') result += '[^/]'
    else if (char === '{') {
      depth++
      result += '(?:'
    } else if (char === '}' && depth > 0) {
      depth--
      result += ')'
    } else if (char === ',' && depth > 0) result += '|'
    else if (char === '[') {
      const end = pattern.indexOf(']', at + 1)
      if (end < 0) return undefined
      const body = pattern.slice(at + 1, end)
      result += body.startsWith('!') ? `[^${escapeClass(body.slice(1))}]` : `[${escapeClass(body)}]`
      at = end
    } else if (char === '\\') {
      if (++at >= pattern.length) return undefined
      result += escapeLiteral(pattern[at]!)
    } else result += escapeLiteral(char)
  }
  return depth === 0 ? result : undefined
}

const escapeLiteral = (char: string): string => (/[\\.+*?()|[\]{}^$]/.test(char) ? `\\${char}` : char)
const escapeClass = (body: string): string => body.replace(/[\\^[\]]/g, it => `\\${it}`)
