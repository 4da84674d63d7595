import { atRoot, type ChartFacts, defineChartRule, findNearest, HOOK, hookEvents } from '../../src/rule.ts'

export default defineChartRule({
  id: 'helm-hook-unknown',
  category: 'helm',
  severity: 'warning',
  presets: ['recommended', 'helm'],
  title: 'Hook of an event that Helm does not know',
  why: `
    Helm leaves a manifest out, without a word, when its hook annotation names an event that it does not know: the
    object is never created. \`crd-install\` was an event of Helm 2; definitions belong into the folder \`crds/\` today.`,
  see: ['https://helm.sh/docs/topics/charts_hooks/#the-available-hooks'],
  bad: `
    # templates/migrate.yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: migrate
      annotations:
        helm.sh/hook: pre-instal
    spec:
      containers:
        - name: migrate
          image: registry.example.com/shop:1.4.0
  `,
  good: `
    # templates/migrate.yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: migrate
      annotations:
        helm.sh/hook: pre-install
    spec:
      containers:
        - name: migrate
          image: registry.example.com/shop:1.4.0
  `,
  check(chart, ctx) {
    for (const { root, values } of chart.listDroppedHooks()) {
      const at = root.get('metadata', 'annotations', HOOK)
      if (typeof at?.value !== 'string' || isDefined(chart, root.text('metadata', 'name'))) continue
      const events = at.value.split(',').map(it => it.trim().toLowerCase())
      const unknown = events.find(it => !hookEvents.has(it))
      if (unknown === undefined) continue
      ctx.report(at, `Helm leaves this ${root.text('kind') ?? 'manifest'} out: ${wordEvent(unknown)}`, {
        values: [values],
      })
    }
  },
})

/** Charts for Helm 2 and 3 alike have their definitions in both places. */
const isDefined = ({ definitions }: ChartFacts, name: string | undefined): boolean =>
  definitions.some(it => atRoot(it).text('metadata', 'name') === name)

function wordEvent(event: string): string {
  if (event === 'crd-install') return '"crd-install" is a hook of Helm 2, definitions belong into crds/'
  const nearest = findNearest(event, [...hookEvents])
  return `it knows no hook "${event}"${nearest === undefined ? '' : `, did you mean "${nearest}"?`}`
}
