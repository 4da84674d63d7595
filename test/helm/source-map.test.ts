import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { listChanges } from '../../src/dev/agreement/helm/changed-spans.ts'
import type { MappedOutput } from '../../src/helm/output.ts'
import { placeInText } from '../../src/helm/problems.ts'
import { listDependencies } from '../../src/helm/template/derivation.ts'
import { segmentIndex } from '../../src/helm/template/text.ts'
import type { Span } from '../../src/text/source.ts'
import { formatPath } from '../../src/yaml/json.ts'
import { renderFiles } from './render.ts'

type Values = Readonly<Record<'a' | 'b' | 'c' | 'd', string>>

const HELPERS = `{{- define "h.name" -}}{{ .Values.a | trunc 20 | trimSuffix "-" }}{{- end -}}
{{- define "h.flag" -}}{{- if .Values.c -}}true{{- end -}}{{- end -}}
{{- define "h.labels" -}}
app: {{ include "h.name" . }}
{{- if include "h.flag" . }}
flag: "yes"
{{- end }}
{{- end -}}
{{- define "h.late" -}}{{- $x := "none" -}}{{- if .Values.c -}}{{- $x = .Values.b -}}{{- end -}}{{ $x }}{{- end -}}
`

/** Parts of a template; \`KEY` is a key of the values, `@` a number that no other part has. */
const PARTS = [
  'k@: {{ .Values.KEY }}',
  'k@: {{ .Values.KEY | quote }}',
  'k@: {{ default "x" .Values.KEY | quote }}',
  'k@: {{ ternary "yes" "no" (eq (toString .Values.KEY) "one") }}',
  'k@: {{ printf "%s-%v" .Release.Name .Values.KEY | trunc 12 }}',
  'k@: {{ include "h.name" . }}',
  'k@: {{ include "h.late" . | quote }}',
  'k@:\n  {{- include "h.labels" . | nindent 2 }}',
  'k@: {{ include "h.labels" . | sha256sum }}',
  'k@: {{ toJson (dict "v" .Values.KEY) | quote }}',
  'k@:\n  {{- toYaml (dict "x" .Values.KEY "y" 1) | nindent 2 }}',
  'k@: {{ (include "h.labels" . | fromYaml).flag | default "unset" }}',
  'k@: {{ tpl "{{ .Values.KEY }}-t" . }}',
  'k@: {{ default "none" (tpl (toString .Values.KEY) .) | quote }}',
  'k@: {{ coalesce "" .Values.KEY "z" }}',
  'k@: {{ and .Values.KEY "set" | quote }}',
  'k@: {{ or .Values.KEY "unset" | quote }}',
  'k@: {{ not .Values.KEY }}',
  'k@: {{ .Values.KEY | toString | b64enc }}',
  'k@: {{ len (toString .Values.KEY) }}',
  '{{- if .Values.KEY }}\nk@: there\n{{- else }}\nk@: absent\n{{- end }}',
  '{{- if eq (include "h.flag" .) "true" }}\nk@: flagged\n{{- end }}',
  '{{- with .Values.KEY }}\nk@: {{ . }}\n{{- end }}',
  '{{- range until (int .Values.d) }}\nk@-{{ . }}: turn\n{{- end }}',
  '{{- $m := dict }}{{ if .Values.c }}{{ $_ := set $m "k" .Values.KEY }}{{ end }}\nk@: {{ $m.k | default "x" | quote }}',
  '{{- $v := .Values.KEY }}\n{{- if .Values.c }}\n{{- $v = "c" }}\n{{- end }}\nk@: {{ $v }}',
  'k@: literal text',
]
const KEYS = ['a', 'b', 'c', 'd'] as const

const template = fc
  .array(fc.record({ part: fc.constantFrom(...PARTS), key: fc.constantFrom(...KEYS) }), {
    minLength: 1,
    maxLength: 8,
  })
  .map(parts =>
    parts.map(({ part, key }, i) => `${part.replaceAll('KEY', key).replaceAll('@', String(i))}\n`).join(''),
  )

const SETTINGS: Readonly<Record<keyof Values, readonly string[]>> = {
  a: ['one', 'two', '""'],
  b: ['one', '"x y"', 'deux'],
  c: ['true', 'false'],
  d: ['1', '3', '0'],
}
const values = fc.record({
  a: fc.constantFrom(...SETTINGS.a),
  b: fc.constantFrom(...SETTINGS.b),
  c: fc.constantFrom(...SETTINGS.c),
  d: fc.constantFrom(...SETTINGS.d),
})

function render(text: string, values: Values): MappedOutput {
  const rendering = renderFiles({
    'values.yaml': KEYS.map(it => `${it}: ${values[it]}\n`).join(''),
    'templates/_helpers.tpl': HELPERS,
    'templates/a.yaml': `kind: A\n${text}last: line\n`,
    'templates/b.yaml':
      'kind: B\nname: {{ .Release.Name }}\n---\nkind: C\nmetadata: { annotations: { helm.sh/hook: test } }\n',
  })
  expect(rendering.problems).toEqual([])
  const mapped = rendering.mapped()!
  expect(mapped.text.text).toBe(rendering.output)
  return mapped
}

/** Keys that are among the origins of every character of a span. */
function keysOf({ text, documents }: MappedOutput, span: Span): Set<string> {
  const { segments } = text
  let common: Set<string> | undefined
  for (let i = segmentIndex(segments, span.start); i < segments.length && segments[i]!.at < span.end; i++) {
    const at = Math.max(span.start, segments[i]!.at)
    const { decided } = documents.find(it => it.end > at)!
    const found = listDependencies([segments[i]!.piece, ...(decided ? [decided] : [])])
    const keys = new Set([...found.values].map(it => formatPath(it.path)))
    common = common ? new Set([...common].filter(it => keys.has(it))) : keys
  }
  return common ?? new Set()
}

describe('generated charts', () => {
  test('every character of the output has an origin in a file', () => {
    fc.assert(
      fc.property(template, values, (text, given) => {
        const { text: output, documents } = render(text, given)
        const { segments } = output
        expect(segments[0]!.at).toBe(0)
        segments.forEach((it, i) => {
          const end = segments[i + 1]?.at ?? output.text.length
          expect(end).toBeGreaterThan(it.at)
          const place = placeInText(output, { start: it.at, end })
          expect(place?.source.id).toMatch(/^shop\//)
          expect(place!.span.end).toBeLessThanOrEqual(place!.source.text.length)
        })
        expect(documents.map(it => it.start)).toEqual([0, ...documents.slice(0, -1).map(it => it.end)])
        expect(documents.at(-1)!.end).toBe(output.text.length)
      }),
      { numRuns: 150 },
    )
  })

  test('what changes with a key has the key among its origins', () => {
    fc.assert(
      fc.property(template, values, fc.constantFrom(...KEYS), fc.nat(2), (text, given, key, choice) => {
        const other = SETTINGS[key][choice % SETTINGS[key].length]!
        const before = render(text, given)
        const after = render(text, { ...given, [key]: other })
        for (const change of listChanges(before.text.text, after.text.text)) {
          for (const [side, span] of [
            [before, change.before],
            [after, change.after],
          ] as const) {
            if (span.end <= span.start) continue
            expect([side.text.text.slice(span.start, span.end), [...keysOf(side, span)]]).toEqual([
              side.text.text.slice(span.start, span.end),
              expect.arrayContaining([key]),
            ])
          }
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('values that decide, but are not printed', () => {
  const decide = (text: string, line: string, files: Record<string, string> = {}): string[] => {
    const mapped = renderFiles({
      'values.yaml': 'k: true\ncount: 2\nname: x\nsub: { enabled: true }\n',
      ...files,
      'templates/a.yaml': text,
    }).mapped()!
    const start = mapped.text.text.indexOf(line)
    expect(start).toBeGreaterThanOrEqual(0)
    return [...keysOf(mapped, { start, end: start + line.length })].sort()
  }

  test.each<[string, string, string, string[]]>([
    ['the condition around', '{{ if .Values.k }}\na: b\n{{ end }}', 'a: b', ['k']],
    [
      'both conditions around',
      '{{ if .Values.k }}{{ with .Values.name }}\na: b\n{{ end }}{{ end }}',
      'a: b',
      ['k', 'name'],
    ],
    ['the range around', '{{ range until (int .Values.count) }}\na{{ . }}: b\n{{ end }}', 'a1: b', ['count']],
    [
      'a file that an include leaves out',
      'a: {{ include "none" . | default "bee" }}{{ define "none" }}{{ if not .Values.k }}x{{ end }}{{ end }}',
      'bee',
      ['k'],
    ],
    ['a name of a template', '{{ define "x" }}b{{ end }}a: {{ include .Values.name . }}', 'b', ['name']],
    ['nothing', 'a: b', 'a: b', []],
  ])('%s', (_, text, line, keys) => {
    expect(decide(text, line)).toEqual(keys)
  })

  test('the condition of a sub-chart', () => {
    const files = {
      'Chart.yaml':
        'apiVersion: v2\nname: shop\nversion: 1.0.0\ndependencies:\n  - { name: sub, version: 1.0.0, condition: sub.enabled }\n',
      'charts/sub/Chart.yaml': 'apiVersion: v2\nname: sub\nversion: 1.0.0\n',
      'charts/sub/templates/s.yaml': 'of: sub\n',
    }
    expect(decide('', 'of: sub', files)).toEqual(['sub.enabled'])
  })
})

test.each([
  ['{{ (.Files.Glob "config/*").AsConfig | indent 2 }}'],
  ['{{ tpl (.Files.Glob "config/*").AsConfig . | indent 2 }}'],
])('lines of files that %s prints are placed in these files', action => {
  const mapped = renderFiles({
    'config/a.yaml': 'one: 1\n',
    'config/b.yaml': 'first: 1\n\n  second: "{{ .Release.Name }}"\nthird: 3\n',
    'config/c.txt': 'a\tb \nlast\n',
    'templates/a.yaml': `data:\n${action}\n`,
  }).mapped()!
  const placeOf = (text: string) => {
    const start = mapped.text.text.indexOf(text)
    const place = placeInText(mapped.text, { start, end: start + text.length })!
    return [place.source.id, place.span.start]
  }
  expect(placeOf('one')).toEqual(['shop/config/a.yaml', 0])
  expect(placeOf('second')).toEqual(['shop/config/b.yaml', 12])
  expect(placeOf('third')).toEqual(['shop/config/b.yaml', 42])
  expect(placeOf('last')).toEqual(['shop/config/c.txt', 0])
})

test('text of a file that templates read is placed in that file', () => {
  const mapped = renderFiles({
    'config/app.yaml': 'first: 1\nsecond: 2\n',
    'templates/a.yaml': 'data: |\n{{ .Files.Get "config/app.yaml" | indent 2 }}\n',
  }).mapped()!
  const start = mapped.text.text.indexOf('second')
  const place = placeInText(mapped.text, { start, end: start + 6 })!
  expect([place.source.id, place.span.start]).toEqual(['shop/config/app.yaml', 9])
})
