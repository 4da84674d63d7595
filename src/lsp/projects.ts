/** The projects of a session, one a workspace folder, and to which of them a document of the client belongs. */
import { dirname } from 'node:path'
import type { TextDocumentContentChangeEvent } from 'vscode-languageserver'
import { diskHost } from '../host/disk.ts'
import { memoryHost } from '../host/memory.ts'
import type { Kit, Overrides } from './load-settings.ts'
import { applyChanges } from './open-texts.ts'
import type { PositionEncoding } from './positions.ts'
import { createProject, type Project } from './project.ts'
import { toId, toPath, toUri } from './uris.ts'

/** A document of the client, as one of our files. */
export interface Home {
  readonly project: Project
  readonly id: string
}

export interface Projects {
  /** Of folders first; then of documents outside of them, as long as they are open. */
  list(): readonly Project[]
  /** Undefined when the document is neither open nor below a folder of the workspace. */
  find(uri: string): Home | undefined
  uriOf(project: Project, id: string): string
  /** Undefined when no editor shows the file. */
  versionOf(project: Project, id: string): number | undefined
  setFolders(uris: readonly string[]): void
  override(overrides: Overrides): void
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

export function createProjects(kit: Kit, encoding: PositionEncoding, first: Overrides): Projects {
  let overrides = first
  let folders: readonly Project[] = []
  /** By folder: projects of single files, which know only what is open. */
  const loose = new Map<string, Project>()
  const open = new Map<string, OpenDocument>()

  const findFolder = (path: string): Home | undefined => {
    const homes = folders.flatMap(project => {
      const id = toId(project.root, path)
      return id === undefined ? [] : [{ project, id }]
    })
    return homes.sort((a, b) => a.id.length - b.id.length)[0]
  }

  const findLoose = (root: string, id: string): Home => {
    const disk = root === '' ? memoryHost(new Map()) : diskHost(root)
    const project = loose.get(root) ?? createProject({ root, disk, extent: 'open', kit, overrides })
    loose.set(root, project)
    return { project, id }
  }

  const settle = (uri: string): Home => {
    const path = toPath(uri)
    if (path === undefined) return findLoose('', idOfUntitled(uri))
    return findFolder(path) ?? findLoose(dirname(path), toId(dirname(path), path)!)
  }

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
    if (![...open.values()].some(it => it.home.project === project)) loose.delete(project.root)
  }

  const findOpen = (project: Project, id: string): OpenDocument | undefined =>
    [...open.values()].find(it => it.home.project === project && it.home.id === id)

  return {
    list: () => [...folders, ...loose.values()],
    find(uri) {
      const path = toPath(uri)
      return open.get(uri)?.home ?? (path === undefined ? undefined : findFolder(path))
    },
    uriOf: (project, id) => findOpen(project, id)?.uri ?? toUri(project.root, id),
    versionOf: (project, id) => findOpen(project, id)?.version,
    setFolders(uris) {
      const documents = [...open.values()]
      for (const { uri } of documents) close(uri)
      const roots = [...new Set(uris.map(toPath).filter(it => it !== undefined))]
      folders = roots.map(
        root =>
          folders.find(it => it.root === root) ??
          createProject({ root, disk: diskHost(root), extent: 'folder', kit, overrides }),
      )
      for (const it of documents) show({ ...it, home: settle(it.uri) })
    },
    override(next) {
      overrides = next
      for (const project of [...folders, ...loose.values()]) project.override(next)
    },
    open: (uri, version, text) => show({ uri, version, text, home: settle(uri) }),
    change(uri, version, changes) {
      const document = open.get(uri)
      if (document) show({ ...document, version, text: applyChanges(document.text, changes, encoding) })
    },
    close,
  }
}

/** `untitled:Untitled-1` has no extension, and only clients that mean YAML or JSON send it here. */
const idOfUntitled = (uri: string): string => `${uri.replace(/^[a-z][a-z0-9+.-]*:/i, '')}.yaml`
