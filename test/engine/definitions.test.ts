import { expect, test } from 'vitest'
import { rules } from '../../rules/index.ts'
import { listFindings } from '../../src/engine/check.ts'
import { formatPlace, open } from './open.ts'

const definition = (limit: number, size = ''): string => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: cakes.example.com }
spec:
  group: example.com
  names: { kind: Cake, plural: cakes }
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          description: ${'Long enough that files of the same text are read once. '.repeat(50)}
          properties:
            layers: { type: integer, maximum: ${limit} }
            size: { type: string${size} }
`
const cake = 'apiVersion: example.com/v1\nkind: Cake\nmetadata: { name: big }\nlayers: 7\n'

/** `file:line rule`. */
async function lint(files: Readonly<Record<string, string>>): Promise<string[]> {
  const checked = rules.filter(it => it.id.endsWith('-value-invalid'))
  const { snapshot } = await open(files, checked)
  return listFindings(snapshot).map(({ location, rule }) => `${formatPlace(location)} ${rule}`)
}

test('equal definitions are faulty each in its own file', async () => {
  const wrong = definition(9, ", pattern: '['")
  expect(await lint({ 'a.yaml': wrong, 'b.yaml': wrong })).toEqual([
    'a.yaml:18 api-value-invalid',
    'b.yaml:18 api-value-invalid',
  ])
})

test('an object fits one of the definitions of its kind, however many copies they have', async () => {
  const [small, large] = [definition(5), definition(9)]
  expect(await lint({ 'a.yaml': small, 'b.yaml': small, 'cake.yaml': cake })).toEqual([
    'cake.yaml:4 schema-value-invalid',
  ])
  expect(await lint({ 'a.yaml': small, 'b.yaml': small, 'c.yaml': large, 'cake.yaml': cake })).toEqual([])
})
