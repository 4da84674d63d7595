/** Branches of templates that run with none of the values sets, so that nothing checks what they make. */
import type { Location } from '../../text/source.ts'
import { placeInTemplate } from '../problems.ts'
import { type BranchNode, type Node, type Template, textOf } from '../template/ast.ts'
import type { ChartParts, FactsSet } from './chart-parts.ts'

export interface UnreachedBranch {
  /** The condition. */
  readonly location: Location
  readonly part: 'body' | 'else'
}

/** The outermost ones, of files that render with every set; empty ones and those that only stop with a message are left out. */
export function listUnreachedBranches({ chart, sets, missing }: ChartParts): UnreachedBranch[] {
  if (!chart || missing.length > 0 || sets.some(it => it.rendering.problems.length > 0)) return []
  const own = `${chart.metadata.name}/templates/`
  const unreached = sets.map(it => listIn(it, own))
  const [first, ...others] = unreached
  return [...(first ?? [])].flatMap(([key, branch]) => (others.every(it => it.has(key)) ? [branch] : []))
}

function listIn({ rendering }: FactsSet, own: string): Map<string, UnreachedBranch> {
  const found = new Map<string, UnreachedBranch>()
  // Notes are for people, and nothing checks them in any case.
  const isChecked = (name: string): boolean => name.startsWith(own) && !name.endsWith('NOTES.txt')
  const reached = (nodes: readonly Node[]): boolean => rendering.reached.has(nodes)
  for (const template of rendering.templates)
    if (isChecked(template.source.name) && reached(template.body)) visit(template.body, template)
  return found

  function visit(nodes: readonly Node[], template: Template): void {
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i]!
      if (node.kind !== 'if' && node.kind !== 'with' && node.kind !== 'range') continue
      visitPart(node, 'body', template)
      if (node.otherwise) visitPart(node, 'else', template)
    }
  }

  function visitPart(node: BranchNode, part: UnreachedBranch['part'], template: Template): void {
    const body = part === 'body' ? node.body : node.otherwise!
    if (reached(body)) visit(body, template)
    else if (printsText(body, template.source.text)) {
      const location = placeInTemplate(template.source, { start: node.pipe.start, end: node.pipe.end })
      if (location) found.set(`${location.source.id} ${node.start} ${part}`, { location, part })
    }
  }
}

/** Text that is more than blanks, somewhere below. */
const printsText = (nodes: readonly Node[], text: string): boolean =>
  nodes.some(it => {
    if (it.kind === 'text') return textOf(it, text).trim() !== ''
    return 'body' in it && (printsText(it.body, text) || printsText(it.otherwise ?? [], text))
  })
