/** What a rendered map or list lacks is to be written where the values hold it, or nobody knows where. */
import { expect, test } from 'vitest'
import { listSharedDocuments, type RenderedDocument } from '../../src/helm/rendered.ts'
import { lineColumn, renderFiles } from './render.ts'

const VALUES = `resources:
  limits:
    cpu: 2
  requests:
    cpu: 1
empty: {}
flow: { limits: { cpu: 2 } }
nothing:
defaults:
  resources:
    limits:
      cpu: 1
    enabled: true
other: { runAsUser: 1 }
text: |
  limits:
    cpu: 1
  requests:
    cpu: 1
list:
  - name: a
    args: [x]
  - name: b
words: [a, b]
nested:
  "a.b":
    limits:
      cpu: "{{ .Values.other.runAsUser }}"
`
const HELPER = '{{ define "resources" }}{{ toYaml .Values.resources }}{{ end }}'

/** A manifest needs no more than to be a map. */
function render(template: string): RenderedDocument {
  const files = { 'values.yaml': VALUES, 'templates/_r.tpl': HELPER, 'templates/a.yaml': template }
  const [documents] = listSharedDocuments([renderFiles(files)])
  return documents![0]!
}

const RESOURCES = '1:1 resources'

test.each([
  ['toYaml', 'r:\n  {{- toYaml .Values.resources | nindent 2 }}', RESOURCES],
  ['at the margin', 'r:\n{{ toYaml .Values.resources | indent 2 }}', RESOURCES],
  ['with', '{{ with .Values.resources }}\nr:\n  {{- toYaml . | nindent 2 }}\n{{ end }}', RESOURCES],
  ['a helper', 'r: {{- include "resources" . | nindent 2 }}', RESOURCES],
  ['a variable', '{{ $x := deepCopy .Values.resources }}\nr: {{- toYaml $x | nindent 2 }}', RESOURCES],
  ['tpl', 'r: {{- tpl (toYaml .Values.resources) . | nindent 2 }}', RESOURCES],
  [
    'tpl of actions',
    'r: {{- tpl (toYaml (index .Values.nested "a.b")) . | nindent 2 }}',
    '26:3 nested["a.b"]',
  ],
  ['JSON', 'r: {{ toJson .Values.resources }}', RESOURCES],
  ['a flow map', 'r: {{- toYaml .Values.flow | nindent 2 }}', '7:7 flow'],
  ['an empty map', 'r:\n  {{- toYaml .Values.empty | nindent 2 }}', '6:8 empty'],
  ['null', 'r: {{ toYaml .Values.nothing }}', '8:9 nothing'],
  [
    'a default',
    'r: {{- default .Values.defaults.resources .Values.empty | toYaml | nindent 2 }}',
    '10:3 defaults.resources',
  ],
  [
    'what was left out',
    'r: {{- omit .Values.defaults.resources "enabled" | toYaml | nindent 2 }}',
    '10:3 defaults.resources',
  ],
  [
    'an empty map that is merged',
    'r: {{- merge .Values.empty .Values.resources | toYaml | nindent 2 }}',
    RESOURCES,
  ],
  ['a merge of one', 'r: {{- mustMergeOverwrite (dict) .Values.resources | toYaml | nindent 2 }}', RESOURCES],
  [
    'a merge of two',
    'r: {{- merge (dict) .Values.resources .Values.other | toYaml | nindent 2 }}',
    undefined,
  ],
  [
    'two that are printed',
    'r:\n  {{- toYaml .Values.resources | nindent 2 }}\n  {{- toYaml .Values.other | nindent 2 }}',
    undefined,
  ],
  ['one below the other', 'r:\n  {{- toYaml .Values.resources | nindent 2 }}\n  own: 1', undefined],
  ['own entries first', 'r:\n  own: 1\n  {{- toYaml .Values.resources | nindent 2 }}', undefined],
  ['an own map', 'r:\n  limits: {{- toYaml .Values.resources.limits | nindent 4 }}', undefined],
  ['under other names', 'r: {{- dict "a" .Values.resources.limits | toYaml | nindent 2 }}', undefined],
  [
    'an entry that was set',
    '{{ $_ := set .Values.resources "x" "1" }}\nr: {{- toYaml .Values.resources | nindent 2 }}',
    undefined,
  ],
  ['a text', 'r: {{- .Values.text | nindent 2 }}', '15:7 text'],
  ['a list', 'r:\n  {{- toYaml .Values.list | nindent 2 }}', '20:1 list'],
  ['a list of words', 'r:\n  {{- toYaml .Values.words | nindent 2 }}', '24:8 words'],
  ['a list with an own item', 'r:\n  {{- toYaml .Values.words | nindent 2 }}\n  - c', undefined],
  ['a list from its second item on', 'r:\n  {{- toYaml (rest .Values.list) | nindent 2 }}', undefined],
])('%s', (_, template, expected) => {
  const document = render(template)
  const { location, message } = document.whole(['r']) ?? {}
  const place = location && lineColumn(location.source.text, location.span.start)
  expect(document.value).toHaveProperty('r')
  expect(place && `${place} ${message?.replace('value ', '')}`).toBe(expected)
})

test('an item of a list is a map of its own', () => {
  const document = render('r:\n  {{- toYaml .Values.list | nindent 2 }}')
  const placeOf = (...path: (string | number)[]): string | undefined => {
    const { location } = document.whole(['r', ...path]) ?? {}
    return location && lineColumn(location.source.text, location.span.start)
  }
  expect([placeOf(0), placeOf(1), placeOf(0, 'args')]).toEqual(['21:5', '23:5', '22:11'])
})
