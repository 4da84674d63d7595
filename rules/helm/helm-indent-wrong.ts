import { defineChartRule, type Location, type TextFix } from '../../src/rule.ts'

export default defineChartRule({
  id: 'helm-indent-wrong',
  category: 'helm',
  severity: 'warning',
  presets: ['recommended', 'helm'],
  title: 'Printed block stands beside the key it belongs to',
  why: `
    The template has a key without a value, and right below it an action whose text is not indented further than the key.
    The key stays null, and what is printed becomes fields of the object around it. Give \`nindent\` or \`indent\` more
    blanks than the key has.`,
  see: ['https://helm.sh/docs/chart_template_guide/named_templates/#the-include-function'],
  bad: `
    # values.yaml
    labels:
      name: shop
    # templates/settings.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      generateName: settings-
      labels:
        {{- toYaml .Values.labels | nindent 2 }}
  `,
  good: `
    # values.yaml
    labels:
      name: shop
    # templates/settings.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      generateName: settings-
      labels:
        {{- toYaml .Values.labels | nindent 4 }}
  `,
  check(chart, ctx) {
    const templates = chart.folder === '' ? 'templates/' : `${chart.folder}/templates/`
    const isOwn = ({ source }: Location): boolean => source.id.startsWith(templates)
    for (const { location, key, keyLocation, above, printed, values = [] } of chart.listMisplacedBlocks())
      ctx.report(
        location,
        `this is printed with ${wordBlanks(printed)}, beside "${key}" and not below it, which takes more than ${above}`,
        {
          related: [{ location: keyLocation, message: `"${key}" stays without a value` }],
          fixes: isOwn(location) && isOwn(keyLocation) ? listFixes(location, printed, above + 2) : [],
          values,
        },
      )
  },
})

/** Where the action itself says how many blanks there are. */
function listFixes({ source, span }: Location, printed: number, wanted: number): TextFix[] {
  const end = source.text.indexOf('}}', span.start)
  const action = source.text.slice(span.start, end)
  const call = /\bn?indent +(\d+)\s*-?$/.exec(action)
  if (end < 0 || !call || Number(call[1]) !== printed) return []
  const start = span.start + call.index + call[0].indexOf(call[1]!)
  const place = { source, span: { start, end: start + call[1]!.length } }
  return [
    {
      title: `Indent by ${wanted}`,
      safe: false,
      edits: [{ ...place, text: String(wanted) }],
    },
  ]
}

const wordBlanks = (count: number): string =>
  count === 0 ? 'no blanks before it' : count === 1 ? 'one blank before it' : `${count} blanks before it`
