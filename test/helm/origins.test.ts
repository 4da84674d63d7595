import { describe, expect, test } from 'vitest'
import { placeInText } from '../../src/helm/problems.ts'
import { listSharedDocuments, type RenderedDocument } from '../../src/helm/rendered.ts'
import type { Location } from '../../src/text/source.ts'
import type { Path } from '../../src/yaml/json.ts'
import { walkPath } from '../../src/yaml/locate.ts'
import { spanOf } from '../../src/yaml/table.ts'
import { lineColumn, renderFiles } from './render.ts'

const VALUES = `image:
  repository: nginx
  tag: "1.27"
labels:
  team: web
  tier: front
resources:
  limits:
    cpu: 100m
note: |
  first
  second
text: '{{ .Values.image.repository }}-x'
list: [a, b]
empty: ""
`
const HELPERS = `{{- define "shop.labels" -}}
app: {{ .Chart.Name }}
{{- with .Values.labels }}
{{ toYaml . }}
{{- end }}
{{- end }}
{{- define "shop.name" -}}{{ .Chart.Name }}{{- end -}}
{{- define "shop.full" -}}{{ include "shop.name" . }}-full{{- end -}}
`

function documentOf(template: string): RenderedDocument {
  const rendering = renderFiles({
    'values.yaml': VALUES,
    'templates/_helpers.tpl': HELPERS,
    'templates/a.yaml': template,
  })
  expect(rendering.problems).toEqual([])
  return listSharedDocuments([rendering])[0]![0]!
}

/** `file line:column text` of a place, the file without its folder. */
function show({ source, span }: Location): string {
  return `${source.id.split('/').at(-1)} ${lineColumn(source.text, span.start)} ${source.text.slice(span.start, span.end)}`
}

function originsOf(document: RenderedDocument, path: Path): string[] {
  const { place } = walkPath(document.table, path)
  return document.origins(spanOf(document.table, place.node)).map(it => `${it.kind} ${show(it.location)}`)
}

describe('where a rendered value is written', () => {
  test.each<[string, string, Path, string]>([
    ['literal text', 'kind: Pod\nmetadata:\n  name: plain\n', ['metadata', 'name'], 'a.yaml 3:9 plain'],
    ['an action', 'kind: Pod\ntag: {{ .Values.image.tag }}\n', ['tag'], 'a.yaml 2:6 {{ .Values.image.tag }}'],
    [
      'text and actions',
      'image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"\n',
      ['image'],
      'a.yaml 1:8 "{{ .Values.image.repository }}:{{ .Values.image.tag }}"',
    ],
    [
      'text of a helper below nindent',
      'labels:\n  {{- include "shop.labels" . | nindent 2 }}\n',
      ['labels', 'app'],
      '_helpers.tpl 2:6 {{ .Chart.Name }}',
    ],
    [
      'an include and text behind it',
      'kind: Pod\nname: {{ include "shop.name" . }}-x\n',
      ['name'],
      'a.yaml 2:10 include "shop.name" . }}-x',
    ],
    [
      'two includes',
      'name: {{ include "shop.name" . }}-{{ include "shop.name" . }}\n',
      ['name'],
      'a.yaml 1:10 include "shop.name" . }}-{{ include "shop.name" .',
    ],
    [
      'an include within a helper and text behind it',
      'name: {{ include "shop.full" . }}\n',
      ['name'],
      '_helpers.tpl 8:30 include "shop.name" . }}-full',
    ],
    [
      'nothing but an include',
      'name: {{ include "shop.name" . }}\n',
      ['name'],
      '_helpers.tpl 7:27 {{ .Chart.Name }}',
    ],
    [
      'an include that a variable keeps and text behind it',
      '{{ $name := include "shop.name" . }}\nname: {{ $name }}-x\n',
      ['name'],
      'a.yaml 2:18 -x',
    ],
    ['text behind a trimmed action', '{{ if true -}}\n\n  a: b\n{{- end }}\n', ['a'], 'a.yaml 3:6 b'],
    [
      'text in the second turn of a loop',
      '{{ range .Values.list }}\n{{ . }}: x\n{{ end }}\n',
      ['b'],
      'a.yaml 2:10 x',
    ],
    ['lower case of literal text', 'a: {{ "X" | lower }}\n', ['a'], 'a.yaml 1:4 {{ "X" | lower }}'],
  ])('%s', (_, template, path, expected) => {
    expect(show(documentOf(template).locate(path))).toBe(expected)
  })
})

describe('the values key behind a rendered value', () => {
  const key = {
    tag: 'values values.yaml 3:8 "1.27"',
    repository: 'values values.yaml 2:15 nginx',
    cpu: 'values values.yaml 9:10 100m',
    team: 'values values.yaml 5:9 web',
    note: 'values values.yaml 10:7 |\n  first\n  second',
  }

  test.each<[string, string, Path, string]>([
    ['printed', 'a: {{ .Values.image.tag }}', ['a'], key.tag],
    ['quote', 'a: {{ .Values.image.tag | quote }}', ['a'], key.tag],
    ['default', 'a: {{ .Values.image.tag | default "x" | quote }}', ['a'], key.tag],
    [
      'coalesce and ternary',
      'a: {{ ternary (coalesce .Values.empty .Values.image.tag) 1 true | quote }}',
      ['a'],
      key.tag,
    ],
    ['required', 'a: {{ required "r" .Values.image.repository }}', ['a'], key.repository],
    ['printf', 'a: {{ printf "%s:%d" .Values.image.repository 1 }}', ['a'], key.repository],
    ['print and trim', 'a: {{ print .Values.image.repository "  " | trim }}', ['a'], key.repository],
    [
      'trunc and trimSuffix',
      'a: {{ .Values.image.repository | trunc 4 | trimSuffix "x" }}',
      ['a'],
      key.repository,
    ],
    ['replace', 'a: {{ .Values.image.repository | replace "n" "m" }}', ['a'], key.repository],
    ['upper', 'a: {{ upper .Values.image.repository }}', ['a'], key.repository],
    [
      'join',
      'a: {{ join "-" (list "x" .Values.image.repository) | quote }}',
      ['a'],
      'literal a.yaml 1:22 "x"',
    ],
    ['with', '{{ with .Values.image }}\na: {{ .repository }}\n{{ end }}', ['a'], key.repository],
    ['a variable', '{{ $x := .Values.image }}\na: {{ $x.repository }}', ['a'], key.repository],
    [
      'range over a map',
      '{{ range $k, $v := .Values.labels }}\n{{ $k }}: {{ $v }}\n{{ end }}',
      ['team'],
      key.team,
    ],
    ['toYaml of a map', 'r:\n  {{- toYaml .Values.resources | nindent 2 }}', ['r', 'limits', 'cpu'], key.cpu],
    [
      'toYaml in a helper',
      'labels: {{- include "shop.labels" . | nindent 2 }}',
      ['labels', 'team'],
      key.team,
    ],
    ['omit', 'r: {{- toYaml (omit .Values.labels "tier") | nindent 2 }}', ['r', 'team'], key.team],
    ['merge', 'r: {{- toYaml (merge (dict) .Values.labels) | nindent 2 }}', ['r', 'team'], key.team],
    [
      'deepCopy and set',
      '{{ $c := deepCopy .Values.labels }}{{ $_ := set $c "x" 1 }}\nr: {{- toYaml $c | nindent 2 }}',
      ['r', 'team'],
      key.team,
    ],
    ['dict', 'r: {{- toYaml (dict "k" .Values.image.tag) | nindent 2 }}', ['r', 'k'], key.tag],
    ['get and index', 'a: {{ get (index .Values "image") "repository" }}', ['a'], key.repository],
    ['first', 'a: {{ first .Values.list }}', ['a'], 'values values.yaml 14:8 a'],
    ['fromYaml of what a helper made', 'a: {{ (include "shop.labels" . | fromYaml).team }}', ['a'], key.team],
    ['a block of text', 'a: |\n{{ .Values.note | indent 2 }}', ['a'], key.note],
    ['tpl', 'a: {{ tpl .Values.text . }}', ['a'], key.repository],
  ])('%s', (_, template, path, expected) => {
    expect(originsOf(documentOf(template), path)).toContain(expected)
  })

  test('a default is the literal', () => {
    expect(originsOf(documentOf('a: {{ .Values.nope | default "fallback" }}'), ['a'])).toContain(
      'literal a.yaml 1:30 "fallback"',
    )
  })

  test('the chart itself', () => {
    expect(originsOf(documentOf('a: {{ .Chart.Name }}-{{ .Chart.Version }}'), ['a'])).toEqual([
      'template a.yaml 1:4 {{ .Chart.Name }}-{{ .Chart.Version }}',
      'values Chart.yaml 2:7 shop',
      'values Chart.yaml 3:10 1.0.0',
    ])
  })

  test('values of the command line', () => {
    const rendering = renderFiles(
      { 'templates/a.yaml': 'a: {{ .Values.b.c }}' },
      { sets: [{ kind: 'set', text: 'b.c=x' }] },
    )
    const [documents] = listSharedDocuments([rendering])
    expect(originsOf(documents![0]!, ['a'])).toContain('values --set 1:3 c=x')
  })
})

test('includes are listed from the inside out', () => {
  const document = documentOf(
    '{{ define "outer" }}{{ include "shop.labels" . }}{{ end }}\nl:\n{{ include "outer" . | indent 2 }}',
  )
  const { place } = walkPath(document.table, ['l', 'app'])
  const found = document.origins(spanOf(document.table, place.node)).filter(it => it.kind === 'include')
  expect(found.map(it => it.message)).toEqual(['included as "shop.labels"', 'included as "outer"'])
  expect(found.map(it => lineColumn(it.location.source.text, it.location.span.start))).toEqual([
    '1:24',
    '3:4',
  ])
})

test('every character of a rendering has an origin, and segments are in order', () => {
  const rendering = renderFiles({
    'values.yaml': VALUES,
    'templates/_helpers.tpl': HELPERS,
    'templates/a.yaml':
      'a:\n  {{- include "shop.labels" . | nindent 2 | replace "e" "ee" }}\n  t: {{ tpl .Values.text . | quote }}\nn: |\n  {{- .Values.note | nindent 2 | trimSuffix "\\n" }}\n',
  })
  for (const { text, segments } of rendering.files.values()) {
    expect(segments[0]?.at).toBe(0)
    segments.forEach((it, i) => {
      if (i > 0) expect(it.at).toBeGreaterThan(segments[i - 1]!.at)
    })
    expect(segments.at(-1)!.at).toBeLessThan(text.length)
  }
})

test('what is random says so', () => {
  const { files } = renderFiles({
    'templates/a.txt': 'a {{ randAlphaNum 5 | quote }} {{ now | date "2006" }} {{ uuidv4 }}',
  })
  const { text, segments } = files.get('shop/templates/a.txt')!
  const stable = segments
    .map((it, i) => (it.piece.unstable ? '' : text.slice(it.at, segments[i + 1]?.at)))
    .join('')
  expect(stable.replaceAll('"', '')).toBe('a   ')
})

test('a line of an item that tpl evaluates leads to the item, not to a dash within it', () => {
  const values = 'rules:\n  - name: a\n    hosts:\n      - "{{ .Release.Name }}"\n'
  const files = { 'values.yaml': values, 'templates/a.yaml': 'a:\n{{ tpl (toYaml .Values.rules) $ }}\n' }
  const { text } = renderFiles(files).mapped()!
  const start = text.text.indexOf('- hosts')
  const place = placeInText(text, { start, end: start + 1 })
  expect(place && show(place)).toMatch(/^values.yaml 2:5 /)
})

test.each([
  ['{{ tpl .Values.scripts.run $ }}'],
  ['{{ tpl (toYaml .Values.scripts) $ }}'],
  ['{{ tpl (toYaml .Values.list) $ }}'],
])('lines of a block that %s evaluates lead to lines of the block', template => {
  const block = '|\n      #!/bin/sh\n      exec {{ .Release.Name }}\n\n      {\n        "a": 1\n      }\n'
  const files = {
    'values.yaml': `scripts:\n  run: ${block}list:\n  - ${block}`,
    'templates/a.txt': template,
  }
  const rendered = renderFiles(files).files.get('shop/templates/a.txt')!
  const source = files['values.yaml']
  for (const line of ['#!/bin/sh', 'exec', '"a": 1']) {
    const start = rendered.text.lastIndexOf(line)
    const place = placeInText(rendered, { start, end: start + line.length })!
    expect(place.source.id).toBe('shop/values.yaml')
    expect(source.slice(place.span.start, place.span.start + line.length)).toBe(line)
  }
})
