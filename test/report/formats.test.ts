import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { formatCheckstyle } from '../../src/report/checkstyle.ts'
import { formatCompact } from '../../src/report/compact.ts'
import { formatGithub } from '../../src/report/github.ts'
import { formatGitlab } from '../../src/report/gitlab.ts'
import { formatHtml } from '../../src/report/html.ts'
import { formatJson } from '../../src/report/json.ts'
import { formatJunit } from '../../src/report/junit.ts'
import { formatMarkdown } from '../../src/report/markdown.ts'
import { formatPretty } from '../../src/report/pretty.ts'
import type { Reporter } from '../../src/report/reporter.ts'
import { formatSarif } from '../../src/report/sarif.ts'
import { formatTap } from '../../src/report/tap.ts'
import { empty, finding, hostile, options, ordinary, service } from './reports.ts'

const formats: readonly (readonly [string, Reporter])[] = [
  ['pretty', formatPretty],
  ['compact', formatCompact],
  ['json', formatJson],
  ['sarif', formatSarif],
  ['github', formatGithub],
  ['gitlab', formatGitlab],
  ['junit', formatJunit],
  ['checkstyle', formatCheckstyle],
  ['tap', formatTap],
  ['markdown', formatMarkdown],
  ['html', formatHtml],
]

describe('every format', () => {
  test.each(formats)('%s has no character that a terminal obeys, whatever users write', (_, format) => {
    expect(format(hostile, options)).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/)
  })

  test.each(formats)('%s ends with a line end, and is the same twice', (_, format) => {
    for (const report of [ordinary, hostile, empty]) {
      expect(format(report, options)).toMatch(/\n$/)
      expect(format(report, options)).toBe(format(report, options))
    }
  })
})

describe('a finding that only some values of a chart show', () => {
  const files = ['k8s/ci/a-values.yaml', 'k8s/b-values.yaml', 'other/c-values.yaml', 'd-values.yaml']
  const withValues = (values: readonly string[]) => ({ ...ordinary, findings: [{ ...finding, values }] })

  test.each(formats.filter(([name]) => name !== 'json'))('%s names them', (name, format) => {
    const text = format(withValues(files.slice(0, 1)), options)
    expect(name === 'markdown' ? text.replaceAll('\\', '') : text).toContain('(with ci/a-values.yaml)')
  })

  test('the first few are named, the others counted', () => {
    expect(formatCompact(withValues(files), options)).toContain(
      '(Kubernetes 1.36) (with ci/a-values.yaml, b-values.yaml, other/c-values.yaml and 1 more) [',
    )
  })

  test('nothing is said where the own values of the chart show it', () => {
    const text = formatCompact(withValues(['values.yaml', ...files.slice(1)]), options)
    expect(text).toContain('named "http" (Kubernetes 1.36) [')
  })

  test('json lists all', () => {
    expect(JSON.parse(formatJson(withValues(files), options)).findings[0].values).toEqual(files)
  })
})

describe('a finding in rendered text', () => {
  const report = { ...ordinary, findings: [ordinary.findings[1]!] }

  test.each(formats)('%s names the values to edit', (name, format) => {
    const text = format(report, options)
    expect(name === 'markdown' ? text.replaceAll('\\', '') : text).toContain('service.name')
    if (!['json', 'sarif', 'markdown', 'html'].includes(name))
      expect(text).toContain('from k8s/service.yaml:4:3 service.name')
  })

  test.each<[string, Reporter]>([
    ['github', formatGithub],
    ['gitlab', formatGitlab],
  ])('%s names their file from the root of the repository', (_, format) => {
    expect(format(report, { ...options, prefix: 'deploy' })).toContain(
      'from deploy/k8s/service.yaml:4:3 service.name',
    )
  })

  test('the call that printed it is no value', () => {
    const origins = [{ kind: 'include' as const, location: ordinary.findings[0]!.location }]
    const included = { ...report, findings: [{ ...report.findings[0]!, origins }] }
    expect(formatPretty(included, options)).toContain('\n  included from k8s/service.yaml:8:19\n')
    expect(formatGithub(included, options)).toContain('%0Aincluded from k8s/service.yaml:8:19\n')
    expect(formatCompact(included, options)).toContain('port has no name [port-unnamed]')
  })
})

describe('pretty', () => {
  test('shows the place, the related place, the fix and one line about the whole', () => {
    expect(
      formatPretty(ordinary, options),
    ).toBe(`error service-target-port-name-missing: no container of Deployment "web" has a port named "http" (Kubernetes 1.36)
  k8s/service.yaml:8:19  Service "web" in shop
  6 │   ports:
  7 │     - port: 80
  8 │       targetPort: http
    │                   ^^^^
  k8s/web.yaml:4:13  ports of this container: "web"
  4 │     - name: web
    │             ^^^
  fix: Use "web" (with --unsafe)

warning port-unnamed: port has no name
  k8s/web.yaml:3:3
  1 │ kind: Deployment
  2 │ spec:
  3 │   ports:
    │   ^^^^^
  from k8s/service.yaml:4:3 service.name
  fix: Name it

1 error, 1 warning in 2 files (2 resources); Kubernetes 1.35, 1.36; 2 fixable by "plimsoll fix" (1 need --unsafe); 1 suppressed; 1 skipped (charts/x: a chart); 84 ms
`)
  })

  test('says that nothing was found, and in what', () => {
    expect(formatPretty(empty, options)).toBe(
      'No findings in 2 files (2 resources); Kubernetes 1.35, 1.36; 84 ms\n',
    )
  })

  test('puts together what was left out for like reasons', () => {
    const skipped = [
      { path: 'charts/a', reason: 'a chart that demands values: set the name' },
      { path: 'charts/b', reason: `a chart that demands values: ${'please '.repeat(40)}` },
      { path: 'a.yaml', reason: 'a patch, not judged alone' },
      { path: 'b.yaml', reason: 'a patch, not judged alone' },
      { path: 'c.yaml', reason: `a template, ${'long '.repeat(40)}` },
    ]
    const line = formatPretty({ ...empty, summary: { ...empty.summary, skipped } }, options)
    expect(line).toContain(
      '; 5 skipped (2 × a chart that demands values, 2 × a patch, not judged alone, c.yaml: a template, long ',
    )
    expect(line).toContain(' long lo…); 84 ms')
  })

  test('says when nobody chose a version', () => {
    const report = { ...empty, summary: { ...empty.summary, kubernetes: ['1.36'], kubernetesGiven: false } }
    expect(formatPretty(report, options)).toContain(
      'Kubernetes 1.36 (the newest known; --kubernetes chooses)',
    )
  })

  test('colours only when told to', () => {
    expect(formatPretty(ordinary, { ...options, color: true })).toContain('\u001b[31merror\u001b[39m')
    expect(formatPretty(ordinary, options)).not.toContain('\u001b')
  })

  test.each([
    ['wide characters', 'a: 日本 # x\n', '日本', '  1 │ a: 日本 # x\n    │    ^^^^'],
    ['tabs', 'a:\tb\n', 'b', '  1 │ a: b\n    │    ^'],
    ['a line end of Windows', 'a: b\r\n', 'b', '  1 │ a: b\n    │    ^'],
    ['a place without width at the end', 'a:\n', '\n', '  1 │ a:\n    │   ^'],
    ['a place that spans lines', 'a:\n  b\n', 'a:\n  b', '  1 │ a:\n    │ ^^'],
    ['a byte order mark', '\ufeffa: b\n', 'a', '  1 │ a: b\n    │ ^'],
  ])('underlines the right columns: %s', (_, text, place, frame) => {
    const source = { id: 'a.yaml', text }
    const start = text.indexOf(place)
    const location = { source, span: { start, end: start + place.length } }
    const report = { ...empty, findings: [{ ...finding, location, related: [], fixes: [] }] }
    expect(formatPretty(report, options)).toContain(`${frame}\n\n`)
  })

  test('cuts long lines around the place', () => {
    const source = { id: 'a.json', text: `{${' '.repeat(5000)}"here"${' '.repeat(5000)}}` }
    const location = { source, span: { start: 5001, end: 5007 } }
    const lines = formatPretty({ ...empty, findings: [{ ...finding, location }] }, options).split('\n')
    const frame = lines.findIndex(it => it.includes('"here"'))
    expect(lines[frame]!.length).toBeLessThan(160)
    expect(lines[frame]!.slice(lines[frame + 1]!.indexOf('^')).startsWith('"here"')).toBe(true)
  })
})

describe('compact', () => {
  test('has a line for each finding', () => {
    expect(formatCompact(ordinary, options).split('\n').slice(0, 2)).toEqual([
      'k8s/service.yaml:8:19: error no container of Deployment "web" has a port named "http" (Kubernetes 1.36) [service-target-port-name-missing]',
      'k8s/web.yaml:3:3: warning port has no name (from k8s/service.yaml:4:3 service.name) [port-unnamed]',
    ])
  })
})

describe('json', () => {
  const schema = JSON.parse(readFileSync(new URL('../../schemas/report.json', import.meta.url), 'utf8'))
  const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema)

  test.each([
    ['ordinary', ordinary],
    ['hostile', hostile],
    ['empty', empty],
  ])('agrees with its schema: %s', (_, report) => {
    validate(JSON.parse(formatJson(report, options)))
    expect(validate.errors).toBe(null)
  })

  test('the schema describes every key that is written', () => {
    const closed = JSON.parse(JSON.stringify(schema), (_, value) =>
      value?.type === 'object' ? { ...value, additionalProperties: false } : value,
    )
    expect(new Ajv().validate(closed, JSON.parse(formatJson(ordinary, options)))).toBe(true)
  })

  test("has the API server's own words beside those for people", () => {
    const { findings } = JSON.parse(formatJson(ordinary, options))
    expect(findings[1]).toMatchObject({
      serverReason: 'FieldValueRequired',
      serverField: 'spec.ports[0].name',
      serverMessage: 'Required value',
    })
    expect(findings[0]).not.toHaveProperty('serverMessage')
  })

  test('has 1-based places and UTF-16 offsets', () => {
    const { findings, summary } = JSON.parse(formatJson(ordinary, options))
    expect(findings[0].range).toEqual({
      start: { line: 8, column: 19, offset: service.text.indexOf('http') },
      end: { line: 8, column: 23, offset: service.text.indexOf('http') + 4 },
    })
    expect(summary).toMatchObject({ errors: 1, warnings: 1, infos: 0, fixable: 2, milliseconds: 84 })
  })
})

describe('github', () => {
  test('writes one command for each finding, the worst first, with paths from the root', () => {
    const lines = formatGithub(
      { ...ordinary, findings: ordinary.findings.toReversed() },
      { ...options, prefix: 'deploy' },
    ).split('\n')
    expect(lines.slice(0, 2)).toEqual([
      '::error file=deploy/k8s/service.yaml,line=8,endLine=8,col=19,endColumn=23,title=service-target-port-name-missing::no container of Deployment "web" has a port named "http" (Kubernetes 1.36)%0Adeploy/k8s/web.yaml:4:13 ports of this container: "web"',
      '::warning file=deploy/k8s/web.yaml,line=3,endLine=3,col=3,endColumn=8,title=port-unnamed::port has no name%0Afrom deploy/k8s/service.yaml:4:3 service.name',
    ])
  })

  test('lets no text begin a command of its own', () => {
    const commands = formatGithub(hostile, options)
      .split('\n')
      .filter(it => /^::/.test(it))
    expect(commands).toHaveLength(1)
    expect(commands[0]).toMatch(/^::error file=[^,:]*,line=1,/)
  })
})

describe('gitlab', () => {
  test('has fingerprints that differ', () => {
    const report = { ...ordinary, findings: [finding, finding, finding] }
    const entries = JSON.parse(formatGitlab(report, options)) as { fingerprint: string }[]
    expect(new Set(entries.map(it => it.fingerprint)).size).toBe(3)
    expect(entries[0]).toEqual({
      description: 'no container of Deployment "web" has a port named "http" (Kubernetes 1.36)',
      check_name: 'service-target-port-name-missing',
      fingerprint: 'f00d',
      severity: 'critical',
      location: { path: 'k8s/service.yaml', lines: { begin: 8, end: 8 } },
    })
  })

  test('is an empty list when nothing is found', () => {
    expect(formatGitlab(empty, options)).toBe('[]\n')
  })
})

describe('tap', () => {
  test('has a plan and a point for each finding', () => {
    const lines = formatTap(ordinary, options).split('\n')
    expect(lines.slice(0, 3)).toEqual([
      'TAP version 14',
      '1..2',
      'not ok 1 - k8s/service.yaml:8:19 service-target-port-name-missing: no container of Deployment "web" has a port named "http" (Kubernetes 1.36)',
    ])
    expect(formatTap(empty, options)).toContain('1..1\nok 1 - No findings')
  })

  test('escapes hashes, which would begin a directive', () => {
    expect(formatTap(hostile, options)).not.toMatch(/^(?:not )?ok .*[^\\]#/m)
  })
})

describe('markdown', () => {
  test('has a table for each file', () => {
    expect(formatMarkdown(ordinary, options)).toContain(
      '### `k8s/web.yaml`\n\n| severity | place | rule | finding |\n|---|---|---|---|\n| ⚠️ warning | 3:3 | `port-unnamed` | port has no name \\(from k8s/service.yaml\\:4\\:3 service.name\\) |\n',
    )
  })

  test('leaves no markup of users alive', () => {
    const text = formatMarkdown(hostile, options)
    expect(text).not.toMatch(/[^\\]<a|[^\\]\]\(y|(?<!\\)@all|(?<!\\)\*\*_/)
    expect(text.split('\n').filter(it => it.startsWith('| 🛑'))).toHaveLength(1)
  })
})

describe('html', () => {
  const count = (text: string, part: RegExp): number => [...text.matchAll(part)].length

  test('is a page that shows each finding with its lines, by file', () => {
    const page = formatHtml(ordinary, options)
    expect(page).toContain('<title>plimsoll: 1 error, 1 warning</title>')
    expect(page).toContain('<h2><code>k8s/service.yaml</code></h2>')
    expect(page).toContain('      targetPort: http\n')
    expect(page).toContain('from <code>k8s/service.yaml:4:3</code> <code>service.name</code>')
    expect(page).toContain('fix:</span> Use &quot;web&quot; <span class="soft">(with --unsafe)</span>')
    expect(count(page, /<article class="error">/g)).toBe(1)
    expect(count(page, /<input type="checkbox"/g)).toBe(2)
  })

  test('asks nothing of the web and runs nothing, whatever users write', () => {
    const page = formatHtml(hostile, options)
    expect(page).not.toMatch(/<script|<link|<img|src=|@import|url\(|<a href="x|&#8238;/)
    expect(count(page, /<article/g)).toBe(1)
    expect(count(page, /<\/article>/g)).toBe(1)
  })

  test('says that nothing was found', () => {
    expect(formatHtml(empty, options)).toContain('<h1>plimsoll: No findings</h1>')
  })
})
