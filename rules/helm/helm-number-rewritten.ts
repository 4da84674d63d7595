import { defineChartRule } from '../../src/rule.ts'

export default defineChartRule({
  id: 'helm-number-rewritten',
  category: 'helm',
  severity: 'warning',
  presets: ['recommended', 'helm'],
  title: 'Number is printed as another text than it is written',
  why: `
    Helm reads numbers of values files as floating point numbers and prints them as Go does: \`1000000\` within a text
    becomes \`1e+06\`, \`0644\` the number \`420\`, the tag \`1.10\` becomes \`1.1\`. Quote the value, or print it with \`int64\`.`,
  see: ['https://helm.sh/docs/chart_best_practices/values/#make-types-clear'],
  bad: `
    # values.yaml
    maxBytes: 1048576
    # templates/shop.yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: shop
    spec:
      containers:
        - name: shop
          image: registry.example.com/shop:1.4.0
          args: ["--max-bytes={{ .Values.maxBytes }}"]
  `,
  good: `
    # values.yaml
    maxBytes: 1048576
    # templates/shop.yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: shop
    spec:
      containers:
        - name: shop
          image: registry.example.com/shop:1.4.0
          args: ["--max-bytes={{ .Values.maxBytes | int64 }}"]
  `,
  check(chart, ctx) {
    for (const { location, written, printed, origin, behind, values = [] } of chart.listPrintedNumbers()) {
      const isWhole = /^[1-9]\d*$/.test(written)
      const remedy = isWhole ? ', print it with int64 or quote it in the values' : ', quote it in the values'
      ctx.report(location, `${written} is printed as "${printed}"${remedy}`, {
        related: [{ location: origin, message: 'the number' }],
        fixes:
          isWhole && behind
            ? [{ title: `Print ${written}`, safe: false, edits: [{ ...behind, text: ' | int64' }] }]
            : [],
        values,
      })
    }
  },
})
