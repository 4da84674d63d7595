/** Archives that tests write down as lists of files. */

/** A tar archive of names and texts, whatever the names are. */
export function buildTar(files: Iterable<readonly [string, string | Uint8Array]>): Uint8Array {
  const blocks: Uint8Array[] = []
  for (const [name, content] of files) {
    const data = typeof content === 'string' ? new TextEncoder().encode(content) : content
    blocks.push(header(name, data.length, '0'), data, new Uint8Array((512 - (data.length % 512)) % 512))
  }
  blocks.push(new Uint8Array(1024))
  return Buffer.concat(blocks)
}

/** `type`: `0` a file, `2` a symbolic link. */
export function header(name: string, size: number, type: string, target = ''): Uint8Array {
  const block = Buffer.alloc(512)
  block.write(name, 0, 100)
  block.write('0000644\0', 100)
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124)
  block.write('        ', 148)
  block.write(type, 156)
  block.write(target, 157, 100)
  block.write('ustar\x0000', 257)
  const sum = block.reduce((total, it) => total + it, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}
