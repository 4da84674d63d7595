/** A host with texts laid over it: open editors over the disk, standard input over a file. */
import type { Host } from './host.ts'

/** `open` is read at each call, so it may change. Its ids are listed only where the host below lists them. */
export const overlayHost = (below: Host, open: ReadonlyMap<string, string>): Host => ({
  list: paths => below.list(paths),
  read(id) {
    const text = open.get(id)
    return text === undefined ? below.read(id) : { text }
  },
  readBytes: id => (open.has(id) ? undefined : below.readBytes?.(id)),
  exists: id => open.has(id) || below.exists(id),
})
