/** Named templates. `tpl` works on a layer above the set it was called in, so that what it defines is gone afterwards. */

import type { Template } from './ast.ts'
import type { ParsedTemplate } from './parser.ts'

export interface TemplateSet {
  readonly own: Map<string, Template>
  readonly below: TemplateSet | undefined
}

export const createSet = (below?: TemplateSet): TemplateSet => ({ own: new Map(), below })

/** The nearest of the name: what `tpl` defines hides what lies below. */
export function findTemplate(set: TemplateSet, name: string): Template | undefined {
  for (let it: TemplateSet | undefined = set; it; it = it.below) {
    const found = it.own.get(name)
    if (found) return found
  }
  return undefined
}

/** Names of templates, the nearest first; files are no templates that anybody includes. */
export function* listNames(set: TemplateSet): Generator<string> {
  for (let it: TemplateSet | undefined = set; it; it = it.below)
    for (const [name, { nameSpan }] of it.own) if (nameSpan) yield name
}

/** Adds what a text defines: the last body that is not blank wins, as in Go's AddParseTree. */
export function addTemplates(set: TemplateSet, parsed: ParsedTemplate): void {
  for (const template of parsed.defined) addTemplate(set, template)
  addTemplate(set, parsed.main)
}

function addTemplate(set: TemplateSet, template: Template): void {
  if (template.isEmpty && findTemplate(set, template.name)) return
  set.own.set(template.name, template)
}
