/** The server's verdict on a definition in a document, for which most of its text need not be decoded. */
import { toJson } from '../../yaml/decode.ts'
import { internKey } from '../../yaml/keys.ts'
import { findValue, isSeq, sizeOf, type Table } from '../../yaml/table.ts'
import { toOutline } from '../schema/definition-outline.ts'
import { checkObject, type Verdict, type VerdictOptions } from './verdict.ts'

/**
 * As `checkObject` on the whole value: a definition that has no fault has none without its descriptions, and one with
 * faults is looked at again, since messages print schemas.
 */
export function checkDefinitionAt(table: Table, node: number, options: VerdictOptions): Verdict | undefined {
  const verdict = hasOneVersion(table, node) ? checkObject(toOutline(table, node), options) : undefined
  return verdict?.causes.length === 0 ? verdict : checkObject(toJson(table, node), options)
}

/** Between versions it counts whether their schemas differ, be it in descriptions. */
function hasOneVersion(table: Table, node: number): boolean {
  const spec = findValue(table, node, SPEC)
  const versions = spec < 0 ? -1 : findValue(table, spec, VERSIONS)
  return versions >= 0 && isSeq(table, versions) && sizeOf(table, versions) === 1
}

const SPEC = internKey('spec')
const VERSIONS = internKey('versions')
