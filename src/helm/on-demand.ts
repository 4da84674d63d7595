/** Parts of the renderer that few charts need. Whoever renders loads them: nothing here may wait. */
import type { HelmProblem } from './chart.ts'
import type { ChartNode } from './chart-tree.ts'
import { passesSchemas } from './schema-pass.ts'
import type { Dict } from './template/value.ts'

/** What is needed and not there: load it, and begin anew. */
export class NotLoaded extends Error {
  readonly what: 'full-parser' | 'schema-check'

  constructor(what: NotLoaded['what']) {
    super(`${what} must be loaded before this chart is rendered`)
    this.what = what
  }
}

/** Says why values of a chart and its sub-charts do not suit their schemas; see schema.ts. */
export type SchemaCheck = (node: ChartNode, values: Dict) => HelmProblem[]

let schemaCheck: SchemaCheck | undefined
export const setSchemaCheck = (check: SchemaCheck): void => {
  schemaCheck = check
}

/** Throws `NotLoaded` where values do not suit a schema for sure, and nobody has set the check. */
export function checkValues(root: ChartNode, values: Dict): HelmProblem[] {
  if (passesSchemas(root, values)) return []
  if (!schemaCheck) throw new NotLoaded('schema-check')
  return schemaCheck(root, values)
}
