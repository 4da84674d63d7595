/** What the server makes of a manifest before it looks: generated names, owners told apart, quantities trimmed. */
import { expect, test } from 'vitest'
import type { Obj } from '../../../src/kube/api/object.ts'
import { checkObject } from '../../../src/kube/api/verdict.ts'
import { isQuantity } from '../../../src/kube/schema/go-scalars.ts'

const verdict = (object: Obj, more: { old?: Obj; minor?: number } = {}) => {
  const { causes, warnings } = checkObject(object, { minor: 36, ...more })!
  return { causes: causes.map(it => `${it.field}: ${it.message.split(';')[0]}`), warnings }
}

const template = (spec: object = {}) => ({
  metadata: { labels: { app: 'a' } },
  spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'a' }], ...spec },
})

const job = (metadata: object): Obj => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata,
  spec: { completionMode: 'Indexed', completions: 40, parallelism: 1, template: template() },
})

test('pods of indexed jobs are named after the name that the server generates', () => {
  expect(verdict(job({ generateName: 'tas-sample-' })).causes).toEqual([])
  expect(verdict(job({ generateName: 'tas.sample-' })).causes).toEqual([
    'metadata.name: Invalid value: "tas.sample-xxxxx": will not able to create pod with invalid DNS label: tas.sample-xxxxx-39',
  ])
})

test('declared rules look at the generated name', () => {
  const controller = (generateName: string): Obj => ({
    apiVersion: 'v1',
    kind: 'ReplicationController',
    metadata: { generateName },
    spec: { template: template({ restartPolicy: 'Always' }) },
  })
  expect(verdict(controller('web-')).causes).toEqual([])
  expect(verdict(controller('Web-')).causes).toEqual([expect.stringMatching(/^metadata\.name: /)])
  expect(verdict(controller('Web-'), { minor: 34 }).causes).toEqual([
    expect.stringMatching(/^metadata\.generateName: /),
  ])
})

const owned = (...owners: readonly object[]): Obj => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', ownerReferences: owners },
})
const owner = { apiVersion: 'v1', kind: 'Pod', name: 'a', uid: 'u', controller: true }

test('owners that are repeated are dropped with a warning, others of their uid are not', () => {
  const same = verdict(owned(owner, { ...owner, blockOwnerDeletion: null }))
  expect(same.causes).toEqual([])
  expect(same.warnings).toEqual([expect.stringMatching(/duplicate UID\(s\) observed: u$/)])
  const other = verdict(owned(owner, { ...owner, name: 'b', controller: false }))
  expect(other).toEqual({ causes: [], warnings: [] })
  expect(verdict(owned(owner, { ...owner, name: 'b' })).causes).toHaveLength(1)
})

test('a negative grace period is warned about in templates only', () => {
  const spec = { terminationGracePeriodSeconds: -1 }
  const pod: Obj = { apiVersion: 'v1', kind: 'Pod', ...template(spec) }
  const named = { ...pod, metadata: { name: 'a' } }
  expect(verdict(named).warnings).toEqual([])
  const held: Obj = {
    apiVersion: 'v1',
    kind: 'PodTemplate',
    metadata: { name: 'a' },
    template: template(spec),
  }
  expect(verdict(held).warnings).toHaveLength(1)
})

test('a request is printed as it is encoded again', () => {
  const request = (value: unknown): Obj => ({
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    metadata: { name: 'a' },
    spec: { request: value, signerName: 'example.com/a', usages: ['any'] },
  })
  const refusal = (text: string) => [
    `spec.request: Invalid value: "${text}": PEM block type must be CERTIFICATE REQUEST`,
  ]
  expect(verdict(request('YWJj\n')).causes).toEqual(refusal('YWJj'))
  expect(verdict(request([97, 98, 99])).causes).toEqual(refusal('YWJj'))
})

test.each([
  ['8Gi', true],
  [' 8Gi ', true],
  ['\u00a08Gi', true],
  ['8Gi\n', false],
  ['\t8Gi', false],
  ['8 Gi', false],
])('quantity %j: blanks around it are trimmed, escapes are none', (text, expected) => {
  expect(isQuantity(text)).toBe(expected)
})

test('an update to an empty text is none where Go has no pointer', () => {
  const old = job({ name: 'a' })
  const now = { ...old, spec: { ...(old.spec as object), template: template({ hostname: '' }) } }
  expect(verdict(now, { old }).causes).toEqual([])
})

test('other annotations of a deployment bring the warnings about its template again', () => {
  const deployment = (note: string): Obj => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'a', annotations: { note } },
    spec: {
      selector: { matchLabels: { app: 'a' } },
      template: template({ restartPolicy: 'Always', terminationGracePeriodSeconds: -1 }),
    },
  })
  expect(verdict(deployment('b'), { old: deployment('a') }).warnings).toHaveLength(1)
  expect(verdict(deployment('a'), { old: deployment('a') }).warnings).toEqual([])
})
