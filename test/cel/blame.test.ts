import { describe, expect, test } from 'vitest'
import { findBlame } from '../../src/cel/blame.ts'
import { kubernetesEnvironment } from '../../src/cel/environment.ts'
import { compileExpression } from '../../src/cel/expression.ts'
import { DYN } from '../../src/cel/types.ts'
import type { Key, Value } from '../../src/cel/values.ts'
import type { Json } from '../../src/yaml/json.ts'

const toValue = (json: Json): Value => {
  if (Array.isArray(json)) return json.map(it => toValue(it as Json))
  if (typeof json !== 'object' || json === null) return json as Value
  return new Map<Key, Value>(Object.entries(json).map(([key, it]) => [key, toValue(it)]))
}

const self = toValue({
  replicas: 3,
  name: 'web',
  labels: { app: 'web', tier: 'x' },
  hosts: ['a.example.com', 'b', 'c'],
  ports: [
    { name: 'http', port: 80 },
    { name: 'web', port: 8080, extra: true },
    { name: 'http', port: 90 },
  ],
})

/** The ways to what made an expression false: `ports.1.port`. */
function blame(source: string): readonly string[] {
  const variables = new Map([['self', DYN]])
  const { program } = compileExpression(source, { environment: kubernetesEnvironment(36), variables })
  expect(program!.run([self]).value).not.toBe(true)
  return findBlame(program!.replay, [self], 'self').map(it => it.join('.'))
}

describe('what made an expression false', () => {
  const cases: Readonly<Record<string, readonly string[]>> = {
    'self.replicas < 3': ['replicas'],
    'self.replicas < size(self.ports)': ['replicas', 'ports'],
    "self.name == 'web' && self.replicas == 2": ['replicas'],
    "self.name == 'x' || self.replicas == 2": ['name', 'replicas'],
    '!(self.replicas == 3)': ['replicas'],
    'has(self.missing)': ['missing'],
    '!has(self.name)': ['name'],
    'self.missing.deep == 1': ['missing.deep'],
    "self.?missing.orValue('') == 'x'": ['missing'],
    "self.labels['app'] == 'api'": ['labels.app'],
    'self.hosts[1].size() > 5': ['hosts.1'],
    'self.hosts.all(h, h.contains("."))': ['hosts.1', 'hosts.2'],
    'self.ports.all(p, p.port < 1000)': ['ports.1.port'],
    'self.ports.all(p, !has(p.extra) || p.extra == false)': ['ports.1.extra'],
    'self.ports.all(p, self.replicas > 5)': ['ports.0', 'ports.1', 'ports.2'],
    'self.ports.exists(p, p.port == 1)': ['ports'],
    '!self.ports.exists(p, p.port == 90)': ['ports.2.port'],
    'self.ports.exists_one(p, p.name == "http")': ['ports.2'],
    'self.ports.filter(p, p.name == "http").all(p, p.port == 80)': ['ports.2.port'],
    'self.ports.map(p, p.port).all(p, p != 90)': ['ports.2.port'],
    '(self.hosts + ["x.y"]).all(h, h != "b")': ['hosts.1'],
    'self.labels.all(k, self.labels[k] == "web")': ['labels.tier'],
    'self.labels.all(k, v, v == "web")': ['labels.tier'],
    'self.replicas > 2 ? self.name == "x" : false': ['name'],
    false: [],
  }
  for (const [source, origins] of Object.entries(cases))
    test(source, () => expect(blame(source)).toEqual(origins))
})

test('a replay that would take too long is given up', () => {
  const many = Array.from({ length: 300 }, (_, i) => i)
  const variables = new Map([['self', DYN]])
  const source = 'self.all(a, self.all(b, self.all(c, a + b + c < 890)))'
  const { program } = compileExpression(source, { environment: kubernetesEnvironment(36), variables })
  const before = performance.now()
  expect(findBlame(program!.replay, [many], 'self')).toEqual([])
  expect(performance.now() - before).toBeLessThan(10_000)
})
