import { defineChartRule } from '../../src/rule.ts'

const POLICY = 'helm.sh/resource-policy'

export default defineChartRule({
  id: 'helm-list-annotation-ignored',
  category: 'helm',
  severity: 'warning',
  presets: ['recommended', 'helm'],
  title: 'Annotation for Helm inside a List is ignored',
  why: `
    Helm reads its annotations from the manifest, not from the items of a List: an item that says
    \`helm.sh/resource-policy: keep\` is deleted all the same. Write each item as a manifest of its own.`,
  see: ['https://helm.sh/docs/howto/charts_tips_and_tricks/#tell-helm-not-to-uninstall-a-resource'],
  bad: `
    # templates/claims.yaml
    apiVersion: v1
    kind: List
    items:
      - apiVersion: v1
        kind: ConfigMap
        metadata:
          name: data
          annotations:
            helm.sh/resource-policy: keep
  `,
  good: `
    # templates/claims.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: data
      annotations:
        helm.sh/resource-policy: keep
  `,
  check(chart, ctx) {
    for (const { root, values } of chart.listDocuments()) {
      if (!root.text('kind')?.endsWith('List')) continue
      for (const item of root.get('items')?.each() ?? []) {
        const at = item.get('metadata', 'annotations', POLICY)
        if (at) ctx.report(at, `Helm ignores ${POLICY} on items of a List`, { part: 'key', values: [values] })
      }
    }
  },
})
