/** Known findings that a project lives with for now: a file of fingerprints, so that only new findings are reported. */
import type { Finding } from './finding.ts'
import { internalError } from './run-rules.ts'

/** How often each fingerprint is allowed. */
export type Baseline = ReadonlyMap<string, number>

interface BaselineFile {
  readonly version: 1
  /** Rule and file are for readers; only fingerprints count. */
  readonly findings: readonly { readonly rule: string; readonly file: string; readonly fingerprint: string }[]
}

/** Undefined when the text is no baseline of this version. */
export function parseBaseline(text: string): Baseline | undefined {
  const file = parseJson(text) as Partial<BaselineFile> | null | undefined
  if (file?.version !== 1 || !Array.isArray(file.findings)) return undefined
  const counts = new Map<string, number>()
  for (const it of file.findings as readonly { readonly fingerprint?: unknown }[]) {
    if (typeof it?.fingerprint !== 'string') return undefined
    counts.set(it.fingerprint, (counts.get(it.fingerprint) ?? 0) + 1)
  }
  return counts
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** One line a finding and no positions, so that differences between versions of the file are small and readable. */
export function formatBaseline(findings: readonly Finding[]): string {
  const lines = findings
    .filter(it => it.rule !== internalError)
    .map(it => JSON.stringify({ rule: it.rule, file: it.location.source.id, fingerprint: it.fingerprint }))
    .sort()
  return `{\n  "version": 1,\n  "findings": [${lines.map(it => `\n    ${it}`).join(',')}${lines.length > 0 ? '\n  ' : ''}]\n}\n`
}

export interface Baselined {
  readonly findings: readonly Finding[]
  readonly suppressed: number
  /** Entries that nothing needs any more. */
  readonly stale: number
}

export function applyBaseline(findings: readonly Finding[], baseline: Baseline): Baselined {
  const left = new Map(baseline)
  const kept = findings.filter(it => {
    const count = left.get(it.fingerprint) ?? 0
    if (count === 0) return true
    left.set(it.fingerprint, count - 1)
    return false
  })
  let stale = 0
  for (const count of left.values()) stale += count
  return { findings: kept, suppressed: findings.length - kept.length, stale }
}
