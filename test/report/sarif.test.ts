import { execFile } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { describe, expect, test } from 'vitest'
import type { Report } from '../../src/engine/finding.ts'
import { formatSarif } from '../../src/report/sarif.ts'
import { empty, finding, hostile, options, ordinary } from './reports.ts'

const reports = { ordinary, hostile, empty }
const names = Object.keys(reports) as (keyof typeof reports)[]
const runOf = (report: Report, some = options) => JSON.parse(formatSarif(report, some)).runs[0]

const tool = path.dirname(
  createRequire(import.meta.url).resolve(`@microsoft/sarif-multitool-${platformName()}/package.json`),
)

function platformName(): string {
  return process.platform === 'win32' || process.platform === 'darwin' ? process.platform : 'linux'
}

interface Result {
  readonly locations: readonly {
    readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } }
  }[]
}

describe('the standard', () => {
  const schema = JSON.parse(readFileSync(path.join(tool, 'sarif-2.1.0.json'), 'utf8'))
  const ajv = new Ajv2020({ strict: false })
  addFormats.default(ajv)
  const validate = ajv.compile(schema)

  test.each(names)('JSON Schema: %s', name => {
    validate(JSON.parse(formatSarif(reports[name], options)))
    expect(validate.errors).toBe(null)
  })

  test('the validator of the format finds no error and no warning, with the rules of GitHub', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-sarif-'))
    for (const name of names)
      writeFileSync(path.join(folder, `${name}.sarif`), formatSarif(reports[name], options))
    // Proof that the validator judges: a run without a tool.
    writeFileSync(path.join(folder, 'broken.sarif'), '{ "version": "2.1.0", "runs": [{}] }')
    const program = path.join(tool, process.platform === 'win32' ? 'Sarif.Multitool.exe' : 'Sarif.Multitool')
    chmodSync(program, 0o755)
    const output = path.join(folder, 'verdict.json')
    const files = [...names, 'broken'].map(it => `${it}.sarif`)
    const rules = ['--rule-kind', 'Sarif;Ghas', '--level', 'Error;Warning']
    // The exit code is 0 whatever it finds.
    await promisify(execFile)(
      program,
      ['validate', ...files, ...rules, '--output', output, '--log', 'ForceOverwrite'],
      { cwd: folder },
    )
    const verdict = JSON.parse(readFileSync(output, 'utf8').replace(/^\ufeff/, ''))
    const blamed = (verdict.runs[0].results as Result[]).map(
      it => it.locations[0]?.physicalLocation.artifactLocation.uri ?? '',
    )
    expect(blamed).not.toEqual([])
    expect(blamed.filter(it => !it.endsWith('broken.sarif'))).toEqual([])
  })
})

describe('what GitHub wants', () => {
  test('all rules, whether they found something or not, with help', () => {
    const { rules } = runOf(ordinary).tool.driver
    expect(rules.map((it: { id: string }) => it.id)).toEqual([
      'service-target-port-name-missing',
      'privileged-container',
      'port-unnamed',
    ])
    expect(rules[0]).toMatchObject({
      shortDescription: { text: 'Service names a port that no container has.' },
      help: { text: expect.stringContaining('Connections are refused.\nUse a name that exists.') },
      defaultConfiguration: { level: 'error' },
      properties: { tags: ['kubernetes', 'network'], precision: 'very-high', 'problem.severity': 'error' },
    })
    expect(rules[0].properties).not.toHaveProperty('security-severity')
    expect(rules[1].properties['security-severity']).toBe('8.0')
  })

  test('one place a result, from the root of the repository, with an end behind the last unit', () => {
    const [result] = runOf(ordinary, { ...options, prefix: 'deploy/x y' }).results
    expect(result).toMatchObject({ ruleId: finding.rule, ruleIndex: 0, level: 'error' })
    expect(result.locations).toHaveLength(1)
    expect(result.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'deploy/x%20y/k8s/service.yaml' },
      region: { startLine: 8, startColumn: 19, endLine: 8, endColumn: 23 },
    })
  })

  test('related places that the message links to', () => {
    const [result] = runOf(ordinary).results
    expect(result.message.text).toBe(
      'no container of Deployment "web" has a port named "http" (Kubernetes 1.36). [ports of this container: "web"](1).',
    )
    expect(result.relatedLocations[0]).toMatchObject({
      id: 1,
      physicalLocation: { artifactLocation: { uri: 'k8s/web.yaml' } },
    })
  })

  test('fixes as replacements', () => {
    const [result] = runOf(ordinary).results
    expect(result.fixes[0].artifactChanges[0].replacements).toEqual([
      {
        deletedRegion: { startLine: 8, startColumn: 19, endLine: 8, endColumn: 23 },
        insertedContent: { text: 'web' },
      },
    ])
  })

  test('names of files that read as no other URI', () => {
    const uri = runOf(hostile).results[0].locations[0].physicalLocation.artifactLocation.uri
    expect(uri).toBe('a%20b/%2541%0A%3C%26%22%3E%1B%5B2J%3A%3A%C3%A9.yaml')
    expect(new URL(uri, 'file:///r/').pathname.startsWith('/r/a%20b/')).toBe(true)
  })

  test('no more results than it takes, the worst of them', () => {
    const light = { ...finding, severity: 'info' } as const
    const findings = [...Array.from({ length: 25_000 }, () => light), finding]
    const run = runOf({ ...empty, findings })
    expect(run.results).toHaveLength(25_000)
    expect(run.results[0].level).toBe('error')
    expect(run.invocations[0].toolExecutionNotifications[0].message.text).toBe(
      '1 of 25001 results were left out.',
    )
  })
})
