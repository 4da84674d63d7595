/** The projects of a session with the documents that the client has open in them. */
import type { TextDocumentContentChangeEvent } from 'vscode-languageserver'
import { applyChanges } from './apply-changes.ts'
import { createHomes, type Home, type Homes } from './homes.ts'
import type { Kit, Overrides } from './load-settings.ts'
import type { PositionEncoding } from './positions.ts'
import type { Project } from './project.ts'
import { toPath, toUri } from './uris.ts'

export interface Projects extends Pick<Homes, 'list' | 'owns' | 'override' | 'setFolders'> {
  /** Undefined when the document is neither open nor below a folder of the workspace. */
  find(uri: string): Home | undefined
  /** As the client writes it, where an editor shows the file. */
  uriOf(project: Project, id: string): string
  /** Undefined when no editor shows the file. */
  versionOf(project: Project, id: string): number | undefined
  open(uri: string, version: number, text: string): void
  change(uri: string, version: number, changes: readonly TextDocumentContentChangeEvent[]): void
  close(uri: string): void
}

interface OpenDocument {
  readonly uri: string
  readonly home: Home
  readonly version: number
  readonly text: string
}

export function createProjects(kit: Kit, encoding: PositionEncoding, overrides: Overrides): Projects {
  const homes = createHomes(kit, overrides)
  const open = new Map<string, OpenDocument>()

  const show = (document: OpenDocument): void => {
    open.set(document.uri, document)
    document.home.project.edit(document.home.id, document.text)
  }

  const close = (uri: string): void => {
    const document = open.get(uri)
    if (!document) return
    open.delete(uri)
    const { project, id } = document.home
    project.edit(id, undefined)
    if (![...open.values()].some(it => it.home.project === project)) homes.release(project)
  }

  const findOpen = (project: Project, id: string): OpenDocument | undefined =>
    [...open.values()].find(it => it.home.project === project && it.home.id === id)

  return {
    list: homes.list,
    owns: homes.owns,
    override: homes.override,
    setFolders(uris) {
      const documents = [...open.values()]
      for (const { uri } of documents) close(uri)
      homes.setFolders(uris)
      for (const it of documents) show({ ...it, home: homes.settle(it.uri) })
    },
    find(uri) {
      const path = toPath(uri)
      return open.get(uri)?.home ?? (path === undefined ? undefined : homes.findInFolders(path))
    },
    uriOf: (project, id) => findOpen(project, id)?.uri ?? toUri(project.root, id),
    versionOf: (project, id) => findOpen(project, id)?.version,
    open: (uri, version, text) => show({ uri, version, text, home: homes.settle(uri) }),
    change(uri, version, changes) {
      const document = open.get(uri)
      if (document) show({ ...document, version, text: applyChanges(document.text, changes, encoding) })
    },
    close,
  }
}
