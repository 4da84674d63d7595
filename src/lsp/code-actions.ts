/** Code actions: quick fixes, suppression comments, and fix-all for safe fixes. */
import { type CodeAction, CodeActionKind, type WorkspaceEdit } from 'vscode-languageserver'
import type { Finding } from '../engine/finding.ts'
import { findingsAt, findPreferredFix, listSafeEdits } from '../ide/actions.ts'
import { listIgnores } from '../ide/ignore.ts'
import { sortEdits } from '../text/edits.ts'
import type { Edit, Source, Span } from '../text/source.ts'
import type { Document } from '../yaml/document.ts'
import { toDiagnostic, type Wording } from './diagnostics.ts'
import { toRange } from './positions.ts'

const fixAllKind = `${CodeActionKind.SourceFixAll}.plimsoll`
export const actionKinds = [CodeActionKind.QuickFix, fixAllKind]
const explainCommand = 'plimsoll.explainRule'

export interface ActionRequest {
  /** Of the whole file. */
  readonly findings: readonly Finding[]
  readonly source: Source
  readonly documents: readonly Document[]
  readonly span: Span
  /** Kinds that the client wants; undefined: all. */
  readonly only: readonly string[] | undefined
  readonly wording: Wording
  readonly checked: readonly string[]
  readonly ignoreActions: boolean
  /** Version of a file that an editor shows. */
  readonly versionOf: (id: string) => number | undefined
}

export function listCodeActions(request: ActionRequest): CodeAction[] {
  const { only } = request
  const actions: CodeAction[] = []
  if (isWanted(CodeActionKind.QuickFix, only)) actions.push(...listQuickFixes(request))
  // On every caret move nobody asks for source actions; a client that wants them names their kind.
  if (only && isWanted(fixAllKind, only)) actions.push(...listFixAll(request))
  return actions
}

/** Kinds are hierarchical: who asks for `source.fixAll` gets `source.fixAll.plimsoll`. */
const isWanted = (kind: string, only: readonly string[] | undefined): boolean =>
  !only || only.some(it => it === '' || kind === it || kind.startsWith(`${it}.`))

function listQuickFixes(request: ActionRequest): CodeAction[] {
  const { findings, documents, span, wording, ignoreActions } = request
  const here = findingsAt(findings, span)
  const fixes = here.flatMap(finding =>
    finding.fixes.map(fix => {
      const isPreferred = fix === findPreferredFix(finding) && wording.client.preferredActions
      return { ...toQuickFix(fix, finding, request), ...(isPreferred && { isPreferred }) }
    }),
  )
  const ignores = here.flatMap(finding =>
    ignoreActions ? listIgnores(finding, documents).map(it => toQuickFix(it, finding, request)) : [],
  )
  const explained = wording.client.isOurs ? [...new Set(here.map(it => it.rule))] : []
  return [...fixes, ...uniqueByTitle(ignores), ...explained.map(explainAction)]
}

/** Two findings of one rule on one line are silenced by one comment. */
const uniqueByTitle = (actions: readonly CodeAction[]): CodeAction[] =>
  actions.filter((it, i) => actions.findIndex(other => other.title === it.title) === i)

const toQuickFix = (
  { title, edits }: { readonly title: string; readonly edits: readonly Edit[] },
  finding: Finding,
  request: ActionRequest,
): CodeAction => ({
  title,
  kind: CodeActionKind.QuickFix,
  diagnostics: [toDiagnostic(finding, request.wording, request.checked)],
  edit: toWorkspaceEdit(edits, request),
})

const explainAction = (rule: string): CodeAction => ({
  title: `Explain ${rule}`,
  kind: CodeActionKind.QuickFix,
  command: { title: `Explain ${rule}`, command: explainCommand, arguments: [rule] },
})

function listFixAll(request: ActionRequest): CodeAction[] {
  const edits = listSafeEdits(request.findings, request.source)
  if (edits.length === 0) return []
  return [{ title: 'Apply all safe plimsoll fixes', kind: fixAllKind, edit: toWorkspaceEdit(edits, request) }]
}

function toWorkspaceEdit(edits: readonly Edit[], { wording, versionOf }: ActionRequest): WorkspaceEdit {
  const { client, uriOf } = wording
  const files = [...new Set(edits.map(it => it.source.id))]
  const editsOf = (id: string) =>
    sortEdits(edits.filter(it => it.source.id === id)).map(it => ({
      range: toRange(it, client.encoding),
      newText: it.text,
    }))
  if (client.versionedEdits)
    return {
      documentChanges: files.map(id => ({
        textDocument: { uri: uriOf(id), version: versionOf(id) ?? null },
        edits: editsOf(id),
      })),
    }
  return { changes: Object.fromEntries(files.map(id => [uriOf(id), editsOf(id)])) }
}
