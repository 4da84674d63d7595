/** Which project a document of the client belongs to: one a workspace folder, and one a folder of stray documents. */
import { dirname, resolve } from 'node:path'
import { diskHost } from '../host/disk.ts'
import { memoryHost } from '../host/memory.ts'
import type { Extent } from './files.ts'
import type { Kit, Overrides } from './load-settings.ts'
import { createProject, type Project } from './project.ts'
import { toId, toPath } from './uris.ts'

/** A document of the client, as one of our files. */
export interface Home {
  readonly project: Project
  readonly id: string
}

export interface Homes {
  /** Of workspace folders first. */
  list(): readonly Project[]
  setFolders(uris: readonly string[]): void
  override(overrides: Overrides): void
  /** By the innermost workspace folder above a path. */
  findInFolders(path: string): Home | undefined
  /** Makes a project for a document outside of every folder. */
  settle(uri: string): Home
  /** No document is open any more: a project of strays ends. */
  release(project: Project): void
  /** False where a folder within the project's folder is a project of its own. */
  owns(project: Project, id: string): boolean
}

export function createHomes(kit: Kit, first: Overrides): Homes {
  let overrides = first
  let folders: readonly Project[] = []
  /** By folder; `""` for documents that are no files. */
  const strays = new Map<string, Project>()

  const create = (root: string, extent: Extent): Project => {
    const disk = root === '' ? memoryHost(new Map()) : diskHost(root)
    return createProject({ root, disk, extent, kit, overrides })
  }

  const findInFolders = (path: string): Home | undefined => {
    const homes = folders.flatMap(project => {
      const id = toId(project.root, path)
      return id === undefined ? [] : [{ project, id }]
    })
    return homes.sort((a, b) => a.id.length - b.id.length)[0]
  }

  const list = (): readonly Project[] => [...folders, ...strays.values()]

  return {
    list,
    setFolders(uris) {
      const roots = [...new Set(uris.map(toPath).filter(it => it !== undefined))]
      folders = roots.map(root => folders.find(it => it.root === root) ?? create(root, 'folder'))
    },
    override(next) {
      overrides = next
      for (const project of list()) project.override(next)
    },
    findInFolders,
    settle(uri) {
      const path = toPath(uri)
      const found = path === undefined ? undefined : findInFolders(path)
      if (found) return found
      const root = path === undefined ? '' : dirname(path)
      const project = strays.get(root) ?? create(root, 'open')
      strays.set(root, project)
      return { project, id: path === undefined ? idOfUntitled(uri) : toId(root, path)! }
    },
    release(project) {
      if (strays.get(project.root) === project) strays.delete(project.root)
    },
    owns: (project, id) =>
      strays.get(project.root) === project || findInFolders(resolve(project.root, id))?.project === project,
  }
}

/** `untitled:Untitled-1` has no extension, and only clients that mean YAML or JSON send it here. */
const idOfUntitled = (uri: string): string => `${uri.replace(/^[a-z][a-z0-9+.-]*:/i, '')}.yaml`
