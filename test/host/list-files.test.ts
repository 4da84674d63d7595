import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { diskHost } from '../../src/host/disk.ts'
import { type Tree, writeTree } from './folder.ts'

const list = (tree: Tree, ...paths: string[]) => diskHost(writeTree(tree)).list(paths)
const idsOf = (tree: Tree, ...paths: string[]): string[] =>
  list(tree, ...(paths.length > 0 ? paths : ['.'])).files.map(it => it.id)

describe('which files are found', () => {
  test.each<[string, Tree, string[]]>([
    [
      'YAML and JSON at any depth, in order of their paths',
      { 'b.yml': '', 'a/c.json': '', 'a/b.YAML': '', 'x.txt': '', 'deep/er/x.yaml': '' },
      ['a/b.YAML', 'a/c.json', 'b.yml', 'deep/er/x.yaml'],
    ],
    [
      'nothing of node_modules and .git, no lock files',
      { 'node_modules/a.yaml': '', '.git/b.yaml': '', 'package-lock.json': '', 'a.yaml': '' },
      ['a.yaml'],
    ],
    ['hidden folders', { '.config/a.yaml': '' }, ['.config/a.yaml']],
    [
      'nothing that .gitignore names, unless a deeper file takes it back',
      {
        '.gitignore': 'out/\n*.gen.yaml\n',
        'out/a.yaml': '',
        'x.gen.yaml': '',
        'k/.gitignore': '!k.gen.yaml\n',
        'k/k.gen.yaml': '',
      },
      ['k/k.gen.yaml'],
    ],
    [
      'nothing that .plimsollignore names',
      { '.plimsollignore': '/vendor\n', 'vendor/a.yaml': '', 'app/vendor/a.yaml': '' },
      ['app/vendor/a.yaml'],
    ],
    [
      'every file of a chart, and fetched sub-charts though they are ignored',
      {
        '.gitignore': 'charts/\n',
        'Chart.yaml': '',
        'templates/_h.tpl': '',
        '.helmignore': '',
        'charts/x/Chart.yaml': '',
      },
      ['.gitignore', '.helmignore', 'Chart.yaml', 'charts/x/Chart.yaml', 'templates/_h.tpl'],
    ],
    ['kustomizations without an extension', { 'a/Kustomization': '' }, ['a/Kustomization']],
  ])('%s', (_, tree, ids) => {
    expect(idsOf(tree)).toEqual(ids)
  })

  test('files of charts are told from other documents', () => {
    const { files } = list({ 'c/Chart.yaml': '', 'c/a.yaml': '', 'b.yaml': '' }, '.')
    expect(files.map(it => [it.id, it.role])).toEqual([
      ['b.yaml', 'document'],
      ['c/Chart.yaml', 'chart'],
      ['c/a.yaml', 'chart'],
    ])
  })

  test('ignore files above the given folder hold, up to the repository', () => {
    const tree = {
      '.git/HEAD': '',
      '.gitignore': '*.tmp.yaml\n',
      'deploy/a.yaml': '',
      'deploy/b.tmp.yaml': '',
    }
    expect(idsOf(tree, 'deploy')).toEqual(['deploy/a.yaml'])
  })

  test('what is named is looked at though it is ignored', () => {
    const tree = { '.git/HEAD': '', '.gitignore': 'out/\n', 'out/a.yaml': '', 'out/b/c.yaml': '' }
    expect(idsOf(tree, 'out')).toEqual(['out/a.yaml', 'out/b/c.yaml'])
    expect(idsOf(tree, 'out/a.yaml')).toEqual(['out/a.yaml'])
  })

  test('a file given twice is one file', () => {
    expect(idsOf({ 'a.yaml': '' }, 'a.yaml', '.', './a.yaml')).toEqual(['a.yaml'])
  })

  test('a named file brings the chart around it', () => {
    const tree = { 'c/Chart.yaml': '', 'c/values.yaml': '', 'c/templates/a.yaml': '', 'x.yaml': '' }
    const { files } = list(tree, 'c/templates/a.yaml')
    expect(files.map(it => `${it.id} ${it.named}`)).toEqual([
      'c/Chart.yaml false',
      'c/templates/a.yaml true',
      'c/values.yaml false',
    ])
    expect(idsOf(tree, 'c/templates')).toEqual(['c/Chart.yaml', 'c/templates/a.yaml', 'c/values.yaml'])
  })

  test('a named file brings the kustomization beside it', () => {
    expect(idsOf({ 'k/kustomization.yaml': '', 'k/a.yaml': '', 'k/b.yaml': '' }, 'k/a.yaml')).toEqual([
      'k/a.yaml',
      'k/kustomization.yaml',
    ])
  })

  test('ids are relative below the working directory, and as given elsewhere', () => {
    const folder = writeTree({ 'in/a.yaml': '', 'out/b.yaml': '' })
    const host = diskHost(join(folder, 'in'))
    expect(host.list([join(folder, 'in/a.yaml'), '../out']).files.map(it => it.id)).toEqual([
      '../out/b.yaml',
      'a.yaml',
    ])
    expect(host.list([join(folder, 'out')]).files.map(it => it.id)).toEqual([join(folder, 'out/b.yaml')])
  })
})

describe('symbolic links', () => {
  test('to files that are found anyway are not followed twice', () => {
    expect(idsOf({ 'v1/a.yaml': '', current: '-> v1', 'b.yaml': '-> v1/a.yaml' })).toEqual(['v1/a.yaml'])
  })

  test('to files that are not found otherwise are followed', () => {
    const tree = {
      'shared/a.yaml': '',
      'shared/b/c.yaml': '',
      'app/shared': '-> ../shared',
      'app/x.yaml': '-> ../shared/a.yaml',
    }
    expect(idsOf(tree, 'app')).toEqual(['app/shared/a.yaml', 'app/shared/b/c.yaml'])
  })

  test('out of the root are left out, and said', () => {
    const outside = writeTree({ 'a.yaml': '' })
    const { files, skipped } = list(
      { away: `-> ${outside}`, 'b.yaml': `-> ${outside}/a.yaml`, 'c.txt': `-> ${outside}/a.yaml` },
      '.',
    )
    expect(files).toEqual([])
    expect(skipped).toEqual([
      { path: 'away', reason: 'a symbolic link that leaves the root' },
      { path: 'b.yaml', reason: 'a symbolic link that leaves the root' },
    ])
  })

  test('in circles end', () => {
    expect(idsOf({ 'a/x.yaml': '', 'a/up': '-> ..', 'a/self': '-> .' }, 'a')).toEqual(['a/x.yaml'])
  })

  test('to nothing are said', () => {
    expect(list({ 'a.yaml': '-> gone.yaml' }, '.').unreadable).toEqual([
      { path: 'a.yaml', reason: 'a symbolic link to nothing' },
    ])
  })
})

describe('what is named and cannot be had', () => {
  test.each([
    ['gone.yaml', 'gone.yaml does not exist'],
    ['x'.repeat(300), `cannot read ${'x'.repeat(300)}: the name is too long`],
    ['loop', 'cannot read loop: a loop of symbolic links'],
  ])('%s: %s', (path, message) => {
    expect(() => list({ loop: '-> loop' }, path)).toThrow(message)
  })
})
