import { atRoot, defineChartRule } from '../../src/rule.ts'

export default defineChartRule({
  id: 'helm-crd-invalid',
  category: 'helm',
  severity: 'warning',
  presets: ['recommended', 'helm'],
  title: 'Folder crds/ holds something else than a definition',
  why: `
    Helm sends the files of \`crds/\` as they are, before everything else, never updates and never deletes them. That is
    meant for CustomResourceDefinitions; other objects belong into \`templates/\`, and \`helm lint\` refuses them here.`,
  see: ['https://helm.sh/docs/chart_best_practices/custom_resource_definitions/'],
  bad: `
    # Chart.yaml
    apiVersion: v2
    name: shop
    version: 1.0.0
    # crds/namespace.yaml
    apiVersion: v1
    kind: Namespace
    metadata:
      name: shop
  `,
  good: `
    # Chart.yaml
    apiVersion: v2
    name: shop
    version: 1.0.0
    # templates/namespace.yaml
    apiVersion: v1
    kind: Namespace
    metadata:
      name: shop
  `,
  check({ definitions }, ctx) {
    for (const document of definitions) {
      if (document.problems.some(it => it.code === 'syntax')) continue
      const root = atRoot(document)
      const kind = root.get('kind')
      if (kind?.value === 'CustomResourceDefinition' || root.value === null) continue
      const found = typeof kind?.value === 'string' ? kind.value : 'no kind'
      ctx.report(kind ?? root, `crds/ is for CustomResourceDefinitions, found ${found}`)
    }
  },
})
