/** Severities from grave to light. */
import type { Severity } from '../rule.ts'

export const severities: readonly Severity[] = ['error', 'warning', 'info']

/** Whether a severity is as grave as another one, or graver. */
export const isAtLeast = (severity: Severity, least: Severity): boolean =>
  severities.indexOf(severity) <= severities.indexOf(least)
