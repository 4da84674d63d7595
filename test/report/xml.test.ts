import { describe, expect, test } from 'vitest'
import { formatCheckstyle } from '../../src/report/checkstyle.ts'
import { formatJunit } from '../../src/report/junit.ts'
import { empty, hostile, nasty, options, ordinary } from './reports.ts'

type Element = readonly [name: string, attributes: Readonly<Record<string, string>>]

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** The elements of a document in order. Throws where XML 1.0 is not well-formed, as far as our formats use it. */
function parse(xml: string): Element[] {
  const elements: Element[] = []
  const open: string[] = []
  let at = xml.indexOf('?>') + 2
  const token = /<\/([\w-]+)>|<([\w-]+)((?:\s+[\w-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/y
  while (at < xml.length) {
    token.lastIndex = at
    const match = token.exec(xml)
    if (!match) throw new Error(`not well-formed: ${xml.slice(at, at + 80)}`)
    at = token.lastIndex
    const [, closing, name, attributes = '', selfClosing, text] = match
    if (text !== undefined) decode(text)
    else if (closing !== undefined && open.pop() !== closing) throw new Error(`unbalanced ${closing}`)
    else if (name !== undefined) {
      const list = [...attributes.matchAll(/([\w-]+)="([^"]*)"/g)].map(it => [it[1]!, decode(it[2]!)])
      elements.push([name, Object.fromEntries(list)])
      if (!selfClosing) open.push(name)
    }
  }
  if (open.length > 0) throw new Error(`open: ${open}`)
  return elements
}

function decode(text: string): string {
  if (/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]|\]\]>/u.test(text))
    throw new Error('no XML character')
  return text.replaceAll(/&(?:#(\d+)|(\w+));|&/g, (all, code, name) => {
    const decoded = code ? String.fromCodePoint(Number(code)) : entities[name]
    if (decoded === undefined) throw new Error(`no entity: ${all}`)
    return decoded
  })
}

describe('checkstyle', () => {
  test('has an error for each finding, by file', () => {
    expect(parse(formatCheckstyle(ordinary, options))).toEqual([
      ['checkstyle', { version: '4.3' }],
      ['file', { name: 'k8s/service.yaml' }],
      [
        'error',
        {
          line: '8',
          column: '19',
          severity: 'error',
          message: 'no container of Deployment "web" has a port named "http" (Kubernetes 1.36)',
          source: 'plimsoll.service-target-port-name-missing',
        },
      ],
      ['file', { name: 'k8s/web.yaml' }],
      [
        'error',
        {
          line: '3',
          column: '3',
          severity: 'warning',
          message: 'port has no name (from k8s/service.yaml:4:3 service.name)',
          source: 'plimsoll.port-unnamed',
        },
      ],
    ])
  })

  test('is a document without files when nothing is found', () => {
    expect(parse(formatCheckstyle(empty, options))).toHaveLength(1)
  })
})

describe('JUnit', () => {
  test('has a failed case for each finding, and totals that fit', () => {
    const elements = parse(formatJunit(ordinary, options))
    expect(elements[0]).toEqual([
      'testsuites',
      { name: 'plimsoll', tests: '2', failures: '2', errors: '0', time: '0.084' },
    ])
    expect(elements.filter(([name]) => name === 'testcase').map(([, it]) => it)).toEqual([
      { name: 'service-target-port-name-missing Service/web', classname: 'k8s/service.yaml' },
      { name: 'port-unnamed', classname: 'k8s/web.yaml' },
    ])
  })

  test('has one passed case when nothing is found', () => {
    const elements = parse(formatJunit(empty, options))
    expect(elements[0]![1]).toMatchObject({ tests: '1', failures: '0' })
    expect(elements.map(([name]) => name)).not.toContain('failure')
  })
})

test('texts of users come through whole, but for characters that XML cannot hold or terminals obey', () => {
  const harmless = nasty.replaceAll(/[\0\u001b\ud800]/g, '\ufffd')
  const error = parse(formatCheckstyle(hostile, options)).find(([name]) => name === 'error')!
  expect(error[1].message).toBe(`${harmless} (Kubernetes 1.36)`)
  const failure = parse(formatJunit(hostile, options)).find(([name]) => name === 'failure')!
  expect(failure[1].message).toBe(`${harmless} (Kubernetes 1.36)`)
})
