import { defineChartRule, findNearest } from '../../src/rule.ts'

export default defineChartRule({
  id: 'helm-value-undefined',
  category: 'helm',
  severity: 'warning',
  presets: ['recommended', 'helm'],
  title: 'Template reads a value that nobody sets',
  why: `
    No values file has the key, no schema and no comment tells of it, and nothing in the template allows for its absence:
    Helm prints nothing in its place, or fails where the template goes on to a key below. It is misspelt, or
    was forgotten in values.yaml.`,
  see: ['https://helm.sh/docs/chart_template_guide/values_files/'],
  bad: `
    # values.yaml
    image:
      repository: registry.example.com/shop
      tag: 1.4.0
    # templates/shop.yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: shop
    spec:
      containers:
        - name: shop
          image: "{{ .Values.image.repository }}:{{ .Values.image.tga | default "latest" }}"
  `,
  good: `
    # values.yaml
    image:
      repository: registry.example.com/shop
      tag: 1.4.0
    # templates/shop.yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: shop
    spec:
      containers:
        - name: shop
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default "latest" }}"
  `,
  check(chart, ctx) {
    const known = new Set<string>()
    for (const { location, path, idle, isSure, fails } of chart.listUndefinedValues()) {
      const name = path.join('.')
      if (known.has(name)) continue
      const nearest = findNearest(path.at(-1)!, idle.keys())
      if (nearest === undefined && !isSure) continue
      known.add(name)
      const meant = nearest === undefined ? '' : `, did you mean "${nearest}"?`
      const consequence = nearest === undefined && fails ? ', so that rendering fails here' : ''
      ctx.report(location, `nothing sets .Values.${name}${consequence}${meant}`, {
        related:
          nearest === undefined
            ? []
            : [{ location: idle.get(nearest)!, message: `"${nearest}", which no template reads` }],
      })
    }
  },
})
