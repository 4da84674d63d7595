import { closeSync, ftruncateSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { diskHost } from '../../src/host/disk.ts'
import { lateSource } from '../../src/host/late-source.ts'
import { overlayHost } from '../../src/host/overlay.ts'
import { writeTree } from './folder.ts'

const bytes = (...values: (number | string)[]): Uint8Array =>
  Buffer.concat(values.map(it => (typeof it === 'string' ? Buffer.from(it) : Buffer.from([it]))))
const read = (content: string | Uint8Array) => diskHost(writeTree({ 'a.yaml': content })).read('a.yaml')

describe('texts', () => {
  const long = 'é: ü\n'.repeat(100_000)
  test.each<[string, string | Uint8Array, string]>([
    ['ASCII', 'a: 1\n', 'a: 1\n'],
    ['nothing', '', ''],
    ['UTF-8 with all lengths', 'aé€😀', 'aé€😀'],
    ['a byte order mark stays', '\ufeffa: 1', '\ufeffa: 1'],
    ['longer than the reading buffer', long, long],
    ['UTF-16, big end first', bytes(0xfe, 0xff, 0, 0x61, 0, 0xe9), 'aé'],
  ])('%s', (_, content, text) => {
    expect(read(content)).toEqual({ text })
  })

  test('UTF-16, little end first', () => {
    expect(read(Buffer.from('\ufeffa: é', 'utf16le'))).toEqual({ text: 'a: é' })
  })
})

describe('bytes of texts', () => {
  const tree = {
    'a.md': 'é\n',
    'nul.md': bytes('a', 0),
    'latin.md': bytes(0xe9),
    'utf16.md': bytes(0xff, 0xfe, 0x61, 0),
  }
  const host = diskHost(writeTree(tree))

  test('are those of UTF-8', () => {
    const found = host.readBytes!('a.md')!
    // The buffer that files are read into is used again.
    host.read('latin.md')
    expect(lateSource('a.md', found)).toEqual({ id: 'a.md', text: 'é\n' })
  })

  test.each(['nul.md', 'latin.md', 'utf16.md', 'missing.md'])('there are none of %s', id => {
    expect(host.readBytes!(id)).toBeUndefined()
  })

  test('there are none of what lies over the disk', () => {
    expect(overlayHost(host, new Map([['a.md', 'open']])).readBytes!('a.md')).toBeUndefined()
  })
})

describe('problems', () => {
  test.each<[string, Uint8Array, string]>([
    ['a lone continuation', bytes('a: ', 0x80), 'a: '],
    ['a cut sequence', bytes('é: ', 0xe2, 0x82, 'x'), 'é: '],
    ['a cut sequence at the end', bytes('é', 0xf0, 0x9f, 0x98), 'é'],
    ['an overlong form', bytes('a', 0xc0, 0xaf), 'a'],
    ['a surrogate', bytes('a', 0xed, 0xa0, 0x80), 'a'],
    ['beyond Unicode', bytes('a', 0xf4, 0x90, 0x80, 0x80), 'a'],
  ])('%s is not valid UTF-8, and the text is still usable', (_, content, before) => {
    const { text, problem } = read(content)
    expect(problem).toEqual({ reason: 'not valid UTF-8', before })
    expect(text).toContain('\ufffd')
  })

  test('a NUL byte makes a file binary', () => {
    const content = bytes('a: 1\nb: ', 0, '\n')
    expect(read(content)).toEqual({
      text: undefined,
      bytes: Uint8Array.from(content),
      problem: { reason: 'a NUL byte: a binary file', before: 'a: 1\nb: ' },
    })
  })

  test('more than 64 MiB is not read', () => {
    const folder = writeTree({})
    const file = openSync(join(folder, 'big.yaml'), 'w')
    ftruncateSync(file, 70 * 1024 * 1024)
    closeSync(file)
    expect(diskHost(folder).read('big.yaml').problem?.reason).toBe('larger than 64 MiB (70 MiB)')
  })

  test('a folder, a file that has vanished, a name too long', () => {
    const host = diskHost(writeTree({ 'a.yaml/': '' }))
    expect(host.read('a.yaml').problem?.reason).toBe('a folder')
    expect(host.read('gone.yaml').problem?.reason).toBe('does not exist')
    expect(host.read('x'.repeat(300)).problem?.reason).toBe('the name is too long')
  })
})

test('open editors lie over the disk', () => {
  const open = new Map([['a.yaml', 'new']])
  const host = overlayHost(diskHost(writeTree({ 'a.yaml': 'old', 'b.yaml': 'b' })), open)
  expect([host.read('a.yaml').text, host.read('b.yaml').text]).toEqual(['new', 'b'])
  open.clear()
  expect(host.read('a.yaml').text).toBe('old')
})
