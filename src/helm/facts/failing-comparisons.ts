/** Comparisons of a value with a literal of another type: they fail as soon as somebody gets there. */
import type { Location } from '../../text/source.ts'
import { sourceOf } from '../chart.ts'
import type { CommandNode, Operand } from '../template/ast.ts'
import { type Dict, isDict, kindOf, type Value } from '../template/value.ts'
import type { ChartParts } from './chart-parts.ts'
import { eachCommand } from './chart-templates.ts'
import type { NamedValues } from './unused-values.ts'
import { MOST_GUARDS, pathKey, type ValueRead } from './value-reads.ts'

export interface FailingComparison {
  readonly location: Location
  readonly path: readonly string[]
  /** The value in the comparison. */
  readonly operand: Location
  /** Go's kinds: `float64`, `string`, `bool`, and `int` for literals. */
  readonly value: string
  readonly literal: string
}

const COMPARISONS: ReadonlySet<string> = new Set(['eq', 'ne', 'lt', 'le', 'gt', 'ge'])

/** With the chart's own values; a condition that asks for the type of the value makes it another matter. */
export function listFailingComparisons({ chart, sets }: ChartParts, named: NamedValues): FailingComparison[] {
  if (!chart) return []
  const own = new Set(chart.templates.map(it => sourceOf(it).id))
  const failed = sets.flatMap(it => it.rendering.problems.map(problem => problem.location))
  const reads = new Map<string, ValueRead>()
  for (const it of named.own)
    if (it.template.source.file && it.isPlain)
      reads.set(placeKey(it.template.source.file.id, it.span.start), it)
  const found: FailingComparison[] = []
  for (const template of new Set(named.own.map(it => it.template))) {
    const { file } = template.source
    if (!file || !own.has(file.id)) continue
    eachCommand(template.body, command => {
      const read = listOperands(command)
        .map(it => reads.get(placeKey(file.id, it.start)))
        .find(it => it)
      const literal = listOperands(command)
        .map(literalKind)
        .find(it => it)
      const value = read && kindAt(chart.values, read.path)
      if (!read || !literal || !value || value === literal || isGuarded(read)) return
      const location = { source: file, span: { start: command.start, end: command.end } }
      const isSaid = failed.some(
        it => it?.source.id === file.id && it.span.start <= read.span.start && it.span.end >= command.start,
      )
      const operand = { source: file, span: read.span }
      if (!isSaid) found.push({ location, path: read.path, operand, value, literal })
    })
  }
  return found
}

const placeKey = (id: string, start: number): string => `${id} ${start}`

const listOperands = ({ args: [first, ...rest] }: CommandNode): readonly Operand[] =>
  first?.kind === 'identifier' && COMPARISONS.has(first.name) && rest.length === 2 ? rest : []

function literalKind(operand: Operand): string | undefined {
  if (operand.kind === 'number') return kindOf(operand.ideal)
  return operand.kind === 'string' || operand.kind === 'bool' ? operand.kind : undefined
}

/** Undefined for null and what is not there, which compare with anything. */
function kindAt(values: Dict, path: readonly string[]): string | undefined {
  let value: Value = values
  for (const key of path) value = isDict(value) ? value.entries.get(key) : undefined
  const kind = kindOf(value)
  return kind === 'string' || kind === 'bool' || kind === 'float64' ? kind : undefined
}

const isGuarded = ({ guards, path }: ValueRead): boolean => {
  const own = pathKey(path)
  return guards.length > MOST_GUARDS || guards.some(it => pathKey(it.path) === own)
}
