/** Which Kubernetes minors a run checks: `1.34`, a range `1.33-1.36`, or the newest known one. */
import { UserError } from '../host/user-error.ts'
import { formatMinor, toMinor } from '../kube/schema/minors.ts'

/** `known` ascending. `from` is where the text stands: a flag or a place in a file. */
export function readVersions(text: string, known: readonly string[], from: string): readonly string[] {
  const ends = text.split('-').map(it => toMinor(it.trim()))
  const [first, last = first] = ends
  if (first === undefined || last === undefined || ends.length > 2)
    throw new UserError(
      `${from}: "${text}" is no Kubernetes version`,
      'write a minor or a range of minors: 1.34, 1.33-1.36',
    )
  if (first > last) throw new UserError(`${from}: the range ${text} is empty`)
  const versions: string[] = []
  for (let minor = first; minor <= last; minor++) {
    const version = formatMinor(minor)
    if (!known.includes(version))
      throw new UserError(`${from}: Kubernetes ${version} is not known`, `known: ${known.join(', ')}`)
    versions.push(version)
  }
  return versions
}
