/** Comparisons of a value with a literal of another type: they fail as soon as somebody gets there. */
import type { Location } from '../../text/source.ts'
import { sourceOf } from '../chart.ts'
import type { CommandNode, Operand } from '../template/ast.ts'
import { type Dict, isDict, kindOf, type Value } from '../template/value.ts'
import type { ChartParts } from './chart-parts.ts'
import type { NamedValues } from './named-values.ts'
import { hasGuard, hasManyGuards, type ValueRead } from './value-reads.ts'

export interface FailingComparison {
  readonly location: Location
  readonly path: readonly string[]
  /** The value in the comparison. */
  readonly operand: Location
  /** Go's kinds: `float64`, `string`, `bool`, and `int` for literals. */
  readonly value: string
  readonly literal: string
}

/** With the chart's own values; a condition that asks for the type of the value makes it another matter. */
export function listFailingComparisons({ chart, sets }: ChartParts, named: NamedValues): FailingComparison[] {
  if (!chart) return []
  const own = new Set(chart.templates.map(it => sourceOf(it).id))
  const failed = sets.flatMap(it => it.rendering.problems.map(problem => problem.location))
  const found: FailingComparison[] = []
  for (const { template, tree } of named.own) {
    const { reads, comparisons } = tree
    const { file } = template.source
    if (comparisons.length === 0 || !file || !own.has(file.id)) continue
    for (const { command, from, to } of comparisons) {
      const literal = findFirst(command, literalKind)
      const read = literal && findFirst(command, it => findRead(reads, from, to, it.start))
      const value = read && kindAt(chart.values, read.path)
      if (!value || value === literal || isGuarded(read)) continue
      const location = { source: file, span: { start: command.start, end: command.end } }
      const isSaid = failed.some(
        it => it?.source.id === file.id && it.span.start <= read.start && it.span.end >= command.start,
      )
      const operand = { source: file, span: { start: read.start, end: read.end } }
      if (!isSaid) found.push({ location, path: read.path, operand, value, literal })
    }
  }
  return found
}

/** Of the two operands. */
const findFirst = <T>(
  { args: [, a, b] }: CommandNode,
  find: (operand: Operand) => T | undefined,
): T | undefined => find(a!) || find(b!)

/** The read that an operand is as a whole. */
function findRead(
  reads: readonly ValueRead[],
  from: number,
  to: number,
  start: number,
): ValueRead | undefined {
  for (let i = from; i < to; i++) if (reads[i]!.isPlain && reads[i]!.start === start) return reads[i]
  return undefined
}

function literalKind(operand: Operand): string | undefined {
  if (operand.kind === 'number') return kindOf(operand.constant.ideal)
  return operand.kind === 'string' || operand.kind === 'bool' ? operand.kind : undefined
}

/** Undefined for null and what is not there, which compare with anything. */
function kindAt(values: Dict, path: readonly string[]): string | undefined {
  let value: Value = values
  for (const key of path) value = isDict(value) ? value.entries.get(key) : undefined
  const kind = kindOf(value)
  return kind === 'string' || kind === 'bool' || kind === 'float64' ? kind : undefined
}

const isGuarded = (read: ValueRead): boolean =>
  hasManyGuards(read) || hasGuard(read, it => isSamePath(it.path, read.path))

const isSamePath = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((it, i) => it === b[i])
