import { type At, defineRule, listRespelled, resources } from '../../src/rule.ts'

export default defineRule({
  id: 'helm-text-retyped',
  category: 'helm',
  severity: 'warning',
  presets: ['recommended', 'helm'],
  title: 'Text of the values is no text any more where it is printed',
  why: `
    The quotes of a values file are not part of the value. A template that prints \`"1e3"\`, \`"0123"\` or \`"on"\` without quotes
    of its own makes a number or a boolean of it, which reads differently from what the values say. Print it with \`quote\`.`,
  see: ['https://helm.sh/docs/chart_best_practices/values/#make-types-clear'],
  bad: `
    # values.yaml
    maxSurge: "0010"
    # templates/shop.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: shop
    spec:
      selector:
        matchLabels:
          app: shop
      strategy:
        rollingUpdate:
          maxSurge: {{ .Values.maxSurge }}
      template:
        metadata:
          labels:
            app: shop
        spec:
          containers:
            - name: shop
              image: registry.example.com/shop:1.4.0
  `,
  good: `
    # values.yaml
    maxSurge: 8
    # templates/shop.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: shop
    spec:
      selector:
        matchLabels:
          app: shop
      strategy:
        rollingUpdate:
          maxSurge: {{ .Values.maxSurge }}
      template:
        metadata:
          labels:
            app: shop
        spec:
          containers:
            - name: shop
              image: registry.example.com/shop:1.4.0
  `,
  on: resources,
  check(root, ctx) {
    if (!root.document.origins) return
    let judged: ReadonlySet<number> | undefined
    for (const at of listRespelled(root)) {
      if (!isRetyped(at)) continue
      judged ??= new Set(ctx.apis.listSchemaFindings(ctx.resource).map(it => it.at.node))
      if (judged.has(at.node)) continue
      const [text] = spanText(at)
      ctx.report(at, `"${text}" is the ${typeof at.value} ${String(at.value)} here, print it with quote`)
    }
  },
})

/** Whether the values file has in quotes what is printed without. */
function isRetyped(at: At): boolean {
  const [text, span] = spanText(at)
  const origins = at.document.origins?.(span).filter(it => it.kind === 'values') ?? []
  const [origin] = origins
  if (origins.length !== 1) return false
  const { source, span: written } = origin!.location
  const quoted = source.text.slice(written.start, written.end)
  return quoted === `"${text}"` || quoted === `'${text}'`
}

function spanText(at: At): [text: string, span: { start: number; end: number }] {
  const span = at.span()
  return [at.document.table.text.slice(span.start, span.end), span]
}
