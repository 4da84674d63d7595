import { expect, test } from 'vitest'
import { rules } from '../../rules/index.ts'
import { listFindings } from '../../src/engine/check.ts'
import { ownRules } from '../../src/engine/own-rules.ts'
import { suppress } from '../../src/engine/suppress.ts'
import { formatPlace, open } from './open.ts'

const chosen = rules.filter(it => ['privileged-container', 'helm-value-unused'].includes(it.id))

/** What is left, and how much was taken out. */
async function left(files: Readonly<Record<string, string>>): Promise<string[]> {
  const all = { 'Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n', ...files }
  const { snapshot } = await open(all, chosen)
  const known = [...rules, ...ownRules]
  const { findings, suppressed } = suppress(listFindings(snapshot), {
    snapshot,
    rules: known,
    today: '2026-11-21',
  })
  const places = findings.map(({ rule, location }) => `${formatPlace(location)} ${rule}`)
  return [...places, `${suppressed} suppressed`]
}

const pod = (privileged: string, metadata = '', before = ''): string => `apiVersion: v1
kind: Pod
metadata:
  name: a
${metadata}spec:
  containers:
    - name: a
      image: a:1
      securityContext:
${before}        privileged: ${privileged}
`
const ignore = 'plimsoll-ignore privileged-container -- the driver needs it'
const annotation = '    plimsoll/ignore: privileged-container\n'

test.each<[string, Readonly<Record<string, string>>]>([
  ['a comment of YAML in a template', { 'templates/a.yaml': pod('true', '', `        # ${ignore}\n`) }],
  ['one at the end of the line', { 'templates/a.yaml': pod(`true # ${ignore}`) }],
  [
    'a comment of the template above',
    { 'templates/a.yaml': pod('true', '', `        {{- /* ${ignore} */}}\n`) },
  ],
  ['one at the end of the line', { 'templates/a.yaml': pod(`true {{/* ${ignore} */ -}}`) }],
  [
    'a comment of several lines',
    {
      'templates/a.yaml': pod(
        'true',
        '',
        `        {{- /*\n          ${ignore}\n          and more of it\n        */}}\n`,
      ),
    },
  ],
  [
    'a comment for the whole template',
    { 'templates/a.yaml': `{{- /* ${ignore.replace('ignore', 'ignore-file')} */}}\n${pod('true')}` },
  ],
  [
    'a comment above an action of several lines',
    {
      'values.yaml': 'privileged: true\n',
      'templates/a.yaml': pod(
        '{{ printf "%v"\n          .Values.privileged }}',
        '',
        `        {{- /* ${ignore} */}}\n`,
      ),
    },
  ],
  [
    'a comment at the key of the values',
    { 'values.yaml': `# ${ignore}\nprivileged: true\n`, 'templates/a.yaml': pod('{{ .Values.privileged }}') },
  ],
  [
    'a comment for the whole values file',
    {
      'values.yaml': `# ${ignore.replace('ignore', 'ignore-file')}\n\na: 1\nprivileged: true\n`,
      'templates/a.yaml': pod(
        '{{ .Values.privileged }}{{/* {{ .Values.a }} */}}',
        `  labels: { a: "{{ .Values.a }}" }\n`,
      ),
    },
  ],
  ['an annotation', { 'templates/a.yaml': pod('true', `  annotations:\n${annotation}`) }],
  [
    'an annotation that a helper brings',
    {
      'templates/_helpers.tpl': `{{- define "annotations" }}\n${annotation.trim()}\n{{- end }}\n`,
      'templates/a.yaml': pod('true', '  annotations:\n    {{- include "annotations" . | nindent 4 }}\n'),
    },
  ],
  [
    'a comment in the helper that has the fault',
    {
      'templates/_helpers.tpl': `{{- define "context" }}\n{{- /* ${ignore} */}}\nprivileged: true\n{{- end }}\n`,
      'templates/a.yaml': pod('true').replace(
        '        privileged: true',
        '        {{- include "context" . | nindent 8 }}',
      ),
    },
  ],
  [
    'a comment where the helper is included',
    {
      'templates/_helpers.tpl': '{{- define "context" }}\nprivileged: true\n{{- end }}\n',
      'templates/a.yaml': pod('true').replace(
        '        privileged: true',
        `        {{- /* ${ignore} */}}\n        {{- include "context" . | nindent 8 }}`,
      ),
    },
  ],
  [
    'a comment about a rule of charts',
    {
      'values.yaml': 'a: 1 # plimsoll-ignore helm-value-unused -- for later\n',
      'templates/a.yaml': '# {{ .Release.Name }}\n',
    },
  ],
])('%s suppresses', async (_, files) => {
  expect(await left(files)).toEqual(['1 suppressed'])
})

test('a comment in one template says nothing of another', async () => {
  const files = { 'templates/a.yaml': pod(`true # ${ignore}`), 'templates/b.yaml': pod('true') }
  expect(await left(files)).toEqual(['templates/b.yaml:10 privileged-container', '1 suppressed'])
})

test('files that are neither YAML nor templates show suppressions, and make none', async () => {
  const text = '# plimsoll-ignore-file no-such-rule\n'
  const others = Object.fromEntries(
    ['README.md', 'files/a.py', 'NOTES.rst', 'templates/NOTES.txt', 'files/a.yaml'].map(it => [it, text]),
  )
  expect(await left({ ...others, 'templates/a.yaml': pod('false') })).toEqual([
    'files/a.yaml:1 suppression-unknown-rule',
    'templates/NOTES.txt:1 suppression-unknown-rule',
    '0 suppressed',
  ])
})
