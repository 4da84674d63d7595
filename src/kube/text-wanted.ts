/** Schema findings about values that are meant as texts and read as something else. */
import { isAmbiguous } from '../yaml/scalars.ts'
import type { SchemaFinding } from './apis.ts'

/** True when a scalar stands where the schema takes a string: quotes mend it. */
export const wantsText = ({ code, at, message }: SchemaFinding): boolean =>
  code === 'wrong-type' &&
  !at.isMap &&
  !at.isList &&
  at.value !== null &&
  message.endsWith('expected a string')

/** True when such a scalar is written in a way that only readers of YAML 1.1 take for no string: `yes`, `0777`. */
export const isMisread = (finding: SchemaFinding): boolean =>
  wantsText(finding) && isAmbiguous(finding.at.document.table, finding.at.node)

/** A scalar as it is written, quotes and all. */
export function writtenText({ at }: SchemaFinding): string {
  const { start, end } = at.span()
  return at.document.table.text.slice(start, end)
}
