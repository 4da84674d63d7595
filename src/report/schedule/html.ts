/** The report of `plimsoll schedule` as one page that needs nothing else: the picture, and what is said about each workload. */
import type { Fit, PlacedFit } from '../../engine/fit.ts'
import type { PlacedProblem } from '../../engine/inventory.ts'
import { describeEdit } from '../../schedule/verdict/describe-edit.ts'
import { describeProof, formatSome } from '../../schedule/verdict/describe-proof.ts'
import { toXml } from '../escape.ts'
import { formatLocation } from '../pretty.ts'
import { formatCount } from '../reporter.ts'
import { listPeakTexts, type PeakText } from './peak-wording.ts'
import { formatNodePicture } from './svg.ts'
import { describeVerdict, formatRoom, listFacts } from './wording.ts'

const style = `
  :root { color-scheme: light dark; --text: #1f2430; --soft: #5c6575; --page: #ffffff; --line: #dfe3e9;
    --schedules: #00795a; --stranded: #a86400; --undecided: #a86400; --impossible: #c0392b }
  @media (prefers-color-scheme: dark) {
    :root { --text: #e6e9ef; --soft: #9aa4b5; --page: #171a21; --line: #343b48;
      --schedules: #3ecf9f; --stranded: #f0b24d; --undecided: #f0b24d; --impossible: #ff7b6b } }
  body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page); max-width: 1000px;
    margin: 2rem auto; padding: 0 1rem }
  svg { max-width: 100%; height: auto; display: block; margin: 0 -24px }
  h1 { font-size: 1.3rem } h2 { font-size: 1.05rem; margin-top: 2rem }
  code { font: 13px ui-monospace, monospace; overflow-wrap: anywhere }
  .soft { color: var(--soft) }
  .schedules { color: var(--schedules) } .stranded { color: var(--stranded) }
  .undecided { color: var(--undecided) } .impossible { color: var(--impossible) }
  article { border-top: 1px solid var(--line); padding: .6rem 0 } article p { margin: .25rem 0 }
  table { border-collapse: collapse; width: 100% }
  td, th { border-top: 1px solid var(--line); padding: .3rem .6rem .3rem 0; text-align: left; vertical-align: top }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem } dt { color: var(--soft) } dd { margin: 0 }`

export function formatFitHtml(fit: Fit, version: string): string {
  const { report, workloads } = fit
  const isBad = (it: PlacedFit): boolean => it.verdict !== 'schedules' || it.rolloutBlock !== undefined
  const bad = workloads.filter(isBad)
  const good = workloads.filter(it => !isBad(it))
  const facts = listFacts(fit)
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta name="generator" content="plimsoll ${toXml(version)}">`,
    `<title>Does it fit? ${toXml(report.verdict)}</title>`,
    `<style>${style}\n</style>`,
    '</head>',
    '<body>',
    `<h1>Does it fit? <span class="${report.verdict}">${report.verdict}</span></h1>`,
    `<p>${toXml(describeVerdict(fit))}</p>`,
    ...(bad.length > 0 ? ['<h2>To mend</h2>', ...bad.map(formatBad)] : []),
    ...listPeakTexts(fit).flatMap(formatPeak),
    '<h2>Nodes</h2>',
    formatNodePicture(fit),
    ...(facts.length > 0
      ? [
          '<h2>What is left</h2>',
          '<dl>',
          ...facts.map(it => `<dt>${toXml(it.name)}</dt><dd>${toXml(it.text)}</dd>`),
          '</dl>',
        ]
      : []),
    ...formatProblems(fit.inventory.problems, fit.inventory.unlisted),
    ...(good.length > 0 ? ['<h2>Schedules</h2>', ...formatGood(fit, good)] : []),
    '</body>',
    '</html>\n',
  ].join('\n')
}

function formatBad(it: PlacedFit): string {
  const { verdict, workload, desired, scheduled, rolloutBlock } = it
  const word = rolloutBlock === undefined ? verdict : 'rollout hangs'
  const kind = rolloutBlock === undefined ? verdict : 'stranded'
  const lines = [
    ...it.messages,
    ...it.refusals,
    ...(it.proof && it.proof.kind !== 'refused' ? [`Proof: ${describeProof(it.proof, workload)}`] : []),
    ...(it.elsewhere
      ? [
          `Another order has a place for all its pods, on ${formatSome([...it.elsewhere.keys()])}; nothing guarantees that it comes about`,
        ]
      : []),
    ...(it.nearestMiss ? [`Nearest: node "${it.nearestMiss.node}", ${it.nearestMiss.detail}`] : []),
    ...(rolloutBlock === undefined
      ? []
      : [`None of its pods may be missing during a rollout, and for one more ${rolloutBlock}`]),
  ]
  return [
    '<article>',
    `<p><strong class="${kind}">${word}</strong> <strong>${toXml(workload)}</strong>: ${scheduled} of ${formatCount(desired, 'pod')} placed</p>`,
    `<p><code class="soft">${toXml(formatLocation(it.at.locate(it.part)))}</code></p>`,
    ...lines.map(line => `<p>${toXml(line)}</p>`),
    ...formatEdits(it),
    '</article>',
  ].join('\n')
}

function formatEdits({ edits }: PlacedFit): string[] {
  if (edits.length === 0) return []
  const items = edits.map(
    it =>
      `<li><code>${toXml(formatLocation(it.at.locate(it.part)))}</code> <code>${toXml(describeEdit(it))}</code></li>`,
  )
  const lead = edits.length === 1 ? 'This edit is enough:' : 'One of these edits is enough:'
  return [`<p>${lead}</p>`, '<ul>', ...items, '</ul>']
}

const mostShort = 20

function formatPeak({ name, verdict, text, short }: PeakText): string[] {
  const shown = short.slice(0, mostShort)
  const more = short.length - shown.length
  return [
    `<h2>${toXml(capitalise(name))}: <span class="${verdict}">${verdict}</span></h2>`,
    `<p>${toXml(capitalise(text))}.</p>`,
    ...shown.map(({ fit, count, reason }) =>
      [
        '<article>',
        `<p><strong>${toXml(fit.workload)}</strong>: ${count}</p>`,
        `<p><code class="soft">${toXml(formatLocation(fit.at.locate(fit.part)))}</code></p>`,
        `<p>${toXml(capitalise(reason))}</p>`,
        ...formatEdits(fit),
        '</article>',
      ].join('\n'),
    ),
    ...(more > 0 ? [`<p class="soft">… and ${more} more</p>`] : []),
  ]
}

const capitalise = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const mostProblems = 50

function formatProblems(problems: readonly PlacedProblem[], unlisted: number): string[] {
  if (problems.length === 0) return []
  const shown = problems.slice(0, mostProblems)
  const more = problems.length - shown.length + unlisted
  return [
    '<h2>In the inventory</h2>',
    '<ul>',
    ...shown.map(
      it =>
        `<li><code>${toXml(`${it.file}:${it.line + 1}:${it.column + 1}`)}</code> ${toXml(it.message)}</li>`,
    ),
    ...(more > 0 ? [`<li class="soft">… and ${more} more</li>`] : []),
    '</ul>',
  ]
}

const mostRows = 500

function formatGood({ facts }: Fit, workloads: readonly PlacedFit[]): string[] {
  const rows = workloads.slice(0, mostRows).map(it => {
    const nodes = [...it.nodes].map(([node, count]) => (count > 1 ? `${node} ×${count}` : node))
    const room = facts.more.get(it.workload)
    const cells = [
      `${it.workload}`,
      `${it.scheduled} of ${it.desired}`,
      nodes.length > 12 ? `${nodes.slice(0, 12).join(', ')} and ${nodes.length - 12} more` : nodes.join(', '),
      room === undefined ? '' : formatRoom(room),
    ]
    return `<tr>${cells.map(cell => `<td>${toXml(cell)}</td>`).join('')}</tr>`
  })
  const more = workloads.length - rows.length
  return [
    '<table>',
    '<tr><th>workload</th><th>pods</th><th>on</th><th></th></tr>',
    ...rows,
    '</table>',
    ...(more > 0 ? [`<p class="soft">… and ${more} more</p>`] : []),
  ]
}
