import {
  defineRule,
  type Fix,
  isMisread,
  resources,
  type SchemaFinding,
  set,
  wantsText,
  writtenText,
} from '../../src/rule.ts'

export default defineRule({
  id: 'schema-wrong-type',
  category: 'schema',
  severity: 'error',
  presets: ['recommended', 'schema', 'helm'],
  title: 'Value has the wrong type',
  why: `
    The API server decodes every field into its type and refuses the object when a value does not fit: a number where a
    text is wanted, a text where a number is, a map instead of a list. In YAML quotes decide: \`8080\` is a number,
    \`"8080"\` a text.`,
  see: [
    'https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation',
    'https://kubernetes.io/docs/reference/kubernetes-api/',
  ],
  bad: `
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.4.0
          env:
            - name: PORT
              value: 8080
  `,
  good: `
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.4.0
          env:
            - name: PORT
              value: "8080"
  `,
  on: resources,
  check(_, ctx) {
    for (const finding of ctx.apis.listSchemaFindings(ctx.resource)) {
      if (finding.code !== 'wrong-type' || isMisread(finding)) continue
      const { at, message, part, kubernetes, server } = finding
      ctx.report(at, message, { part, kubernetes, ...(server && { server }), fixes: quote(finding) })
    }
  },
})

/** The server refuses the object as it stands, so that quotes cannot change what runs. */
function quote(finding: SchemaFinding): Fix[] {
  if (!wantsText(finding)) return []
  const text = writtenText(finding)
  return [{ title: `Quote "${text}"`, safe: true, patch: set(finding.at, text) }]
}
