/** Pictures and pages of `plimsoll schedule`: complete in themselves, and harmless whatever the names are. */
import { describe, expect, test } from 'vitest'
import { run } from '../cli/run.ts'
import { node, pod } from '../schedule/builders.ts'

const hostile = `</title><script>alert("1")</script>&'\u202e\ud800`
const nodes = JSON.stringify({
  kind: 'List',
  items: [
    node(hostile),
    node('b', { taints: [{ key: hostile, effect: 'NoSchedule' }] }),
    pod('x', { on: hostile, requests: { cpu: '1' } }),
  ],
})

const manifest = (name: string, cpu: string): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: { containers: [{ name: 'app', image: 'app:1', resources: { requests: { cpu } } }] },
  })

const draw = async (format: string, manifests: readonly string[], inventory = nodes) => {
  const { out } = await run(
    { 'web.yaml': manifests.join('\n---\n'), 'nodes.json': inventory },
    `schedule web.yaml --nodes nodes.json --format ${format}`,
  )
  return out
}

const hostileSet = [manifest(`fits${hostile}`, '1'), manifest(`large${hostile}`, '9')]

describe.each(['svg', 'html'])('%s', format => {
  test('no name becomes markup', async () => {
    const text = await draw(format, hostileSet)
    expect(text).not.toMatch(/<script|alert\("|\u202e/)
    expect(text).toContain('&lt;script&gt;')
    expect(listUnclosed(text)).toEqual([])
  })

  test('needs nothing from elsewhere and runs nothing', async () => {
    const text = await draw(format, hostileSet)
    expect(text.replaceAll('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(
      /https?:|<link|<img|@import|url\(|javascript:|\son\w+=/,
    )
  })

  test('is the same from run to run', async () => {
    expect(await draw(format, hostileSet)).toBe(await draw(format, hostileSet))
  })
})

test('bars are as long as what they stand for', async () => {
  const svg = await draw(
    'svg',
    [manifest('half', '1')],
    JSON.stringify([node('a'), pod('x', { on: 'a', requests: { cpu: '2' } })]),
  )
  const shares = [
    ...svg.matchAll(/<rect (\S+) x="([\d.]+)" y="\d+" width="([\d.]+)" height="16"><title>(.*?)<\/title>/g),
  ]
  const whole = Number(/<rect class="free" [^>]*width="(\d+)"/.exec(svg)![1])
  expect(shares.map(it => [it[4], Number(it[3]) / whole])).toEqual([
    ['Pod default/x: 1 pod, 2 cpu', 0.5],
    ['Pod default/half: 1 pod, 1 cpu', 0.25],
  ])
  expect(Number(shares[1]![2]) - Number(shares[0]![2])).toBe(whole / 2)
  expect(shares.map(it => it[1])).toEqual(['class="others"', expect.stringMatching(/^fill="#/)])
})

test('a page says what is to be mended, and how', async () => {
  const html = await draw('html', [manifest('large', '9')], JSON.stringify(node('a')))
  expect(html).toContain('<strong class="impossible">impossible</strong> <strong>Pod default/large</strong>')
  expect(html).toContain('change containers[0].resources.requests.cpu from 9 to 4')
  expect(html).toContain('Proof: no node takes such a pod even when it is empty (a: short by 5 cpu)')
})

test('of a thousand nodes the fullest are drawn', async () => {
  const many = Array.from({ length: 1000 }, (_, i) => node(`n${i}`))
  const svg = await draw(
    'svg',
    [manifest('web', '4')],
    JSON.stringify([...many, pod('x', { on: 'n999', requests: { cpu: '4' } })]),
  )
  expect(svg.match(/class="free"/g)).toHaveLength(400)
  expect(svg).toContain('>n999<')
  expect(svg).toContain('… and 800 nodes less full')
})

/** Tags that are not closed in turn. */
function listUnclosed(text: string): string[] {
  const open: string[] = []
  for (const [, slash, name, end] of text.matchAll(/<(\/?)([a-z0-9]+)[^>]*?(\/?)>/gi)) {
    if (end === '/' || name === 'meta') continue
    if (slash === '') open.push(name!)
    else if (open.pop() !== name) return [`</${name}>`, ...open]
  }
  return open
}
