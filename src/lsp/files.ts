/** The files of a project: what the disk lists, with the texts of open editors laid over it. */
import type { Change } from '../engine/workspace.ts'
import type { Host } from '../host/host.ts'
import { isDocumentName, isLeftOut } from '../host/names.ts'
import { overlayHost } from '../host/overlay.ts'
import type { Source } from '../text/source.ts'

export interface ProjectFiles {
  readonly host: Host
  isOpen(id: string): boolean
  /** Undefined: no editor shows the file any more. */
  setOpen(id: string, text: string | undefined): void
  /** What differs from the known texts: in the named files, or in all that there are. */
  listChanges(known: ReadonlyMap<string, Source>, where: 'everywhere' | ReadonlySet<string>): Change[]
}

/** `open`: only files that editors show, as for a file outside of every workspace folder. */
export type Extent = 'folder' | 'open'

export function createFiles(disk: Host, extent: Extent): ProjectFiles {
  const open = new Map<string, string>()
  const host = overlayHost(disk, open)

  /** A file that is not on disk yet is new; one that is there and not listed is ignored on purpose. */
  const isNew = (id: string): boolean =>
    extent === 'open' || (!disk.exists(id) && isDocumentName(id) && !id.split('/').some(isLeftOut))

  const listIds = (): string[] => [
    ...(extent === 'folder' ? host.list(['.']).files.map(it => it.id) : []),
    ...[...open.keys()].filter(isNew),
  ]

  return {
    host,
    isOpen: id => open.has(id),
    setOpen(id, text) {
      if (text === undefined) open.delete(id)
      else open.set(id, text)
    },
    listChanges(known, where) {
      const ids =
        where === 'everywhere'
          ? new Set([...known.keys(), ...listIds()])
          : [...where].filter(it => known.has(it) || (open.has(it) && isNew(it)))
      const changes: Change[] = []
      for (const id of ids) {
        const { text } = host.read(id)
        if (text !== known.get(id)?.text) changes.push({ id, text })
      }
      return changes
    },
  }
}
