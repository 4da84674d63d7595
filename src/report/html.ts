/** The report as one page that needs nothing else: findings by file with their lines, what is shown chosen by severity. */
import type { Finding, Report } from '../engine/finding.ts'
import { formatResource } from '../kube/resource.ts'
import type { Severity } from '../rule.ts'
import type { Location } from '../text/source.ts'
import { formatFrame } from './code-frame.ts'
import { toLine, toXml } from './escape.ts'
import { formatLocation } from './pretty.ts'
import { formatMessage, groupByFile, type Reporter, type ReportOptions, wordOrigin } from './reporter.ts'
import { severities } from './severities.ts'
import { formatFound, formatSummary } from './summary-line.ts'

/** With the files that have nothing else. */
function hideUnchosen(severity: Severity): string {
  const unchosen = `body:has(#${severity}:not(:checked))`
  return `${unchosen} article.${severity}, ${unchosen} section:not(:has(article:not(.${severity}))) { display: none }`
}

const style = `
  :root { color-scheme: light dark; --text: #1f2430; --soft: #5c6575; --page: #ffffff; --line: #dfe3e9; --code: #f5f6f9;
    --error: #c0392b; --warning: #a86400; --info: #2563b0; --fix: #00795a }
  @media (prefers-color-scheme: dark) {
    :root { --text: #e6e9ef; --soft: #9aa4b5; --page: #171a21; --line: #343b48; --code: #1f242d;
      --error: #ff7b6b; --warning: #f0b24d; --info: #7db4ff; --fix: #3ecf9f } }
  body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page); max-width: 1000px;
    margin: 2rem auto; padding: 0 1rem }
  h1 { font-size: 1.3rem } h2 { font-size: 1.05rem; margin-top: 2rem; overflow-wrap: anywhere }
  code, pre { font: 13px/1.45 ui-monospace, monospace } code { overflow-wrap: anywhere }
  h2 code { font-size: 15px; font-weight: 600 }
  pre { background: var(--code); border-radius: 4px; padding: .5rem; margin: .35rem 0; overflow-x: auto }
  article { border-top: 1px solid var(--line); padding: .7rem 0 } article p { margin: .2rem 0 }
  label { margin-right: 1rem } a { color: inherit } .soft { color: var(--soft) } .fix { color: var(--fix) }
  .error > p > strong, .error mark, label.error { color: var(--error) }
  .warning > p > strong, .warning mark, label.warning { color: var(--warning) }
  .info > p > strong, .info mark, label.info { color: var(--info) } mark { background: none }
  ${severities.map(hideUnchosen).join('\n  ')}`

export const formatHtml: Reporter = (report, options) => {
  const found = formatFound(report)
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta name="generator" content="plimsoll ${toText(options.version)}">`,
    `<title>plimsoll: ${toText(found)}</title>`,
    `<style>${style}\n</style>`,
    '</head>',
    '<body>',
    `<h1>plimsoll: ${toText(found)}</h1>`,
    `<p class="soft">${toText(formatSummary(report, { ...options, color: false }))}</p>`,
    ...formatChoice(report),
    ...[...groupByFile(report.findings)].flatMap(([file, findings]) => [
      '<section>',
      `<h2><code>${toText(file)}</code></h2>`,
      ...findings.map(it => formatFinding(it, report, options)),
      '</section>',
    ]),
    '</body>',
    '</html>\n',
  ].join('\n')
}

/** Marks that change the direction of text would be obeyed by a browser, too. */
const toText = (text: string): string => toXml(toLine(text))

/** Nothing to choose where all findings are of one severity. */
function formatChoice({ findings }: Report): string[] {
  const count = (severity: Severity): number => findings.filter(it => it.severity === severity).length
  const present = severities.filter(it => count(it) > 0)
  if (present.length < 2) return []
  const boxes = present.map(
    it =>
      `<label class="${it}"><input type="checkbox" id="${it}" checked> ${it}&#8239;(${count(it)})</label>`,
  )
  return [`<p>${boxes.join('')}</p>`]
}

function formatFinding(finding: Finding, report: Report, { rules }: ReportOptions): string {
  const { severity, rule, resource, location, origins, related, fixes } = finding
  const link = rules.find(it => it.id === rule)?.see.find(it => it.startsWith('https://'))
  const name = link ? `<a href="${toText(link)}">${toText(rule)}</a>` : toText(rule)
  const about = resource
    ? ` ${toText(formatResource(resource))}${resource.namespace ? ` in ${toText(resource.namespace)}` : ''}`
    : ''
  return [
    `<article class="${severity}">`,
    `<p><strong>${severity}</strong> <code>${name}</code> ${toText(formatMessage(finding, report))}</p>`,
    `<p class="soft"><code>${toText(formatLocation(location))}</code>${about}</p>`,
    formatLines(location, 2),
    ...origins.map(it => {
      const path = it.path === undefined ? '' : ` <code>${toText(it.path)}</code>`
      return `<p class="soft">${wordOrigin(it)} <code>${toText(formatLocation(it.location))}</code>${path}</p>`
    }),
    ...related.map(
      it =>
        `<p class="soft"><code>${toText(formatLocation(it.location))}</code> ${toText(it.message)}</p>\n${formatLines(it.location, 0)}`,
    ),
    ...fixes.map(it => {
      const unsafe = it.safe ? '' : ' <span class="soft">(with --unsafe)</span>'
      return `<p><span class="fix">fix:</span> ${toText(it.title)}${unsafe}</p>`
    }),
    '</article>',
  ].join('\n')
}

const plain = { gutter: (text: string): string => text, mark: (text: string): string => text }

/** Lines of the file; the last one underlines the place. */
function formatLines(location: Location, context: number): string {
  const lines = formatFrame(location, context, plain).map(toText)
  const marks = lines.pop() ?? ''
  return `<pre>${[...lines, `<mark>${marks}</mark>`].join('\n')}</pre>`
}
