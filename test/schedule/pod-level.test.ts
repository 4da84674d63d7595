/** What the API server makes of pods with resources of their own, and of limits that several ranges and items set. */

import { describe, expect, it } from 'vitest'
import type { JsonRecord } from '../../src/schedule/json-fields.ts'
import { admitPod, buildPolicies } from '../../src/schedule/workload/pod-admission.ts'
import { node } from './builders.ts'
import { settle } from './settle.ts'

const container = (requests: object, limits: object = {}, more: object = {}): JsonRecord => ({
  name: 'c',
  image: 'i',
  resources: { requests, limits },
  ...more,
})

function admit(spec: JsonRecord, ...ranges: readonly (readonly object[])[]): JsonRecord | string {
  const objects = ranges.map((limits, index) => ({ metadata: { name: `r${index}` }, spec: { limits } }))
  const policies = buildPolicies(kind => (kind === 'LimitRange' ? objects : []))
  const admission = admitPod({ metadata: { name: 'p' }, spec }, policies)
  return 'pod' in admission ? (admission.pod.spec as JsonRecord) : admission.refusal.reason
}

describe('requests of the pod as such', () => {
  const sidecar = container({ memory: '1Gi' }, {}, { name: 's', restartPolicy: 'Always' })
  it.each<[string, JsonRecord, object]>([
    [
      'are those of the containers together beside a limit',
      { containers: [container({ cpu: '1' })], resources: { limits: { memory: '1Gi' } } },
      { limits: { memory: '1Gi' }, requests: { cpu: '1', memory: '1Gi' } },
    ],
    [
      'count sidecars and the largest init container',
      {
        containers: [container({ memory: '500Mi' })],
        initContainers: [sidecar, container({ memory: '3Gi' }, {}, { name: 'i' })],
        resources: { limits: { memory: '9Gi' } },
      },
      { limits: { memory: '9Gi' }, requests: { memory: '4Gi' } },
    ],
    [
      'are as they are without a limit',
      { containers: [container({ memory: '16Mi' })], resources: { requests: { cpu: '2' } } },
      { requests: { cpu: '2' } },
    ],
  ])('%s', (_, spec, resources) => {
    expect((admit(spec) as JsonRecord).resources).toEqual(resources)
  })

  const AT = 'spec.resources'
  it.each<[string, JsonRecord, string]>([
    [
      'less than the containers ask for',
      { containers: [container({ cpu: '1100m' })], resources: { requests: { cpu: '500m' } } },
      `${AT}.requests[cpu]: Invalid value: "500m": must be greater than or equal to aggregate container requests of 1100m`,
    ],
    [
      'less than they ask for, in their notation',
      { containers: [container({ memory: '500M' })], resources: { requests: { memory: '16Mi' } } },
      `${AT}.requests[memory]: Invalid value: "16Mi": must be greater than or equal to aggregate container requests of 500M`,
    ],
    [
      'more than the limit',
      { containers: [container({})], resources: { requests: { cpu: '1' }, limits: { cpu: '500m' } } },
      `${AT}.requests: Invalid value: "1": must be less than or equal to cpu limit of 500m`,
    ],
    [
      'a container above the limit',
      { containers: [container({ cpu: '0' }, { cpu: '2' })], resources: { limits: { cpu: '1' } } },
      `${AT}.containers[0][cpu].limits: Invalid value: "2": must be less than or equal to pod limits of 1`,
    ],
  ])('refuse %s', (_, spec, text) => {
    expect(admit(spec)).toBe(text)
  })
})

it('refuses a port of the node for two containers', () => {
  const ports = [{ containerPort: 80, hostPort: 8080 }]
  const containers = [container({}, {}, { ports }), container({}, {}, { name: 'd', ports })]
  expect(admit({ containers })).toBe('spec.containers[1].ports[0].hostPort: Duplicate value: "TCP//8080"')
})

describe('limit ranges', () => {
  const type = 'Container'
  it('say with their last item what is missing', () => {
    const items = [
      { type, default: { memory: '500Mi' } },
      { type, default: { memory: '100Mi' } },
    ]
    const spec = admit({ containers: [container({})] }, items) as { containers: readonly JsonRecord[] }
    expect(spec.containers[0]!.resources).toEqual({
      limits: { memory: '100Mi' },
      requests: { memory: '100Mi' },
    })
  })

  it('refuse with the first that is not kept', () => {
    const spec = { containers: [container({ cpu: '10m', memory: '1Mi' })] }
    const ranges = ['cpu', 'memory'].map(it => [{ type, min: { [it]: '1Gi' } }])
    expect(admit(spec, ...ranges)).toBe('minimum cpu usage per Container is 1Gi, but request is 10m')
  })
})

describe('templates', () => {
  const ports = [{ containerPort: 80, hostPort: 8080 }]
  const twice = { containers: [container({}, {}, { ports }), container({}, {}, { name: 'd', ports })] }
  const DUPLICATE = '.containers[1].ports[0].hostPort: Duplicate value: "TCP//8080"'

  it.each<[string, object, string]>([
    [
      'Deployment',
      { template: { spec: twice } },
      `Deployment.apps "w" is invalid: spec.template.spec${DUPLICATE}`,
    ],
    [
      'CronJob',
      { jobTemplate: { spec: { template: { spec: twice } } } },
      `CronJob.batch "w" is invalid: spec.jobTemplate.spec.template.spec${DUPLICATE}`,
    ],
    [
      'Job',
      { template: { spec: { containers: [container({ cpu: '2' }, { cpu: '1' })] } } },
      'Job.batch "w" is invalid: spec.template.spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
    ],
  ])('of a %s that make no pods are refused', (kind, spec, message) => {
    const { simulation } = settle([node('a')], [[{ kind, metadata: { name: 'w' }, spec }]])
    expect(simulation.rejections).toEqual([{ object: `${kind} default/w`, code: 422, message }])
    expect(simulation.describe()).toEqual([])
  })
})
