/** The house rules that a machine can check: layers, absences, sizes, names. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'

/** Low to high: a folder may import itself and what stands before it. */
const layers = [
  'text',
  'host',
  'yaml',
  'helm',
  'cel',
  'kube',
  'graph',
  'schedule',
  'rule.ts',
  'config',
  'engine',
  'ide',
  'report',
  'lsp',
  'cli',
  'dev',
]
/** Sideways bans that the order alone does not express: closed worlds. */
const bans: Readonly<Record<string, readonly string[]>> = {
  cel: ['host', 'yaml', 'helm'],
  helm: ['host'],
  yaml: ['host'],
  kube: ['host', 'helm'],
  schedule: ['host', 'helm', 'cel', 'graph'],
  graph: ['host', 'helm', 'cel'],
}
/** Tables, scanners, parsers and evaluators, where one long whole reads better than pieces. */
const longFiles = /(?:scan|lexer|parser|compose|evaluate|exec|patch|tables?|messages|wording)[\w-]*\.ts$/

const walk = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .flatMap(it => {
      const name = path.posix.join(folder, it.name)
      return it.isDirectory() ? walk(name) : [name]
    })
    .sort()

const sources = walk('src').filter(it => it.endsWith('.ts'))
const rules = existsSync('rules') ? walk('rules').filter(it => it.endsWith('.ts')) : []
const texts = new Map<string, string>()
const textOf = (file: string): string => {
  const text = texts.get(file) ?? readFileSync(file, 'utf8')
  texts.set(file, text)
  return text
}
const layerOf = (file: string): string => path.posix.relative('src', file).split('/')[0]!

const importsOf = (file: string): string[] =>
  [...textOf(file).matchAll(/(?:from|import)\s*\(?\s*'([^'\n]+)'/g)].map(it => it[1]!)

const localImportsOf = (file: string): string[] =>
  importsOf(file)
    .filter(it => it.startsWith('.'))
    .map(it => path.posix.join(path.posix.dirname(file), it))

/** Without types, which are gone when the program runs, and without what is loaded late. */
const runTimeImportsOf = (file: string): string[] =>
  [...textOf(file).matchAll(/^(?:import|export) (?!type\b)([^'"]*?)\s*from '(\.[^']+)'/gm)]
    .filter(([, names]) => !/^\{(?:\s*type [^,}]+,?)+\s*\}$/.test(names!))
    .map(([, , target]) => path.posix.join(path.posix.dirname(file), target!))

describe('layers', () => {
  test('every folder of src has a place', () => {
    const unknown = new Set(sources.map(layerOf).filter(it => !layers.includes(it)))
    expect([...unknown]).toEqual([])
  })

  test('no file imports a higher layer or a closed world beside it', () => {
    const broken: string[] = []
    for (const file of sources) {
      const own = layerOf(file)
      for (const target of localImportsOf(file).filter(it => it.startsWith('src/'))) {
        const theirs = layerOf(target)
        if (layers.indexOf(theirs) > layers.indexOf(own) || bans[own]?.includes(theirs))
          broken.push(`${file} -> ${target}`)
      }
    }
    expect(broken).toEqual([])
  })

  test('no files need each other to run', () => {
    const graph = new Map(sources.map(it => [it, runTimeImportsOf(it)]))
    const done = new Set<string>()
    const circles: string[] = []
    const visit = (file: string, way: readonly string[]): void => {
      if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file].join(' -> '))
      if (done.has(file) || way.includes(file)) return
      for (const target of graph.get(file) ?? []) visit(target, [...way, file])
      done.add(file)
    }
    for (const file of sources) visit(file, [])
    expect(circles).toEqual([])
  })

  test('rules import the authoring API and nothing else', () => {
    const broken = rules
      .filter(it => it !== 'rules/index.ts')
      .flatMap(file =>
        importsOf(file).map(it => ({ file, target: path.posix.join(path.posix.dirname(file), it) })),
      )
      .filter(it => it.target !== 'src/rule.ts')
    expect(broken).toEqual([])
  })

  test('nothing of the core imports rules', () => {
    const allowed = ['cli', 'lsp', 'dev']
    const broken = sources.filter(
      file => !allowed.includes(layerOf(file)) && localImportsOf(file).some(it => it.startsWith('rules/')),
    )
    expect(broken).toEqual([])
  })
})

describe('absences', () => {
  const core = sources.filter(it => !['host', 'lsp', 'cli', 'dev'].includes(layerOf(it)))

  test('the core imports no module of Node', () => {
    expect(core.filter(file => importsOf(file).some(it => it.startsWith('node:')))).toEqual([])
  })

  test('the core reads no clock, no environment, no console', () => {
    const forbidden = /\b(?:process\.|console\.|Date\.now|new Date\(\)|performance\.now|fetch\()/
    const offenders = core.filter(file => forbidden.test(withoutComments(textOf(file))))
    expect(offenders).toEqual([])
  })

  test('nothing below the engine waits, but for the full parser', () => {
    const below = core.filter(it => layers.indexOf(layerOf(it)) < layers.indexOf('engine'))
    const offenders = below.filter(it => /\b(?:async |await )/.test(withoutComments(textOf(it))))
    expect(offenders).toEqual(['src/yaml/parse.ts'])
  })

  test('only the full parser imports the yaml package, and it is loaded on demand', () => {
    const isFull = (it: string): boolean => /^src\/yaml\/compose[\w-]*\.ts$/.test(it)
    const rest = sources.filter(it => layerOf(it) !== 'dev' && !isFull(it))
    expect(rest.filter(it => importsOf(it).includes('yaml'))).toEqual([])
    const eager = rest.filter(file => /from '[^']*\/compose[\w-]*\.ts'/.test(textOf(file)))
    expect(eager).toEqual([])
  })

  test('only lsp knows the protocol', () => {
    const users = sources.filter(file => importsOf(file).some(it => it.startsWith('vscode-')))
    expect(users.filter(it => layerOf(it) !== 'lsp')).toEqual([])
  })

  test('nothing reads outside the repository', () => {
    const offenders = [...sources, ...rules].filter(file =>
      /['"`/]\.\.\/shared\b|\/work\//.test(textOf(file)),
    )
    expect(offenders).toEqual([])
  })
})

describe('nothing is dead', () => {
  const program = sources.filter(it => layerOf(it) !== 'dev')
  const extension = walk('extension/src')

  test('every file is reached from where the program starts', () => {
    const reached = new Set<string>()
    const visit = (file: string): void => {
      if (reached.has(file) || !existsSync(file)) return
      reached.add(file)
      for (const target of localImportsOf(file)) visit(target)
    }
    for (const it of ['src/cli/start.ts', 'src/cli/main.ts', 'src/cli/parts/part.ts', ...extension]) visit(it)
    expect(program.filter(it => !reached.has(it))).toEqual([])
  })

  test('every function and constant that a file exports is used by another', () => {
    const importers = new Map<string, string[]>()
    for (const file of [...sources, ...rules, ...extension, ...walk('test').filter(it => it.endsWith('.ts'))])
      for (const it of localImportsOf(file)) importers.set(it, [...(importers.get(it) ?? []), file])
    const usersOf = (file: string, name: string): string[] =>
      (importers.get(file) ?? []).filter(it => new RegExp(`\\b${name}\\b`).test(textOf(it)))
    /** Tests may look at a part of what a file does, if the file does it. */
    const isUsed = (file: string, name: string): boolean => {
      const users = usersOf(file, name)
      const isOwn = (textOf(file).match(new RegExp(`\\b${name}\\b`, 'g')) ?? []).length > 1
      return users.some(it => !it.startsWith('test/')) || (isOwn && users.length > 0)
    }
    const unused = program.flatMap(file =>
      [...textOf(file).matchAll(/^export (?:async )?(?:const|function\*?|class) (\w+)/gm)]
        .filter(([, name]) => !isUsed(file, name!))
        .map(([, name]) => `${file} ${name}`),
    )
    expect(unused).toEqual([])
  })
})

describe('sizes and names', () => {
  test('files stay small', () => {
    const long = [...sources, ...rules]
      .filter(it => it !== 'rules/index.ts')
      .map(file => ({ file, lines: textOf(file).split('\n').length - 1 }))
      .filter(
        ({ file, lines }) => lines > (file.startsWith('rules/') ? 250 : longFiles.test(file) ? 600 : 400),
      )
    expect(long).toEqual([])
  })

  test('files open with what they are for', () => {
    const silent = sources.filter(file => !/^(?:#!.*\n)?\/\*\*/.test(textOf(file)))
    expect(silent).toEqual([])
  })

  test('no file is a drawer', () => {
    const drawers = /(?:^|\/)(?:utils?|helpers?|common|misc|shared|manager|service)\.ts$/
    expect([...sources, ...walk('test')].filter(it => drawers.test(it))).toEqual([])
  })

  test('names in ARCHITECTURE.md exist', () => {
    const named = [
      ...textOf('ARCHITECTURE.md').matchAll(/`((?:src|rules|test|schemas|extension|examples)\/[\w./-]*)`/g),
    ]
    expect(named.map(it => it[1]!).filter(it => !existsSync(it))).toEqual([])
    expect(textOf('ARCHITECTURE.md').split('\n').length).toBeLessThanOrEqual(151)
  })
})

const withoutComments = (text: string): string => text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
