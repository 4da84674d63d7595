import {
  defineRule,
  type Fix,
  rename,
  reportSchemaFindings,
  resources,
  type SchemaFinding,
} from '../../src/rule.ts'

export default defineRule({
  id: 'schema-unknown-field',
  category: 'schema',
  severity: 'error',
  presets: ['recommended', 'schema', 'helm'],
  title: 'Field is not in the schema',
  why: `
    A field that the API does not have is refused by kubectl (strict validation) and dropped without a word by clients
    that do not ask for it, so that what was written never takes effect. Most often it is misspelled, in the wrong
    letter case, or indented one level too far.`,
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
          imagePullPolcy: IfNotPresent
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
          imagePullPolicy: IfNotPresent
  `,
  on: resources,
  check: (_, ctx) => reportSchemaFindings(ctx, 'unknown-field', useName),
})

const useName = ({ at, suggestion }: SchemaFinding): Fix[] =>
  suggestion === undefined
    ? []
    : [{ title: `Rename to "${suggestion}"`, safe: false, patch: rename(at, suggestion) }]
