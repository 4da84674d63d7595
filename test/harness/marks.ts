/** Expected findings, written as comments at the line: `# error: [rule-id] "words of the message"`. */
import type { Finding } from '../../src/engine/finding.ts'
import { positionAt } from '../../src/text/lines.ts'

export interface Mark {
  readonly line: number
  readonly severity: string
  readonly rule: string
  /** Part of the message; undefined where any message will do. */
  readonly text: string | undefined
}

/** In a helper of a chart the comment stands inside that of a template. */
const MARK = /#\s*(error|warning|info): \[([a-z0-9-]+)\](?:\s+"(.*)")?[ \t]*(?:\*\/\s*-?\}\})?$/gm

export function readMarks(text: string): Mark[] {
  return [...text.matchAll(MARK)].map(it => ({
    line: lineAt(text, it.index),
    severity: it[1]!,
    rule: it[2]!,
    text: it[3],
  }))
}

/** The text as a user would have it. */
export const withoutMarks = (text: string): string =>
  text.replaceAll(/[ \t]*#\s*(?:error|warning|info): \[[a-z0-9-]+\](?:\s+".*")?[ \t]*$/gm, '')

/** What is wrong with the findings in one file, line by line; empty when they are as marked. */
export function compareWithMarks(text: string, findings: readonly Finding[]): string[] {
  const open = findings.map(it => ({ ...it, line: lineAt(text, it.location.span.start) }))
  const faults: string[] = []
  for (const mark of readMarks(text)) {
    const found = open.findIndex(
      it =>
        it.line === mark.line &&
        it.rule === mark.rule &&
        it.severity === mark.severity &&
        (mark.text === undefined || it.message.includes(mark.text)),
    )
    if (found >= 0) open.splice(found, 1)
    else faults.push(`line ${mark.line}: nothing found for [${mark.rule}] ${mark.text ?? ''}`)
  }
  for (const it of open) faults.push(`line ${it.line}: unexpected ${it.severity} [${it.rule}] ${it.message}`)
  return faults
}

/** One-based, as editors count. */
const lineAt = (text: string, offset: number): number => positionAt({ id: '', text }, offset).line + 1
