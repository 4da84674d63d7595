/** What the preset `schema` says: every fault once, with the API server's own words. */
import { expect, test } from 'vitest'
import { rules } from '../../rules/index.ts'
import { check } from '../harness/check.ts'

const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: tills.shop.example }
spec:
  group: shop.example
  scope: Namespaced
  names: { plural: tills, singular: till, kind: Till, listKind: TillList }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              required: [drawers]
              properties:
                drawers: { type: integer }
                mode: { type: string, enum: [open, closed] }
---
`

const leases = definition
  .replace(
    'tills.shop.example }',
    'tills.shop.example, annotations: { api-approved.kubernetes.io: "https://github.com/kubernetes/kubernetes/pull/1" } }',
  )
  .replaceAll('shop.example', 'coordination.k8s.io')
  .replaceAll('Till', 'Lease')

/** `rule: field: message` of the server, `rule` alone where it has no words. */
async function said(text: string): Promise<string[]> {
  const found = await check({ 'a.yaml': text }, rules, { presets: ['schema'], kubernetes: '1.36' })
  return found.map(({ rule, server }) =>
    [rule, ...(server ? [server.field, server.message] : [])].filter(it => it !== undefined).join(': '),
  )
}

test.each<[name: string, text: string, words: readonly string[]]>([
  [
    'a cause that the schema tells is told once, with its words',
    'apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { ports: [{ port: 80, protocol: tcp }] }\n',
    [
      'schema-value-not-supported: spec.ports[0].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"',
    ],
  ],
  [
    'alternatives that all fail are one finding',
    `${definition.replace('mode: { type: string, enum: [open, closed] }', 'mode: { type: string, anyOf: [{ format: ipv4 }, { pattern: "^x" }] }')}apiVersion: shop.example/v1
kind: Till
metadata: { name: till }
spec: { drawers: 1, mode: none }
`,
    ['schema-value-invalid: <nil>: Invalid value: "": "spec.mode" must validate at least one schema (anyOf)'],
  ],
  [
    'what the server derives from the versions is not told',
    definition.replace('storage: true', 'storage: false').replace('---', ''),
    [
      'api-value-invalid: spec.versions: Invalid value: [{"Name":"v1","Served":true,"Storage":false,"Deprecated":false,"DeprecationWarning":null,"Schema":null,"Subresources":null,"AdditionalPrinterColumns":null,"SelectableFields":null}]: must have exactly one version marked as storage version',
    ],
  ],
  [
    'what follows from a missing field is not told',
    `apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: registry.example.com/web:1.4.0
      volumeMounts: [{ mountPath: /tmp }]
`,
    ['api-field-required: spec.containers[0].volumeMounts[0].name: Required value'],
  ],
  [
    'a selector that is missing matches nothing',
    `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: registry.example.com/web:1.4.0 }] }
`,
    ['api-field-required: spec.selector: Required value'],
  ],
  [
    'labels that are missing are a missing field',
    `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    spec: { containers: [{ name: web, image: registry.example.com/web:1.4.0 }] }
`,
    ['api-field-required: spec.template.metadata.labels: Invalid value: null: `selector` does not match'],
  ],
  [
    'a value that the server does not print',
    'apiVersion: v1\nkind: Secret\nmetadata: { name: web }\ntype: kubernetes.io/dockerconfigjson\ndata: { .dockerconfigjson: eA== }\n',
    [
      'api-value-invalid: data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": invalid character',
    ],
  ],
  [
    'a value that does not decode hides all else',
    'apiVersion: v1\nkind: LimitRange\nmetadata: { name: A_b }\nspec: { limits: [{ type: Pod, max: { cpu: a b } }] }\n',
    ['schema-value-invalid'],
  ],
  [
    'fields that are not decoded hide all else',
    'apiVersion: v1\nkind: Service\nmetadata: { name: A_b }\nspec: { ports: [{ prot: 80 }] }\n',
    ['schema-unknown-field: strict decoding error: unknown field "spec.ports[0].prot"'],
  ],
  [
    'a definition does not take the place of a kind that the server has',
    `${leases}apiVersion: coordination.k8s.io/v1\nkind: Lease\nmetadata: { name: web }\nspec: { drawers: 1 }\n`,
    ['schema-unknown-field: strict decoding error: unknown field "spec.drawers"'],
  ],
  [
    'of a custom resource, the schema and the checks of the server',
    `${definition}apiVersion: shop.example/v1\nkind: Till\nmetadata: { name: A_b }\nspec: { mode: shut }\n`,
    [
      'schema-required-missing: spec.drawers: Required value',
      'schema-value-not-supported: spec.mode: Unsupported value: "shut": supported values: "open", "closed"',
      'api-value-invalid: metadata.name: Invalid value: "A_b": a lowercase RFC 1123 subdomain must consist of lower case',
    ],
  ],
  [
    'of a custom resource, a value of a wrong type is told once',
    `${definition}apiVersion: shop.example/v1\nkind: Till\nmetadata: { name: a }\nspec: { drawers: 1, mode: 1 }\n`,
    [
      'schema-wrong-type: spec.mode: Invalid value: "integer": spec.mode in body must be of type string: "integer"',
    ],
  ],
  [
    'of a custom resource, null for a required field is its absence',
    `${definition}apiVersion: shop.example/v1\nkind: Till\nmetadata: { name: a }\nspec: { drawers: null }\n`,
    ['schema-required-missing: spec.drawers: Required value'],
  ],
  [
    'of a custom resource, a wrong type does not hide the rest',
    `${definition}apiVersion: shop.example/v1\nkind: Till\nmetadata: {}\nspec: { drawers: 1.5 }\n`,
    [
      'schema-wrong-type: spec.drawers: Invalid value: "number": spec.drawers in body must be of type integer: "number"',
      'api-field-required: metadata.name: Required value: name or generateName is required',
    ],
  ],
])('%s', async (_, text, words) => {
  const found = (await said(text)).toSorted()
  const wanted = words.toSorted()
  // The words end where an explanation begins.
  expect(found.map((it, i) => it.slice(0, wanted[i]?.length))).toEqual(wanted)
})

test('of an API that goes, the warning that comes with every answer', async () => {
  const text = 'apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: { name: web }\nspec: {}\n'
  const found = await check({ 'a.yaml': text }, rules, { presets: ['schema'], kubernetes: '1.24' })
  expect(found.map(it => it.server?.message)).toEqual([
    'policy/v1beta1 PodDisruptionBudget is deprecated in v1.21+, unavailable in v1.25+; use policy/v1 PodDisruptionBudget',
  ])
})
