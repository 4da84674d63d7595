import { expect, test } from 'vitest'
import { rules } from '../../rules/index.ts'
import { listFindings } from '../../src/engine/check.ts'
import { buildReport, judge, tallyOf } from '../../src/engine/report.ts'
import { check } from '../harness/check.ts'
import { open } from './open.ts'

const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: widgets.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { plural: widgets, kind: Widget }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          x-kubernetes-validations:
            - rule: self.spec.size > 0
            - rule: self.spec.sizes > 0
          properties:
            spec: { type: object, properties: { size: { type: integer } } }
`

test('rules that cannot be evaluated are said, once a kind', async () => {
  const widget = 'apiVersion: example.com/v1\nkind: Widget\nmetadata: { name: NAME }\nspec: { size: 0 }\n'
  const widgets = `${widget.replace('NAME', 'a')}---\n${widget.replace('NAME', 'b')}`
  const { snapshot } = await open({ 'crd.yaml': definition, 'widgets.yaml': widgets }, rules)
  const found = listFindings(snapshot).filter(it => it.location.source.id === 'widgets.yaml')
  expect(found.map(it => it.message)).toEqual(
    Array(2).fill('the object is invalid: failed rule: self.spec.size > 0'),
  )
  expect(tallyOf(snapshot).skipped).toEqual([
    {
      path: 'example.com/v1 Widget',
      reason:
        "a CEL rule of its definition cannot be evaluated: self.spec.sizes > 0: 1:10: undefined field 'sizes'",
    },
  ])
})

test('a line that cannot be read is one fault, and other lines are still checked', async () => {
  const found = await check(
    {
      'a.yaml':
        'apiVersion: v1\nkind: Service\nmetadata: { name: a }\nspec:\n  clusterIP: {PREFIX}.16\n  ports: [{ prt: 80 }]\n',
    },
    rules,
    { presets: ['schema'] },
  )
  expect(found.map(it => `${it.location.span.start} ${it.rule}`).sort()).toEqual([
    '78 yaml-syntax-error',
    '94 schema-unknown-field',
  ])
})

test('files whose values are filled in later are named, others are not', async () => {
  const service =
    'apiVersion: v1\nkind: Service\nmetadata:\n  name: NAME\nspec:\n  ports:\n    - port: PORT\n'
  const files = {
    'port.yaml': service.replace('NAME', 'web').replace('PORT', '$' + '{PORT}'),
    'name.yaml': service.replace('NAME', '$' + '{NAME}').replace('PORT', '80'),
    'whole.yaml': service.replace('NAME', 'api').replace('PORT', '80'),
  }
  const { snapshot } = await open(files, rules)
  const found = listFindings(snapshot).filter(it => /^(?:api|schema)-/.test(it.rule))
  expect(found).toEqual([])
  const { skipped } = tallyOf(snapshot)
  expect(skipped.map(it => `${it.path}: ${it.reason}`)).toEqual([
    'port.yaml: values that are filled in later are not judged',
    'name.yaml: values that are filled in later are not judged',
  ])
})

test('that fixes of a very long document were not all worked out is said', async () => {
  const service = (port: number): string => `    - port: ${port}\n      protocl: TCP\n`
  const text = (ports: number): string =>
    `apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n# ${'-'.repeat(2 ** 22)}\nspec:\n  ports:\n${Array.from({ length: ports }, (_, i) => service(80 + i)).join('')}`
  const { snapshot } = await open({ 'few.yaml': text(2), 'many.yaml': text(12) }, rules)
  const found = judge(snapshot, { rules, today: '2026-11-21' })
  const { findings, summary } = buildReport(snapshot, { ...found, tally: tallyOf(snapshot) })
  const unknown = findings.filter(it => it.rule === 'schema-unknown-field')
  expect(unknown.map(it => it.fixes.length)).toEqual([...Array(10).fill(1), ...Array(4).fill(0)])
  expect(summary.skipped).toEqual([
    {
      path: 'many.yaml',
      reason: 'fixes of 4 findings not worked out: a document so long was read too often for those of others',
    },
  ])
})
