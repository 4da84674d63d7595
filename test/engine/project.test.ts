import { describe, expect, test } from 'vitest'
import { classify, findChart, listChartFolders, readProject } from '../../src/engine/project.ts'
import type { Source } from '../../src/text/source.ts'
import { loadFullParser, parseSource } from '../../src/yaml/parse.ts'

const full = await loadFullParser()
const documentsOf = (source: Source) => parseSource(source, full)!

/** The role of every document, and what is said about those that are not judged. */
function rolesOf(files: Readonly<Record<string, string>>): Record<string, string> {
  const sources = Object.entries(files).map(([id, text]) => ({ id, text }))
  const charts = listChartFolders(sources.map(it => it.id))
  const project = readProject(sources, charts, documentsOf)
  return Object.fromEntries(
    sources.map(source => {
      if (findChart(charts, source.id) !== undefined) return [source.id, 'chart']
      const roles = documentsOf(source).map(it => {
        const { role, skipped } = classify(project, it)
        return skipped ? `${role}: ${skipped.reason}` : role
      })
      return [source.id, roles.join(', ')]
    }),
  )
}

const pod = 'apiVersion: v1\nkind: Pod\nmetadata: { name: web }\n'

describe('what a file is for', () => {
  test('a document with apiVersion and kind is a manifest, other YAML is not', () => {
    expect(rolesOf({ 'a.yaml': `${pod}---\nfoo: bar\n` })).toEqual({ 'a.yaml': 'manifest, other' })
  })

  test('files that a kustomization names are bases and patches', () => {
    const files = {
      'app/kustomization.yaml':
        'resources: [deploy/a.yaml]\npatches: [{ path: p.yaml }]\npatchesStrategicMerge: [../q.yaml]\n',
      'app/deploy/a.yaml': pod,
      'app/p.yaml': pod,
      'q.yaml': pod,
      'app/other.yaml': pod,
    }
    expect(rolesOf(files)).toEqual({
      'app/kustomization.yaml': 'other',
      'app/deploy/a.yaml': 'base',
      'app/p.yaml': 'patch: a patch, not judged alone',
      'q.yaml': 'patch: a patch, not judged alone',
      'app/other.yaml': 'manifest',
    })
  })

  test('a patch may be named without a key', () => {
    const files = { 'kustomization.yaml': 'resources: [../base]\npatches: [p.yaml]\n', 'p.yaml': pod }
    expect(rolesOf(files)['p.yaml']).toBe('patch: a patch, not judged alone')
  })

  test('an assertion of a kuttl test is what it expects, whatever it holds', () => {
    expect(rolesOf({ 't/00-assert.yaml': pod, 't/00-install.yaml': pod })).toEqual({
      't/00-assert.yaml': 'patch: what a test expects of a live object',
      't/00-install.yaml': 'manifest',
    })
  })

  test('a snapshot of a test is not what anybody applies', () => {
    expect(rolesOf({ 'test/__snapshot__/a.yaml': pod, '__snapshots__/b.yaml': pod })).toEqual({
      'test/__snapshot__/a.yaml': 'patch: a snapshot of a test',
      '__snapshots__/b.yaml': 'patch: a snapshot of a test',
    })
  })

  test('a document with directives of strategic merge patches is a patch, whoever names it', () => {
    const text = `${pod}spec:\n  containers:\n    - $patch: delete\n      name: $patch\n`
    expect(rolesOf({ 'a.yaml': text, 'b.yaml': `${pod}data: $patch\n` })).toEqual({
      'a.yaml': 'patch: a patch, not judged alone',
      'b.yaml': 'manifest',
    })
  })

  test('a file that calls itself a patch is one', () => {
    const files = {
      'manager_webhook_patch.yaml': pod,
      'app/patches/size.yaml': pod,
      'app/dispatch.yaml': pod,
    }
    expect(rolesOf(files)).toEqual({
      'manager_webhook_patch.yaml': 'patch: a patch, not judged alone',
      'app/patches/size.yaml': 'patch: a patch, not judged alone',
      'app/dispatch.yaml': 'manifest',
    })
  })

  test('what tests expect of live objects is no manifest', () => {
    const widget = 'apiVersion: example.com/v1\nkind: Widget\nmetadata: { name: a }\n'
    expect(
      rolesOf({
        'ready.yaml': `${widget}status:\n  ready: true\n`,
        'assert.yaml': `${widget}spec:\n  (size > \`1\`): true\n`,
        'applied.yaml': `${widget}spec: {}\nstatus: {}\n`,
      }),
    ).toEqual({
      'ready.yaml': 'patch: what a test expects of a live object',
      'assert.yaml': 'patch: what a test expects of a live object',
      'applied.yaml': 'manifest',
    })
  })

  test('what only programs read is no manifest', () => {
    expect(
      rolesOf({
        'kubeconfig.yaml': 'apiVersion: v1\nkind: Config\nclusters: []\n',
        'skaffold.yaml': 'apiVersion: skaffold/v3\nkind: Config\n',
        'labels.yaml': 'apiVersion: builtin\nkind: LabelTransformer\n',
        'job.yaml': 'apiVersion: batch/v1\nkind: Job\n',
      }),
    ).toEqual({
      'kubeconfig.yaml': 'other',
      'skaffold.yaml': 'other',
      'labels.yaml': 'other',
      'job.yaml': 'manifest',
    })
  })

  test('what has no metadata and no group of Kubernetes is no object', () => {
    expect(
      rolesOf({
        'kind.yaml': 'apiVersion: kind.x-k8s.io/v1alpha4\nkind: Cluster\nnodes: []\n',
        'scheduler.yaml': 'apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n',
        'catalog-info.yaml': 'apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: a }\n',
        'settings.yaml': 'apiVersion: example.com/v1\nkind: Settings\nport: 80\n',
        'gateway.yaml': 'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n',
        'config.yaml':
          'apiVersion: config.gatekeeper.sh/v1alpha1\nkind: Config\nmetadata: { name: config }\n',
      }),
    ).toEqual({
      'kind.yaml': 'other',
      'scheduler.yaml': 'other',
      'catalog-info.yaml': 'other',
      'settings.yaml': 'other: without metadata: no object that the API server would take',
      'gateway.yaml': 'other: without metadata: no object that the API server would take',
      'config.yaml': 'manifest',
    })
  })

  test.each([
    ['a value', `${pod}spec:\n  nodeName: #@ data.values.node\n`],
    ['a line', `#@ load("@ytt:data", "data")\n${pod}`],
    ['an overlay', `#@overlay/match by=overlay.all\n---\n${pod}`],
    ['the end', `#@ def pod():\n${pod}#@ end\n`],
    ['a function', `#@ def pod():\n${pod}#@/end\n`],
  ])('a template of ytt is said and not judged: %s', (_, text) => {
    expect(rolesOf({ 'a.yaml': text })['a.yaml']).toMatch(/other: a template of ytt: render it first$/)
  })

  test.each([
    ['an address', `${pod}# who: a#@b #@c\n`],
    ['other marks', `## @param name\n# @schema\n${pod}`],
  ])('comments are no template of ytt: %s', (_, text) => {
    expect(rolesOf({ 'a.yaml': text })).toEqual({ 'a.yaml': 'manifest' })
  })

  test('a file that cannot be read and does not look like a manifest is none', () => {
    expect(rolesOf({ 'tsconfig.json': '{\n  // why\n  "a": [\n}\n' })).toEqual({ 'tsconfig.json': 'other' })
  })

  test('everything below a chart belongs to the chart, sub-charts included', () => {
    const files = {
      'charts/shop/Chart.yaml': 'name: shop\n',
      'charts/shop/templates/a.yaml': pod,
      'charts/shop/charts/sub/Chart.yaml': 'name: sub\n',
      'charts/shopping.yaml': pod,
    }
    expect(rolesOf(files)).toEqual({
      'charts/shop/Chart.yaml': 'chart',
      'charts/shop/templates/a.yaml': 'chart',
      'charts/shop/charts/sub/Chart.yaml': 'chart',
      'charts/shopping.yaml': 'manifest',
    })
  })

  test('what SOPS encrypted is said and not judged', () => {
    const text = `${pod}data: ENC[AES256_GCM,data:x]\nsops:\n  mac: ENC[x]\n`
    expect(rolesOf({ 's.yaml': text })).toEqual({ 's.yaml': 'other: encrypted by SOPS' })
  })

  test('a template outside a chart is said and not judged', () => {
    expect(rolesOf({ 't.yaml': `${pod}spec:\n  {{ if .x }}\n  a: 1\n  {{ end }}\n` })).toEqual({
      't.yaml': 'other: a template, not YAML: render it first',
    })
  })

  test('a broken document stays a manifest, so that its fault is reported', () => {
    expect(rolesOf({ 'b.yaml': 'apiVersion: v1\nkind: "Pod\n' })).toEqual({ 'b.yaml': 'manifest' })
  })
})
