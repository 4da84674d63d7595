import { describe, expect, test } from 'vitest'
import { rules } from '../../rules/index.ts'
import { listFindings } from '../../src/engine/check.ts'
import { applyFixes } from '../../src/engine/fix.ts'
import { open } from './open.ts'

const chosen = rules.filter(it =>
  [
    'privileged-container',
    'schema-value-not-supported',
    'schema-unknown-field',
    'yaml-implicit-type',
  ].includes(it.id),
)

/** The files that fixes change, and how many findings are left. */
async function fix(files: Readonly<Record<string, string>>) {
  const all = { 'Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n', ...files }
  const workspace = await open(all, chosen)
  const { changed, findings } = await applyFixes({ workspace, listFindings, allow: 'all' })
  return {
    changed: Object.fromEntries(changed.map(it => [it.after.id, it.after.text])),
    left: findings.length,
  }
}

const pod = (container: string): string => `apiVersion: v1
kind: Pod
metadata:
  name: a
spec:
  containers:
${container}`
const privileged = (value: string): string =>
  pod(`    - name: a
      image: example/a:1
      securityContext:
        privileged: ${value}
`)

describe('fixes of rendered manifests', () => {
  test('literal text is edited in the template, whatever stands around it', async () => {
    const text = `{{- if .Values.enabled }}\n${privileged('true # so far')}{{- end }}\n`
    expect(await fix({ 'values.yaml': 'enabled: true\n', 'templates/a.yaml': text })).toEqual({
      changed: { 'templates/a.yaml': text.replace('true # so far', 'false # so far') },
      left: 0,
    })
  })

  test('a value that is printed as it stands is edited in values.yaml', async () => {
    const template = privileged('{{ .Values.container.privileged }}')
    const values = 'container:\n  # as root\n  privileged: true # so far\n'
    expect(await fix({ 'values.yaml': values, 'templates/a.yaml': template })).toEqual({
      changed: { 'values.yaml': values.replace('true', 'false') },
      left: 0,
    })
  })

  test('a value within a block of values, too', async () => {
    const template = pod(
      '    - name: a\n      image: a:1\n      securityContext: {{- toYaml .Values.context | nindent 8 }}\n',
    )
    expect(
      await fix({ 'values.yaml': 'context: { privileged: true }\n', 'templates/a.yaml': template }),
    ).toEqual({
      changed: { 'values.yaml': 'context: { privileged: false }\n' },
      left: 0,
    })
  })

  test('text that a template prints without quotes is quoted there', async () => {
    const text = (action: string): string =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  cache: {{${action} }}\n  mode: {{ .Values.mode }}\n`
    const files = { 'values.yaml': 'cache: "yes"\nmode: fast\n', 'templates/a.yaml': text(' .Values.cache') }
    expect(await fix(files)).toEqual({
      changed: { 'templates/a.yaml': text(' .Values.cache | quote') },
      left: 0,
    })
  })

  test('a helper that is included once is edited, and what it is included as may be quoted', async () => {
    const helpers = '{{- define "context" }}\nprivileged: true\n{{- end }}\n'
    const template = pod(
      '    - name: a\n      image: a:1\n      securityContext: {{- include "context" . | nindent 8 }}\n',
    )
    expect(await fix({ 'templates/_helpers.tpl': helpers, 'templates/a.yaml': template })).toEqual({
      changed: { 'templates/_helpers.tpl': helpers.replace('true', 'false') },
      left: 0,
    })
  })

  test('what several sets of values show is mended once', async () => {
    const files = {
      'values.yaml': 'name: a\n',
      'ci/b-values.yaml': 'name: b\n',
      'templates/a.yaml': privileged('true'),
    }
    expect(await fix(files)).toEqual({ changed: { 'templates/a.yaml': privileged('false') }, left: 0 })
  })

  test('what only one set renders is mended', async () => {
    const template = (value: string): string => `{{- if .Values.enabled }}\n${privileged(value)}{{- end }}\n`
    const files = {
      'values.yaml': 'enabled: false\n',
      'ci/on-values.yaml': 'enabled: true\n',
      'templates/a.yaml': template('true'),
    }
    expect(await fix(files)).toEqual({ changed: { 'templates/a.yaml': template('false') }, left: 0 })
  })
})

const values = 'containers: [a, b]\nprivileged: true\nflag: "yes"\n'
const both = (first: string, second: string): string => `${privileged(first)}---\n${privileged(second)}`
const withheld: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  [
    'text in a loop',
    {
      'values.yaml': values,
      'templates/a.yaml': pod(
        '    {{- range .Values.containers }}\n    - name: {{ . }}\n      image: a:1\n      securityContext:\n        privileged: true\n    {{- end }}\n',
      ),
    },
  ],
  [
    'text in a loop that runs once',
    {
      'values.yaml': 'names: [a]\n',
      'templates/a.yaml': `{{- range .Values.names }}\n${privileged('true')}{{- end }}\n`,
    },
  ],
  [
    'a helper that a loop includes',
    {
      'values.yaml': 'names: [a]\n',
      'templates/_helpers.tpl': `{{- define "pod" }}\n${privileged('true')}{{- end }}\n`,
      'templates/a.yaml': '{{- range .Values.names }}\n{{- include "pod" $ }}\n{{- end }}\n',
    },
  ],
  [
    'a helper that is included twice',
    {
      'templates/_helpers.tpl': '{{- define "context" }}privileged: true{{ end }}\n',
      'templates/a.yaml': both('true', 'true').replaceAll('privileged: true', '{{ include "context" . }}'),
    },
  ],
  [
    'a key that is printed in two places',
    {
      'values.yaml': values,
      'templates/a.yaml': both('{{ .Values.privileged }}', '{{ .Values.privileged }}'),
    },
  ],
  [
    'a key that a condition looks at, too',
    {
      'values.yaml': values,
      'templates/a.yaml': `${privileged('{{ .Values.privileged }}')}{{ if .Values.privileged }}  hostPID: true{{ end }}\n`,
    },
  ],
  [
    'a sub-chart',
    {
      'charts/store/Chart.yaml': 'apiVersion: v2\nname: store\nversion: 1.0.0\n',
      'charts/store/templates/a.yaml': privileged('true'),
    },
  ],
  ['a default of the template', { 'templates/a.yaml': privileged('{{ .Values.x | default true }}') }],
  [
    'text that a function has changed',
    {
      'values.yaml': values,
      'templates/a.yaml': privileged('{{ eq .Values.flag "yes" }}'),
    },
  ],
  [
    'a value of another file',
    {
      'values.yaml': 'privileged: false\n',
      'ci/a-values.yaml': 'privileged: true\n',
      'templates/a.yaml': privileged('{{ .Values.privileged }}'),
    },
  ],
  [
    'a value that another rendering of the same document prints twice',
    {
      'values.yaml': 'privileged: true\ntwice: false\n',
      'ci/twice-values.yaml': 'twice: true\n',
      'templates/a.yaml': privileged('{{ .Values.privileged }}'),
      'templates/b.yaml':
        '{{ if .Values.twice }}apiVersion: v1\nkind: ConfigMap\nmetadata: { name: "{{ .Values.privileged }}" }\n{{ end }}',
    },
  ],
  [
    'a helper that another rendering of the same document includes twice',
    {
      'values.yaml': 'twice: false\n',
      'ci/twice-values.yaml': 'twice: true\n',
      'templates/_flag.tpl': '{{ define "flag" }}true{{ end }}',
      'templates/a.yaml': privileged('{{ include "flag" . }}'),
      'templates/b.yaml':
        '{{ if .Values.twice }}apiVersion: v1\nkind: ConfigMap\nmetadata: { name: "{{ include "flag" . }}" }\n{{ end }}',
    },
  ],
  [
    'text that tpl evaluates',
    {
      'values.yaml': `extra: |\n${privileged('true').replaceAll(/^/gm, '  ')}\n`,
      'templates/a.yaml': '{{ tpl .Values.extra . }}\n',
    },
  ],
]

test.each(withheld)('no fix for %s', async (_, files) => {
  const { changed, left } = await fix(files)
  expect(changed).toEqual({})
  expect(left).toBeGreaterThan(0)
})
