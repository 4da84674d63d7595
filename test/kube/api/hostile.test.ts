/** What hostile objects get from the checks of the server: its answer, in time, and never a throw. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openScope } from '../../../src/kube/api/compile-expressions.ts'
import type { Obj } from '../../../src/kube/api/object.ts'
import { checkObject } from '../../../src/kube/api/verdict.ts'
import { examples } from './examples.ts'

const judge = (object: unknown, old?: Obj, minor = 36) =>
  checkObject(object, { minor, openScope, cluster: { serviceFamilies: ['IPv4'] }, ...(old && { old }) })

type Bag = Record<string, unknown>

/** Every place below an object: what holds it, and the key. */
function listPlaces(value: unknown, places: (readonly [Bag, string])[] = []): (readonly [Bag, string])[] {
  if (typeof value !== 'object' || value === null) return places
  for (const key of Object.keys(value)) {
    places.push([value as Bag, key])
    listPlaces((value as Bag)[key], places)
  }
  return places
}

const strange = JSON.parse(
  '{"__proto__": {"x": 1}, "constructor": null, "toString": 1, "hasOwnProperty": []}',
)
const junk: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(
    null,
    '',
    0,
    -1,
    1.5,
    2 ** 53,
    1e308,
    true,
    false,
    strange,
    '__proto__',
    '\ud800',
    '1e9999',
  ),
  fc.constantFrom([], [null], [[]], ['a', null], [{}], {}, { a: null }, { name: 1 }, 'x'.repeat(300)),
  fc.string(),
  fc.jsonValue({ maxDepth: 2 }),
)
const change = fc.record({ at: fc.nat(), junk, how: fc.constantFrom('set', 'drop', 'repeat') })

function mutate(example: Obj, changes: readonly { at: number; junk: unknown; how: string }[]): Obj {
  const mutated = structuredClone(example) as Bag
  for (const it of changes) {
    const places = listPlaces(mutated).filter(([, key]) => key !== 'kind' && key !== 'apiVersion')
    const place = places[it.at % places.length]
    if (!place) return mutated
    const [holder, key] = place
    if (it.how === 'drop' && Array.isArray(holder)) holder.splice(Number(key), 1)
    else if (it.how === 'drop') delete holder[key]
    else if (it.how === 'repeat' && Array.isArray(holder)) holder.push(structuredClone(holder[Number(key)]))
    else holder[key] = structuredClone(it.junk)
  }
  return mutated
}

describe('objects of every kind, mutated', () => {
  test.each([...examples])('%s', (_kind, objects) => {
    const changed = fc.record({
      example: fc.constantFrom(...objects),
      changes: fc.array(change, { maxLength: 4 }),
    })
    const minor = fc.constantFrom(25, 31, 34, 35, 36, 37)
    fc.assert(
      fc.property(changed, changed, minor, (one, other, at) => {
        const now = mutate(one.example, one.changes)
        const before = mutate(other.example, other.changes)
        for (const verdict of [judge(now, undefined, at), judge(now, before, at)])
          for (const cause of verdict!.causes) expect(cause.message).toMatch(/^[A-Z]/)
      }),
      { numRuns: 40 },
    )
  })

  test('there are objects of all kinds', () => expect(examples.size).toBeGreaterThan(55))
})

const pod = (spec: object, metadata: object = {}): Obj => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', ...metadata },
  spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
})
const causes = (object: unknown): readonly string[] =>
  judge(object)!.causes.map(it => `${it.field}: ${it.message}`)
const many = <T>(count: number, build: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => build(at))

describe('large objects', () => {
  test('an annotation of 256 KiB passes, one byte more does not', () => {
    const annotated = (length: number) => pod({}, { annotations: { a: 'x'.repeat(length) } })
    expect(causes(annotated(262_143))).toEqual([])
    expect(causes(annotated(262_144))).toEqual([
      'metadata.annotations: Too long: may not be more than 262144 bytes',
    ])
  })

  test('bytes count, not characters', () =>
    expect(causes(pod({}, { annotations: { a: 'ü'.repeat(131_072) } }))).toHaveLength(1))

  test('ten thousand containers are judged, and one that repeats a name is told', () => {
    const containers = many(10_000, at => ({
      name: `c${at % 9999}`,
      image: 'i',
      ports: [{ containerPort: 80 }],
    }))
    expect(causes(pod({ containers }))).toEqual(['spec.containers[9999].name: Duplicate value: "c0"'])
  })

  test('an object of 3 MiB of data is too large', () => {
    const data = Object.fromEntries(many(3, at => [`k${at}`, 'x'.repeat(1 << 20)]))
    const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data }
    expect(causes(config)).toEqual(['[]: Too long: may not be more than 1048576 bytes'])
  })

  test('faults are told up to a thousand', () => {
    const tolerations = many(50_000, () => ({ operator: 'x' }))
    expect(judge(pod({ tolerations }))!.causes).toHaveLength(1000)
  })

  test('a list is printed whole, but not beyond 64 Ki', () => {
    const scopes = many(20_000, at => `scope-${at}`)
    const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'q' }, spec: { scopes } }
    expect(judge(quota)!.causes[0]!.message.length).toBeLessThan(70_000)
  })

  test('warnings end where their headers do', () => {
    const containers = many(2000, at => ({ name: `c${at}`, image: 'i', ports: [{ containerPort: 80 }] }))
    const { warnings } = judge(pod({ containers }))!
    expect(warnings.join('').length).toBeGreaterThan(3900)
    expect(warnings.join('').length).toBeLessThan(4600)
  })
})

describe('keys that every JavaScript object inherits', () => {
  test.each(['__proto__', 'constructor', 'hasOwnProperty', 'toString'])('%s is a key like others', name => {
    const text = `{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"},"type":"kubernetes.io/tls","data":{"${name}":"YQ=="}}`
    expect(causes(JSON.parse(text))).toEqual([
      'data[tls.crt]: Required value',
      'data[tls.key]: Required value',
    ])
  })

  test('a container may not mount a volume of such a name unless it is there', () =>
    expect(
      causes(
        pod({
          containers: [{ name: 'c', image: 'i', volumeMounts: [{ name: 'constructor', mountPath: '/a' }] }],
        }),
      ),
    ).toEqual(['spec.containers[0].volumeMounts[0].name: Not found: "constructor"']))
})

describe('no objects', () => {
  test.each([null, undefined, 1, 'x', [], [{}]])('%j has no verdict', value =>
    expect(judge(value)).toBeUndefined(),
  )

  test('nested nulls are absent', () => {
    let nested: unknown = null
    for (let at = 0; at < 500; at++) nested = at % 2 ? [nested] : { a: nested }
    for (const name of ['containers', 'volumes', 'affinity', 'securityContext', 'tolerations'])
      expect(judge(pod({ [name]: nested }))).toBeDefined()
  })
})
