/** Packaged charts named on the command line become folders of the same name: nothing is written. */
import { Buffer } from 'node:buffer'
import { MAX_CHART_SIZE, readArchive } from '../helm/archive.ts'
import { ChartError } from '../helm/chart.ts'
import { decodeText } from '../host/decode-text.ts'
import { openFile } from '../host/open-file.ts'
import type { Source } from '../text/source.ts'
import type { FileProblem, Texts } from './read-input.ts'

/** An archive that cannot be unpacked is a problem, one that cannot be read a `UserError`. */
export function unpackCharts(cwd: string, ids: readonly string[]): Texts {
  const sources: Source[] = []
  const blobs = new Map<string, Uint8Array>()
  const problems: FileProblem[] = []
  for (const id of ids)
    try {
      for (const [name, data] of readArchive(readPackage(cwd, id))) {
        const { text, bytes } = decodeText(Buffer.from(data))
        if (bytes) blobs.set(`${id}/${name}`, bytes)
        if (text !== undefined) sources.push({ id: `${id}/${name}`, text })
      }
    } catch (error) {
      if (!(error instanceof ChartError)) throw error
      problems.push({ source: { id, text: '' }, reason: error.message, before: '' })
    }
  return { sources, blobs, problems }
}

function readPackage(cwd: string, id: string): Uint8Array {
  const file = openFile(cwd, id)
  if (file.size > MAX_CHART_SIZE)
    throw new ChartError('chart-invalid', `larger than any chart (${Math.ceil(file.size / 2 ** 20)} MiB)`)
  return file.slice(0, file.size)
}
