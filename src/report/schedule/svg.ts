/** A picture of the nodes and what lies on them: one row a node, cpu and memory as stacked bars. One file, no scripts. */
import type { Fit } from '../../engine/fit.ts'
import { formatCounted } from '../../schedule/resource-amount.ts'
import { describeCause } from '../../schedule/verdict/describe-proof.ts'
import { toXml } from '../escape.ts'
import { formatCount } from '../reporter.ts'
import { formatUse, listNodeUse, type NodeUse, type Share, shareOf, sortByFullness } from './node-use.ts'
import { listPeakTexts } from './peak-wording.ts'
import { describeVerdict } from './wording.ts'

/** Colours that people with any sight can tell apart (Okabe and Ito), and darker ones of the same hues. */
const palette = [
  '#0072b2',
  '#e69f00',
  '#009e73',
  '#cc79a7',
  '#56b4e9',
  '#d55e00',
  '#7a6fbf',
  '#8a9a00',
  '#a8577e',
  '#2f8f9d',
]

const layout = { width: 1000, margin: 24, bar: 300, row: 36, height: 16, gap: 20, line: 20 } as const
/** More rows are no picture; the fullest nodes are shown. */
const mostNodes = 200
const mostNamed = 30

const style = `
  .plimsoll-fit text { font: 13px system-ui, sans-serif; fill: #1f2430 }
  .plimsoll-fit .title { font-size: 17px; font-weight: 600 }
  .plimsoll-fit .soft { fill: #5c6575; font-size: 12px }
  .plimsoll-fit .page { fill: #ffffff }
  .plimsoll-fit .free { fill: #eceff3 }
  .plimsoll-fit .others { fill: #a3abb8 }
  .plimsoll-fit .cut { stroke: #ffffff; stroke-width: 1 }
  .plimsoll-fit .schedules { fill: #00795a }
  .plimsoll-fit .stranded, .plimsoll-fit .undecided { fill: #a86400 }
  .plimsoll-fit .impossible { fill: #c0392b }
  @media (prefers-color-scheme: dark) {
    .plimsoll-fit text { fill: #e6e9ef }
    .plimsoll-fit .soft { fill: #9aa4b5 }
    .plimsoll-fit .page { fill: #171a21 }
    .plimsoll-fit .free { fill: #2a303b }
    .plimsoll-fit .others { fill: #697386 }
    .plimsoll-fit .cut { stroke: #171a21 }
    .plimsoll-fit .schedules { fill: #3ecf9f }
    .plimsoll-fit .stranded, .plimsoll-fit .undecided { fill: #f0b24d }
    .plimsoll-fit .impossible { fill: #ff7b6b }
  }`

/** A whole file: the verdict above, what has no place below. */
export function formatFitSvg(fit: Fit): string {
  const picture = createPicture(fit)
  const { verdict } = fit.report
  writeText(picture, layout.margin, verdict, `title ${verdict}`)
  writeText(picture, layout.margin, describeVerdict(fit), 'soft')
  writeNodes(picture)
  writeWaiting(picture, fit)
  writePeaks(picture, fit)
  return formatPicture(picture, `${verdict}: ${describeVerdict(fit)}`)
}

/** The nodes alone, for a page that says the rest. */
export function formatNodePicture(fit: Fit): string {
  const picture = createPicture(fit)
  picture.y -= layout.gap
  writeNodes(picture)
  return formatPicture(picture, 'what the nodes hold')
}

function createPicture(fit: Fit): Picture {
  const all = listNodeUse(fit)
  const nodes = all.length > mostNodes ? sortByFullness(all).slice(0, mostNodes) : all
  const suffix = findCommonSuffix(all.map(it => it.node))
  const longest = Math.max(...nodes.map(it => it.node.length)) - suffix.length
  const names = Math.min(200, Math.max(60, longest * letter) + 12)
  const hasOthers = all.some(it => it.shares.some(share => !share.isOwn))
  return {
    nodes,
    left: all.length - nodes.length,
    hasOthers,
    names,
    suffix,
    colors: pickColors(all),
    lines: [],
    y: 38,
  }
}

function formatPicture({ lines, y }: Picture, title: string): string {
  const height = Math.ceil(y)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="plimsoll-fit" viewBox="0 0 ${layout.width} ${height}" width="${layout.width}" height="${height}" role="img">`,
    `<title>${toXml(title)}</title>`,
    `<style>${style}\n</style>`,
    `<rect class="page" width="${layout.width}" height="${height}"/>`,
    ...lines,
    '</svg>\n',
  ].join('\n')
}

interface Picture {
  readonly nodes: readonly NodeUse[]
  /** Nodes that are not shown. */
  readonly left: number
  readonly hasOthers: boolean
  readonly colors: ReadonlyMap<string, string>
  readonly lines: string[]
  /** Baseline of the next text. */
  y: number
  /** Width of the column of names. */
  readonly names: number
  /** What all names end with, which is not shown. */
  readonly suffix: string
}

/** The domain that nodes share: `.eu-west-1.compute.internal`. */
function findCommonSuffix(names: readonly string[]): string {
  const [first = '', ...others] = names
  if (others.length === 0) return ''
  for (let at = first.indexOf('.'); at > 0; at = first.indexOf('.', at + 1)) {
    const suffix = first.slice(at)
    if (others.every(it => it.length > suffix.length && it.endsWith(suffix))) return suffix
  }
  return ''
}

/** Colours go by name, so that the same set looks the same. */
function pickColors(nodes: readonly NodeUse[]): ReadonlyMap<string, string> {
  const own = nodes.flatMap(it => it.shares.filter(share => share.isOwn).map(share => share.workload))
  return new Map([...new Set(own)].sort().map((it, i) => [it, palette[i % palette.length]!]))
}

/** One line, and on to the next. */
function writeText(picture: Picture, x: number, text: string, kind: string): void {
  const name = kind === '' ? '' : ` class="${kind}"`
  const shown = toXml(shorten(text, layout.width - x - layout.margin))
  picture.lines.push(`<text x="${x}" y="${picture.y}"${name}>${shown}</text>`)
  picture.y += layout.line
}

/** Lines of words, as many as the text takes. */
function writeParagraph(picture: Picture, x: number, text: string, kind: string): void {
  const most = Math.floor((layout.width - x - layout.margin) / smallLetter)
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length >= most) {
      writeText(picture, x, line, kind)
      line = ''
    }
    line += line === '' ? word : ` ${word}`
  }
  writeText(picture, x, line, kind)
}

/** Widths of letters, in pixels: those of most names, and of the smaller text. */
const letter = 7.4
const smallLetter = 6.6

/** About as much as fits into a width of pixels. */
function shorten(text: string, width: number, ofOne: number = smallLetter): string {
  const most = Math.max(4, Math.floor(width / ofOne))
  return text.length > most ? `${text.slice(0, most - 1)}…` : text
}

const columns = ['cpu', 'memory'] as const

function writeNodes(picture: Picture): void {
  const { lines, nodes, left } = picture
  if (nodes.length === 0) return
  picture.y += 8
  const starts = columns.map((_, i) => layout.margin + picture.names + i * (layout.bar + layout.gap))
  columns.forEach((name, i) => {
    lines.push(`<text x="${starts[i]}" y="${picture.y}" class="soft">${name}</text>`)
  })
  const podsAt = starts[1]! + layout.bar + layout.gap
  lines.push(`<text x="${podsAt}" y="${picture.y}" class="soft">pods</text>`)
  picture.y += 8
  for (const node of nodes) {
    const top = picture.y
    const middle = top + layout.height - 4
    const name = toXml(
      shorten(node.node.slice(0, node.node.length - picture.suffix.length), picture.names - 8, letter),
    )
    lines.push(
      `<g><title>${toXml(node.node)}</title><text x="${layout.margin}" y="${middle}">${name}</text></g>`,
    )
    columns.forEach((resource, i) => {
      writeBar(picture, node, { resource, x: starts[i]!, y: top })
    })
    const pods = `${node.used.pods} of ${node.allocatable.pods}`
    lines.push(`<text x="${podsAt}" y="${middle}">${pods}</text>`)
    picture.y += layout.row
  }
  picture.y += 10
  if (left > 0) writeText(picture, layout.margin, `… and ${left} nodes less full`, 'soft')
  writeLegend(picture)
}

interface BarPlace {
  readonly resource: 'cpu' | 'memory'
  readonly x: number
  readonly y: number
}

function writeBar({ lines, colors }: Picture, node: NodeUse, { resource, x, y }: BarPlace): void {
  const whole = node.allocatable[resource]
  const percent = Math.round(shareOf(node, resource) * 100)
  const text = formatUse(node, resource)
  lines.push(
    `<g><title>${toXml(`${node.node}: ${text} ${resource}, ${percent} %`)}</title>`,
    `<rect class="free" x="${x}" y="${y}" width="${layout.bar}" height="${layout.height}" rx="3"/>`,
  )
  let at = 0
  for (const share of node.shares) {
    const exact = whole > 0 ? (share[resource] / whole) * layout.bar : 0
    const width = Math.min(layout.bar - at, exact)
    if (width <= 0) continue
    lines.push(...formatShare(share, { resource, x: x + at, y, width }, colors.get(share.workload)))
    at += width
  }
  lines.push(
    '</g>',
    `<text x="${x}" y="${y + layout.height + 11}" class="soft" style="font-size:10px">${toXml(text)}</text>`,
  )
}

const mostCuts = 60

function formatShare(
  share: Share,
  { resource, x, y, width }: BarPlace & { readonly width: number },
  color: string | undefined,
): string[] {
  const text = `${share.workload}: ${formatCount(share.pods, 'pod')}, ${formatCounted(resource, share[resource])} ${resource}`
  const fill = color === undefined ? 'class="others"' : `fill="${color}"`
  const round = (value: number): number => Math.round(value * 100) / 100
  const rect = `<rect ${fill} x="${round(x)}" y="${y}" width="${round(width)}" height="${layout.height}"><title>${toXml(text)}</title></rect>`
  const count = Math.min(share.pods, mostCuts)
  const cuts = Array.from({ length: count }, (_, i) => round(x + (width * (i + 1)) / count))
  const path = cuts.map(it => `M${it} ${y}v${layout.height}`).join('')
  return width / count > 2 ? [rect, `<path class="cut" d="${path}"/>`] : [rect]
}

function writeLegend(picture: Picture): void {
  const entries: (readonly [string, string | undefined])[] = [
    ...[...picture.colors].slice(0, mostNamed),
    ...(picture.hasOthers ? [['in the inventory already', undefined] as const] : []),
  ]
  let x: number = layout.margin
  for (const [name, color] of entries) {
    const width = 28 + Math.min(name.length, 60) * 7.2
    if (x + width > layout.width - layout.margin) {
      x = layout.margin
      picture.y += layout.line
    }
    const fill = color === undefined ? 'class="others"' : `fill="${color}"`
    picture.lines.push(
      `<rect ${fill} x="${x}" y="${picture.y - 10}" width="11" height="11" rx="2"/>`,
      `<text x="${x + 16}" y="${picture.y}" class="soft">${toXml(shorten(name, 60 * 6.6))}</text>`,
    )
    x += width
  }
  picture.y += layout.line
}

function writeWaiting(picture: Picture, { workloads }: Fit): void {
  const waiting = workloads.filter(it => it.verdict !== 'schedules')
  writeHanging(picture, workloads)
  if (waiting.length === 0) return
  picture.y += layout.gap
  writeText(picture, layout.margin, 'Without a place', 'title')
  for (const it of waiting.slice(0, mostNamed)) {
    const count = `${it.desired - it.scheduled} of ${formatCount(it.desired, 'pod')}`
    writeText(picture, layout.margin, `${it.verdict}: ${it.workload}, ${count}`, it.verdict)
    writeParagraph(picture, layout.margin + 16, describeCause(it), 'soft')
  }
  const more = waiting.length - mostNamed
  if (more > 0) writeText(picture, layout.margin, `… and ${more} more`, 'soft')
}

function writeHanging(picture: Picture, workloads: Fit['workloads']): void {
  const hanging = workloads.filter(it => it.rolloutBlock !== undefined)
  if (hanging.length === 0) return
  picture.y += layout.gap
  writeText(picture, layout.margin, 'Rollouts that hang', 'title')
  const names = hanging.slice(0, mostNamed).map(it => it.workload)
  const more = hanging.length - names.length
  const all = `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
  writeParagraph(
    picture,
    layout.margin,
    `${all}: no pod may be missing, and one more finds no place`,
    'stranded',
  )
}

function writePeaks(picture: Picture, fit: Fit): void {
  for (const { name, verdict, text, short } of listPeakTexts(fit)) {
    picture.y += layout.gap
    writeText(picture, layout.margin, `${name.charAt(0).toUpperCase()}${name.slice(1)}`, 'title')
    writeText(picture, layout.margin, `${verdict}: ${text}`, verdict)
    for (const it of short.slice(0, mostNamed))
      writeParagraph(picture, layout.margin + 16, `${it.fit.workload}, ${it.count}: ${it.reason}`, 'soft')
    const more = short.length - mostNamed
    if (more > 0) writeText(picture, layout.margin, `… and ${more} more`, 'soft')
  }
}
