/** A host over texts that are at hand: tests, playgrounds, standard input. */
import type { Host, ListedFile } from './host.ts'
import { isDocumentName } from './names.ts'
import { UserError } from './user-error.ts'

export function memoryHost(texts: ReadonlyMap<string, string>): Host {
  return {
    list(paths) {
      const files = new Map<string, ListedFile>()
      for (const path of paths) {
        const folder = path === '.' ? '' : `${path.replace(/\/$/, '')}/`
        if (texts.has(path)) files.set(path, { id: path, role: 'document', named: true })
        else if (![...texts.keys()].some(it => it.startsWith(folder)))
          throw new UserError(`${path} does not exist`)
        for (const id of texts.keys())
          if (id.startsWith(folder) && isDocumentName(id) && !files.has(id))
            files.set(id, { id, role: 'document', named: false })
      }
      return {
        files: [...files.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
        skipped: [],
        unreadable: [],
      }
    },
    read(id) {
      const text = texts.get(id)
      return text === undefined
        ? { text: undefined, problem: { reason: 'does not exist', before: '' } }
        : { text }
    },
    exists: id => texts.has(id),
  }
}
