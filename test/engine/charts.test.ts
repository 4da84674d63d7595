import { describe, expect, test } from 'vitest'
import { rules } from '../../rules/index.ts'
import { listFindings } from '../../src/engine/check.ts'
import { tallyOf } from '../../src/engine/report.ts'
import type { Workspace } from '../../src/engine/workspace.ts'
import type { Rule } from '../../src/rule.ts'
import type { Document } from '../../src/yaml/document.ts'
import type { Files } from '../harness/check.ts'
import { formatPlace, open as openWith } from './open.ts'

const chart = 'apiVersion: v2\nname: shop\nversion: 1.0.0\n'
const service = `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: {{ .Values.type }}
  ports:
    - port: {{ .Values.port }}
`

const schema: readonly Rule[] = rules.filter(it => it.category === 'schema')

const open = (files: Files, run = schema): Promise<Workspace> => openWith(files, run)

/** `file:line rule`, with the values sets that it is found with and the values keys it comes from. */
function found({ snapshot }: Workspace): string[] {
  return listFindings(snapshot).map(({ location, rule, values, origins }) => {
    const keys = origins.filter(it => it.kind === 'values').map(it => `${it.location.source.id} ${it.path}`)
    return [`${formatPlace(location)} ${rule}`, ...(values ?? []), ...keys].join(' | ')
  })
}

describe('a chart that demands values', () => {
  const account = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: other }\n'
  const role = `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: web }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
subjects: [{ kind: ServiceAccount, name: web, namespace: default }]
`
  const absence = rules.filter(it => it.id === 'rbac-subject-service-account-missing')
  const files = (condition: string) => ({
    'shop/Chart.yaml': chart,
    'shop/values.yaml': 'token: ""\n',
    'shop/templates/account.yaml': account,
    'shop/templates/binding.yaml': role,
    'shop/templates/own.yaml': `${condition}${account.replace('other', 'web')}`,
  })

  test('lacks nothing that a template would bring which did not render', async () => {
    const workspace = await open(files('{{ required "set it" .Values.token }}\n'), absence)
    expect(found(workspace)).toEqual([])
    expect(workspace.snapshot.units.flatMap(it => it.graph.incomplete)).toEqual([
      'the chart shop could not be rendered whole',
    ])
  })

  test('lacks what no template would bring', async () => {
    expect(found(await open(files('{{- if .Values.token }}{{ end }}\n'), absence))).toEqual([])
    const without = { ...files(''), 'shop/templates/own.yaml': '' }
    expect(found(await open(without, absence))).toEqual([
      'shop/templates/binding.yaml:5 rbac-subject-service-account-missing',
    ])
  })
})

describe('charts', () => {
  test('a finding stands at the template line and names the values key', async () => {
    const workspace = await open({
      'shop/Chart.yaml': chart,
      'shop/values.yaml': 'type: Clusterip\nport: 80\n',
      'shop/templates/service.yaml': service,
    })
    expect(found(workspace)).toEqual([
      'shop/templates/service.yaml:6 schema-value-not-supported | shop/values.yaml type',
    ])
  })

  test('what is missing in a value that is printed whole is missing in its values key', async () => {
    const pod = (resources: string) =>
      `apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec:\n  containers:\n    - name: web\n      image: a:1\n      ports: []\n      resources:\n${resources}`
    const missing = rules.filter(it => it.id === 'memory-limit-missing')
    const line = 'shop/templates/pod.yaml:9 memory-limit-missing'
    const withResources = async (values: string, template: string) =>
      found(
        await open(
          { 'shop/Chart.yaml': chart, 'shop/values.yaml': values, 'shop/templates/pod.yaml': pod(template) },
          missing,
        ),
      )
    const whole = '        {{- toYaml .Values.resources | nindent 8 }}\n'
    expect(await withResources('resources: {}\n', whole)).toEqual([`${line} | shop/values.yaml resources`])
    const given = 'resources: { limits: { cpu: 2 }, requests: { cpu: 1 } }\n'
    expect(await withResources(given, whole)).toEqual([`${line} | shop/values.yaml resources`])
    const some = '        requests: {{- toYaml .Values.requests | nindent 10 }}\n'
    expect(await withResources('requests: { cpu: 1 }\n', some)).toEqual([line])
  })

  test('definitions that a chart renders are those of its objects and of others', async () => {
    const object = (name: string) =>
      `apiVersion: shop.example/v1\nkind: Till\nmetadata: { name: ${name} }\nspec: { drawer: 1 }\n`
    const workspace = await open({
      'shop/Chart.yaml': chart,
      'shop/values.yaml': 'group: shop.example\n',
      'shop/templates/crd.yaml': `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: tills.{{ .Values.group }} }
spec:
  group: {{ .Values.group }}
  scope: Namespaced
  names: { plural: tills, singular: till, kind: Till, listKind: TillList }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties: { spec: { type: object, properties: { drawers: { type: integer } } } }
`,
      'shop/templates/till.yaml': object('left'),
      'till.yaml': object('right'),
    })
    expect(found(workspace)).toEqual([
      'shop/templates/till.yaml:4 schema-unknown-field',
      'till.yaml:4 schema-unknown-field',
    ])
  })

  test('what only some values show names them, what all show is said once', async () => {
    const workspace = await open({
      'shop/Chart.yaml': chart,
      'shop/values.yaml': 'type: Clusterip\nport: 80\n',
      'shop/ci/text-values.yaml': 'port: http\n',
      'shop/templates/service.yaml': service,
    })
    expect(found(workspace)).toEqual([
      'shop/templates/service.yaml:6 schema-value-not-supported | shop/values.yaml type',
      'shop/templates/service.yaml:8 schema-wrong-type | shop/ci/text-values.yaml | shop/ci/text-values.yaml port',
    ])
  })

  test('a values file that says nothing is a set like the defaults', async () => {
    const workspace = await open({
      'shop/Chart.yaml': chart,
      'shop/values.yaml': 'type: Clusterip\nport: 80\n',
      'shop/ci/default-values.yaml': '# as they are\n',
      'shop/ci/text-values.yaml': 'type: ClusterIP\nport: http\n',
      'shop/ci/zero-values.yaml': '{}\n',
      'shop/templates/service.yaml': service,
    })
    expect(found(workspace)).toEqual([
      'shop/templates/service.yaml:6 schema-value-not-supported | values.yaml | shop/ci/default-values.yaml | shop/ci/zero-values.yaml | shop/values.yaml type',
      'shop/templates/service.yaml:8 schema-wrong-type | shop/ci/text-values.yaml | shop/ci/text-values.yaml port',
    ])
  })

  test('a broken template is one finding, and the others are still checked', async () => {
    const workspace = await open({
      'shop/Chart.yaml': chart,
      'shop/values.yaml': 'type: Clusterip\nport: 80\n',
      'shop/templates/broken.yaml': 'a: 1\nb: {{ .Values.x | nosuch }}\n',
      'shop/templates/service.yaml': service,
    })
    expect(found(workspace)).toEqual([
      'shop/templates/broken.yaml:2 helm-template-failed',
      'shop/templates/service.yaml:6 schema-value-not-supported | shop/values.yaml type',
    ])
  })

  test('a sub-chart that is not there is said once, and what follows from it is not', async () => {
    const workspace = await open({
      'shop/Chart.yaml': `${chart}dependencies:\n  - name: base\n    version: 1.0.0\n    repository: https://example.com\n`,
      'shop/templates/service.yaml': 'name: {{ include "base.name" . }}\n',
    })
    expect(found(workspace)).toEqual(['shop/Chart.yaml:5 helm-dependency-missing'])
    expect(workspace.snapshot.skipped).toEqual([
      { path: 'shop', reason: 'needs sub-charts that are not there: 1 template' },
    ])
  })

  test('what can be rendered without a sub-chart is', async () => {
    const workspace = await open({
      'shop/Chart.yaml': `${chart}dependencies:\n  - name: base\n    version: 1.0.0\n    repository: https://example.com\n`,
      'shop/values.yaml': 'type: Clusterip\nport: 80\n',
      'shop/templates/other.yaml': 'name: {{ include "base.name" . }}\n',
      'shop/templates/service.yaml': service,
    })
    expect(found(workspace)).toEqual([
      'shop/Chart.yaml:5 helm-dependency-missing',
      'shop/templates/service.yaml:6 schema-value-not-supported | shop/values.yaml type',
    ])
  })

  test('what is missing from a rendering may be what the rest refers to', async () => {
    const files = {
      'shop/templates/service.yaml':
        'apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec:\n  selector: { app: web }\n  ports: [{ port: 80, targetPort: http }]\n',
      'shop/templates/test.yaml':
        'apiVersion: v1\nkind: Pod\nmetadata: { name: test, labels: { app: web } }\nspec:\n  containers: [{ name: test, image: "a:1" }]\n',
    }
    const network = rules.filter(it => it.id === 'service-target-port-name-missing')
    const whole = await open({ 'shop/Chart.yaml': chart, ...files }, network)
    expect(found(whole)).toEqual(['shop/templates/service.yaml:6 service-target-port-name-missing'])
    const dependency =
      'dependencies:\n  - { name: base, version: 1.0.0, repository: "https://example.com" }\n'
    const partial = await open({ 'shop/Chart.yaml': `${chart}${dependency}`, ...files }, network)
    expect(found(partial)).toEqual(['shop/Chart.yaml:5 helm-dependency-missing'])
  })

  test('a chart may demand values, but not of its own ci files', async () => {
    const files = {
      'shop/Chart.yaml': chart,
      'shop/templates/a.yaml': 'a: {{ required "set it" .Values.it }}\n',
    }
    const workspace = await open(files)
    expect(found(workspace)).toEqual([])
    expect(workspace.snapshot.skipped).toEqual([
      { path: 'shop', reason: 'a chart that demands values: set it' },
    ])
    const judged = await open({ ...files, 'shop/ci/some-values.yaml': 'other: 1\n' })
    expect(found(judged)).toEqual(['shop/templates/a.yaml:1 helm-template-failed | shop/ci/some-values.yaml'])
  })

  test('a schema that is partly on the web is said and not judged', async () => {
    const workspace = await open({
      'shop/Chart.yaml': chart,
      'shop/values.yaml': 'resources: {}\n',
      'shop/values.schema.json':
        '{ "properties": { "resources": { "$ref": "https://example.com/_definitions.json#/definitions/R" } } }',
    })
    expect(found(workspace)).toEqual([])
    expect(workspace.snapshot.skipped).toEqual([
      {
        path: 'shop',
        reason:
          'a schema that is partly on the web: shop: the schema cannot be used: failing loading "https://example.com/_definitions.json": nothing outside the schema is read',
      },
    ])
    expect(workspace.snapshot.units.flatMap(it => it.graph.incomplete)).toEqual([])
  })

  test('a chart may look into the cluster and not find what it needs', async () => {
    const workspace = await open({
      'shop/Chart.yaml': chart,
      'shop/templates/a.yaml':
        '{{- $found := lookup "apps/v1" "Deployment" "" "" }}\n{{- if not $found }}{{ fail "no controller" }}{{ end }}\n',
      'shop/ci/some-values.yaml': 'other: 1\n',
    })
    expect(found(workspace)).toEqual([])
    expect(workspace.snapshot.skipped[0]).toEqual({
      path: 'shop',
      reason: 'a chart that looks into the cluster: no controller',
    })
  })

  test('a chart finds the APIs that a cluster of the minor offers', async () => {
    const pick = (api: string) => `{{- if .Capabilities.APIVersions.Has "${api}" }}1{{ else }}0{{ end }}`
    const workspace = await open(
      {
        'shop/Chart.yaml': chart,
        'shop/templates/a.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a${[
          'policy/v1',
          'policy/v1/PodDisruptionBudget',
          'policy/v1beta1',
          'networking.k8s.io/v1beta1',
          'monitoring.coreos.com/v1',
        ]
          .map(pick)
          .join('')}\n`,
      },
      [],
    )
    const chartUnit = workspace.snapshot.units.find(it => it.chart)!
    expect(chartUnit.entries.map(it => it.document.value)).toMatchObject([{ metadata: { name: 'a11000' } }])
  })

  test('what rules about charts find names its values, too', async () => {
    const files = {
      'shop/Chart.yaml': chart,
      'shop/values.yaml': 'small: 1\nbig: 1000000\n',
      'shop/ci/big-values.yaml': 'small: 1000000\n',
      'shop/templates/a.yaml': `apiVersion: v1
kind: ConfigMap
metadata: { name: a }
data:
  small: "{{ .Values.small }}"
  big: "{{ .Values.big }}"
`,
    }
    const workspace = await open(
      files,
      rules.filter(it => it.id === 'helm-number-rewritten'),
    )
    expect(found(workspace)).toEqual([
      'shop/templates/a.yaml:5 helm-number-rewritten | shop/ci/big-values.yaml',
      'shop/templates/a.yaml:6 helm-number-rewritten',
    ])
  })

  test('rules about charts end soon, however much a chart names', async () => {
    const names = Array.from({ length: 2000 }, (_, i) => i)
    const workspace = await open(
      {
        'shop/Chart.yaml': chart,
        'shop/values.yaml': names.map(it => `key${it}: 1\n`).join(''),
        'shop/templates/a.yaml': `{{ if and ${names.map(it => `.Values.y${it}`).join(' ')} }}${names
          .map(it => `# {{ .Values.kez${it} }}\n`)
          .join('')}{{ end }}`,
        'shop/templates/_a.tpl': names
          .map(it => `{{ define "d${it}" }}{{ include "d${it + 1}" . }}{{ end }}\n`)
          .join(''),
      },
      rules.filter(it => it.category === 'helm'),
    )
    const start = performance.now()
    expect(listFindings(workspace.snapshot).length).toBeGreaterThan(0)
    expect(performance.now() - start).toBeLessThan(5000)
  })

  test('a change of a value is followed, and other charts are not rendered again', async () => {
    const workspace = await open({
      'shop/Chart.yaml': chart,
      'shop/values.yaml': 'type: ClusterIP\nport: 80\n',
      'shop/templates/service.yaml': service,
      'other/Chart.yaml': chart,
      'other/templates/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n',
    })
    expect(found(workspace)).toEqual([])
    const before = workspace.snapshot.units.find(it => it.chart?.folder === 'other')!
    await workspace.update([{ id: 'shop/values.yaml', text: 'type: ClusterIP\nport: eighty\n' }])
    expect(found(workspace)).toEqual([
      'shop/templates/service.yaml:8 schema-wrong-type | shop/values.yaml port',
    ])
    const after = workspace.snapshot.units.find(it => it.chart?.folder === 'other')!
    expect(after.entries[0]!.document).toBe(before.entries[0]!.document)
  })
})

describe('what several sets of values make of a template', () => {
  const map = (name: string, rest = '') =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\n${rest}`
  /** The documents of each rendering. */
  async function renderings(files: Readonly<Record<string, string>>): Promise<Document[][]> {
    const { snapshot } = await open({ 'Chart.yaml': chart, ...files }, [])
    return snapshot.units.filter(it => it.chart).map(it => it.entries.map(entry => entry.document))
  }

  test('is one document where the same places of templates and values made it', async () => {
    const [first, second] = await renderings({
      'values.yaml': 'name: a\nlabels: { x: "1" }\nother: b\n',
      'ci/other-values.yaml': 'other: c\n',
      'templates/_labels.tpl': '{{ define "labels" }}{{ tpl (toYaml .Values.labels) . }}{{ end }}',
      'templates/a.yaml': map('{{ .Values.name | quote }}', 'data: {{- include "labels" . | nindent 2 }}\n'),
      'templates/b.yaml': map('{{ .Values.other }}'),
    })
    expect(first![0]).toBe(second![0])
    expect(first![1]).not.toBe(second![1])
  })

  test('is another where the same text comes from another file', async () => {
    const [first, second] = await renderings({
      'values.yaml': 'name: a\n',
      'ci/same-values.yaml': 'name: a\n',
      'templates/a.yaml': map('{{ .Values.name }}'),
    })
    const keyOf = (it: Document) =>
      it.origins!({ start: it.table.text.indexOf('a }'), end: it.table.text.indexOf('a }') + 1 })
        .filter(origin => origin.kind === 'values')
        .map(origin => origin.location.source.id)
    expect(keyOf(first![0]!)).toEqual(['values.yaml'])
    expect(keyOf(second![0]!)).toEqual(['ci/same-values.yaml'])
  })

  test('is two documents where one of them makes it twice', async () => {
    const [first, second] = await renderings({
      'values.yaml': 'count: 1\n',
      'ci/two-values.yaml': 'count: 2\n',
      'templates/a.yaml': `{{ range until (int .Values.count) }}\n---\n${map('a')}{{ end }}`,
    })
    expect(first).toHaveLength(1)
    expect(new Set(second).size).toBe(2)
    expect(second).toContain(first![0])
  })

  test('counts with every set', async () => {
    const { snapshot } = await open({
      'Chart.yaml': chart,
      'ci/a-values.yaml': 'a: 1\n',
      'templates/a.yaml': map('a'),
    })
    expect(tallyOf(snapshot).resources).toBe(2)
  })
})

describe('charts beside a chart', () => {
  const dependency = (repository: string, version = '1.x.x') =>
    `${chart}dependencies:\n  - name: parts\n    version: ${version}\n    repository: ${repository}\n`
  const parts = {
    'charts/parts/Chart.yaml': 'apiVersion: v2\nname: parts\nversion: 1.2.0\ntype: library\n',
    'charts/parts/templates/_type.tpl': '{{ define "parts.type" }}Clusterip{{ end }}',
  }
  const shop = {
    'charts/shop/values.yaml': 'port: 80\n',
    'charts/shop/templates/service.yaml': service.replace(
      '{{ .Values.type }}',
      '{{ include "parts.type" . }}',
    ),
  }

  test('are sub-charts where the repository names their folder', async () => {
    const workspace = await open({
      ...parts,
      ...shop,
      'charts/shop/Chart.yaml': dependency('file://../parts'),
    })
    expect(found(workspace)).toEqual(['charts/parts/templates/_type.tpl:1 schema-value-not-supported'])
  })

  test('are found in brackets, and behind megabytes of blanks', async () => {
    const blanks = `${'\n'.repeat(100_000)}${' '.repeat(100_000)}# c\n`
    const about = `apiVersion: v2\nname: shop\nversion: 1.0.0\n${blanks}dependencies: [{ name: parts, version: "1.x.x", repository: file://../parts }]\n`
    const workspace = await open({ ...parts, ...shop, 'charts/shop/Chart.yaml': about })
    expect(found(workspace)).toEqual(['charts/parts/templates/_type.tpl:1 schema-value-not-supported'])
  })

  test('are missing in another version', async () => {
    const other = { ...parts, ...shop, 'charts/shop/Chart.yaml': dependency('"file://../parts"', '2.x.x') }
    expect(found(await open(other))).toEqual(['charts/shop/Chart.yaml:5 helm-dependency-missing'])
  })

  test('may name each other: of sub-charts nobody asks for more', async () => {
    const circle = {
      'a/Chart.yaml':
        'apiVersion: v2\nname: a\nversion: 1.0.0\ndependencies:\n  - { name: b, version: "*", repository: "file://../b" }\n',
      'b/Chart.yaml':
        'apiVersion: v2\nname: b\nversion: 1.0.0\ndependencies:\n  - { name: a, version: "*", repository: "file://../a" }\n',
    }
    expect(found(await open(circle)).filter(it => it.includes('dependency'))).toEqual([])
  })
})
