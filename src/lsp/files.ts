/** The files of a project: what the disk lists, with the texts of open editors laid over it. */
import type { Change } from '../engine/workspace.ts'
import type { Host, ListedFile } from '../host/host.ts'
import { isDocumentName, isLeftOut } from '../host/names.ts'
import { overlayHost } from '../host/overlay.ts'
import type { Source } from '../text/source.ts'

export interface ProjectFiles {
  readonly host: Host
  isOpen(id: string): boolean
  /** Undefined: no editor shows the file any more. */
  setOpen(id: string, text: string | undefined): void
  readAll(): ReadFiles
  /** What differs from the known texts: in the named files, or in all that there are. */
  listChanges(known: ReadonlyMap<string, Source>, where: 'everywhere' | ReadonlySet<string>): Change[]
}

export interface ReadFiles {
  readonly sources: readonly Source[]
  /** Files of charts that are no text, by id. */
  readonly blobs: ReadonlyMap<string, Uint8Array>
}

/** `open`: only files that editors show, as for a file outside of every workspace folder. */
export type Extent = 'folder' | 'open'

export function createFiles(disk: Host, extent: Extent): ProjectFiles {
  const open = new Map<string, string>()
  const host = overlayHost(disk, open)

  /** A file that is not on disk yet is new; one that is there and not listed is ignored on purpose. */
  const isNew = (id: string): boolean =>
    extent === 'open' || (!disk.exists(id) && isDocumentName(id) && !id.split('/').some(isLeftOut))

  const list = (): readonly Pick<ListedFile, 'id' | 'role'>[] => [
    ...(extent === 'folder' ? host.list(['.']).files : []),
    ...[...open.keys()].filter(isNew).map(id => ({ id, role: 'document' as const })),
  ]

  return {
    host,
    isOpen: id => open.has(id),
    setOpen(id, text) {
      if (text === undefined) open.delete(id)
      else open.set(id, text)
    },
    readAll() {
      const sources: Source[] = []
      const blobs = new Map<string, Uint8Array>()
      for (const { id, role } of list()) {
        const { text, bytes } = host.read(id)
        if (bytes && role === 'chart') blobs.set(id, bytes)
        if (text !== undefined) sources.push({ id, text })
      }
      return { sources, blobs }
    },
    listChanges(known, where) {
      const present = where === 'everywhere' ? new Set(list().map(it => it.id)) : undefined
      const ids = present
        ? new Set([...known.keys(), ...present])
        : [...where].filter(it => known.has(it) || (open.has(it) && isNew(it)))
      const changes: Change[] = []
      for (const id of ids) {
        const text = !present || present.has(id) ? host.read(id).text : undefined
        if (text !== known.get(id)?.text) changes.push({ id, text })
      }
      return changes
    },
  }
}
