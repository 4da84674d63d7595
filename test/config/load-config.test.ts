import { describe, expect, test } from 'vitest'
import { errorOf, load, rules } from './load.ts'

const levels = (loaded: ReturnType<typeof load>, file = 'a.yaml'): Record<string, string> =>
  Object.fromEntries(
    rules
      .map(it => [it.id, loaded.config.settingsFor(file).level(it.id)])
      .filter(([, level]) => level !== 'off'),
  )

describe('levels', () => {
  test('without a file the recommended preset holds', () => {
    expect(levels(load({}))).toEqual({
      'image-tag-mutable': 'warning',
      'schema-unknown-field': 'error',
      'schema-wrong-type': 'error',
    })
  })

  test('presets replace the default, rules win over presets', () => {
    const text = 'presets: [reliability]\nrules:\n  image-tag-mutable: error\n  cpu-limit-missing: info\n'
    expect(levels(load({ 'plimsoll.yaml': text }))).toEqual({
      'image-tag-mutable': 'error',
      'cpu-limit-missing': 'info',
      'replicas-below-minimum': 'info',
    })
  })

  test.each(['off', '"off"', 'false'])('%s switches a rule off', off => {
    expect(levels(load({ 'plimsoll.yaml': `rules: { schema-wrong-type: ${off} }` }))).not.toHaveProperty(
      'schema-wrong-type',
    )
  })

  test.each(['on', '"on"', 'true'])('%s gives a rule its own severity', on => {
    expect(levels(load({ 'plimsoll.yaml': `rules: { cpu-limit-missing: ${on} }` }))).toHaveProperty(
      'cpu-limit-missing',
      'info',
    )
  })

  test('the name that says most wins, whatever the order', () => {
    const text = 'rules:\n  schema-wrong-type: info\n  schema-*: error\n  "*": off\n'
    expect(levels(load({ 'plimsoll.yaml': text }))).toEqual({
      'schema-unknown-field': 'error',
      'schema-wrong-type': 'info',
    })
  })

  test('strict has every rule', () => {
    expect(Object.keys(levels(load({}, { presets: ['strict'] })))).toHaveLength(rules.length)
  })
})

describe('options', () => {
  const options = (text: string) =>
    load({ 'plimsoll.yaml': text }).config.settingsFor('a.yaml').options('replicas-below-minimum')

  test('defaults are filled in', () => {
    expect(options('')).toEqual({ minimum: 2, kinds: [] })
    expect(options('rules: { replicas-below-minimum: { severity: warning, minimum: 3 } }')).toEqual({
      minimum: 3,
      kinds: [],
    })
  })

  test('options alone leave the level as it is', () => {
    const text = 'rules: { replicas-below-minimum: { minimum: 3 } }'
    expect(levels(load({ 'plimsoll.yaml': text }))).not.toHaveProperty('replicas-below-minimum')
  })
})

describe('files that settings hold for', () => {
  const overrides = `
overrides:
  - files: [vendor/**]
    rules: { "*": off, schema-*: error }
  - files: "**/*.test.yaml"
    presets: [reliability]
    rules: { image-tag-mutable: off }
`
  test('overrides hold for files that match, later ones win', () => {
    const loaded = load({ 'plimsoll.yaml': overrides })
    expect(levels(loaded, 'vendor/x/a.yaml')).toEqual({
      'schema-unknown-field': 'error',
      'schema-wrong-type': 'error',
    })
    expect(levels(loaded, 'app/a.test.yaml')).toEqual({ 'replicas-below-minimum': 'info' })
  })

  test('files with the same settings share one object', () => {
    const { config } = load({ 'plimsoll.yaml': overrides })
    expect(config.settingsFor('a.yaml')).toBe(config.settingsFor('b/c.yaml'))
    expect(config.settingsFor('vendor/a.yaml')).toBe(config.settingsFor('vendor/b.yaml'))
    expect(config.settingsFor('vendor/a.yaml')).not.toBe(config.settingsFor('a.yaml'))
  })

  test('a file further down holds for its folder, and alone', () => {
    const loaded = load({
      'plimsoll.yaml': 'rules: { "*": off }',
      'team/plimsoll.yaml': 'rules: { image-tag-mutable: error }',
      'team/sub/plimsoll.yaml': 'extends: ../../plimsoll.yaml',
    })
    expect(levels(loaded, 'a.yaml')).toEqual({})
    expect(levels(loaded, 'team/a.yaml')).toMatchObject({ 'image-tag-mutable': 'error' })
    expect(levels(loaded, 'team/sub/a.yaml')).toEqual({})
    expect(levels(loaded, 'teams/a.yaml')).toEqual({})
  })

  test('the search goes upward from the given paths', () => {
    const files = { '/home/plimsoll.yaml': 'rules: { "*": off }', 'x/a.yaml': '' }
    expect(load(files, {}, 'x').file).toBe('/home/plimsoll.yaml')
    expect(levels(load(files, {}, 'x'), 'x/a.yaml')).toEqual({})
  })

  test('the search ends at the root of the repository', () => {
    expect(load({ '/home/plimsoll.yaml': '', '.git': '' }).file).toBe(undefined)
  })

  test('overrides of a file above the working directory are relative to that file', () => {
    const text = 'overrides: [{ files: repo/deploy/**, rules: { "*": off } }]'
    const loaded = load({ '/home/plimsoll.yaml': text })
    expect(levels(loaded, 'deploy/a.yaml')).toEqual({})
    expect(levels(loaded, 'a.yaml')).not.toEqual({})
  })
})

describe('precedence', () => {
  const files = {
    'base.yaml':
      'kubernetes: "1.33"\nrules: { cpu-limit-missing: error, image-tag-mutable: info }\nnamespace: base',
    'plimsoll.yaml': 'extends: base.yaml\nkubernetes: "1.34-1.35"\nrules: { image-tag-mutable: error }',
  }
  test('the file wins over what it extends', () => {
    const loaded = load(files)
    expect(loaded.config.kubernetes).toEqual(['1.34', '1.35'])
    expect(loaded.config.namespace).toBe('base')
    expect(levels(loaded)).toMatchObject({ 'cpu-limit-missing': 'error', 'image-tag-mutable': 'error' })
  })

  test('flags win over files', () => {
    const loaded = load(files, { kubernetes: '1.36', ignore: ['image-*'], presets: ['schema'] })
    expect(loaded.config.kubernetes).toEqual(['1.36'])
    expect(levels(loaded)).toEqual({
      'cpu-limit-missing': 'error',
      'schema-unknown-field': 'error',
      'schema-wrong-type': 'error',
    })
  })

  test('--only wakes rules that are off', () => {
    expect(levels(load({ 'plimsoll.yaml': 'rules: { "*": off }' }, { only: ['cpu-limit-missing'] }))).toEqual(
      {
        'cpu-limit-missing': 'info',
      },
    )
  })

  test('a named file is the only one, and none can be wished', () => {
    const all = { 'x.yaml': 'rules: { "*": off }', 'plimsoll.yaml': '', 'team/plimsoll.yaml': '' }
    expect(levels(load(all, { file: { path: 'x.yaml' } }), 'team/a.yaml')).toEqual({})
    expect(load(all, { file: 'none' }).file).toBe(undefined)
  })

  test('without a version the newest holds, and that is known', () => {
    expect(load({}).config).toMatchObject({ kubernetes: ['1.36'], kubernetesGiven: false })
    expect(load({}, { kubernetes: '1.34' }).config.kubernetesGiven).toBe(true)
  })
})

describe('where settings come from', () => {
  test('each has its place', () => {
    const loaded = load({ 'plimsoll.yaml': 'kubernetes: "1.35"\nrules:\n  image-tag-mutable: off\n' })
    expect(loaded.settings.get('kubernetes')).toEqual({ value: '1.35', from: 'plimsoll.yaml:1:1' })
    expect(loaded.explain('a.yaml').get('image-tag-mutable')).toMatchObject({
      level: 'off',
      from: 'plimsoll.yaml:3:3',
    })
    expect(loaded.explain('a.yaml').get('schema-wrong-type')?.from).toBe('preset recommended (default)')
  })

  test('inventories are relative to the file that names them, and must be there', () => {
    const tree = { 'plimsoll.yaml': 'nodes: [cluster/nodes.json]', 'cluster/nodes.json': '{}' }
    expect(load(tree).nodes).toEqual({ value: ['cluster/nodes.json'], from: 'plimsoll.yaml:1:1' })
    expect(() => load({ 'plimsoll.yaml': 'nodes: [gone.json]' })).toThrow(
      'plimsoll.yaml:1:1: gone.json does not exist',
    )
  })

  test('what has no effect is said', () => {
    const notes = load({
      'plimsoll.yaml': 'policies: [policies]',
      'x/plimsoll.yaml': 'kubernetes: "1.35"',
    }).notes
    expect(notes).toEqual([
      { path: 'plimsoll.yaml', reason: '"policies" has no effect yet' },
      {
        path: 'x/plimsoll.yaml',
        reason: '"kubernetes" holds for a whole run and is taken from its own file',
      },
    ])
  })
})

describe('charts', () => {
  test('values files are relative to the chart or to the settings', () => {
    const text = 'charts: { charts/shop: { values: [prod.yaml, values/all.yaml], namespace: shop } }'
    const charts = { 'x/charts/shop/Chart.yaml': '', 'x/charts/shop/prod.yaml': '' }
    const files = { 'x/plimsoll.yaml': text, ...charts, 'x/values/all.yaml': '' }
    const { config, files: needed } = load(files)
    const values = ['x/charts/shop/prod.yaml', 'x/values/all.yaml']
    expect(config.charts).toEqual(new Map([['x/charts/shop', { values, namespace: 'shop' }]]))
    expect(needed).toEqual(values)
  })

  test('values files that are not there', () => {
    const text = 'charts: { shop: { values: [gone.yaml] } }'
    expect(errorOf({ 'plimsoll.yaml': text, 'shop/Chart.yaml': '' })).toBe(
      'plimsoll.yaml:1:11: gone.yaml does not exist, neither in shop nor beside plimsoll.yaml',
    )
  })

  test.each([
    [
      'a folder that is no chart',
      'charts/shp',
      'charts/shp is no chart: charts/shp/Chart.yaml does not exist',
    ],
    ['a package that is not there', 'shop.tgz', 'shop.tgz is no chart: shop.tgz does not exist'],
  ])('%s', (_, chart, message) => {
    const text = `charts: { ${chart}: { namespace: shop } }`
    expect(errorOf({ 'plimsoll.yaml': text, 'charts/shop/Chart.yaml': '' })).toBe(
      `plimsoll.yaml:1:11: ${message}`,
    )
  })
})

describe('wrong settings', () => {
  test.each<[string, string, string]>([
    ['an unknown key', 'ruls: {}', 'plimsoll.yaml:1:1: unknown key "ruls" [did you mean "rules"?]'],
    [
      'an unknown rule',
      'rules:\n  image-tag-mutble: off',
      'plimsoll.yaml:2:3: unknown rule "image-tag-mutble" [did you mean "image-tag-mutable"?]',
    ],
    [
      'an unknown rule in an override',
      'overrides:\n  - files: a\n    rules: { schema-wrong-typo: off }',
      'plimsoll.yaml:3:14: unknown rule "schema-wrong-typo" [did you mean "schema-wrong-type"?]',
    ],
    ['a pattern without rules', 'rules: { imgae-*: off }', 'plimsoll.yaml:1:10: no rule matches "imgae-*"'],
    [
      'a wrong level',
      'rules: { image-tag-mutable: eror }',
      'plimsoll.yaml:1:29: "eror" is not one of error, warning, info, off, on [did you mean "error"?]',
    ],
    [
      'a wrong option',
      'rules: { replicas-below-minimum: { minimum: 0 } }',
      'plimsoll.yaml:1:45: 0 is less than 1',
    ],
    [
      'an unknown option',
      'rules: { replicas-below-minimum: { minimun: 3 } }',
      'plimsoll.yaml:1:36: unknown key "minimun" [did you mean "minimum"?]',
    ],
    [
      'an unknown preset',
      'presets: [strikt]',
      'plimsoll.yaml:1:11: "strikt" is not one of recommended, schema, security, pss-baseline, pss-restricted, reliability, strict, helm [did you mean "strict"?]',
    ],
    [
      'a version without quotes',
      'kubernetes: 1.30',
      'plimsoll.yaml:1:13: expected a text: put "1.30" in quotes',
    ],
    ['a list for a map', 'rules: [a]', 'plimsoll.yaml:1:8: expected a map'],
    ['no map at all', '- a', 'plimsoll.yaml:1:1: expected a map'],
    ['a missing key', 'external: [{ kind: Secret }]', 'plimsoll.yaml:1:12: "name" is missing'],
    [
      'an unknown version',
      'kubernetes: "1.99"',
      'plimsoll.yaml:1:1: Kubernetes 1.99 is not known [known: 1.33, 1.34, 1.35, 1.36]',
    ],
    ['an empty range', 'kubernetes: "1.36-1.33"', 'plimsoll.yaml:1:1: the range 1.36-1.33 is empty'],
    [
      'no version',
      'kubernetes: latest',
      'plimsoll.yaml:1:1: "latest" is no Kubernetes version [write a minor or a range of minors: 1.34, 1.33-1.36]',
    ],
    ['a repeated key', 'rules: {}\nrules: {}', 'plimsoll.yaml:2:1: '],
    [
      'several faults',
      'a: 1\nkubernets: "1.33"',
      'plimsoll.yaml:1:1: unknown key "a"\nplimsoll.yaml:2:1: unknown key "kubernets" (did you mean "kubernetes"?)',
    ],
    ['a prototype key', '__proto__: { rules: 1 }', 'plimsoll.yaml:1:1: unknown key "__proto__"'],
    [
      'a file to extend that is not there',
      'extends: gone.yaml',
      'plimsoll.yaml:1:1: cannot read gone.yaml: does not exist',
    ],
    [
      'a circle of extensions',
      'extends: ./plimsoll.yaml',
      'plimsoll.yaml:1:1: plimsoll.yaml extends plimsoll.yaml',
    ],
  ])('%s', (_, text, message) => {
    expect(errorOf({ 'plimsoll.yaml': text })).toContain(message)
  })

  test.each(['', '# nothing\n', '---\n', '{}'])('an empty file is no fault: %j', text => {
    expect(errorOf({ 'plimsoll.yaml': text })).toBe('no error')
  })

  test('an unknown version given as a flag', () => {
    expect(errorOf({}, { kubernetes: '1.9' })).toBe(
      '--kubernetes: Kubernetes 1.9 is not known [known: 1.33, 1.34, 1.35, 1.36]',
    )
  })
})
