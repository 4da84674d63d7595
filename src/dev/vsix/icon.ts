/** The icon: a plimsoll line, a ring with a bar across it, drawn by formula and written as a PNG. */
import { crc32, deflateSync } from 'node:zlib'

const size = 256
type Colour = readonly [red: number, green: number, blue: number]
const sea: Colour = [16, 36, 62]
const paint: Colour = [244, 246, 248]

/** Bytes of the PNG, 256 by 256 pixels, opaque. */
export function drawIcon(): Buffer {
  const rows = Buffer.alloc(size * (1 + 3 * size))
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const share = coverage(x, y)
      const at = y * (1 + 3 * size) + 1 + 3 * x
      for (let i = 0; i < 3; i++) rows[at + i] = Math.round(sea[i]! + (paint[i]! - sea[i]!) * share)
    }
  return encodePng(rows)
}

/** How much of a pixel is paint, by 16 samples. */
function coverage(x: number, y: number): number {
  let hits = 0
  for (let i = 0; i < 16; i++)
    if (isPaint(x + (i % 4) / 4 + 1 / 8 - size / 2, y + Math.floor(i / 4) / 4 + 1 / 8 - size / 2)) hits++
  return hits / 16
}

/** From the middle: a ring of radii 56 and 76, and a bar. */
function isPaint(x: number, y: number): boolean {
  const radius = Math.hypot(x, y)
  const inRing = radius <= 76 && radius >= 56
  const inBar = Math.abs(x) <= 108 && Math.abs(y) <= 10
  return inRing || inBar
}

function encodePng(rows: Buffer): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  header.set([8, 2], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}
