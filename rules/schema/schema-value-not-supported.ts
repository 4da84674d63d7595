import {
  defineRule,
  type Fix,
  reportSchemaFindings,
  resources,
  type SchemaFinding,
  useValue,
} from '../../src/rule.ts'

export default defineRule({
  id: 'schema-value-not-supported',
  category: 'schema',
  severity: 'error',
  presets: ['recommended', 'schema', 'helm'],
  title: 'Value is none of those that the field takes',
  why: `
    The field takes one of a closed set of values, spelled exactly so, letter case included. The API server refuses
    any other.`,
  see: ['https://kubernetes.io/docs/reference/kubernetes-api/'],
  bad: `
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.4.0
          imagePullPolicy: ifNotPresent
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
  check: (_, ctx) => reportSchemaFindings(ctx, 'value-not-supported', useSupported),
})

const useSupported = ({ at, suggestion }: SchemaFinding): Fix[] =>
  suggestion === undefined ? [] : [useValue(at, suggestion)]
