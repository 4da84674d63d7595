/** What goes wrong while a template runs, and how Go and Helm word it. */

import { quote } from '../../text/go-quote.ts'
import type { Span } from '../../text/source.ts'
import type { Help } from './explain.ts'
import type { Frame, TemplateSource } from './origin.ts'

/** A function refuses its arguments: Go wraps the text as `error calling NAME: …`. */
export class GoError extends Error {
  /** What may help, beside Go's words. */
  readonly hint: string | undefined

  constructor(message: string, hint?: string) {
    super(message)
    this.hint = hint
  }
}

/** `fail` and `required`: Helm shows the text alone, with the place of the outermost call. */
export class ChartFailure extends GoError {}

/** A limit that keeps hostile charts from taking the machine; never caught on the way. */
export class LimitExceeded extends Error {
  /** The innermost template that was running. */
  place: { readonly template: TemplateSource; readonly span: Span } | undefined
}

/** Something is to run whose file has syntax errors, which are told where they are; never caught on the way. */
export class BrokenTemplate extends Error {}

interface Failure {
  readonly source: TemplateSource
  /** The template that was executing. */
  readonly executing: string
  readonly span: Span
  /** Go's offset of the node, which its line and column are made of. */
  readonly pos: number
  /** The node as Go prints it. */
  readonly context: string
  readonly frame: Frame
}

/** An execution error. The text is Go's; `cause` is the error of a template that was included. */
export class TemplateError extends Error {
  readonly at: Failure
  readonly detail: string
  override readonly cause: Error | undefined
  readonly help: Help | undefined

  constructor(at: Failure, detail: string, { cause, help }: { cause?: Error; help?: Help } = {}) {
    super(detail)
    this.at = at
    this.detail = detail
    this.cause = cause
    this.help = help
  }
}

/** Go's `FILE:LINE:COLUMN`: the line from 1, the column in bytes from 0. */
function formatGoLocation(source: TemplateSource, pos: number): string {
  const before = source.text.slice(0, pos)
  const newline = before.lastIndexOf('\n')
  let line = 1
  for (let at = before.indexOf('\n'); at >= 0; at = before.indexOf('\n', at + 1)) line++
  return `${source.name}:${line}:${utf8Length(before.slice(newline + 1))}`
}

export function utf8Length(text: string): number {
  let length = 0
  for (const rune of text) {
    const code = rune.codePointAt(0)!
    length +=
      code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? (code >= 0xdc80 && code <= 0xdcff ? 1 : 3) : 4
  }
  return length
}

/** The error as text/template prints it, on one line. */
function formatGoError(error: Error): string {
  if (!(error instanceof TemplateError)) return error.message
  const { at, detail, cause } = error
  const head = `template: ${formatGoLocation(at.source, at.pos)}: executing ${quote(at.executing)} at <${at.context}>: `
  return head + detail + (cause ? formatGoError(cause) : '')
}

/** The error that helm prints for a failed rendering; helm 3 keeps Go's line, helm 4 lays out a trace. */
export function formatHelmError(error: Error, layout: 'line' | 'trace'): string {
  const innermost = innermostCause(error)
  if (error instanceof TemplateError && innermost instanceof ChartFailure)
    return `execution error at (${formatGoLocation(error.at.source, error.at.pos)}): ${innermost.message}`
  if (layout === 'line' || !(error instanceof TemplateError) || !isTraceable(error))
    return formatGoError(error)
  const lines: string[] = []
  for (let it: Error | undefined = error; it; it = it instanceof TemplateError ? it.cause : undefined) {
    if (!(it instanceof TemplateError)) {
      lines.push(it.message)
      continue
    }
    const { at, detail } = it
    lines.push(formatGoLocation(at.source, at.pos))
    lines.push(`  executing ${quote(at.executing)} at <${at.context}>:`)
    lines.push(`    ${detail.trimEnd()}`)
  }
  return lines.join('\n').trim()
}

/** What went wrong first: no error of a template that included another. */
export function innermostCause(error: Error): Error {
  let it = error
  while (it instanceof TemplateError && it.cause) it = it.cause
  return it
}

/** The deepest template error: the place that must be edited. */
export function deepestError(error: TemplateError): TemplateError {
  let it = error
  while (it.cause instanceof TemplateError) it = it.cause
  return it
}

/** Helm lays out only chains in which every error is one of text/template. */
function isTraceable(error: TemplateError): boolean {
  if (error.detail.includes('error during tpl function execution')) return false
  if (!error.cause) return true
  if (error.cause instanceof TemplateError) return isTraceable(error.cause)
  return error.cause.message.startsWith('template: ')
}
