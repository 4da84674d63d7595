import { defineChartRule, findNearest, type Location } from '../../src/rule.ts'

export default defineChartRule({
  id: 'helm-value-unused',
  category: 'helm',
  severity: 'warning',
  presets: ['recommended', 'helm'],
  title: 'Key of values that no template reads',
  why: `
    A key that neither a template of the chart nor one of a sub-chart reads has no effect: who sets it waits in vain. It
    is misspelt, or was left over when a template changed. Templates are read as they are written, so a branch that the
    default values switch off counts as well; where values are handed on as a whole, nothing is said. Other values files
    of the chart are looked at, too, and of files and arguments from outside, which may be meant for several charts, keys that are
    like one that is read.`,
  see: ['https://helm.sh/docs/chart_best_practices/values/'],
  bad: `
    # values.yaml
    image:
      repository: registry.example.com/shop
      tag: 1.4.0
      pulPolicy: Always
    # templates/shop.yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: shop
    spec:
      containers:
        - name: shop
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
  `,
  good: `
    # values.yaml
    image:
      repository: registry.example.com/shop
      tag: 1.4.0
      pullPolicy: Always
    # templates/shop.yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: shop
    spec:
      containers:
        - name: shop
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          imagePullPolicy: {{ .Values.image.pullPolicy }}
  `,
  check(chart, ctx) {
    const unused = chart.listUnusedValues()
    if (unused.length === 0) return
    // Where another rule says that such a key was meant, one mistake has one finding.
    const meant = new Set<string>()
    for (const { path, idle } of chart.listUndefinedValues()) {
      const location = idle.get(findNearest(path.at(-1)!, idle.keys()) ?? '')
      if (location) meant.add(nameOf(location))
    }
    for (const { location, path, from, read } of unused) {
      if (meant.has(nameOf(location))) continue
      const nearest = from === 'defaults' ? undefined : findNearest(path.at(-1)!, read)
      if (from === 'outside' && nearest === undefined) continue
      const hint = nearest === undefined ? '' : `, did you mean "${nearest}"?`
      ctx.report(location, `no template reads ${path.join('.')}${wordMisread(location, path)}${hint}`)
    }
  },
})

/** A key that is a boolean in YAML 1.1 is not the one that templates ask for. */
function wordMisread({ source, span }: Location, path: readonly string[]): string {
  const written = source.text.slice(span.start, span.end)
  const isMisread = /^(?:true|false)$/.test(path.at(-1)!) && /^(?:y|n|yes|no|on|off)$/i.test(written)
  return isMisread ? `, as which Helm reads the key ${written}; quote it` : ''
}

const nameOf = ({ source, span }: Location): string => `${source.id}:${span.start}`
