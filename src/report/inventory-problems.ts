/** What is odd in the files that describe the cluster, a line each. */
import type { InventoryProblems } from '../engine/finding.ts'
import type { PlacedProblem } from '../engine/inventory.ts'
import { toLine } from './escape.ts'

/** `file:line:column: message`. */
export const formatProblem = ({ file, line, column, message }: PlacedProblem): string =>
  toLine(`${file}:${line + 1}:${column + 1}: ${message}`)

const mostProblems = 20

/** With a heading; nothing where nothing is odd. */
export function formatInventoryProblems({ problems, unlisted }: InventoryProblems): string[] {
  if (problems.length === 0) return []
  const shown = problems.slice(0, mostProblems)
  const more = problems.length - shown.length + unlisted
  return [
    'in the inventory:',
    ...shown.map(it => `  ${formatProblem(it)}`),
    ...(more > 0 ? [`  … and ${more} more`] : []),
  ]
}
