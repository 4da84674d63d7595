/** Charts that want to take the machine, one a name; what is in them is all there is. */

const CHART = 'apiVersion: v2\nname: bomb\nversion: 1.0.0\n'
const grow = (step: string, end = '') =>
  `{{ $x := "ab" }}{{ $d := dict "a" "b" }}{{ $l := list 1 }}{{ range until 60 }}${step}{{ end }}${end}`

const TEMPLATES: Readonly<Record<string, string>> = {
  'include without end': '{{ define "r" }}{{ include "r" . }}{{ end }}{{ include "r" . }}',
  'template without end': '{{ define "r" }}{{ template "r" . }}{{ end }}{{ template "r" . }}',
  'tpl without end': '{{ $t := "{{ tpl .t . }}" }}{{ tpl $t (dict "t" $t "Template" .Template) }}',
  'tpl that grows':
    '{{ $t := "{{ tpl (print .t .t) (dict \\"t\\" (print .t .t) \\"Template\\" .Template) }}" }}{{ tpl $t (dict "t" $t "Template" .Template) }}',
  'two calls each': '{{ define "r" }}{{ include "r" . }}{{ include "r" . }}{{ end }}{{ include "r" . }}',
  'a tree of includes': `${Array.from({ length: 30 }, (_, i) => `{{ define "r${i}" }}{{ include "r${i + 1}" . }}{{ include "r${i + 1}" . }}{{ end }}`).join('')}{{ define "r30" }}x{{ end }}{{ include "r0" . }}`,
  'a tree of includes that nobody prints': `${Array.from({ length: 30 }, (_, i) => `{{ define "r${i}" }}{{ $a := include "r${i + 1}" . }}{{ $b := include "r${i + 1}" . }}{{ end }}`).join('')}{{ define "r30" }}x{{ end }}{{ include "r0" . }}`,
  repeat: '{{ repeat 1000000000 "x" }}',
  'repeat below the limit, often': '{{ range until 1000 }}{{ $x := repeat 30000000 "x" }}{{ end }}',
  'repeat below the limit, kept':
    '{{ $l := list }}{{ range until 1000 }}{{ $l = append $l (repeat 1000000 "é") }}{{ end }}{{ len $l }}',
  'repeat of repeat': '{{ repeat 10000 (repeat 10000 "x") | upper | lower | title | quote }}',
  until: '{{ until 100000000 }}',
  'until, kept': '{{ $l := list }}{{ range until 100000 }}{{ $l = append $l (until 1000) }}{{ end }}',
  untilStep: '{{ untilStep 0 2000000000 1 }}',
  seq: '{{ seq 1 100000000 }}',
  indent: '{{ indent 1000000000 "a" }}',
  'indent of many lines': '{{ indent 10000 (repeat 10000 "a\\n") }}',
  'indent of many lines, again and again':
    '{{ $x := repeat 1000 "a\\n" }}{{ range until 1000 }}{{ $x = indent 10 $x }}{{ end }}',
  'printf widths': '{{ range until 10000 }}{{ printf "%999999d" 1 }}{{ end }}',
  'printf precision': '{{ range until 10000 }}{{ printf "%.999999f" 1.5 }}{{ end }}',
  'texts that double': grow('{{ $x = print $x $x }}'),
  'texts of values that double': grow('{{ $x = print $x $.Values.a }}{{ $x = print $x $x }}'),
  'lists that double': grow('{{ $l = concat $l $l }}'),
  'dicts that double, printed': grow('{{ $d = dict "x" $d "y" $d }}', '{{ toYaml $d }}'),
  'dicts that double, as JSON': grow('{{ $d = dict "x" $d "y" $d }}', '{{ toJson $d }}'),
  'dicts that double, copied': grow('{{ $d = dict "x" $d "y" $d }}', '{{ deepCopy $d | len }}'),
  'dicts that double, compared': grow(
    '{{ $d = dict "x" $d "y" $d }}',
    '{{ deepEqual $d (dict "x" (dict "x" 1)) }}{{ has $d (list $d $d) }}{{ uniq (list $d $d) | len }}',
  ),
  'a dict within itself': '{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ $d }}',
  'a dict within itself, copied': '{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ deepCopy $d }}',
  'a dict within itself, merged':
    '{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ $e := dict }}{{ $_ := set $e "d" $e }}{{ merge $d $e }}',
  'variables that remember':
    '{{ $x := .Values.a }}{{ range until 1000000 }}{{ if $x }}{{ $x = printf "%s" $x }}{{ end }}{{ end }}',
  'conditions that remember':
    '{{ $d := dict "k" 1 }}{{ range until 3000000 }}{{ if $.Values.a }}{{ end }}{{ end }}',
  'text nobody asked for': `{{ range until 2000000 }}a: b\n{{ end }}`,
  parentheses: `{{ ${'('.repeat(50_000)}1${')'.repeat(50_000)} }}`,
  pipes: `{{ 1 ${'| print '.repeat(200_000)} }}`,
  blocks: '{{ if true }}'.repeat(20_000),
  'a chain of else': `{{ if 0 }}${'{{ else if 0 }}'.repeat(20_000)}{{ end }}`,
  'many errors': '{{ @ }}'.repeat(20_000),
  'a version of blanks': '{{ semverCompare (printf "%s!" (repeat 500 "1  ")) "1.2.3" }}',
  'a pattern of groups': '{{ regexMatch "^(a+)+$" (print (repeat 100000 "a") "!") }}{{ until 100000000 }}',
  'a pattern that counts':
    '{{ regexMatch "((a{1,100}){1,100}){1,100}$" (repeat 1000 "a") }}{{ until 100000000 }}',
  'patterns, many':
    '{{ range $i := until 100000 }}{{ regexReplaceAll (printf "(a|b)*%d" $i) "aaaaaaaab" "x" }}{{ end }}',
  'a split of everything':
    '{{ $x := repeat 10000000 "a," }}{{ range until 100 }}{{ $_ := splitList "," $x }}{{ end }}',
  'a sort of everything':
    '{{ $x := splitList "," (repeat 300000 "a,b,") }}{{ range until 100 }}{{ $_ := sortAlpha $x }}{{ end }}',
  'fromYaml of a bomb': `{{ fromYaml "a: &a [x,x,x,x,x,x,x,x,x]\\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\\ng: &g [*f,*f,*f,*f,*f,*f,*f,*f,*f]" | toJson | len }}{{ until 100000000 }}`,
  'fromYaml, often':
    '{{ $x := repeat 10000 "a: {b: [c, d]}\\n" }}{{ range $i := until 1000 }}{{ $_ := fromYaml $x }}{{ end }}',
  'passwords, derived': '{{ range until 1000 }}{{ derivePassword 1 "long" "p" "u" "s" }}{{ end }}',
  'certificates, many': '{{ range until 100000 }}{{ $c := genCA "a" 1 }}{{ end }}',
  'a checksum of everything':
    '{{ $x := repeat 10000000 "a" }}{{ range until 100 }}{{ sha256sum $x }}{{ b64enc $x | len }}{{ end }}',
  'a rendering of 64 MB': '{{ $x := repeat 1000000 "k" }}{{ range until 64 }}# {{ $x }}\n{{ end }}',
  'a document of many keys': '{{ range $i := until 400000 }}k{{ $i }}: [a, {b: c}]\n{{ end }}',
  'documents, many': '{{ range $i := until 100000 }}---\nkind: A\nmetadata: {name: a{{ $i }}}\n{{ end }}',
  'a flow that is not closed': '{{ repeat 1000000 "[" }}',
  'flows within flows': '{{ repeat 9000 "[" }}{{ repeat 9000 "]" }}',
  'tpl of tpl of tpl':
    '{{ $t := "x" }}{{ range until 40 }}{{ $t = printf "{{ tpl %q . }}{{ tpl %q . }}" $t $t }}{{ end }}{{ tpl $t . }}',
  'tpl of distinct texts': '{{ range $i := until 300000 }}{{ $_ := tpl (printf "{{ %d }}" $i) $ }}{{ end }}',
  'merges of copies':
    '{{ $d := dict "a" "b" }}{{ range until 40 }}{{ $d = mergeOverwrite (dict "x" (deepCopy $d)) (dict "y" (deepCopy $d)) }}{{ end }}',
  'passwords of chance': '{{ range until 1000 }}{{ $x := randAlphaNum 10000000 }}{{ end }}',
  'keys, certificates and hashes':
    '{{ range until 100000 }}{{ $c := genCA "a" 1 }}{{ $h := htpasswd "u" "p" }}{{ $k := genPrivateKey "rsa" }}{{ end }}',
  'secrets of megabytes':
    '{{ $x := repeat 5000000 "a" }}{{ range until 100 }}{{ $y := encryptAES "k" $x }}{{ end }}',
  'replacements that grow':
    '{{ $x := repeat 100000 "a" }}{{ range until 20 }}{{ $x = regexReplaceAll "a" $x "aaaaaaaaaa" }}{{ end }}',
  'matches, many':
    '{{ $x := repeat 1000000 "ab" }}{{ range until 1000 }}{{ $_ := regexFindAll "a" $x -1 }}{{ $_ := regexSplit "a" $x -1 }}{{ end }}',
  'splits at most':
    '{{ $x := repeat 1000000 "a," }}{{ range until 100 }}{{ $_ := splitn "," 1000000 $x }}{{ end }}',
  'lines wrapped in a word':
    '{{ $x := repeat 1000000 "ab" }}{{ range until 100 }}{{ $_ := wrapWith 1 "-" $x }}{{ $_ := wrap 1 $x }}{{ end }}',
  'words in other cases':
    '{{ $x := repeat 3000000 "aB " }}{{ range until 100 }}{{ $_ := snakecase $x }}{{ $_ := camelcase $x }}{{ $_ := initials $x }}{{ $_ := title $x }}{{ end }}',
  'addresses joined':
    '{{ $d := dict "host" (repeat 3000000 "é") "path" (repeat 3000000 " ") }}{{ range until 100 }}{{ $_ := urlJoin $d }}{{ end }}',
  'blanks taken away':
    '{{ $x := repeat 9000000 " " }}{{ range until 100 }}{{ $_ := nospace $x }}{{ $_ := trimAll " " $x }}{{ end }}',
  'a sort of long equals':
    '{{ $l := list }}{{ range until 1000 }}{{ $l = append $l (repeat 10000 "a") }}{{ end }}{{ range until 100000 }}{{ $_ := sortAlpha $l }}{{ end }}',
  'a duration of digits':
    '{{ $x := repeat 100000 "7" }}{{ range until 100000 }}{{ $_ := durationRound $x }}{{ $_ := duration $x }}{{ end }}',
  'lists in lists, read':
    '{{ $x := repeat 9000 "- " }}{{ range until 1000 }}{{ $_ := fromYamlArray $x }}{{ end }}',
  'values within values, evaluated':
    '{{ $_ := set .Values "v" .Values }}{{ range until 1000000 }}{{ $x := tpl (print "{{ . }}" $.Values) $ }}{{ end }}',
  'texts within a text':
    '{{ define "r" }}{{ tpl (toYaml (dict "a" (include "r" .))) . }}{{ end }}{{ include "r" . }}',
  'a copy in each call':
    '{{ define "r" }}{{ $_ := set . "x" (dict "y" (deepCopy .)) }}{{ include "r" . }}{{ end }}{{ include "r" (dict "a" 1) }}',
  'a list as text of itself':
    '{{ $d := dict }}{{ $_ := set $d "self" (list $d) }}{{ print $d | quote }}{{ cat $d }}',
  'an argument for each word': `{{ cat ${'"aaaaaaaaaa" '.repeat(20_000)} }}{{ until 100000000 }}`,
  'versions of megabytes':
    '{{ range until 1000000 }}{{ semverCompare (repeat 200 ">1.2.3 || ") "1.2.3" }}{{ end }}{{ semver (repeat 500000 "1.") }}',
  'a document of tags': '{{ repeat 300000 "a: !!int 1\n" }}',
  'a document of colons': '{{ repeat 1000000 "a: " }}',
  'YAML of aliases': `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi'].map((it, i) => `${it}: &${it} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]\n`).join('')}`,
}

const VALUES: Readonly<Record<string, string>> = {
  'nested values': `a: ${'['.repeat(20_000)}`,
  'nested values, by indentation': Array.from({ length: 3000 }, (_, i) => `${' '.repeat(i)}a:\n`).join(''),
  'aliases in values': TEMPLATES['YAML of aliases']!,
  'values of many keys': Array.from({ length: 200_000 }, (_, i) => `k${i}: v\n`).join(''),
  'an anchor within itself': 'a: &a\n  b: *a\n',
  'merges of merges': `a0: &a0 {x: y}\n${Array.from({ length: 60 }, (_, i) => `a${i + 1}: &a${i + 1}\n  <<: [*a${i}, *a${i}, *a${i}]\n  k${i}: *a${i}\n`).join('')}`,
  'a key of megabytes': `${'k'.repeat(3_000_000)}: v\n`,
  'names of prototypes in values':
    '__proto__: {a: b}\nconstructor: {prototype: {a: b}}\ntoString: x\nhasOwnProperty: 1\n',
}

const SCHEMAS: Readonly<Record<string, unknown>> = {
  'a reference to a file': { $ref: 'file:///etc/passwd' },
  'a reference to a device': { $ref: 'file:///dev/zero' },
  'a reference to a URL': { $ref: 'http://127.0.0.1:9/schema.json' },
  'a schema within itself': { $ref: '#' },
  'a circle of references': {
    $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } },
    $ref: '#/$defs/a',
  },
  'a schema within itself, by its name': {
    $id: 'https://example.com/s.json',
    $ref: 'https://example.com/s.json',
  },
  'a schema within itself, where it is used': {
    $dynamicAnchor: 'n',
    additionalProperties: { $dynamicRef: '#n' },
    anyOf: [{ $dynamicRef: '#n' }],
  },
  'a schema within itself, of an older draft': {
    $schema: 'https://json-schema.org/draft/2019-09/schema',
    $recursiveAnchor: true,
    allOf: [{ $recursiveRef: '#' }],
  },
  'patterns in a schema': {
    type: 'string',
    properties: Object.fromEntries(
      Array.from({ length: 20_000 }, (_, i) => [`p${i}`, { pattern: `^(a|b)*${i}` }]),
    ),
  },
  'names of properties by patterns': {
    type: 'string',
    patternProperties: Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`^(a|b)*${i}$`, {}])),
  },
  'a pattern in a schema': { properties: { a: { pattern: '^(a+)+$' } } },
  'alternatives of alternatives': Array.from({ length: 12 }).reduce<object>(
    (inner: object): object => ({ anyOf: [{ properties: { a: inner } }, { properties: { a: inner } }] }),
    { type: 'string' },
  ),
  'combinations of combinations': doubling(step => ({ allOf: [step, step] })),
  'combinations under names of their own': {
    allOf: [{ $ref: '#s0' }],
    $defs: Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [
        `d${i}`,
        { $anchor: `s${i}`, allOf: [{ $ref: `#s${i + 1}` }, { $ref: `#s${i + 1}` }] },
      ]),
    ),
  },
  'conditions of conditions': doubling(step => ({ if: step, else: step }), { type: 'string' }),
  'dependencies of dependencies': doubling(step => ({ dependentSchemas: { a: step, b: step, '': step } })),
  'combinations, undone': { not: doubling(step => ({ anyOf: [{ not: step }, { not: step }] })) },
}

/** Forty steps, each of which asks the next one several times. */
function doubling(ask: (step: object) => object, last: object = { type: 'object' }): object {
  const steps = Array.from({ length: 40 }, (_, i) => [`s${i}`, ask({ $ref: `#/$defs/s${i + 1}` })])
  return { $ref: '#/$defs/s0', $defs: Object.fromEntries([...steps, ['s40', last]]) }
}

/** A chart of a chart of a chart …, each of which takes the next one under many names. */
function nestAliases(depth: number, names: number): Readonly<Record<string, string>> {
  const files: Record<string, string> = { 'templates/a.yaml': 'a: b' }
  for (let level = 0, path = ''; level < depth; path += `charts/s${++level}/`) {
    const alias = (i: number): string => `- {name: s${level + 1}, version: 1.0.0, alias: a${i}}\n`
    const below =
      level + 1 < depth ? `dependencies:\n${Array.from({ length: names }, (_, i) => alias(i)).join('')}` : ''
    const name = level === 0 ? 'bomb' : `s${level}`
    files[`${path}Chart.yaml`] = `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n${below}`
  }
  return files
}

/** Files of each chart by its name. */
export const hostileCharts = new Map<string, Readonly<Record<string, string>>>([
  ...Object.entries(TEMPLATES).map(
    ([name, text]) =>
      [name, { 'Chart.yaml': CHART, 'values.yaml': 'a: b\n', 'templates/a.yaml': text }] as const,
  ),
  ...Object.entries(VALUES).map(
    ([name, text]) =>
      [
        name,
        { 'Chart.yaml': CHART, 'values.yaml': text, 'templates/a.yaml': '{{ toYaml .Values }}' },
      ] as const,
  ),
  [
    'a long list without equals',
    {
      'Chart.yaml': CHART,
      'values.yaml': `a: [${Array.from({ length: 30_000 }, (_, i) => `{b: ${i}}`).join(', ')}]\n`,
      'values.schema.json': JSON.stringify({ properties: { a: { uniqueItems: true } } }),
      'templates/a.yaml': 'a: b',
    },
  ],
  [
    'a sub-chart of many names',
    {
      'Chart.yaml': `${CHART}dependencies:\n${Array.from({ length: 10_000 }, (_, i) => `- {name: sub, version: 1.0.0, alias: a${i}}\n`).join('')}`,
      'charts/sub/Chart.yaml': 'apiVersion: v2\nname: sub\nversion: 1.0.0\n',
      'charts/sub/values.yaml': 'a: {b: {c: d}}\n',
      'templates/a.yaml': 'a: b',
    },
  ],
  ['sub-charts of sub-charts, of many names', nestAliases(6, 12)],
  [
    '10,000 dependencies that are not there',
    {
      'Chart.yaml': `${CHART}dependencies:\n${Array.from({ length: 10_000 }, (_, i) => `- {name: d${i}, version: 1.x, condition: d${i}.enabled, tags: [a], import-values: [data]}\n`).join('')}`,
      'templates/a.yaml': 'a: b',
    },
  ],
  [
    'templates of a million actions',
    {
      'Chart.yaml': CHART,
      ...Object.fromEntries(
        Array.from({ length: 5 }, (_, i) => [`templates/a${i}.yaml`, '# {{ .Values.a }}\n'.repeat(200_000)]),
      ),
    },
  ],
  ['a template of 64 MiB', { 'Chart.yaml': CHART, 'templates/a.yaml': '# a comment\n'.repeat(2 ** 26 / 12) }],
  ...Object.entries(SCHEMAS).map(
    ([name, schema]) =>
      [
        name,
        {
          'Chart.yaml': CHART,
          'values.yaml': `a: ${'a'.repeat(50_000)}!\n`,
          'values.schema.json': JSON.stringify(schema),
          'templates/a.yaml': 'a: b',
        },
      ] as const,
  ),
])
