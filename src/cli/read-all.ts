/** Files of a listing to texts, packaged charts that were named among them. */
import type { Host, ListedFile, Listing } from '../host/host.ts'
import { isPackageName } from '../host/names.ts'
import type { Progress } from './progress.ts'
import { readTexts, type Texts } from './read-input.ts'

/** The code that unpacks charts is loaded with the first one. */
export async function readAll(
  { host, cwd }: { readonly host: Host; readonly cwd: string },
  listing: Listing,
  progress: Progress,
): Promise<Texts> {
  const packages = listing.files.filter(isPackage)
  if (packages.length === 0) return readTexts(host, listing, progress)
  const texts = readTexts(host, { ...listing, files: listing.files.filter(it => !isPackage(it)) }, progress)
  const { unpackCharts } = await import('./unpack-charts.ts')
  const unpacked = unpackCharts(
    cwd,
    packages.map(it => it.id),
  )
  return {
    sources: [...texts.sources, ...unpacked.sources],
    blobs: new Map([...texts.blobs, ...unpacked.blobs]),
    problems: [...texts.problems, ...unpacked.problems],
  }
}

/** What lies in a folder may be anything; a package is a chart when somebody says so. */
export const isPackage = ({ id, role, named }: ListedFile): boolean =>
  named && role === 'document' && isPackageName(id)
